"""Steps of the machine's clock: what they are, what becomes of stored moments, what operators are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final, Literal

from monitor.i18n.lazy import lazy
from monitor.model import Event

# Slower drifts are corrected by slewing and harm nobody.
STEP_AT_LEAST: Final = timedelta(seconds=5)
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_SOON: Final = timedelta(minutes=1)

Planned = Literal["soon", "hour", "day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReading:
    """Both clocks at one moment: the wall clock, and seconds of one that is never set."""

    wall: datetime
    steady_s: float


def clock_step(before: ClockReading, now: ClockReading) -> timedelta:
    """By how much the wall clock was set between two readings; zero when it only ran."""
    step = (now.wall - before.wall) - timedelta(seconds=now.steady_s - before.steady_s)
    return step if abs(step) >= STEP_AT_LEAST else timedelta()


def planned(created_at: datetime, not_before: datetime) -> Planned:
    """Whether a moment was meant as soon as possible, as a full hour, or as a time of day."""
    wait = not_before - created_at
    if wait <= _SOON:
        return "soon"
    return "hour" if wait <= _HOUR else "day"


def moved_back(not_before: datetime, step: timedelta, kind: Planned) -> datetime:
    """A moment that was reckoned before the clock was set back by ``step`` (negative).

    A time of day moves by whole days and a full hour by whole hours, so that both stay what they are.
    """
    if kind == "soon":
        return not_before + step
    unit = _DAY if kind == "day" else _HOUR
    return not_before - (-step // unit) * unit


def step_event(step: timedelta, now: datetime, zone: tzinfo) -> Event:
    """What operators are told."""
    before = now - step
    if step < timedelta():
        text = lazy(
            "The clock of this machine was set back, from {before} to {now}. What waited for a moment was "
            "moved with it; nothing stands still. Please look why (NTP, battery).",
            zone=zone,
            before=before,
            now=now,
        )
    else:
        text = lazy(
            "The clock of this machine jumped forward, from {before} to {now}: it was set, or the machine "
            "was halted. What was due meanwhile is done now. Please look why (NTP, battery).",
            zone=zone,
            before=before,
            now=now,
        )
    return Event(kind="clock", subject="clock", text=text, at=now)
