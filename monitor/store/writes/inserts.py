"""Inserting jobs, deliveries and events: what a job's commit and the outbox both do."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from monitor.core.delivery.restored import as_repeat, told_before
from monitor.i18n.lazy import lazy
from monitor.model import Delivery, Event, Job
from monitor.store.codec import delivery_row
from monitor.store.database import insert_into
from monitor.store.event_codec import event_row
from monitor.store.tables.schema import chat_moves, chats, deliveries, events, jobs, meta

RESTORED_AT = "restored_at"
"""Row of ``meta``: when a backup was put in the place of the store."""


def post_jobs(connection: Connection, opened: Sequence[Job], now: datetime) -> int:
    """Open these jobs; one that is there already (quarantined too) is left as it is."""
    if not opened:
        return 0
    rows = [
        {
            "kind": job.kind,
            "key": job.key,
            "host_key": job.host_key,
            "not_before": job.not_before,
            "state": "pending",
            "attempts": 0,
            "owner": None,
            "epoch": 0,
            "error": None,
            "created_at": now,
        }
        # In one order, whoever writes: transactions that wait for each other's rows would never end.
        for job in sorted(opened, key=lambda each: (each.kind, each.key))
    ]
    statement = insert_into(connection, jobs).on_conflict_do_nothing().returning(jobs.c.key)
    return len(connection.execute(statement, rows).all())


def post_deliveries(connection: Connection, posted: Sequence[Delivery]) -> int:
    """Insert deliveries whose key is new, in this order, to where their chats live now."""
    if not posted:
        return 0
    moved = dict(
        connection.execute(
            select(chat_moves.c.old_id, chat_moves.c.new_id).where(
                chat_moves.c.old_id.in_({item.chat_id for item in posted})
            )
        ).all()
    )
    statement = (
        insert_into(connection, deliveries)
        .on_conflict_do_nothing(index_elements=[deliveries.c.key])
        .returning(deliveries.c.key, sort_by_parameter_order=False)
    )
    arrived = [dataclasses.replace(item, chat_id=moved.get(item.chat_id, item.chat_id)) for item in posted]
    rows = [delivery_row(item) for item in _after_restore(connection, arrived)]
    return len(connection.execute(statement, rows).all())


def _after_restore(connection: Connection, posted: Sequence[Delivery]) -> Sequence[Delivery]:
    """Alerts that may have been told before a backup was put back are marked or held."""
    stored = connection.execute(select(meta.c.value).where(meta.c.name == RESTORED_AT)).scalar_one_or_none()
    if stored is None:
        return posted
    restored_at = datetime.fromisoformat(stored)
    doubtful = {item.chat_id for item in posted if told_before(item, restored_at)}
    wants = select(chats.c.id).where(chats.c.id.in_(doubtful), chats.c.unsure == "hold")
    holding = set(connection.execute(wants).scalars())
    _ask_about(connection, holding, restored_at)
    return [
        as_repeat(item, hold=item.chat_id in holding) if told_before(item, restored_at) else item
        for item in posted
    ]


def _ask_about(connection: Connection, holding: Collection[str], restored_at: datetime) -> None:
    """Operators are asked once a chat about what is held since a backup was put back."""
    asked = select(events.c.subject).where(
        events.c.kind == "unsure", events.c.at == restored_at, events.c.subject.in_(holding)
    )
    for chat_id in sorted(set(holding) - set(connection.execute(asked).scalars())):
        text = lazy(
            "A backup was put back: alerts to {chat} that may have been sent before are held. "
            "`monitor outbox list --state unsure` names them, `monitor outbox retry` sends, "
            "`monitor outbox cancel` ends them.",
            chat=chat_id,
        )
        post_events(connection, [Event(kind="unsure", subject=chat_id, text=text, at=restored_at)])


def post_events(connection: Connection, posted: Sequence[Event]) -> None:
    """Write events down, untold."""
    if posted:
        connection.execute(insert(events), [event_row(event) for event in posted])
