"""The time in which so many sources were unwatched that silence says nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.core.source.blind_time import blind_time
from monitor.model import Gap, SourceState
from tests.support.records import NOW

HOUR = timedelta(hours=1)


def seen(name: str, *, hours_ago: float | None = 0.0, interval_s: float | None = 600.0) -> SourceState:
    last = None if hours_ago is None else NOW - hours_ago * HOUR
    return SourceState(source_id=name, next_fetch_at=NOW, last_success_at=last, interval_s=interval_s)


def gap(name: str, began: float, ended: float | None) -> Gap:
    return Gap(
        source_id=name,
        began_at=NOW - began * HOUR,
        ended_at=None if ended is None else NOW - ended * HOUR,
        reason="x",
    )


def hours(found: tuple[tuple[datetime, datetime], ...]) -> list[tuple[float, float]]:
    """As hours before now."""
    return [((NOW - begin) / HOUR, (NOW - end) / HOUR) for begin, end in found]


def test_where_all_are_watched_or_nothing_is_known_no_time_is_blind() -> None:
    assert blind_time([seen("a"), seen("b")], [], {}, NOW) == ()
    assert blind_time([], [], {}, NOW) == ()
    assert blind_time([], [gap("gone", 3, 1)], {}, NOW) == (), "a source that is no longer watched"
    assert blind_time([seen("new", hours_ago=None)], [], {}, NOW) == (), "never read, never missed"


def test_half_of_the_sources_make_a_time_blind_and_fewer_do_not() -> None:
    four = [seen(name) for name in "abcd"]
    one, two = gap("a", 6, 2), gap("b", 4, 1)
    assert blind_time(four, [one], {}, NOW) == ()
    assert hours(blind_time(four, [one, two], {}, NOW)) == [(4, 2)]
    assert hours(blind_time(four[:2], [one], {}, NOW)) == [(6, 2)]
    assert hours(blind_time(four[:2], [one, two], {}, NOW)) == [(6, 1)]


def test_sources_weigh_what_they_bring() -> None:
    three = [seen(name) for name in "abc"]
    assert hours(blind_time(three, [gap("a", 6, 2)], {"a": 0.2, "b": 0.1, "c": 0.1}, NOW)) == [(6, 2)]
    assert blind_time(three, [gap("b", 6, 2)], {"a": 0.2, "b": 0.1, "c": 0.1}, NOW) == ()
    assert hours(blind_time(three, [gap("a", 6, 2)], {"a": 0.1, "gone": 9.0}, NOW)) == [(6, 2)]
    assert blind_time(three, [gap("c", 6, 2)], {"a": 0.1}, NOW) == (), "what is not looked for does not count"


def test_gaps_of_one_source_that_meet_or_overlap_count_once() -> None:
    four = [seen(name) for name in "abc"]
    twice = [gap("a", 6, 3), gap("a", 4, 2), gap("a", 2, 1)]
    assert blind_time(four, twice, {}, NOW) == ()
    assert hours(blind_time(four[:1], twice, {}, NOW)) == [(6, 1)]
    assert hours(blind_time(four[:1], [gap("a", 6, 1), gap("a", 5, 4)], {}, NOW)) == [(6, 1)]
    assert hours(blind_time(four[:1], [gap("a", 6, 5), gap("a", 3, 2)], {}, NOW)) == [(6, 5), (3, 2)]


def test_an_open_gap_lasts_until_now() -> None:
    assert hours(blind_time([seen("a")], [gap("a", 2, None)], {}, NOW)) == [(2, 0)]
    assert hours(blind_time([seen("a")], [gap("a", 2, -5)], {}, NOW)) == [(2, 0)]


@pytest.mark.parametrize(
    ("hours_ago", "interval_s", "blind"),
    [
        (1, 600, []),
        (1.01, 600, [(1.01, 0)]),
        (1.5, 1800, []),
        (1.51, 1800, [(1.51, 0)]),
        (1.01, None, [(1.01, 0)]),
        (0.99, None, []),
    ],
)
def test_a_source_not_read_for_three_intervals_and_an_hour_is_not_watched(
    hours_ago: float, interval_s: float | None, blind: list[tuple[float, float]]
) -> None:
    found = hours(blind_time([seen("a", hours_ago=hours_ago, interval_s=interval_s)], [], {}, NOW))
    assert found == [pytest.approx(each) for each in blind]
