"""``monitor doctor`` names what is missing and what to do."""

from __future__ import annotations

from pathlib import Path

from monitor.app import load_rulebook, open_rulebook_store
from monitor.config import written
from tests.conftest import NOW
from tests.support.command_line import Command, Done


def about(done: Done, what: str) -> list[tuple[str, str, str]]:
    return [(line["level"], line["text"], line["todo"]) for line in done.lines if line["about"] == what]


def test_a_sound_config_has_no_error(monitor: Command, config: Path) -> None:
    done = monitor("doctor", "--offline", "--json", "-c", config)
    assert done.code == 0
    assert about(done, "files") == [("ok", "2 topics, 0 sources, 0 languages, 0 chats", "")]
    ((_, text, _),) = about(done, "store")
    assert "not there yet" in text
    assert not (config.parent / "var").exists()


def test_mistakes_in_files_end_with_1(monitor: Command, config: Path) -> None:
    (config / "topics" / "mine.yaml").write_text("topics:\n  - id: a\n    query: x AND (\n", encoding="utf-8")
    done = monitor("doctor", "--offline", "-c", config)
    assert done.code == 1
    assert "✗ files" in done.out


def test_a_missing_folder_says_how_to_begin(monitor: Command, tmp_path: Path) -> None:
    done = monitor("doctor", "-c", tmp_path / "nope")
    assert done.code == 1
    assert "there is no such folder" in done.out
    assert "→" in done.out


def test_a_silent_source_and_a_private_one_are_warnings(monitor: Command, config: Path) -> None:
    (config / "sources").mkdir()
    (config / "sources" / "a.yaml").write_text(
        "sources:\n"
        "  - {id: closed, url: 'http://127.0.0.1:9/feed', every: 5m, allow_private: true}\n"
        "  - {id: never, url: 'http://localhost/feed', every: 5m}\n",
        encoding="utf-8",
    )
    done = monitor("doctor", "--json", "-c", config)
    assert done.code == 0
    found = about(done, "source")
    assert [level for level, _, _ in found] == ["warning", "warning"]
    assert "`monitor sources test closed`" in found[0][2]
    assert any("can never be read (say allow_private: true)" in text for _, text, _ in about(done, "files"))
    assert any("contact" in text for _, text, _ in about(done, "advice"))


def test_telegram_chats_without_a_token_are_an_error(monitor: Command, config: Path) -> None:
    (config / "chats.yaml").write_text("chats: [{id: 'telegram:-1001'}]\n", encoding="utf-8")
    env = {"MONITOR_TELEGRAM_TOKEN": "", "MONITOR_TELEGRAM_TOKEN_FILE": ""}
    done = monitor("doctor", "--json", "-c", config, env=env)
    assert done.code == 1
    ((level, _, todo),) = about(done, "telegram")
    assert (level, "MONITOR_TELEGRAM_TOKEN" in todo) == ("error", True)


def test_rules_in_force_that_differ_from_the_files_are_told(monitor: Command, config: Path) -> None:
    rulebook = load_rulebook(config, env={})
    store = open_rulebook_store(rulebook, config)
    store.admin.upgrade()
    store.admin.acquire_service()
    try:
        store.admin.keep_rulebook(rulebook.revision, written(rulebook), NOW)
        assert not about(monitor("doctor", "--offline", "--json", "-c", config), "rules")
        (config / "monitor.yaml").write_text("archive_days: 300\n", encoding="utf-8")
        ((level, _, todo),) = about(monitor("doctor", "--offline", "--json", "-c", config), "rules")
        assert (level, "monitor rules diff" in todo) == ("warning", True)
    finally:
        store.admin.close()
