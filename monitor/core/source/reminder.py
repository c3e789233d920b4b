"""The daily word about sources that are still broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from monitor.i18n.lazy import LazyText, lazy, lazy_plural, listed, word
from monitor.model import Event, SourceState

REMINDED = timedelta(hours=24)
_MOST_REMINDED = 20


def reminder(
    states: Sequence[SourceState],
    names: Mapping[str, str],
    now: datetime,
    *,
    last: datetime | None,
    zone: tzinfo,
) -> Event | None:
    """One event a day about every source that is still broken, when there is any to remind of.

    ``last`` is the moment of the last reminder, ``names`` gives each source's name by its id.
    """
    broken = [state for state in states if state.told_at is not None and state.source_id in names]
    due = [state for state in broken if state.told_at and now - state.told_at >= REMINDED]
    if not due or (last is not None and now - last < REMINDED):
        return None
    shown = sorted(broken, key=lambda state: state.gap_since or now)[:_MOST_REMINDED]
    lines = [lazy("Still broken ({count}):", count=len(broken))]
    lines += [
        lazy("{name}: {trouble}", name=names[state.source_id], trouble=_still(state, zone)) for state in shown
    ]
    if len(broken) > len(shown):
        left = len(broken) - len(shown)
        lines.append(
            lazy_plural(
                "… and {count} more: see `monitor status`.", "… and {count} more: see `monitor status`.", left
            )
        )
    return Event(kind="reminder", subject="sources", text=listed(lines, "\n"), at=now)


def _still(state: SourceState, zone: tzinfo) -> LazyText:
    """The reason in a word and since when; the sentence was told when it broke."""
    what = lazy("it answers, but with nothing new")
    if state.error:
        what = word(state.gap_reason or state.error)
    if state.gap_since is None:
        return what
    return lazy("{reason} since {moment}", zone=zone, reason=what, moment=state.gap_since)
