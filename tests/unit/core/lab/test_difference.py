"""What an edit changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from monitor.core.lab.difference import difference
from monitor.core.rulebook import Rulebook
from monitor.model import Article
from tests.conftest import NOW

Rules = Callable[..., Rulebook]
Archive = Callable[[Sequence[str]], list[Article]]
TEXTS = ("Lithium mine opens. News.", "Copper mine closes. News.", "Football final. News.")


def test_gained_and_lost_are_told_by_topic(rules: Rules, archive: Archive) -> None:
    old, new = rules(metal="lithium OR football", gone="copper"), rules(metal="lithium OR copper", new="mine")
    found = difference(old, new, archive(TEXTS), lambda _: {})
    told = {each.topic_id: each for each in found.topics}
    assert {name: each.state for name, each in told.items()} == {
        "metal": "edited",
        "gone": "gone",
        "new": "new",
    }
    metal = told["metal"]
    assert (metal.before, metal.after, metal.gained_count, metal.lost_count) == (2, 2, 1, 1)
    assert [item.title for item in metal.gained] == ["[Copper] mine closes"]
    assert [item.title for item in metal.lost] == ["[Football] final"]


def test_the_same_rules_change_nothing(rules: Rules, archive: Archive) -> None:
    same = rules(metal="lithium")
    found = difference(same, rules(metal="lithium"), archive(TEXTS), lambda _: {})
    assert found.topics == ()
    assert found.alerts_before == found.alerts_after


def test_a_flood_is_many_times_the_alerts_of_now_and_not_few(rules: Rules, archive: Archive) -> None:
    texts = ["Lithium mine opens. News.", *(f"Match {number}. The game." for number in range(60))]
    old, wide = rules(metal="lithium"), rules(metal="lithium OR game")
    few = difference(old, wide, archive(texts[:4]), lambda _: {})
    assert few.alerts_after == 4
    assert not few.floods(2), "four alerts a day are no flood, whatever was before"
    at_once = [replace(each, seen_at=NOW) for each in archive(texts)]
    many = difference(old, wide, at_once, lambda _: {})
    assert (many.alerts_before, many.alerts_after) == (1, 61)
    assert many.floods(10)
    assert not many.floods(100)
    assert not difference(wide, old, at_once, lambda _: {}).floods(1)


def test_copies_of_one_story_are_one_alert(rules: Rules, archive: Archive) -> None:
    old, new = rules(metal="lithium"), rules(metal="lithium OR copper")
    stories = {"a0": "s", "a1": "s"}
    found = difference(old, new, archive(TEXTS), lambda _: stories)
    assert found.alerts_before == found.alerts_after == 1


def test_alerts_a_day_of_a_time_longer_than_one(rules: Rules, archive: Archive) -> None:
    texts = [f"Lithium mine {number}. News." for number in range(13)]  # over three days
    found = difference(rules(), rules(metal="lithium"), archive(texts), lambda _: {})
    assert (found.looked_at, found.span_days) == (13, 3.0)
    assert (found.alerts_before, found.alerts_after) == (0, 13 / 3)
    (metal,) = found.topics
    assert (metal.state, metal.before, metal.after, metal.gained_count) == ("new", 0, 13, 13)
    assert metal.gained[-1].article_id == "a12", "the newest are shown"
    back = difference(rules(metal="lithium"), rules(), archive(texts), lambda _: {})
    assert (back.topics[0].state, back.topics[0].lost_count) == ("gone", 13)


def test_an_empty_archive_changes_nothing_and_an_edit_that_changes_nothing_is_told(rules: Rules) -> None:
    found = difference(rules(metal="a"), rules(metal="b"), [], lambda _: {})
    assert (found.span_days, found.alerts_after) == (1.0, 0)
    assert [(each.topic_id, each.state) for each in found.topics] == [("metal", "edited")]
