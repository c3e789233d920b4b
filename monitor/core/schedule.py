"""When a source is polled again, and what its health becomes."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import datetime, timedelta

from monitor.model import Event, Fetched, Source, SourceState

LONGEST_BACKOFF = timedelta(hours=6)
QUARANTINE_INTERVAL = timedelta(hours=12)
FULL_READ_EVERY = timedelta(hours=24)
JITTER = 0.1


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


def succeeded(
    source: Source, state: SourceState, now: datetime, *, answer: Fetched | None, new: int
) -> tuple[SourceState, tuple[Event, ...]]:
    """The state after a good poll; ``answer`` is None for 304. A broken source recovers here."""
    events: tuple[Event, ...] = ()
    if state.health == "quarantined":
        text = f"{source.name} works again after {state.failures} failed polls."
        events = (Event(kind="recovered", subject=source.id, text=text, at=now),)
    after = dataclasses.replace(
        state,
        next_fetch_at=now + jittered(source.every, source.id, now),
        first_read_at=state.first_read_at or now,
        last_fetch_at=now,
        last_success_at=now,
        last_new_at=now if new else state.last_new_at,
        failures=0,
        health="ok",
        error=None,
    )
    if answer is not None:
        after = dataclasses.replace(
            after, etag=answer.etag, last_modified=answer.last_modified, full_read_at=now
        )
    return after, events


def failed(
    source: Source,
    state: SourceState,
    now: datetime,
    *,
    error: str,
    quarantine_after: int,
    retry_at: datetime | None = None,
) -> tuple[SourceState, tuple[Event, ...]]:
    """The state after a failed poll: backed off, quarantined after ``quarantine_after`` in a row.

    The operator hears of it once, when the quarantine begins. A quarantined source is still asked
    now and then, so that it can recover by itself. ``retry_at`` is the host's own wish.
    """
    failures = state.failures + 1
    quarantined = failures >= quarantine_after
    events: tuple[Event, ...] = ()
    if quarantined and state.health != "quarantined":
        text = f"{source.name} is broken: {error} ({failures} failed polls in a row)"
        events = (Event(kind="broke", subject=source.id, text=text, at=now),)
    pause = QUARANTINE_INTERVAL if quarantined else _backoff(source.every, failures)
    next_fetch_at = now + jittered(pause, source.id, now)
    if retry_at is not None:
        next_fetch_at = max(next_fetch_at, retry_at)
    after = dataclasses.replace(
        state,
        next_fetch_at=next_fetch_at,
        last_fetch_at=now,
        failures=failures,
        health="quarantined" if quarantined else "failing",
        error=error,
    )
    return after, events


def jittered(interval: timedelta, seed: str, now: datetime) -> timedelta:
    """``interval`` ± 10 %, the same for the same seed and moment: spread without randomness."""
    digest = hashlib.blake2b(f"{seed} {now.isoformat()}".encode(), digest_size=4).digest()
    share = int.from_bytes(digest) / 0xFFFFFFFF * 2 - 1
    return interval * (1 + JITTER * share)


def _backoff(every: timedelta, failures: int) -> timedelta:
    # The first failure is often a hiccup: ask again after the usual interval, then double.
    factor = float(1 << min(failures - 1, 10))
    return min(every * factor, max(LONGEST_BACKOFF, every))
