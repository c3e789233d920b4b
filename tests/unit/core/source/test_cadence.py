"""What is learnt of a source's habits."""

from __future__ import annotations

import dataclasses
import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.source.cadence import arrived, expected, learned, rates, started
from monitor.model import Cadence

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


def daily_at_nine(weeks: int) -> Cadence:
    cadence = started(MONDAY)
    for day in range(7 * weeks):
        cadence = arrived(cadence, MONDAY + timedelta(days=day, hours=9), silence=24 * HOUR)
    return cadence


def test_a_week_and_a_score_of_arrivals_are_needed() -> None:
    assert not learned(daily_at_nine(2), MONDAY + 2 * WEEK)
    assert learned(daily_at_nine(4), MONDAY + 4 * WEEK)
    busy = started(MONDAY)
    for minute in range(60):
        busy = arrived(busy, MONDAY + minute * timedelta(minutes=1), silence=timedelta(minutes=1))
    assert not learned(busy, MONDAY + HOUR)


def test_the_usual_hours_stand_out() -> None:
    end = MONDAY + 8 * WEEK
    usual = rates(daily_at_nine(8), end)
    assert usual[9] > 5 * usual[3]
    assert expected(usual, end, end + WEEK) == pytest.approx(7, rel=0.15)


def test_an_hour_lends_to_both_its_neighbours() -> None:
    usual = rates(daily_at_nine(8), MONDAY + 8 * WEEK)
    assert usual[8] == usual[10]
    assert usual[12] < usual[10] < usual[9]
    assert usual[9] - usual[12] == pytest.approx(2 * (usual[10] - usual[12]))


def test_old_habits_fade() -> None:
    cadence, later = daily_at_nine(8), MONDAY + 8 * WEEK
    for day in range(120):
        cadence = arrived(cadence, later + timedelta(days=day, hours=21), silence=24 * HOUR)
    usual = rates(cadence, later + timedelta(days=120))
    assert usual[21] > 5 * usual[9]


def test_the_longest_silence_is_remembered() -> None:
    cadence = arrived(daily_at_nine(1), MONDAY + 3 * WEEK, silence=2 * WEEK)
    assert cadence.longest == 2 * WEEK


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_what_is_expected_adds_up(first: int, second: int, third: int) -> None:
    usual = tuple(float(hour % 5) for hour in range(168))
    a, b, c = sorted(MONDAY + minute * 17 * timedelta(minutes=1) for minute in (first, second, third))
    assert expected(usual, a, c) == pytest.approx(expected(usual, a, b) + expected(usual, b, c))
    assert expected(usual, c, a) == (0 if a <= c else pytest.approx(expected(usual, c, a)))


def test_the_week_is_a_ring() -> None:
    cadence = started(MONDAY - HOUR)
    for week in range(8):
        cadence = arrived(cadence, MONDAY + week * WEEK, silence=WEEK)
    usual = rates(cadence, MONDAY + 8 * WEEK)
    assert usual[167] == usual[1] > usual[2] == usual[166]
    assert usual[0] - usual[2] == pytest.approx(2 * (usual[1] - usual[2]))


def test_no_arrival_is_lent_twice_or_lost() -> None:
    end = MONDAY + 8 * WEEK
    usual = rates(daily_at_nine(8), end)
    weeks = 4 / math.log(2) * (1 - 0.5**2)
    counted = sum(daily_at_nine(8).arrivals) * 0.5 ** ((15 / 24) / 28)
    assert sum(usual) == pytest.approx(counted * (1 + 1 / weeks) / (weeks + 1), rel=0.01)


def test_a_source_that_was_never_watched_promises_nothing() -> None:
    assert sum(rates(Cadence(), MONDAY)) == 0
    assert not learned(Cadence(), MONDAY)
    assert sum(rates(started(MONDAY), MONDAY)) == 0
    assert arrived(Cadence(), MONDAY, silence=HOUR) == started(MONDAY)


def test_four_weeks_make_a_habit_half_as_heavy() -> None:
    once = arrived(started(MONDAY), MONDAY + 9 * HOUR, silence=HOUR)
    later = arrived(once, MONDAY + 9 * HOUR + 4 * WEEK, silence=4 * WEEK)
    assert later.arrivals[9] == pytest.approx(1.5)
    assert arrived(once, MONDAY + 33 * HOUR + 4 * WEEK, silence=HOUR).arrivals[9] == pytest.approx(
        0.49, abs=0.01
    )


def test_seven_days_and_twenty_arrivals_are_just_enough() -> None:
    busy = started(MONDAY)
    for minute in reversed(range(20)):
        busy = arrived(busy, MONDAY + WEEK - timedelta(seconds=minute), silence=HOUR)
    assert learned(busy, MONDAY + timedelta(days=7))
    assert not learned(busy, MONDAY + timedelta(days=7, minutes=-1))
    fewer = dataclasses.replace(busy, arrivals=tuple(min(count, 18.9) for count in busy.arrivals))
    assert not learned(fewer, MONDAY + timedelta(days=7))


def test_part_of_an_hour_promises_part_of_its_arrivals() -> None:
    usual = tuple(float(hour == 9) for hour in range(168))
    nine = MONDAY + 9 * HOUR
    assert expected(usual, nine - HOUR / 2, nine + HOUR / 4) == pytest.approx(0.25)
    assert expected(usual, nine + HOUR / 2, nine + 2 * WEEK + HOUR) == pytest.approx(2.5)
    assert expected(usual, nine, nine) == 0
    moscow = timezone(timedelta(hours=3))
    assert expected(usual, nine.astimezone(moscow), (nine + HOUR).astimezone(moscow)) == pytest.approx(1)
