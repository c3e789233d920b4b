"""Steps of the machine's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.clock_step import ClockReading, clock_step, moved_back, planned, step_event

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wall", "steady", "step"),
    [
        (60, 60, 0),
        (64.9, 60, 0),
        (65, 60, 5),
        (55, 60, -5),
        (55.1, 60, 0),
        (-3600, 0, -3600),
        (60, 6060, -6000),
    ],
)
def test_five_seconds_apart_the_clock_was_set(wall: float, steady: float, step: float) -> None:
    before = ClockReading(wall=START, steady_s=100.0)
    now = ClockReading(wall=START + timedelta(seconds=wall), steady_s=100.0 + steady)
    assert clock_step(before, now) == timedelta(seconds=step)


@pytest.mark.parametrize(
    ("seconds", "kind"),
    [(0, "soon"), (60, "soon"), (61, "hour"), (3600, "hour"), (3601, "day"), (-5, "soon")],
)
def test_what_a_moment_was_meant_as(seconds: int, kind: str) -> None:
    assert planned(START, START + timedelta(seconds=seconds)) == kind


@pytest.mark.parametrize(
    ("hours", "kind", "moved"),
    [
        (-1.5, "soon", -1.5),
        (-1.5, "hour", -1),
        (-2, "hour", -2),
        (-47, "day", -24),
        (-48, "day", -48),
        (-23, "day", 0),
    ],
)
def test_hours_and_days_move_by_whole_ones(hours: float, kind: str, moved: float) -> None:
    step = timedelta(hours=hours)
    assert moved_back(START, step, kind) == START + timedelta(hours=moved)  # type: ignore[arg-type]


def test_operators_hear_from_when_to_when() -> None:
    minsk = ZoneInfo("Europe/Minsk")
    back = step_event(timedelta(hours=-1), START, minsk)
    assert str(back.text).startswith(
        "The clock of this machine was set back, from 23 Nov 16:00 to 23 Nov 15:00"
    )
    forward = step_event(timedelta(hours=1), START, minsk)
    assert "jumped forward, from 23 Nov 14:00 to 23 Nov 15:00" in str(forward.text)
    assert (back.kind, back.at) == ("clock", START)
