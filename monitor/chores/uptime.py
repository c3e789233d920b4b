"""The health of all sources together: the daily reminder, and coverage in per cent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from monitor.core.rulebook import Rulebook, source_names
from monitor.core.source.reminder import reminder
from monitor.core.source.uptime import Coverage, coverage, coverage_line
from monitor.core.text.dates.zones import zone_named
from monitor.core.watchdog import OVERDUE_AT_LEAST, overdue
from monitor.model import Gap, Source, SourceState
from monitor.ports import Store

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class UptimeWatch:
    """How the sources did lately. ``gaps`` are those of the last week that lasted or ended in it."""

    day: Coverage
    week: Coverage
    gaps: tuple[Gap, ...]
    states: tuple[SourceState, ...]


def watched(store: Store, *, now: datetime) -> UptimeWatch:
    """Coverage of the last 24 hours and 7 days, from what is stored."""
    return watch_of(store.sources.states(), store.sources.gaps(now - WEEK), now=now)


def watch_of(states: tuple[SourceState, ...], gaps: tuple[Gap, ...], *, now: datetime) -> UptimeWatch:
    """Coverage from these states (of which only ids and first readings count) and the gaps of a week."""
    listed = {state.source_id for state in states}
    return UptimeWatch(
        day=coverage(states, gaps, since=now - DAY, now=now),
        week=coverage(states, gaps, since=now - WEEK, now=now),
        gaps=tuple(gap for gap in gaps if gap.source_id in listed),
        states=states,
    )


def footer(store: Store, rulebook: Rulebook, *, now: datetime, since: datetime | None = None) -> str:
    """The line under a report: coverage in per cent, and the gaps since ``since`` (a day ago).

    "" when no source was ever polled.
    """
    watch = watched(store, now=now)
    begin = since or now - DAY
    shown = [gap for gap in watch.gaps if gap.ended_at is None or gap.ended_at > begin]
    return coverage_line(watch.day, watch.week, shown, source_names(rulebook), zone_of(rulebook))


def remind(store: Store, rulebook: Rulebook, *, now: datetime) -> bool:
    """Write the daily reminder down when one is due. Returns whether it was."""
    last = store.outbox.last_event("reminder")
    event = reminder(store.sources.states(), source_names(rulebook), now, last=last, zone=zone_of(rulebook))
    if event is None:
        return False
    store.outbox.add_events([event])
    return True


def overdue_sources(
    store: Store, rulebook: Rulebook, *, now: datetime, since: datetime
) -> tuple[Source, ...]:
    """Sources that the service, which began at ``since``, did not ask for much too long."""
    states = store.sources.waiting(now - OVERDUE_AT_LEAST, now)
    return overdue(states, rulebook.sources, now, since=since)


def zone_of(rulebook: Rulebook) -> tzinfo:
    """The time zone in which operators are told moments."""
    return zone_named(rulebook.settings.timezone) or UTC
