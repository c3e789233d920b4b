"""Who was first, who repeated, and whom a text credits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.story.syndication import beside_credit, credit_of, syndication
from monitor.model import Story, StoryArticle
from tests.support.records import NOW


def told(name: str, minutes: int, *, copy_of: str | None = None, **changes: object) -> StoryArticle:
    at = NOW + timedelta(minutes=minutes)
    given: dict[str, object] = {
        "article_id": name,
        "source_id": name,
        "source_name": name.title(),
        "tier": "independent",
        "title": name,
        "url": "",
        "language": "en",
        "published": at,
        "seen_at": at + timedelta(minutes=1),
        "copy_of": copy_of,
    }
    return StoryArticle(**{**given, **changes})  # type: ignore[arg-type]


def test_copies_hang_under_what_they_repeat_and_sides_are_counted() -> None:
    found = syndication(
        Story(
            id="s",
            articles=(
                told("paper", 5, copy_of="wire"),
                told("wire", 0, tier="wire"),
                told("organ", 9, tier="state", language="ru"),
                told("blog", 7, copy_of="wire"),
            ),
        )
    )
    assert found.first.article_id == "wire"
    assert [
        (each.article.article_id, [item.article_id for item in each.repeated]) for each in found.branches
    ] == [
        ("wire", ["paper", "blog"]),
        ("organ", []),
    ]
    assert found.sides == {"wire": 1, "state": 1, "independent and other": 2}
    assert found.languages == ("en", "ru")


def test_a_date_from_the_future_or_a_bare_day_makes_nobody_first() -> None:
    ahead = told(
        "ahead", 30, published=NOW - timedelta(days=1, hours=11), seen_at=NOW + timedelta(minutes=30)
    )
    bare = told("bare", 30, published=NOW.replace(hour=0), seen_at=NOW + timedelta(minutes=30))
    future = told("future", 30, published=NOW + timedelta(days=300), seen_at=NOW + timedelta(minutes=30))
    real = told("real", 2)
    assert syndication(Story(id="s", articles=(bare, future, real))).first == real
    assert syndication(Story(id="s", articles=(real, bare))).sure
    assert syndication(Story(id="s", articles=(ahead, real))).first == ahead


def test_who_is_credited_was_first_though_seen_later() -> None:
    paper, wire = told("paper", 0, credit="Amber Wire"), told("wire", 4, source_name="Amber Wire")
    assert syndication(Story(id="s", articles=(paper, wire))).first == wire


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("(Amberline Wire) – Three people were released.", "Amberline Wire"),
        ("VILNIUS (Reuters) - A diplomat came.", "Reuters"),
        ("Об этом пишет «Свободная пристань». Дипломат приехал.", "Свободная пристань"),
        ("Троє звільнених, повідомляє Агенція Обрій.", "Агенція Обрій"),
        ("Prices fell, according to Commodity Lantern, by a tenth.", "Commodity Lantern"),
        ("Он приехал в Минск. /ТАСС/", "ТАСС"),
        ("Jak podaje PAP, rozmowy trwają.", "PAP"),
        ("Nobody is credited here. It rained all day.", ""),
        ("", ""),
    ],
)
def test_credits_are_found_at_the_ends_of_a_text(text: str, credit: str) -> None:
    assert credit_of(text) == credit


def test_an_agency_in_the_byline_is_a_credit() -> None:
    assert credit_of("Words.", ("AFP",)) == "AFP"


@pytest.mark.parametrize(
    ("hour", "minute", "ahead", "sure"),
    [(0, 0, 0, False), (0, 1, 0, True), (1, 0, 0, True), (9, 30, 0, True), (0, 0, 1, True)],
)
def test_a_time_of_day_makes_a_date_sure(hour: int, minute: int, ahead: int, sure: bool) -> None:
    published = NOW.replace(hour=hour, minute=minute, second=ahead)
    only = told("a", 0, published=published, seen_at=NOW)
    assert syndication(Story(id="s", articles=(only,))).sure is sure
    assert not syndication(Story(id="s", articles=(told("a", 0, published=None),))).sure


def test_outlets_are_counted_once_and_a_copy_of_something_else_is_a_branch() -> None:
    one, two = (
        told("a", 0, source_id="x", tier="wire"),
        told("b", 3, source_id="x", tier="wire", copy_of="gone"),
    )
    found = syndication(Story(id="s", articles=(two, one)))
    assert (found.outlets, found.sides) == (1, {"wire": 1})
    assert [each.article.article_id for each in found.branches] == ["a", "b"]
    assert found.languages == ("en",)


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("(Some very long name of nothing much) – Text.", ""),
        ("(12 345) – Text.", ""),
        ("x" * 2000 + " Reuters.", "Reuters"),
        ("x" * 3000 + " (Amber Wire) – y " + "x" * 3000, ""),
    ],
)
def test_a_credit_is_a_name_at_an_end_of_the_text(text: str, credit: str) -> None:
    assert credit_of(text) == credit


def test_what_a_sentence_says_beside_its_credit() -> None:
    assert any("She died" in rest for rest in beside_credit("She died, according to Reuters."))
    assert beside_credit("She died.") == ()
