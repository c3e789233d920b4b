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
        ("год", "дзесяць гадоў"),
        ("вясна", "тры вёсны"),
        ("вбивця", "знайшли убивцю"),
        ("EVs", "an EV caught fire"),
        ("وزير", "الوزير"),
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


def test_what_the_index_is_asked_for() -> None:
    assert candidates(parse("=border")) == Wanted(kind="word", words=("border",))
    assert candidates(parse("bord*")) == Wanted(kind="prefix", words=("bord",))
    assert candidates(parse("*order")) is None
    assert candidates(parse("=a NOT NEAR/3 =b")) == Wanted(kind="word", words=("a",))
    near = candidates(parse("=ab NEAR/3 =cd"))
    assert near is not None
    assert near.kind == "all"
    assert candidates(parse("tier:state")) is candidates(parse("author:anna")) is None
    assert candidates(parse("title:=border")) == Wanted(kind="word", words=("border",))


@pytest.mark.parametrize(
    ("limit", "most", "found", "looked_at", "whole"),
    [(9, 9, 4, 5, True), (4, 9, 4, 5, True), (2, 9, 2, 3, True), (9, 5, 4, 5, True), (9, 4, 3, 4, False),
     (9, 0, 0, 0, False), (0, 9, 0, 0, True)],
)  # fmt: skip
def test_a_search_ends_at_its_limits(limit: int, most: int, found: int, looked_at: int, whole: bool) -> None:
    texts = ["potash", "zinc", "potash", "potash", "potash"]
    articles = [article(id=f"a{number}", text=text, title="") for number, text in enumerate(texts)]
    matcher = Matcher.build([Topic(id="x", query="potash", languages=("en",))])
    picked = pick(articles, matcher, limit=limit, most=most)
    assert (len(picked.articles), picked.looked_at, picked.whole) == (found, looked_at, whole)
