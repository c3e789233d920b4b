"""When a source is asked again."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import datetime, timedelta

from monitor.core.source.cadence import expected, learned, rates
from monitor.model import FetchSettings, Source, SourceState

QUICK_RETRY = timedelta(minutes=15)
LONGEST_BACKOFF = timedelta(hours=1)
QUARANTINE_INTERVAL = timedelta(hours=6)
OFFLINE_RETRY = timedelta(minutes=1)
FULL_READ_EVERY = timedelta(hours=24)
JITTER = 0.1
# A look is worth its while when one in ten brings something: less often costs alerts their freshness.
WORTH_A_LOOK = 0.1
# From these shares of new entries on, some may have come and gone between two looks.
CROWDED = 0.5
OVERCROWDED = 0.8


def fresh_state(source: Source, now: datetime) -> SourceState:
    """The state of a source that was never polled: due now."""
    return SourceState(source_id=source.id, next_fetch_at=now)


def trusted(state: SourceState, now: datetime) -> SourceState:
    """The state without validators when the last full read is old.

    Some feeds keep their ETag though they changed; a full read now and then finds out.
    """
    if state.full_read_at is None or now - state.full_read_at > FULL_READ_EVERY:
        return dataclasses.replace(state, etag=None, last_modified=None)
    return state


def interval(source: Source, state: SourceState, now: datetime, limits: FetchSettings) -> timedelta:
    """How long until the next look, before jitter.

    The source's ``every`` is the rule. Where an answer is mostly new, the list may be too short for
    it: looked at up to four times as often, not below ``limits.fastest``. Where the source's own
    cadence promises next to nothing (nights, weekends), up to ``limits.stretch`` times as rarely, not
    above ``limits.slowest``, and back in time for the busy hours.
    """
    every = source.every
    if state.share_new > CROWDED:
        quicker = every / (4 if state.share_new > OVERCROWDED else 2)
        return min(every, max(quicker, limits.fastest))
    if limits.stretch <= 1 or not learned(state.cadence, now):
        return every
    longest = max(every, min(every * limits.stretch, limits.slowest))
    usual = rates(state.cadence, now)
    chosen = every
    while chosen < longest and expected(usual, now, now + chosen) < WORTH_A_LOOK:
        chosen = min(chosen + every / 2, longest)
    return chosen


def backoff(every: timedelta, failures: int) -> timedelta:
    """The pause after the ``failures``-th failure in a row: soon at first, then doubled."""
    first = min(every, QUICK_RETRY)
    return min(first * float(1 << min(failures - 1, 10)), max(LONGEST_BACKOFF, every))


def after_offline(every: timedelta) -> timedelta:
    """The pause while the machine has no network: short, since few requests are made meanwhile."""
    return min(every, OFFLINE_RETRY)


def quarantine_interval(every: timedelta) -> timedelta:
    """How long a quarantined source is left alone between two looks."""
    return max(QUARANTINE_INTERVAL, every)


def jittered(interval: timedelta, seed: str, now: datetime) -> timedelta:
    """``interval`` ± 10 %, the same for the same seed and moment: spread without randomness."""
    digest = hashlib.blake2b(f"{seed} {now.isoformat()}".encode(), digest_size=4).digest()
    share = int.from_bytes(digest) / 0xFFFFFFFF * 2 - 1
    return interval * (1 + JITTER * share)
