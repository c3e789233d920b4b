"""Commands that only read go on with what can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.app import load_rulebook, open_rulebook_store
from monitor.config import written
from tests.conftest import NOW
from tests.support.command_line import Command

READING = [
    ("status",),
    ("stories",),
    ("search", "potash"),
    ("report",),
    ("outbox", "list"),
    ("feedback",),
    ("topics", "list"),
    ("topics", "show", "minsk"),
    ("chats", "list"),
    ("jobs", "list"),
    ("sources", "list"),
]
BROKEN = "topics:\n  - id: bad\n    query: x AND (\n  - id: minsk\n    query: Minsk OR Hrodna\n"


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_typo_is_told_and_the_rest_is_read(monitor: Command, config: Path, words: tuple[str, ...]) -> None:
    file = config / "topics" / "mine.yaml"
    file.write_text(BROKEN, encoding="utf-8")
    done = monitor(*words, "--config", config)
    assert done.code == 0, done.err
    assert f"{file}:3:" in done.err
    assert "what is valid in the files" in done.err
    assert str(file) not in done.out


def test_topics_are_those_that_can_be_read(monitor: Command, config: Path) -> None:
    (config / "topics" / "mine.yaml").write_text(BROKEN, encoding="utf-8")
    assert [line["id"] for line in monitor("topics", "list", "--json", "-c", config).lines] == ["minsk"]


def test_the_rules_that_the_service_took_are_read_while_the_files_are_wrong(
    monitor: Command, config: Path
) -> None:
    rulebook = load_rulebook(config, env={})
    store = open_rulebook_store(rulebook, config)
    store.admin.upgrade()
    store.admin.keep_rulebook(rulebook.revision, written(rulebook), NOW)
    store.admin.close()
    (config / "topics" / "mine.yaml").write_text("topics: [\n", encoding="utf-8")
    done = monitor("topics", "list", "--json", "-c", config)
    assert [line["id"] for line in done.lines] == ["potash", "minsk"]
    assert "rules that the service took 2026-11-23 12:00 UTC" in done.err
    assert monitor("search", "@belarus", "-c", config).code == 0, "its word lists are there too"


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_reading_leaves_no_database_behind(monitor: Command, config: Path, words: tuple[str, ...]) -> None:
    assert monitor(*words, "--config", config).code == 0
    assert not (config.parent / "var").exists()


def test_upgrade_does_make_the_database(monitor: Command, config: Path) -> None:
    assert monitor("db", "upgrade", "--config", config).code == 0
    assert (config.parent / "var" / "monitor.db").exists()


def test_secrets_of_the_service_are_not_asked_for(monitor: Command, config: Path) -> None:
    (config / "chats.yaml").write_text(
        "chats:\n  - id: webhook:desk\n    options: {url: https://desk.example/in, secret: env:DESK_SECRET}\n"
        "    subscriptions: [minsk]\n",
        encoding="utf-8",
    )
    done = monitor("status", "--config", config)
    assert done.code == 0
    assert "DESK_SECRET" not in done.err
    assert "DESK_SECRET" in monitor("check", "--config", config).out


def test_a_wrong_setting_leaves_the_others_in_force(monitor: Command, config: Path) -> None:
    (config / "monitor.yaml").write_text("store: sqlite:///mine.db\narchive_days: many\n", encoding="utf-8")
    done = monitor("status", "--config", config)
    assert done.code == 0
    assert "sqlite:///mine.db: there is no database yet" in done.err


def test_a_topic_taken_out_that_a_chat_still_names_is_a_warning(monitor: Command, config: Path) -> None:
    (config / "chats.yaml").write_text(
        "chats:\n  - id: console:main\n    subscriptions: [minsk, gone]\n", encoding="utf-8"
    )
    done = monitor("check", "--config", config)
    assert done.code == 0
    assert "warning: unknown topic 'gone': console:main hears nothing of it" in done.out
