"""``monitor init`` writes what ``check`` accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.app import load_rulebook
from monitor.cli.init import offered, packs
from tests.support.command_line import Command

LITHIUM = ("--words", 'lithium, litio, литијум, "mine water", AND', "--languages", "en,es,sr")


def test_the_files_are_accepted_and_hold_what_was_said(monitor: Command, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    done = monitor("init", folder, *LITHIUM, "--zone", "Europe/Madrid", "--yes")
    assert done.code == 0, done.err
    checked = monitor("check", "-c", folder)
    assert checked.code == 0, checked.out
    assert "1 topic, 0 sources, 0 languages, 1 chat." in checked.out
    rulebook = load_rulebook(folder, env={})
    (topic,) = rulebook.topics.values()
    assert (topic.id, topic.languages) == ("lithium", ("en", "es", "sr"))
    assert rulebook.settings.timezone == "Europe/Madrid"
    assert [line.split()[1] for line in done.out.splitlines()[-2:]] == ["doctor", "run"]
    assert f"-c {folder}" in done.out


def test_two_configs_beside_each_other_have_a_database_each(monitor: Command, tmp_path: Path) -> None:
    stores = []
    for name in ("first", "Second Watch", "third"):
        assert monitor("init", tmp_path / name, *LITHIUM, "--zone", "UTC", "--yes").code == 0
        stores.append(load_rulebook(tmp_path / name, env={}).settings.store)
    assert stores == ["sqlite:///var/monitor.db", "sqlite:///var/second-watch.db", "sqlite:///var/third.db"]


def test_packs_give_the_sources_of_the_languages_only(monitor: Command, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    names = "western-europe,wires-world"
    assert monitor("init", folder, *LITHIUM, "--packs", names, "--yes").code == 0
    languages = {source.language for source in load_rulebook(folder, env={}).sources.values()}
    assert languages == {"en", "es"}
    offers = offered(("es",))
    assert 0 < offers["western-europe"] < sum(offered(("en", "es", "fr", "it")).values())


def test_every_pack_can_be_taken(monitor: Command, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    everything = ",".join(packs())
    done = monitor("init", folder, "--words", "x", "-l", "en,ru", "--packs", everything, "--yes")
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--words", "x", "--zone", "Mars/Olympus"), "Mars/Olympus"),
        (("--words", "x", "--languages", "klingon"), "klingon"),
        (("--words", "x", "--packs", "moon"), "moon"),
        (("--words", " , "), "no word"),
        ((), "--words"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    monitor: Command, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    done = monitor("init", tmp_path / "mine", *words, "--yes")
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "mine").exists()


def test_what_is_there_is_left_alone(monitor: Command, config: Path) -> None:
    before = sorted(config.rglob("*"))
    done = monitor("init", config, "--words", "x", "--yes")
    assert (done.code, "is there already" in done.err) == (1, True)
    assert sorted(config.rglob("*")) == before
