"""When sources are asked again."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.source.cadence import arrived, started
from monitor.core.source.schedule import (
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
