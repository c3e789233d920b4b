"""When a source usually has something new: learnt by hour of the week, older weeks weigh less.

What is counted are arrivals: polls that brought something new. Twenty entries at once are one
arrival, so a daily bundle does not look like a busy source.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from monitor.model import Cadence
from monitor.model.source import HOURS_A_WEEK

HALF_LIFE = timedelta(weeks=4)
ENOUGH_TIME = timedelta(days=7)
ENOUGH_ARRIVALS = 20.0
_HOUR = timedelta(hours=1)
_WEEK = timedelta(weeks=1)
_NOTHING = (0.0,) * HOURS_A_WEEK


def arrived(cadence: Cadence, now: datetime, *, silence: timedelta) -> Cadence:
    """The cadence after something new came at ``now``, ``silence`` after the last time."""
    if cadence.since is None:
        return started(now)
    fade = _fade(now - (cadence.at or now))
    faded = [count * fade for count in cadence.arrivals or _NOTHING]
    faded[_slot(now)] += 1.0
    return Cadence(
        since=cadence.since,
        at=now,
        longest=max(cadence.longest * fade, silence),
        arrivals=tuple(round(count, 3) for count in faded),
    )


def started(now: datetime) -> Cadence:
    """Nothing seen yet, watched from ``now`` on."""
    return Cadence(since=now, at=now)


def learned(cadence: Cadence, now: datetime) -> bool:
    """Whether enough was seen to say what is usual."""
    if cadence.since is None or now - cadence.since < ENOUGH_TIME:
        return False
    return sum(cadence.arrivals) >= ENOUGH_ARRIVALS


def rates(cadence: Cadence, now: datetime) -> tuple[float, ...]:
    """Usual arrivals in each hour of the week.

    Hours lend to their neighbours, and as much as one week's average is mixed in, so that one quiet
    hour in the only week seen so far does not count as always quiet.
    """
    counts = cadence.arrivals or _NOTHING
    weeks = _weeks_seen(cadence, now)
    if weeks <= 0:
        return _NOTHING
    fade = _fade(now - (cadence.at or now))
    mean = sum(counts) * fade / HOURS_A_WEEK / weeks
    return tuple(
        (fade * (counts[hour - 1] / 4 + counts[hour] / 2 + counts[(hour + 1) % HOURS_A_WEEK] / 4) + mean)
        / (weeks + 1)
        for hour in range(HOURS_A_WEEK)
    )


def expected(usual: tuple[float, ...], since: datetime, until: datetime) -> float:
    """How many arrivals ``usual`` rates promise between two moments; 0 when ``until`` is earlier."""
    if until <= since:
        return 0.0
    weeks = (until - since) // _WEEK
    total = weeks * sum(usual)
    at = since + weeks * _WEEK
    while at < until:
        hour_ends = at.replace(minute=0, second=0, microsecond=0) + _HOUR
        upto = min(hour_ends, until)
        total += usual[_slot(at)] * ((upto - at) / _HOUR)
        at = upto
    return total


def _weeks_seen(cadence: Cadence, now: datetime) -> float:
    """Weeks watched, each as light as its counts have become."""
    if cadence.since is None:
        return 0.0
    lives = (now - cadence.since) / HALF_LIFE
    faded = 1.0 - math.pow(0.5, max(lives, 0.0))
    return HALF_LIFE / _WEEK * faded / math.log(2)


def _fade(age: timedelta) -> float:
    return math.pow(0.5, max(age / HALF_LIFE, 0.0))


def _slot(moment: datetime) -> int:
    utc = moment.astimezone(UTC)
    return utc.weekday() * 24 + utc.hour
