"""What a poll means for a source: its state, its gaps, and what the operator hears of it.

A source that breaks is told once, reminded of daily (``core.source.reminder``) and told once when
it recovers.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from monitor.core.source.cadence import arrived, expected, learned, rates, started
from monitor.core.source.failure_reason import Failure
from monitor.core.source.redirects import moved
from monitor.core.source.schedule import after_offline, backoff, interval, jittered, quarantine_interval
from monitor.core.source.unstable_ids import has_unstable_ids
from monitor.core.source.uptime import gap_text
from monitor.core.text.urls import host_key
from monitor.i18n.lazy import Between, lazy, lazy_plural, listed
from monitor.model import Event, Fetched, FetchSettings, Gap, NotModified, Source, SourceState
from monitor.model.source import Health

# By chance a source is so quiet once in fifty times, and once in a hundred thousand.
LATE = 4.0
STALE = 12.0
LATE_AT_LEAST = timedelta(hours=1)
STALE_AT_LEAST = timedelta(hours=3)
MUCH_LONGER = 1.5
# How far the share of new entries follows the newest answer.
FOLLOWS = 0.3
# So many intervals late means that this source was not asked when it should have been.
MISSED = 3
MISSED_AT_LEAST = timedelta(minutes=1)
NOTHING_NEW = lazy("nothing new")
OFFLINE = lazy("no network here")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a full answer listed. ``titles`` is the sketch of its headlines (``core.source.unstable_ids``).

    ``recovered`` counts the new entries dated before the answer and after the gap began; ``oldest``
    is the date of the oldest one listed. ``contact`` marks the first contact.
    """

    listed: int = 0
    new: int = 0
    recovered: int = 0
    titles: str = ""
    oldest: datetime | None = None
    contact: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What is to be written after a poll."""

    state: SourceState
    gaps: tuple[Gap, ...] = ()
    events: tuple[Event, ...] = ()


def unruly(state: SourceState, listing: Listing) -> tuple[int, Failure | None]:
    """Answers in a row that were nearly all new, and the trouble that this is, if it is one."""
    if listing.contact and state.health != "quarantined":
        return 0, None
    count, why = has_unstable_ids(state, listed=listing.listed, new=listing.new, titles=listing.titles)
    return count, Failure(text=why, reason=lazy("new addresses at each look"), grave=True) if why else None


def succeeded(
    source: Source,
    state: SourceState,
    now: datetime,
    *,
    answer: Fetched | NotModified,
    listing: Listing,
    limits: FetchSettings,
    zone: tzinfo,
) -> Polled:
    """After a good poll; ``listing`` is empty for ``NotModified``. Moments are told in ``zone``."""
    known, moves = moved(source, state, answer.moved_to, now, follow=limits.follow_moved)
    read = _read(known, now, answer, listing)
    health = _quiet(read, now, limits.stale_after)
    gaps = (*_missed(state, source, now), *_ended(state, now, health, listing))
    changed, events = _told(source, state, read, health=health, gaps=gaps, now=now, zone=zone)
    gap_since = None
    if health == "stale":
        gap_since = state.gap_since if state.health == "stale" else now
        gaps += (Gap(source_id=source.id, began_at=gap_since or now, reason=NOTHING_NEW),)
    odd = _odd(source, state, listing, now) if isinstance(answer, Fetched) else ()
    after = dataclasses.replace(
        read,
        health=health,
        told_at=changed,
        gap_since=gap_since,
        gap_reason=str(NOTHING_NEW) if gap_since else "",
    )
    chosen = interval(source, after, now, limits)
    after = dataclasses.replace(
        after,
        interval_s=chosen.total_seconds(),
        next_fetch_at=now + jittered(chosen, source.id, now),
    )
    return Polled(state=after, gaps=gaps, events=moves + events + odd)


def failed(
    source: Source, state: SourceState, now: datetime, wrong: Failure, *, limits: FetchSettings, zone: tzinfo
) -> Polled:
    """After a failed poll: asked later and later, quarantined after many in a row.

    A quarantined source is still asked now and then, so that it can recover by itself.
    """
    failures = state.failures + 1
    quarantined = wrong.grave or failures >= limits.quarantine_after
    pause = quarantine_interval(source.every) if quarantined else backoff(source.every, failures)
    next_fetch_at = now + jittered(pause, source.id, now)
    if wrong.retry_at is not None:
        next_fetch_at = max(next_fetch_at, wrong.retry_at)
    since = state.gap_since or now
    changed = state.told_at
    events: tuple[Event, ...] = ()
    if changed is None and (quarantined or failures >= limits.tell_after):
        changed, events = now, (_broke(source, wrong, failures, since=since, now=now, zone=zone),)
    after = dataclasses.replace(
        state,
        next_fetch_at=next_fetch_at,
        last_fetch_at=now,
        failures=failures,
        health="quarantined" if quarantined else "failing",
        error=str(wrong.text),
        gap_since=since,
        gap_reason=str(wrong.reason),
        told_at=changed,
    )
    gap = Gap(source_id=source.id, began_at=since, reason=wrong.reason)
    return Polled(state=after, gaps=(gap,), events=events)


def unasked(source: Source, state: SourceState, now: datetime, *, since: datetime) -> Polled:
    """After a poll in vain of a machine without a network since ``since``: a gap, but nobody's failure.

    The source is as well as it was, does not back off, and is asked again within a minute.
    """
    began = state.gap_since or since
    reason = state.gap_reason or str(OFFLINE)
    pause = jittered(after_offline(source.every), source.id, now)
    after = dataclasses.replace(state, next_fetch_at=now + pause, gap_since=began, gap_reason=reason)
    return Polled(state=after, gaps=(Gap(source_id=source.id, began_at=began, reason=reason),))


def _read(state: SourceState, now: datetime, answer: Fetched | NotModified, listing: Listing) -> SourceState:
    cadence = state.cadence
    # What came while nobody could look says nothing about how long this source is silent.
    blind = bool(state.failures) or state.gap_reason == OFFLINE
    if cadence.since is None:
        cadence = started(now)
    elif listing.new and not listing.contact:
        silence = timedelta(0) if blind else now - _heard(state, now)
        cadence = arrived(cadence, now, silence=silence)
    after = dataclasses.replace(
        state,
        first_read_at=state.first_read_at or now,
        last_fetch_at=now,
        last_success_at=now,
        last_new_at=now if listing.new else state.last_new_at,
        well_since=now if blind or state.well_since is None else state.well_since,
        failures=0,
        error=None,
        cadence=cadence,
    )
    share = 0.0
    if isinstance(answer, Fetched):
        share = listing.new / listing.listed if listing.listed and not listing.contact else 0.0
        after = dataclasses.replace(
            after,
            etag=answer.etag,
            last_modified=answer.last_modified,
            full_read_at=now,
            note="; ".join(listing.warnings) or None,
            titles=listing.titles,
            unstable_ids=unruly(state, listing)[0],
        )
    return dataclasses.replace(after, share_new=round(state.share_new * (1 - FOLLOWS) + share * FOLLOWS, 3))


def _heard(state: SourceState, now: datetime) -> datetime:
    """The last sign of life: something new, or the end of a time in which nothing could be seen."""
    return max(filter(None, (state.last_new_at, state.well_since, state.first_read_at)), default=now)


def _quiet(state: SourceState, now: datetime, stale_after: timedelta) -> Health:
    heard = _heard(state, now)
    silence = now - heard
    if silence < LATE_AT_LEAST:
        return "fresh"
    if not learned(state.cadence, now):
        return "stale" if silence > stale_after else "fresh"
    awaited = expected(rates(state.cadence, now), heard, now)
    if awaited >= STALE and silence >= max(STALE_AT_LEAST, state.cadence.longest * MUCH_LONGER):
        return "stale"
    return "late" if awaited >= LATE else "fresh"


def _missed(state: SourceState, source: Source, now: datetime) -> tuple[Gap, ...]:
    """The time in which nobody asked: the monitor was off, or had too much to do."""
    usual = timedelta(seconds=state.interval_s) if state.interval_s else source.every
    if state.gap_since or state.first_read_at is None:
        return ()
    if now - state.next_fetch_at < max(MISSED * usual, MISSED_AT_LEAST):
        return ()
    gap = Gap(source_id=source.id, began_at=state.next_fetch_at, reason=lazy("not asked"), ended_at=now)
    return (gap,)


def _ended(state: SourceState, now: datetime, health: Health, listing: Listing) -> tuple[Gap, ...]:
    if state.gap_since is None or (health == "stale" and state.health == "stale"):
        return ()
    complete = None if listing.oldest is None else listing.oldest <= state.gap_since
    gap = Gap(
        source_id=state.source_id,
        began_at=state.gap_since,
        reason=state.gap_reason,
        ended_at=now,
        recovered=listing.recovered,
        complete=complete,
    )
    return (gap,)


def _told(
    source: Source,
    before: SourceState,
    read: SourceState,
    *,
    health: Health,
    gaps: tuple[Gap, ...],
    now: datetime,
    zone: tzinfo,
) -> tuple[datetime | None, tuple[Event, ...]]:
    """When the operator last heard that the source is broken (None: it is not), and what he hears now."""
    if health == "stale":
        if before.told_at is not None and before.health == "stale":
            return before.told_at, ()
        text = lazy(
            "{source} has gone quiet: it answers, but nothing new came since {moment}, "
            "much longer than usual. Its address may be out of date.",
            zone=zone,
            source=source.name,
            moment=_heard(read, now),
        )
        return now, (Event(kind="broke", subject=source.id, text=text, at=now),)
    if before.told_at is None:
        return None, ()
    ended = next((gap for gap in gaps if gap.began_at == before.gap_since), None)
    host = host_key(source.url)
    text = lazy("{source} works again.", source=source.name, host=host)
    if ended is not None:
        silence = Between(began=ended.began_at, ended=ended.ended_at or now)
        text = lazy(
            "{source} works again: {gap}.",
            source=source.name,
            gap=gap_text(ended, zone),
            host=host,
            silence=silence,
        )
    return None, (Event(kind="recovered", subject=source.id, text=text, at=now),)


def _broke(
    source: Source, wrong: Failure, failures: int, *, since: datetime, now: datetime, zone: tzinfo
) -> Event:
    text = lazy("{source} is broken: {trouble}", source=source.name, trouble=wrong.text, moment=since)
    if failures > 1:
        text = lazy_plural(
            "{source} is broken: {trouble} ({count} failed poll since {moment})",
            "{source} is broken: {trouble} ({count} failed polls since {moment})",
            failures,
            zone=zone,
            source=source.name,
            trouble=wrong.text,
            moment=since,
        )
    return Event(kind="broke", subject=source.id, text=text, at=now)


def _odd(source: Source, state: SourceState, listing: Listing, now: datetime) -> tuple[Event, ...]:
    """What is odd about an answer is told when it begins, not at each look."""
    if not listing.warnings or state.note is not None:
        return ()
    text = lazy("{source}: {warnings}.", source=source.name, warnings=listed(listing.warnings, "; "))
    return (Event(kind="odd", subject=source.id, text=text, at=now),)
