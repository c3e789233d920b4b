"""docs/query-language.md says what is true: every example is run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor.core.query import check, parse, show
from monitor.core.query.matcher import Matcher
from monitor.model import MatchText, Topic

PAGE = Path(__file__).parents[4] / "docs" / "query-language.md"
TEXT = PAGE.read_text(encoding="utf-8")
HEAD = "| query | matches | does not match |\n|---|---|---|\n"
ROW = re.compile(r"^\| `([^|`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
EXAMPLES = [
    found.groups() for table in TEXT.split(HEAD)[1:] for found in ROW.finditer(table.split("\n\n")[0])
]


def _matched(query: str, text: str) -> bool:
    topic = Topic(id="t", query=query, languages=("en", "ru", "be"))
    article = MatchText(body=text.strip().replace("⏎", "\n"), language="en")
    return bool(Matcher.build([topic]).match(article))


def test_there_are_examples() -> None:
    """The tables are found."""
    assert len(EXAMPLES) > 30


@pytest.mark.parametrize(("query", "yes", "no"), EXAMPLES, ids=[query for query, _, _ in EXAMPLES])
def test_example(query: str, yes: str, no: str) -> None:
    """The query matches the one text and not the other, and prints to itself."""
    assert _matched(query, yes)
    assert not _matched(query, no)
    assert parse(show(parse(query))) == parse(query)


@pytest.mark.parametrize(
    "query",
    [
        piece
        for line in TEXT.split("## Coming from")[1].splitlines()
        if line.startswith("| ") and "---" not in line and "elsewhere" not in line
        for piece in re.findall(r"`([^`]+)`", line.split("|")[3])
        if not piece.endswith(":")
    ],
)
def test_what_newcomers_are_told_can_be_written(query: str) -> None:
    """The right-hand column of the table is in our language, without a warning."""
    assert check(query) == ()
