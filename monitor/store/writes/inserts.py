"""Inserting jobs, deliveries and events: what a job's commit and the outbox both do."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, Executable, bindparam, insert, select, text

from monitor.core.delivery.restored import as_repeat, told_before
from monitor.i18n.lazy import lazy
from monitor.model import Delivery, Event, Job
from monitor.store.codec import delivery_row
from monitor.store.database import insert_into
from monitor.store.event_codec import event_row
from monitor.store.tables.columns import Utc
from monitor.store.tables.schema import chat_moves, chats, deliveries, events, jobs, meta

RESTORED_AT = "restored_at"
"""Row of ``meta``: when a backup was put in the place of the store."""


def post_jobs(connection: Connection, opened: Sequence[Job], now: datetime) -> int:
    """Open these jobs; one that is there already (quarantined too) is left as it is. How many are new."""
    if not opened:
        return 0
    # In one order, whoever writes: transactions that wait for each other's rows would never end.
    ordered = sorted(opened, key=lambda each: (each.kind, each.key))
    dialect = connection.dialect
    columns = []
    for column in (jobs.c.kind, jobs.c.key, jobs.c.host_key, jobs.c.not_before):
        bound = column.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is
        columns.append([bound(getattr(job, column.name)) for job in ordered])
    is_server = dialect.name == "postgresql"
    if is_server:
        given: dict[str, object] = dict(zip(_NEW_JOB, columns, strict=True))
    else:
        given = {"new": json.dumps(list(zip(*columns, strict=True)))}
    done = connection.execute(_NEW_ON_SERVER if is_server else _NEW_IN_FILE, {**given, "now": now})
    return done.rowcount


def _as_it_is(value: object) -> object:
    return value


def _new_jobs(found: str) -> Executable:
    """One statement for however many: made row by row, a thousand take longer than the database needs."""
    return (
        text(_OPEN_JOBS.format(found=found))
        .bindparams(bindparam("now", type_=Utc()))
        .execution_options(preserve_rowcount=True)
    )


# WHERE: without it SQLite takes ON for that of a join.
_OPEN_JOBS = (
    "INSERT INTO jobs (kind, key, host_key, not_before, state, attempts, epoch, created_at) "
    "SELECT kind, key, host_key, not_before, 'pending', 0, 0, :now FROM {found} "
    "WHERE true ON CONFLICT DO NOTHING"
)
_NEW_JOB = ("kinds", "keys", "host_keys", "moments")
_NEW_ON_SERVER = _new_jobs(
    "unnest(CAST(:kinds AS text[]), CAST(:keys AS text[]), CAST(:host_keys AS text[]), "
    "CAST(:moments AS timestamptz[])) AS new (kind, key, host_key, not_before)"
)
_NEW_IN_FILE = _new_jobs(
    "(SELECT json_extract(value, '$[0]') AS kind, json_extract(value, '$[1]') AS key, "
    "json_extract(value, '$[2]') AS host_key, json_extract(value, '$[3]') AS not_before "
    "FROM json_each(:new))"
)


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
