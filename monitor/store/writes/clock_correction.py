"""Stored moments after the machine's clock was set: waits must not last longer for it.

A clock set back by a day leaves a day's worth of moments in the future: sources that are due tomorrow, hosts
that rest until then, sends of "the last second". They are moved with the clock. A clock set forward leaves
only waits that are over, but what it skipped says nothing about how long a source has been quiet.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, bindparam, or_, select, update

from monitor.core.clock_step import moved_back, planned
from monitor.store.tables.columns import Utc
from monitor.store.tables.schema import (
    channel_cooldowns,
    chats,
    deliveries,
    events,
    gaps,
    hosts,
    jobs,
    sources,
)

# Machines that take turns may differ by so much.
SKEW = timedelta(minutes=1)
_OPEN = ("pending", "unsure", "collected")


def correct_back(connection: Connection, step: timedelta, now: datetime, *, again: bool) -> None:
    """Move what lies beyond ``now`` by ``step`` (negative).

    ``again`` looks only for rows that prove to be written with the clock of before: by work that had begun
    before the step and ended after it.
    """
    _move(connection, sources, step, now, sources.c.last_fetch_at > now if again else None)
    _move(connection, gaps, step, now, gaps.c.began_at > now)
    _move(connection, jobs, step, now, jobs.c.created_at > now if again else None)
    resting = now - step if again else now
    for table, column in (
        (hosts, hosts.c.cooldown_until),
        (chats, chats.c.cooldown_until),
        (channel_cooldowns, channel_cooldowns.c.until),
    ):
        _move(connection, table, step, now, column > resting, only=column.name)
    _move(connection, events, step, now, events.c.at > now)
    _correct_deliveries(connection, step, now, again=again)


def correct_forward(connection: Connection, step: timedelta, now: datetime) -> None:
    """Nobody could hear a source in the time that was skipped: its silence begins now, and it was no outage,
    after which what it listed meanwhile would be too old to be told."""
    column = sources.c
    connection.execute(update(sources).where(column.well_since.is_not(None)).values(well_since=now))
    read = select(column.source_id, column.last_success_at).where(column.last_success_at.is_not(None))
    rows = [
        {"id": row.source_id, "at": min(row.last_success_at + step, now)} for row in connection.execute(read)
    ]
    if rows:
        moved = update(sources).where(column.source_id == bindparam("id"))
        connection.execute(moved.values(last_success_at=bindparam("at")), rows)


def _move(
    connection: Connection,
    table: Table,
    step: timedelta,
    now: datetime,
    these: ColumnElement[bool] | None,
    *,
    only: str = "",
) -> None:
    """Rows of ``these`` (None: with any moment beyond ``now``): each of their moments beyond ``now``."""
    moments = [column for column in table.c if isinstance(column.type, Utc) and only in {"", column.name}]
    chosen = or_(*(column > now for column in moments)) if these is None else these
    keys = list(table.primary_key.columns)
    rows = connection.execute(select(*keys, *moments).where(chosen)).mappings().all()
    for row in rows:
        moved = {column.name: row[column] + step for column in moments if _beyond(row[column], now)}
        if moved:
            this = [key == row[key] for key in keys]
            connection.execute(update(table).where(*this).values(moved))


def _beyond(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now


def _correct_deliveries(connection: Connection, step: timedelta, now: datetime, *, again: bool) -> None:
    column = deliveries.c
    for moment in (column.tried_at, column.sent_at):
        _move(connection, deliveries, step, now, column.tried_at > now, only=moment.name)
    waiting = column.created_at > now
    if not again:
        waiting = or_(waiting, column.not_before > now)
    rows = connection.execute(
        select(column.sequence, column.created_at, column.not_before, column.state, column.attempts)
        .where(column.state.in_(_OPEN), waiting)
        .order_by(column.sequence)
    ).all()
    for row in rows:
        retried = row.attempts > 0 or row.state == "unsure"
        kind = "soon" if retried else planned(row.created_at, row.not_before)
        due = moved_back(row.not_before, step, kind) if row.not_before > now else row.not_before
        made = row.created_at + step if row.created_at > now else row.created_at
        this = update(deliveries).where(column.sequence == row.sequence)
        connection.execute(this.values(created_at=made, not_before=due))
