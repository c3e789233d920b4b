"""The archive is searched by the query language: candidates of the index, checked by the matcher."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.core.query.engine.matcher import Matcher
from monitor.core.query.syntax.parse import parse
from monitor.core.search import candidates, pick
from monitor.model import Article, Topic
from monitor.model.search import Wanted
from tests.support.records import article


def holds(wanted: Wanted | None, text: str) -> bool:
    """What an index of plain lower-case words answers."""
    words = "".join(sign if sign.isalnum() else " " for sign in text.lower()).split()
    match wanted:
        case None:
            return True
        case Wanted(kind="all", parts=parts):
            return all(holds(part, text) for part in parts)
        case Wanted(kind="any", parts=parts):
            return any(holds(part, text) for part in parts)
        case Wanted(kind="prefix", words=(beginning,)):
            return any(word.startswith(beginning) for word in words)
        case Wanted(words=row):
            return any(tuple(words[at : at + len(row)]) == row for at in range(len(words)))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("sanction", "new sanctions"),
        ("санкция AND банк", "санкции против банков"),
        ('"political prisoner" OR nickel', "political prisoners were freed"),
        ("potash NEAR/5 export", "exports of potash"),
        ("title:potash", "potash"),
        ("US", "the U.S. said"),
        ("Łódź", "w Lodz"),
        ("свет", "сьвету"),
        ("газета", "газэты"),
        ("урад", "новага ўраду"),
        ("сістэма", "сыстэмы"),
        ("*kali", "belaruskali"),
        ("10000", "10 000"),
        ("potash NOT sport", "potash"),
        ("lang:en", "anything"),
        ("SCORE/2(potash^2 tin)", "potash"),
    ],
)
def test_the_index_is_never_asked_for_too_much(query: str, text: str) -> None:
    assert holds(candidates(parse(query)), text)


@pytest.mark.parametrize("query", ["potash", "potash AND mine", '"bank of minsk"', "title:potash NOT mine"])
def test_the_index_leaves_out_what_cannot_match(query: str) -> None:
    assert not holds(candidates(parse(query)), "quite another text")


def test_the_matcher_decides_and_what_was_left_is_told() -> None:
    matcher = Matcher.build([Topic(id="search", query="potash NOT sport")])

    def kept() -> Iterator[Article]:
        for number in range(10):
            yield article(id=f"a{number}", title="Potash" if number % 2 else "Potash and sport")

    few = pick(kept(), matcher, limit=2, most=100)
    assert [one.id for one in few.articles] == ["a1", "a3"]
    assert few.whole
    cut = pick(kept(), matcher, limit=20, most=4)
    assert [one.id for one in cut.articles] == ["a1", "a3"]
    assert (cut.looked_at, cut.whole) == (4, False)
