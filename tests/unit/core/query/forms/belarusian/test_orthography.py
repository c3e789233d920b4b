"""Belarusian in both orthographies: sentences of our own, half of them classical."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.core.query.engine.matcher import Matcher
from monitor.core.query.forms.belarusian.orthography import official
from monitor.model import MatchText, Topic

TABLE = Path(__file__).parents[5] / "data" / "belarusian.tsv"
ROWS = [
    line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
]


def test_queries_find_their_words_in_either_orthography_and_few_others() -> None:
    """Recall and precision of .95 over the table, and on each half of it."""
    topics = [Topic(id=query, query=query, languages=("be",)) for query in {row[1] for row in ROWS}]
    matcher = Matcher.build(topics)
    for half in ("official", "classical"):
        rows = [row for row in ROWS if row[0] == half]
        assert len(rows) == 75
        wanted = [row[3] == "1" for row in rows]
        found = [row[1] in matcher.matching(MatchText(body=row[2], language="be")) for row in rows]
        right = sum(one and other for one, other in zip(wanted, found, strict=True))
        assert right >= 0.95 * sum(wanted)
        assert right >= 0.95 * sum(found)


@pytest.mark.parametrize("word", ["беларусь", "сын", "мэта", "гэты", "пляж", "папулярны", "вада"])
def test_official_words_are_let_alone(word: str) -> None:
    """Or become a word that there is not (*гэты*, *геты*)."""
    assert official(word) in {word, word.replace("э", "е")}


def test_a_word_without_end_takes_no_time() -> None:
    assert official("сьвет" * 20_000) == "сьвет" * 20_000
