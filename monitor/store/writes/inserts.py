"""Inserting jobs, deliveries and events: what a job's commit and the outbox both do."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from monitor.model import Delivery, Event, Job
from monitor.store.codec import delivery_row
from monitor.store.database import insert_into
from monitor.store.event_codec import event_row
from monitor.store.tables.schema import chat_moves, deliveries, events, jobs


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
        for job in opened
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
    rows = [
        delivery_row(dataclasses.replace(item, chat_id=moved.get(item.chat_id, item.chat_id)))
        for item in posted
    ]
    return len(connection.execute(statement, rows).all())


def post_events(connection: Connection, posted: Sequence[Event]) -> None:
    """Write events down, untold."""
    if posted:
        connection.execute(insert(events), [event_row(event) for event in posted])
