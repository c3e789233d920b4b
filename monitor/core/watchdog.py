"""What a service that stands still looks like, and in what words its operators hear of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from monitor.model import Source, SourceState
from monitor.saying import Saying, saying, sayings

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


def overdue_text(names: Sequence[str]) -> Saying:
    """The service runs and does not ask its sources."""
    return sayings(
        "Coverage Monitor runs, but {count} source was not asked for longer than three of its intervals: "
        "{first}. See `monitor status` and the log; starting the service again may help.",
        "Coverage Monitor runs, but {count} sources were not asked for longer than three of their intervals, "
        "{first} for the longest. See `monitor status` and the log; starting the service again may help.",
        len(names),
        first=names[0],
    )


def asked_again_text() -> Saying:
    """The end of it."""
    return saying("All sources are asked again.")


def store_silent_text() -> Saying:
    """The database does not answer."""
    return saying(
        "The database has not answered for a minute: nothing can be stored and no alert sent. Look at the "
        "disk and the database server. Nothing is lost: all goes on by itself when it answers again."
    )


def store_back_text() -> Saying:
    """The end of it."""
    return saying("The database answers again; what waited for it goes on now.")
