"""``check`` and ``topics``: the operator's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import Command

COMMANDS = [
    ("match", "-"),
    ("sources", "test"),
    ("run", "--once"),
    ("check",),
]
READING = [
    ("topics", "list"),
    ("topics", "show", "minsk"),
    ("sources", "list"),
    ("status",),
    ("search", "potash"),
    ("outbox", "list"),
    ("outbox", "retry", "x"),
    ("db", "upgrade"),
]


@pytest.mark.parametrize("words", COMMANDS + READING, ids=" ".join)
def test_a_missing_config_folder_is_a_sentence(
    monitor: Command, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = monitor(*words, "--config", tmp_path / "nope")
    assert done.code == 1
    assert f"{tmp_path / 'nope'}: there is no such folder (" in done.out + done.err


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_wrong_config_names_every_place(monitor: Command, config: Path, words: tuple[str, ...]) -> None:
    file = config / "topics" / "mine.yaml"
    file.write_text("topics:\n  - id: a\n    query: x AND (\n  - id: b\n    querry: y\n", encoding="utf-8")
    done = monitor(*words, "--config", config)
    said = (done.out + done.err).splitlines()
    assert done.code == 1
    assert any(line.startswith(f"{file}:3:") for line in said)
    assert any(line.startswith(f"{file}:5:5: unknown key 'querry'") for line in said)


def test_check_says_that_all_is_well(monitor: Command, config: Path) -> None:
    done = monitor("check", "--config", config)
    assert (done.code, done.err) == (0, "")
    assert "valid" in done.out


def test_check_takes_warnings_and_counts_them(monitor: Command, config: Path) -> None:
    (config / "stray.yaml").write_text("x: 1\n", encoding="utf-8")
    done = monitor("check", "--config", config)
    assert done.code == 0
    assert "valid, 1 warning." in done.out


def test_check_as_json_has_a_line_for_each_problem(monitor: Command, config: Path) -> None:
    (config / "topics" / "mine.yaml").write_text("topics:\n  - id: a\n    query: x AND (\n", encoding="utf-8")
    done = monitor("check", "--config", config, "--json")
    assert done.code == 1
    assert list(done.lines[0]) == ["file", "line", "column", "message", "hint", "level"]
    assert done.lines[0]["line"] == 3


def test_topics_are_listed(monitor: Command, config: Path) -> None:
    done = monitor("topics", "list", "-c", config, "--json")
    assert [line["id"] for line in done.lines] == ["potash", "minsk"]
    assert "2 topics" in monitor("topics", "list", "-c", config).out


def test_a_topic_shows_how_its_query_is_understood(monitor: Command, config: Path) -> None:
    done = monitor("topics", "show", "potash", "-c", config)
    start = done.out.index("understood as:")
    assert done.out[start:].splitlines()[1:5] == [
        "  all of",
        "    potash",
        "    sanction* OR embargo",
        "    NOT tomato",
    ]
    assert "must match: Sanctions on potash stay" in done.out


def test_a_topic_shows_what_its_names_stand_for(monitor: Command, config: Path) -> None:
    assert "@belarus: Belarus*, беларус*" in monitor("topics", "show", "minsk", "-c", config).out
    (line,) = monitor("topics", "show", "minsk", "-c", config, "--json").lines
    assert line["understood"] == "@belarus OR Minsk OR Минск"
    assert line["names"] == {"@belarus": ["Belarus*", "беларус*"]}


def test_an_unknown_topic_names_the_known(monitor: Command, config: Path) -> None:
    done = monitor("topics", "show", "potsh", "-c", config)
    assert done.code == 1
    assert done.err == f"no topic 'potsh' in {config}; the topics are: potash, minsk\n"
