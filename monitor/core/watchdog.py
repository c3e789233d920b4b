"""What a service that stands still looks like, and in what words its operators hear of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from monitor.i18n.lazy import LazyText, lazy, lazy_plural
from monitor.model import Source, SourceState

# So many of its intervals without having been asked, and at least so long, is no chance.
MISSED_INTERVALS: Final = 3
OVERDUE_AT_LEAST: Final = timedelta(minutes=5)
STORE_SILENT_S: Final = 60.0


def overdue(
    states: Sequence[SourceState], sources: Mapping[str, Source], now: datetime, *, since: datetime
) -> tuple[Source, ...]:
    """Sources that were due and not asked for three of their intervals (five minutes at least).

    Nobody could ask before ``since``, when the service began. The longest overdue comes first.
    """
    late: list[tuple[datetime, str]] = []
    for state in states:
        source = sources.get(state.source_id)
        if source is None or not source.enabled:
            continue
        due = max(state.next_fetch_at, since)
        usual = timedelta(seconds=state.interval_s) if state.interval_s else source.every
        if now - due > max(MISSED_INTERVALS * usual, OVERDUE_AT_LEAST):
            late.append((state.next_fetch_at, source.id))
    return tuple(sources[source_id] for _, source_id in sorted(late))


def overdue_text(names: Sequence[str]) -> LazyText:
    """The service runs and does not ask its sources."""
    return lazy_plural(
        "Coverage Monitor runs, but {count} source was not asked for longer than three of its intervals: "
        "{first}. See `monitor status` and the log; starting the service again may help.",
        "Coverage Monitor runs, but {count} sources were not asked for longer than three of their intervals, "
        "{first} for the longest. See `monitor status` and the log; starting the service again may help.",
        len(names),
        first=names[0],
    )


def asked_again_text() -> LazyText:
    """The end of it."""
    return lazy("All sources are asked again.")


def store_silent_text() -> LazyText:
    """The database does not answer."""
    return lazy(
        "The database has not answered for a minute: nothing can be stored and no alert sent. Look at the "
        "disk and the database server. Nothing is lost: all goes on by itself when it answers again."
    )


def store_damaged_text(reason: str) -> LazyText:
    """What the database holds cannot be read any more."""
    return lazy(
        "The database is damaged, and that does not pass by itself: {reason}. Some articles and alerts are "
        "not stored and not sent. Stop the service, restore a backup (`monitor restore FILE`), look at the "
        "disk.",
        reason=reason,
    )


def store_back_text() -> LazyText:
    """The end of it."""
    return lazy("The database answers again; what waited for it goes on now.")
