"""How rare a term is: by the store's own counts, by tables until there are some."""

from __future__ import annotations

import math

import pytest

from monitor.core.story.pairs.rarity import PRIOR_ARTICLES, is_stop_word, share_of, weight_of


@pytest.mark.parametrize(
    ("rarer", "commoner"),
    [
        ("n:1226", "n:1200"),
        ("n:1226", "n:2026"),
        ("n:1200", "n:24"),
        ("n:1989", "n:1990"),
        ("n:2040", "n:2039"),
        ("n:32", "n:31"),
        ("n:101", "n:99"),
        ("n:101", "n:100"),
        ("e:podpolsky", "g:parlament"),
        ("g:parlament", "c:border"),
        ("w:en:medininkai", "w:en:the"),
        ("w:xx:abcdef", "w:xx:abcde"),
        ("w:xx:abcde", "w:xx:abcd"),
        ("w:xx:abcd", "w:xx:abc"),
        ("w:xx:abc", "w:xx:ab"),
        ("w:xx:ab", "w:xx:a"),
        ("w:tr:medininkai", "w:tr:ama"),
    ],
)
def test_what_says_more_of_an_event_is_rarer(rarer: str, commoner: str) -> None:
    assert share_of(rarer) < share_of(commoner)
    assert weight_of({}, 0)(rarer) > weight_of({}, 0)(commoner)


@pytest.mark.parametrize(
    ("one", "other"),
    [("n:32", "n:99"), ("n:100", "n:1200"), ("n:1990", "n:2039"), ("n:1", "n:31"), ("n:1.5", "n:7:30")],
)
def test_numbers_of_one_kind_are_alike(one: str, other: str) -> None:
    assert share_of(one) == share_of(other)


def test_own_counts_take_over_as_they_grow() -> None:
    key = "w:en:medininkai"
    assert weight_of({}, 0)(key) == pytest.approx(-math.log(share_of(key)))
    many = weight_of({key: 100}, 10_000)
    share = (100 + PRIOR_ARTICLES * share_of(key)) / (10_000 + PRIOR_ARTICLES)
    assert many(key) == pytest.approx(-math.log(share))
    assert weight_of({key: 50_000}, 10_000)(key) == 0, "nothing weighs less than nothing"
    assert many.of([key, "e:podpolsky"]).tolist() == [many(key), many("e:podpolsky")]


def test_stop_words_of_languages_that_are_listed() -> None:
    assert is_stop_word("the", "en")
    assert not is_stop_word("border", "en")
    assert is_stop_word("ali", "sr"), "written as Croatian lists it"
    assert not is_stop_word("the", None)
