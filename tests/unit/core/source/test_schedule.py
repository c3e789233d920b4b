"""When sources are asked again."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.source.cadence import arrived, started
from monitor.core.source.schedule import (
    after_offline,
    backoff,
    fresh_state,
    interval,
    jittered,
    quarantine_interval,
    trusted,
)
from monitor.model import Cadence, FetchSettings, SourceState
from tests.support.records import NOW, source

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SOURCE = source(every=10 * MINUTE)
LIMITS = FetchSettings()
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


def office_hours(weeks: int = 4) -> Cadence:
    """Something new every half hour from 8 to 18 UTC on working days, nothing else."""
    cadence = started(MONDAY)
    for day in range(weeks * 7):
        for half in range(20):
            moment = MONDAY + timedelta(days=day, hours=8, minutes=30 * half)
            if moment.weekday() < 5:
                cadence = arrived(cadence, moment, silence=30 * MINUTE)
    return cadence


def at(cadence: Cadence, moment: datetime, **changes: object) -> SourceState:
    return dataclasses.replace(fresh_state(SOURCE, moment), cadence=cadence, **changes)  # type: ignore[arg-type]


def test_an_unknown_source_keeps_the_wanted_interval() -> None:
    assert interval(SOURCE, fresh_state(SOURCE, NOW), NOW, LIMITS) == 10 * MINUTE


def test_quiet_hours_are_stretched_and_busy_ones_are_not() -> None:
    cadence = office_hours()
    end = MONDAY + timedelta(weeks=4)
    night, noon, sunday = end + 1 * HOUR, end + 12 * HOUR, end + timedelta(days=6, hours=12)
    assert interval(SOURCE, at(cadence, noon), noon, LIMITS) < 15 * MINUTE
    assert interval(SOURCE, at(cadence, night), night, LIMITS) == 30 * MINUTE
    assert interval(SOURCE, at(cadence, sunday), sunday, LIMITS) == 30 * MINUTE
    calm = dataclasses.replace(LIMITS, stretch=1.0)
    assert interval(SOURCE, at(cadence, night), night, calm) == 10 * MINUTE


def test_a_stretched_interval_ends_when_the_day_begins() -> None:
    limits = dataclasses.replace(LIMITS, stretch=100.0, slowest=12 * HOUR)
    cadence, day = office_hours(20), MONDAY + timedelta(weeks=20)
    chosen = [
        interval(SOURCE, at(cadence, day + hour * HOUR), day + hour * HOUR, limits) for hour in range(8)
    ]
    assert chosen[0] > HOUR
    assert chosen[7] < 45 * MINUTE, "the first article of the day comes at 8"


def test_a_list_that_is_mostly_new_is_asked_more_often() -> None:
    for share, wanted in ((0.4, 10 * MINUTE), (0.6, 5 * MINUTE), (0.9, 2.5 * MINUTE)):
        assert interval(SOURCE, at(Cadence(), NOW, share_new=share), NOW, LIMITS) == wanted
    quick = source(every=30 * timedelta(seconds=1))
    assert interval(quick, at(Cadence(), NOW, share_new=0.9), NOW, LIMITS) == quick.every, "never slower"


@given(
    every=st.integers(30, 90_000),
    share=st.floats(0, 1),
    hours=st.lists(st.integers(0, 2_000), max_size=60),
    stretch=st.floats(1, 100),
)
def test_the_interval_stays_within_its_limits(
    every: int, share: float, hours: list[int], stretch: float
) -> None:
    cadence = started(MONDAY)
    for hour in sorted(hours):
        cadence = arrived(cadence, MONDAY + hour * HOUR, silence=HOUR)
    limits = dataclasses.replace(LIMITS, stretch=stretch)
    slow = source(every=timedelta(seconds=every))
    moment = MONDAY + timedelta(days=90)
    chosen = interval(slow, at(cadence, moment, share_new=share), moment, limits)
    assert min(slow.every, limits.fastest) <= chosen <= max(slow.every, limits.slowest)


def test_jitter_spreads_sources_and_repeats_itself() -> None:
    spread = {jittered(HOUR, f"s{n}", NOW) for n in range(50)}
    assert len(spread) == 50
    assert all(54 * MINUTE <= item <= 66 * MINUTE for item in spread)
    assert jittered(HOUR, "a", NOW) == jittered(HOUR, "a", NOW)


def test_failures_are_retried_soon_and_then_later_and_later() -> None:
    pauses = [backoff(10 * MINUTE, failures) for failures in range(1, 8)]
    assert pauses[:3] == [10 * MINUTE, 20 * MINUTE, 40 * MINUTE]
    assert pauses == sorted(pauses)
    assert pauses[-1] == HOUR, "an outlet that is back is noticed within an hour"
    assert backoff(timedelta(days=1), 1) == 15 * MINUTE
    assert quarantine_interval(10 * MINUTE) == 6 * HOUR
    assert quarantine_interval(timedelta(days=1)) == timedelta(days=1)


def test_validators_are_not_trusted_for_ever() -> None:
    state = SourceState(source_id="herald", next_fetch_at=NOW, etag='"1"', full_read_at=NOW - 25 * HOUR)
    assert trusted(state, NOW).etag is None
    assert trusted(state, NOW - 2 * HOUR).etag == '"1"'


@pytest.mark.parametrize(
    ("share", "every", "minutes"),
    [
        (0.5, 20, 20), (0.51, 20, 10), (0.8, 20, 10), (0.81, 20, 5), (0.9, 1000, 250),
        (0.6, 3, 2), (0.9, 3, 2), (0.9, 1, 1),
    ],
)  # fmt: skip
def test_a_crowded_list_is_asked_twice_or_four_times_as_often(
    share: float, every: int, minutes: float
) -> None:
    asked = source(every=every * MINUTE)
    limits = dataclasses.replace(LIMITS, fastest=2 * MINUTE)
    state = dataclasses.replace(fresh_state(asked, NOW), share_new=share)
    assert interval(asked, state, NOW, limits) == minutes * MINUTE


@pytest.mark.parametrize(
    ("every", "slowest", "minutes"), [(10, 1000, 30), (10, 25, 25), (10, 15, 15), (60, 30, 60)]
)
def test_a_quiet_source_is_stretched_up_to_a_limit(every: int, slowest: int, minutes: int) -> None:
    night = MONDAY + timedelta(weeks=4, hours=1)
    limits = dataclasses.replace(LIMITS, stretch=3.0, slowest=slowest * MINUTE)
    asked = source(every=every * MINUTE)
    assert interval(asked, at(office_hours(), night), night, limits) == minutes * MINUTE


def test_failures_are_retried_at_doubling_pauses_up_to_an_hour_or_the_interval() -> None:
    assert [backoff(10 * MINUTE, failures) / MINUTE for failures in (1, 2, 3, 4, 99)] == [10, 20, 40, 60, 60]
    assert [backoff(HOUR, failures) / MINUTE for failures in (1, 2, 3, 4)] == [15, 30, 60, 60]
    assert [backoff(3 * HOUR, failures) / MINUTE for failures in (1, 4, 5, 9)] == [15, 120, 180, 180]


def test_without_a_network_a_source_is_asked_again_within_a_minute() -> None:
    assert after_offline(10 * MINUTE) == MINUTE
    assert after_offline(MINUTE / 2) == MINUTE / 2


def test_a_quarantined_source_is_asked_every_six_hours_or_at_its_own_interval() -> None:
    assert quarantine_interval(10 * MINUTE) == 6 * HOUR
    assert quarantine_interval(24 * HOUR) == 24 * HOUR


def test_validators_are_trusted_for_a_day_after_a_full_read() -> None:
    state = dataclasses.replace(fresh_state(SOURCE, NOW), etag="e", last_modified="l")
    full = dataclasses.replace(state, full_read_at=NOW - 24 * HOUR)
    assert trusted(full, NOW) == full
    for other in (state, dataclasses.replace(state, full_read_at=NOW - 24 * HOUR - MINUTE)):
        assert (trusted(other, NOW).etag, trusted(other, NOW).last_modified) == (None, None)


def test_jitter_is_a_tenth_in_both_directions() -> None:
    found = [jittered(100 * MINUTE, f"s{number}", NOW) / MINUTE for number in range(300)]
    assert 90 <= min(found) < 91
    assert 109 < max(found) <= 110
    assert abs(sum(found) / len(found) - 100) < 1
    assert jittered(100 * MINUTE, "s", NOW) != jittered(100 * MINUTE, "s", NOW + MINUTE)
