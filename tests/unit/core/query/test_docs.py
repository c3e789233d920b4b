"""docs/query-language.md says what is true: every example is run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import ruamel.yaml

from monitor.core.query import check, parse, show
from monitor.core.query.engine.matcher import Matcher
from monitor.core.query.syntax.tree import FIELDS
from monitor.model import MatchText, Topic

PAGE = Path(__file__).parents[4] / "docs" / "query-language.md"
TEXT = PAGE.read_text(encoding="utf-8")
HEAD = "| query | matches | does not match |\n|---|---|---|\n"
ROW = re.compile(r"^\| `([^|`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
SHARED = ruamel.yaml.YAML(typ="safe").load(TEXT.split("```yaml\n")[1].split("```")[0])
NAMES = {key: SHARED[key] for key in ("lists", "people", "orgs")}
FIELD_HEAD = "| query | article that matches | article that does not match |\n|---|---|---|\n"
FIELD_ROW = re.compile(r"^\| `([^`|]+)` \| `([^`|]+)` \| `([^`|]+)` \|$", re.MULTILINE)
FIELD_EXAMPLES = FIELD_ROW.findall(TEXT.split(FIELD_HEAD)[1].split("\n\n")[0])
EXAMPLES = [
    found.groups() for table in TEXT.split(HEAD)[1:] for found in ROW.finditer(table.split("\n\n")[0])
]


def _matched(query: str, text: str) -> bool:
    topic = Topic(id="t", query=query, languages=("en", "ru", "be", "uk", "pl"))
    article = MatchText(body=text.strip().replace("⏎", "\n"))
    return bool(Matcher.build([topic], **NAMES).match(article))


def _matched_article(query: str, article: str) -> bool:
    given = json.loads(article)
    text = MatchText(
        title=given.get("title", ""),
        body=given.get("text", ""),
        author=given.get("author", ""),
        source=given.get("source", ""),
        url=given.get("url", ""),
        tier=given.get("tier", ""),
        country=given.get("country"),
        language=given.get("lang", "en"),
    )
    return bool(Matcher.build([Topic(id="t", query=query, languages=("en",))]).match(text))


def test_there_are_examples() -> None:
    """The tables are found."""
    assert len(EXAMPLES) > 45
    assert len(FIELD_EXAMPLES) > 10


@pytest.mark.parametrize(("query", "yes", "no"), FIELD_EXAMPLES, ids=[row[0] for row in FIELD_EXAMPLES])
def test_example_of_a_field(query: str, yes: str, no: str) -> None:
    """The query matches the one article and not the other."""
    assert _matched_article(query, yes)
    assert not _matched_article(query, no)


@pytest.mark.parametrize(
    "operator",
    [
        *["AND", "OR", "NOT", "NEAR/", "ONEAR/", "NOT NEAR/", "NOT ONEAR/", '"~', "*", "=", "{", "EXCEPT"],
        *["ATLEAST/", "FIRST/", "SENT(", "SCORE/", "^", "@list:", "@person:", "@org:"],
        *[f"{field}:" for field in FIELDS],
    ],
)
def test_every_operator_has_an_example(operator: str) -> None:
    """Nothing of the language is only told about."""
    assert any(operator in query for query, *_ in (*EXAMPLES, *FIELD_EXAMPLES))


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
    assert check(f"({query}) AND minsk") == ()
