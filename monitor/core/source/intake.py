"""Which of a source's entries are to be read, and which of them may alert."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.model import AlertSettings, Entry, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """``new`` entries were never stored; ``changed`` ones were, with another stamp. Both are to be
    read. ``late`` counts the new entries that are stored and matched but not alerted."""

    new: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    late: int
    reason: str = ""


def take_in(
    entries: Sequence[Entry],
    known: Mapping[str, str],
    state: SourceState,
    alerts: AlertSettings,
    now: datetime,
) -> Intake:
    """Compare what a source lists with what is stored.

    ``known`` maps stored entry ids to their stamps ("" when only the address is known, from another
    source). On first contact, or when the source was silent for longer than ``alerts.outage``,
    entries older than ``alerts.max_age`` (or without a date on first contact) are late.
    """
    distinct: dict[str, Entry] = {}
    for entry in entries:
        distinct.setdefault(entry.id, entry)
    fresh = [entry for entry in distinct.values() if entry.id not in known]
    changed = tuple(
        dataclasses.replace(entry, seen_at=now)
        for entry in distinct.values()
        if known.get(entry.id) and known[entry.id] != entry.stamp
    )
    reason = _contact(state, alerts, now)
    new = tuple(
        dataclasses.replace(entry, seen_at=now, late=bool(reason) and _is_old(entry, reason, alerts, now))
        for entry in fresh
    )
    return Intake(new=new, changed=changed, late=sum(entry.late for entry in new), reason=reason)


def _contact(state: SourceState, alerts: AlertSettings, now: datetime) -> str:
    if state.first_read_at is None or state.last_success_at is None:
        return "first_contact"
    if now - state.last_success_at > alerts.outage:
        return "outage"
    return ""


def _is_old(entry: Entry, reason: str, alerts: AlertSettings, now: datetime) -> bool:
    if entry.published is None:
        return reason == "first_contact"
    return now - entry.published > alerts.max_age
