"""Every command line that README and docs name can be given: the command, its options and arguments exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from monitor.cli import app

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
GROUP: Any = typer.main.get_command(app)
_INLINE = re.compile(r"`(monitor [^`\n]+)`")


def lines() -> Iterator[tuple[str, str]]:
    """Each command line with the page that names it."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found = [*_INLINE.findall(text)]
        for line in text.splitlines():
            bare = line.strip().removeprefix("$ ").removeprefix("exec ")
            if bare.startswith("monitor ") and (line.startswith(("    ", "\t")) or _is_code(text, line)):
                found += re.split(r"\s{3,}(?=monitor )", bare)
        for each in dict.fromkeys(found):
            yield page.name, each


def _is_code(text: str, line: str) -> bool:
    before = text[: text.index(line)]
    return before.count("\n```") % 2 == 1


def words_of(line: str) -> list[str]:
    """The words after ``monitor``, without a comment, what another command gets, and a description."""
    line = re.split(r"\s#|\s{3,}|\s[|>&]", line)[0]
    return shlex.split(line.replace("[DIR]", "").replace("…", ""))[1:]


def resolve(words: list[str]) -> None:
    """Find the command and its options, as the shell would; nothing is run."""
    command = GROUP
    while hasattr(command, "commands") and words:
        name, *words = words
        if name.startswith("-"):
            break
        for each in name.split("|"):
            assert each in command.commands, f"there is no command {each}"
        command = command.commands[name.split("|")[0]]
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    for word in words:
        option = word.strip("[]").partition("=")[0]
        if option.startswith("-") and option != "-":
            assert option in known | {"-h", "--help"}, f"{command.name} has no {option}"


NAMED = sorted(set(lines()))


def test_the_docs_name_many_command_lines() -> None:
    assert len(NAMED) > 60
    assert ("configuration.md", "monitor backtest") not in NAMED


@pytest.mark.parametrize(("page", "line"), NAMED, ids=[f"{page}: {line}" for page, line in NAMED])
def test_a_command_line_of_the_docs_exists(page: str, line: str) -> None:
    assert page
    resolve(words_of(line))
