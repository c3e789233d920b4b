"""Every command explains itself, can speak JSON and is in the README."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from monitor.cli import app
from tests.support.command_line import Command

ROOT = Path(__file__).parents[3]
WANTED = {
    *("run", "demo", "check", "match", "parse", "extract", "status", "search", "db upgrade"),
    *("sources list", "sources test", "topics list", "topics show", "outbox list", "outbox retry"),
    *("jobs list", "jobs retry"),
}


def commands(group: Any, *before: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its words, groups included."""
    yield before, group
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, *before, name)


EVERY = dict(commands(typer.main.get_command(app)))
LEAVES = sorted(words for words, command in EVERY.items() if not hasattr(command, "commands"))


def test_the_command_line_is_complete() -> None:
    assert {" ".join(words) for words in LEAVES} >= WANTED


@pytest.mark.parametrize("words", sorted(EVERY), ids=" ".join)
def test_help_ends_with_examples_that_start_with_the_command(
    monitor: Command, words: tuple[str, ...]
) -> None:
    done = monitor(*words, "--help")
    assert done.code == 0
    shown = done.out
    assert "Examples" in shown
    lines = re.findall(r"^\s*\$ (.+)$", shown.partition("Examples")[2], re.MULTILINE)
    assert lines
    assert any(" ".join(("monitor", *words)) in line for line in lines)


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_command_has_json(words: tuple[str, ...]) -> None:
    options = [option for each in EVERY[words].params for option in each.opts]
    assert "--json" in options


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_option_and_argument_says_what_it_is(words: tuple[str, ...]) -> None:
    for each in EVERY[words].params:
        assert each.opts == ["--help"] or getattr(each, "help", None) or each.metavar, each.name


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_command_is_in_the_readme(words: tuple[str, ...]) -> None:
    written: set[str] = set()
    for group, names in re.findall(
        r"monitor ([a-z]+)(?: ([a-z|]+))?", (ROOT / "README.md").read_text(encoding="utf-8")
    ):
        written.add(group)
        written.update(f"{group} {name}" for name in names.split("|"))
    assert " ".join(words) in written


def test_without_a_command_it_shows_the_help(monitor: Command) -> None:
    done = monitor()
    assert "Commands" in done.out + done.err


@pytest.mark.parametrize("words", [("bogus",), ("match",), ("match", "--bogus", "x"), ("topics", "bogus")])
def test_wrong_usage_ends_with_2(monitor: Command, words: tuple[str, ...]) -> None:
    done = monitor(*words)
    assert done.code == 2
    assert "Traceback" not in done.err
