"""The daily word about sources that are still broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

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
    lines = [f"Still broken ({len(broken)}):"]
    lines += [f"{names[state.source_id]}: {_still(state, zone)}" for state in shown]
    if len(broken) > len(shown):
        lines.append(f"… and {len(broken) - len(shown)} more: see `monitor status`.")
    return Event(kind="reminder", subject="sources", text="\n".join(lines), at=now)


def _still(state: SourceState, zone: tzinfo) -> str:
    since = f" since {state.gap_since.astimezone(zone):%d %b %H:%M}" if state.gap_since else ""
    return f"{state.error or 'it answers, but with nothing new'}{since}"
