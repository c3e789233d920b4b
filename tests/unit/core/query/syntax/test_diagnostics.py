"""Every complaint and doubt of the query's reader, in every language of the chat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir

import monitor.core.query
from monitor.core.message.explanation import explanation_lines
from monitor.core.query import check
from monitor.core.query.engine.matcher import Matcher
from monitor.core.query.syntax.parse import MAX_DEPTH
from monitor.errors import QueryError
from monitor.i18n.lazy import LazyText
from monitor.i18n.localizer import LANGUAGES, localizer
from monitor.model import MatchText, Topic

SHARED: dict[str, Any] = {
    "lists": {"empty": ["…"], "cities": ["Minsk", "Brest"], "sta*r": ["a*b"]},
    "people": {"gone": {"name": "Ян Дуб", "off": ["Ян Дуб"]}, "дуб": "Дуб"},
    "orgs": {"nothing": {"name": "…", "off": ["…"]}},
}
REFUSED = (
    "",
    "x" * 200_001,
    "} a",
    '"never',
    'source:" "',
    "{never",
    "a^b",
    '@"never',
    "@ a",
    "= a",
    "=… a",
    "a NEAR b",
    "ATLEAST/0(a)",
    "ATLEAST(a)",
    "titel:a",
    "site:a",
    "rst:a",
    "a NEAR/1001 b",
    "a~2",
    '"…"',
    "ab*cd",
    "ab?cd",
    "*",
    "{AB}*",
    "{AB*}",
    "ab*",
    "@empty",
    "@sta*r",
    "NOT a",
    "FIRST/3(title:a)",
    "@nothing",
    "@nobody",
    "@citys",
    "a)",
    "a AND",
    "(a AND)",
    "a AND OR b",
    "a^2",
    "()",
    "(a",
    "title:title:a",
    "title:",
    "SCORE/3()",
    "SCORE/9(a b)",
    "(a b) NEAR/3 c",
    "lang:(a NEAR/2 b)",
    "(" * (MAX_DEPTH + 2) + "a",
)
DOUBTED = (
    "a AND b OR c",
    "bread near/5 price",
    "bread and price",
    "bread near/5 price w/5 b",
    "bread, price",
    "/bre.d/ a",
    "hd=bread",
    "atleast5(a)",
    "bread w/s price",
    "NEAR5 a",
    "bread bread",
    "bread OR breads",
    "bre* OR =bread",
    'FIRST/1("bread price")',
    "bread EXCEPT bread",
    "lang:be",
    "@дуб a",
    "bread NOT bread",
    "lang:be lang:ru a",
    "lang:(be ru) a",
    "lang:english a",
    "lang:pl a",
    "C++ a",
    "bread – price",
    "bread Or price",
    "bread или price",
    "'bread price",
    "Мороз a",
)
TEXT = MatchText(
    title="Bread in Minsk today",
    body="Prices of bread rose. Bakers and millers met in Brest; the price of flour fell in May. "
    "Minsk Mazowiecki.",
    language="en",
    source="Herald",
)
MISSED = (
    "@cities2",
    "ATLEAST/9(bread)",
    "SENT(bread flour)",
    "title:flour",
    "SCORE/5(bread flour^2 nothing^9)",
    '(mazowiecki) EXCEPT "Minsk Mazowiecki"',
    "title:bread AND title:price",
    "FIRST/2(flour)",
    "{BREAD}",
    "bre* AND zzz*",
    "zzz*",
    "=baker",
    "{Nothing}",
    "nothing",
    '"bread nothing"',
    '"nothing anybody"',
    '"bread flour"',
    '"minsk bread"',
    '"bread prices"',
    '"prices bread"~1',
    "bread NEAR/2 nothing",
    "bread NOT NEAR/9 rose",
    "bread NEAR/2 flour",
    "rose ONEAR/9 bread",
    "bread NEAR/5 mazowiecki",
    "FIRST/1(fell)",
    "source:Times",
    "country:by",
    "a AND NOT bread",
    "a AND NOT lang:en",
    "хлеб",
    "=хлеб",
    "baker",
    "flour NOT NEAR/9 price",
    '"today flour"',
    "today NEAR/2 flour",
    '"rose bread"',
    '"bakers flour"~1',
)


def templates() -> set[str]:
    """Every sentence that the query's reader has, as ``make words`` collects them."""
    folder = Path(monitor.core.query.__file__).parent
    keywords = {"lazy": (1,), "lazy_plural": (1, 2)}
    found: set[str] = set()
    for _, _, message, _, _ in extract_from_dir(folder, [("**.py", "python")], keywords=keywords):
        found.add(message if isinstance(message, str) else message[0])
    return found


def complaints() -> Iterator[tuple[str, str]]:
    """(query, what is said of it): errors, doubts and near misses."""
    for query in (*REFUSED, "@nobody"):
        for shared in (SHARED, {}):
            with pytest.raises(QueryError) as refused:
                check(query, **shared)
            yield query, refused.value.message
            yield query, refused.value.hint
    for query in DOUBTED:
        for lint in check(query, languages=("en", "be", "ru", "hu"), **SHARED):
            yield query, lint.message
            yield query, lint.hint
    for query, clause in misses():
        yield query, clause.note


def misses() -> Iterator[tuple[str, Any]]:
    for query in MISSED:
        topic = Topic(id="t", title="t", query=query.replace("cities2", "towns"), languages=("be",))
        built = Matcher.build([topic], lists={"towns": ["Warsaw"]})
        stack = [built.explain("t", TEXT).clause]
        while stack:
            clause = stack.pop()
            stack.extend(clause.parts)
            if clause.note:
                yield query, clause


def within(said: LazyText) -> Iterator[LazyText]:
    yield said
    for value in said.values.values():
        if isinstance(value, LazyText):
            yield from within(value)


def test_every_sentence_of_the_reader_is_met_here_and_is_a_saying() -> None:
    met: set[str] = set()
    for query, said in complaints():
        assert isinstance(said, LazyText), (query, said)
        met |= {each.template for each in within(said)}
    assert templates() - met == set()


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_complaint_is_told_in_each_language(language: str) -> None:
    said, english = localizer(language), localizer("en")
    for query, text in complaints():
        assert english.told(text) == text, query
        # Some say nothing, and some only quote.
        own = isinstance(text, LazyText) and text.template.replace("{name}: {trouble}", "")
        if own:
            assert said.told(text) != text, (query, text)


def test_an_explanation_speaks_the_chats_language() -> None:
    topic = Topic(id="t", title="t", query="bread AND nothing AND title:flour", languages=("en",))
    told = Matcher.build([topic]).explain("t", TEXT)
    assert "✗ nothing — does not stand here" in [line.strip() for line in explanation_lines(told)]
    russian = [line.strip() for line in explanation_lines(told, localizer("ru"))]
    assert "✗ nothing — здесь этого нет" in russian
    assert "✗ title:flour — есть в тексте, но не в поле title" in russian
