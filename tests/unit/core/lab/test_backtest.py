"""What a topic would have found."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest

from monitor.core.lab.backtest import Backtest, backtest
from monitor.core.rulebook import Rulebook
from monitor.model import Article, Topic

TEXTS = (
    "Lithium mine opens. A company opened a lithium mine in the north.",
    "Football today. The final ended in a draw.",
    "Lithium price falls. Traders sold lithium all day.",
    "Lithium price falls again. Traders sold lithium once more.",
    "Copper mine closes. The copper mine will close in spring.",
    "Lithium batteries in sport. A football club buys lithium batteries.",
)


@pytest.fixture
def found(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> Callable[[str], Backtest]:
    def run(query: str, stories: Mapping[str, str] | None = None) -> Backtest:
        topic = Topic(id="metal", query=query)
        return backtest(topic, archive(TEXTS), rules(), lambda _: stories or {}, samples=2)

    return run


def test_it_counts_articles_stories_days_and_outlets(found: Callable[[str], Backtest]) -> None:
    result = found("lithium AND NOT football")
    assert (result.looked_at, result.matched) == (6, 3)
    assert result.days == {date(2026, 11, 23): 1, date(2026, 11, 24): 2}
    assert result.span_days == pytest.approx(1.25)
    assert result.outlets == {"The Herald": 3}
    assert result.languages == {"en": 3}


def test_one_story_is_one_alert_on_its_first_day(found: Callable[..., Backtest]) -> None:
    result = found("lithium AND NOT football", {"a0": "s1", "a2": "s1", "a3": "s2"})
    assert result.alerts == {date(2026, 11, 23): 1, date(2026, 11, 24): 1}
    assert result.alerts_a_day == pytest.approx(2 / 1.25)


def test_samples_are_the_newest_with_their_words_marked(found: Callable[[str], Backtest]) -> None:
    result = found("lithium AND NOT football")
    assert [item.article_id for item in result.samples] == ["a3", "a2"]
    assert result.samples[0].title == "[Lithium] price falls again"
    assert "sold [lithium] once more" in result.samples[0].excerpt


def test_what_each_clause_does_is_counted(found: Callable[[str], Backtest]) -> None:
    result = found("(lithium OR copper OR cobalt) AND NOT football AND NOT tennis")
    assert {(each.clause, each.articles) for each in result.clauses} == {
        ("lithium", 3),
        ("copper", 1),
        ("cobalt", 0),
        ("NOT football", 1),
        ("NOT tennis", 0),
    }
    assert [each.clause for each in result.idle] == ["cobalt", "NOT tennis"]
    assert result.dominant == (), "three of four is less than four in five, and four are few"


def test_a_clause_is_counted_for_what_hangs_on_it_alone(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    texts = [
        "Tin and zinc. Both rose.",  # either alternative is enough
        "Tin alone. It rose.",
        "Tin at football and tennis. Either exclusion is enough.",
        "Zinc at football. It rose.",
        "Football. No metal in it.",
    ]
    topic = Topic(id="m", query="(tin OR zinc) AND NOT football AND NOT tennis")
    result = backtest(topic, archive(texts), rules(), lambda _: {})
    assert {each.clause: each.articles for each in result.clauses} == {
        "tin": 1, "zinc": 0, "NOT football": 1, "NOT tennis": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tin", "zinc", "dominant"), [(4, 1, ["tin"]), (3, 1, []), (7, 2, []), (8, 2, ["tin"])]
)
def test_four_of_five_are_dominant_where_there_are_five(
    rules: Callable[..., Rulebook],
    archive: Callable[[Sequence[str]], list[Article]],
    tin: int,
    zinc: int,
    dominant: list[str],
) -> None:
    texts = ["Tin news. More."] * tin + ["Zinc news. More."] * zinc
    result = backtest(Topic(id="m", query="tin OR zinc"), archive(texts), rules(), lambda _: {})
    assert [each.clause for each in result.dominant] == dominant


def test_days_are_those_of_the_operator(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    book = rules()
    book = dataclasses.replace(book, settings=dataclasses.replace(book.settings, timezone="Asia/Tokyo"))
    found = backtest(Topic(id="m", query="tin"), archive(["Tin news. More."] * 2), book, lambda _: {})
    assert found.days == {date(2026, 11, 23): 1, date(2026, 11, 24): 1}
    assert found.alerts_a_day == 2, "less than a day counts as one"


def test_an_article_is_named_by_what_is_known_of_its_outlet(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    one, two, three = archive(["Tin news. More."] * 3)
    nameless = [
        dataclasses.replace(two, source_name="", site="tin.example", language=None),
        dataclasses.replace(three, source_name="", site="", source_id="tin-feed"),
    ]
    found = backtest(Topic(id="m", query="tin"), [one, *nameless], rules(), lambda _: {})
    assert found.outlets == {"The Herald": 1, "tin.example": 1, "tin-feed": 1}
    assert found.languages == {"en": 2, "?": 1}
    assert [each.outlet for each in found.samples] == ["tin-feed", "tin.example", "The Herald"]


def test_an_excerpt_has_seventy_characters_on_each_side(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    [one] = archive(["Metals"])
    text = f"{'a' * 100}{'b' * 69} tin {'c' * 69}{'d' * 100} tin"
    found = backtest(Topic(id="m", query="tin"), [dataclasses.replace(one, text=text)], rules(), lambda _: {})
    assert found.samples[0].excerpt == f"{'b' * 69} [tin] {'c' * 69}"


@pytest.mark.parametrize(("asked", "told"), [(0, 0), (1, 1), (3, 3), (9, 4)])
def test_no_more_samples_than_asked_for(
    rules: Callable[..., Rulebook],
    archive: Callable[[Sequence[str]], list[Article]],
    asked: int,
    told: int,
) -> None:
    topic, articles = Topic(id="m", query="tin"), archive(["Tin news. More."] * 4)
    assert len(backtest(topic, articles, rules(), lambda _: {}, samples=asked).samples) == told


def test_an_alternative_that_brings_nearly_all_is_dominant(
    rules: Callable[..., Rulebook], archive: Callable[[Sequence[str]], list[Article]]
) -> None:
    texts = ["Lithium news. More of it."] * 9 + ["Copper news. More of it."]
    result = backtest(Topic(id="m", query="lithium OR copper"), archive(texts), rules(), lambda _: {})
    assert [(each.clause, each.articles) for each in result.dominant] == [("lithium", 9)]


def test_an_empty_archive_gives_zeros(rules: Callable[..., Rulebook]) -> None:
    result = backtest(Topic(id="m", query="x"), [], rules(), lambda _: {})
    assert (result.matched, result.alerts_a_day, result.samples) == (0, 0, ())
