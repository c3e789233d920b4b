"""Sources that give their entries new identities at each look, and floods."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.source.schedule import fresh_state
from monitor.core.source.unstable_ids import has_unstable_ids, likeness, sketch
from monitor.model import SourceState
from tests.support.records import NOW, source

TITLES = [f"Headline number {n}" for n in range(30)]


def looks(titles: list[list[str]], *, new: int = 30, interval_s: float = 60.0) -> list[str]:
    """What is said after each of these answers."""
    state: SourceState = dataclasses.replace(fresh_state(source(), NOW), interval_s=interval_s)
    said: list[str] = []
    for listed in titles:
        drawn = sketch(listed)
        count, why = has_unstable_ids(state, listed=len(listed), new=new, titles=drawn)
        said.append(why)
        state = dataclasses.replace(state, unstable_ids=count, titles=drawn)
    return said


def test_known_headlines_under_new_addresses_are_found_at_the_third_look() -> None:
    first, second, third, fourth = looks([TITLES] * 4)
    assert (first, second) == ("", "")
    assert "new addresses at each look (30 of 30 were new" in third
    assert fourth


def test_an_outlet_that_writes_much_is_left_alone() -> None:
    days = [[f"{day} {title}" for title in TITLES] for day in range(30)]
    assert set(looks(days, interval_s=3_600.0)) == {""}
    assert set(looks(days, new=20)) == {""}


def test_endless_new_headlines_are_a_flood() -> None:
    floods = [[f"{look} {title}" for title in TITLES] for look in range(13)]
    said = looks(floods)
    assert not any(said[:11])
    assert "nearly everything it lists is new" in said[11]


def test_short_lists_prove_nothing() -> None:
    assert set(looks([TITLES[:5]] * 20, new=5)) == {""}


@given(st.lists(st.text(max_size=20), max_size=40), st.lists(st.text(max_size=20), max_size=40))
def test_likeness_is_a_share(one: list[str], other: list[str]) -> None:
    assert 0 <= likeness(sketch(one), sketch(other)) <= 1
    assert likeness(sketch(one), sketch(one)) == (1 if one else 0)
    assert len(sketch(one)) <= 128


def test_likeness_follows_what_is_shared() -> None:
    changed = [*TITLES[:15], *(f"Other {n}" for n in range(15))]
    assert 0.1 < likeness(sketch(TITLES), sketch(changed)) < 0.7
    assert likeness(sketch(TITLES), sketch([f"Other {n}" for n in range(30)])) == 0


@pytest.mark.parametrize(
    ("listed", "new", "count"), [(10, 10, 1), (9, 9, 0), (30, 27, 1), (30, 26, 0), (10, 9, 1)]
)
def test_ten_entries_of_which_nine_in_ten_are_new_count(listed: int, new: int, count: int) -> None:
    state = fresh_state(source(), NOW)
    assert has_unstable_ids(state, listed=listed, new=new, titles=sketch(TITLES[:listed]))[0] == count
    again = dataclasses.replace(state, unstable_ids=4)
    assert has_unstable_ids(again, listed=listed, new=new, titles="")[0] == (5 if count else 0)


@pytest.mark.parametrize(("interval_s", "flood"), [(300.0, True), (301.0, False), (None, True)])
def test_a_flood_is_one_of_a_source_that_is_asked_every_five_minutes(
    interval_s: float | None, flood: bool
) -> None:
    state = dataclasses.replace(fresh_state(source(), NOW), interval_s=interval_s, unstable_ids=11)
    assert bool(has_unstable_ids(state, listed=30, new=30, titles=sketch(TITLES))[1]) is flood
    state = dataclasses.replace(state, unstable_ids=10)
    assert not has_unstable_ids(state, listed=30, new=30, titles=sketch(TITLES))[1]


def test_half_of_the_headlines_seen_before_are_the_same_list_again() -> None:
    one = ["a", "b", "c"]
    assert likeness(sketch(one), sketch(["b", "c", "d"])) == 0.5
    state = dataclasses.replace(fresh_state(source(), NOW), unstable_ids=2, titles=sketch(one))
    assert "addresses" in has_unstable_ids(state, listed=30, new=30, titles=sketch(["b", "c", "d"]))[1]
    assert not has_unstable_ids(state, listed=30, new=30, titles=sketch(["c", "d", "e"]))[1]
