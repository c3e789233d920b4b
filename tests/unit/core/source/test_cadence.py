"""What is learnt of a source's habits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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
