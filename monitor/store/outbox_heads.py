"""Which delivery each chat waits for, and which may go out now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import floor

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
)

from monitor.core.retry import OUTAGE_FAILURES
from monitor.ports.outbox import Pace
from monitor.store.schema import channel_rest, chats, deliveries

_LAST = 2**62  # beyond every sequence number


def sendable(connection: Connection, now: datetime, limit: int, pace: Pace) -> list[int]:
    """Sequence numbers of the deliveries that may go out now, oldest first, one a chat.

    No channel gets more than its pace allows: of its sends, those that began or ended within the
    last second count, so that however long each takes, no second holds more than so many. A channel
    that only failed lately gets one at a time.
    """
    free = _free(connection, now, limit, pace)
    closed = [channel for channel, places in free.items() if places <= 0]
    rows = connection.execute(_sendable(now, closed).limit(limit)).all()
    chosen = []
    for sequence, channel in rows:
        if free.get(channel, limit) > 0:
            free[channel] = free.get(channel, limit) - 1
            chosen.append(sequence)
    return chosen


def next_moment(connection: Connection, now: datetime) -> datetime | None:
    """The earliest moment at which a chat has something to claim or to rearm; None without any.

    A chat with a delivery in flight is left out: finishing that one is the next thing.
    """
    line = deliveries.alias()
    # Up to the one that all later ones wait for; before it stand only some that step aside.
    head = func.coalesce(_head(now), _LAST)
    soonest = (
        select(func.min(line.c.not_before))
        .where(
            line.c.chat_id == chats.c.id,
            line.c.state == "pending",
            line.c.sequence <= head,
            _former_is_sent(line),
        )
        .correlate(chats)
        .scalar_subquery()
    )
    doubtful = deliveries.alias()
    resend = (
        select(func.min(doubtful.c.not_before))
        .where(doubtful.c.chat_id == chats.c.id, doubtful.c.state == "unsure", chats.c.unsure == "resend")
        .correlate(chats)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(soonest, resend, chats.c.rest_until, channel_rest.c.until)
        .select_from(chats)
        .outerjoin(channel_rest, channel_rest.c.channel == chats.c.channel)
        .where(chats.c.state == "active", not_(_in_flight()))
    )
    moments = [
        max(filter(None, (min(filter(None, due)), *rests)))
        for *due, chat_rest, channel_until in rows
        if any(due)
        for rests in [(chat_rest, channel_until)]
    ]
    return min(moments, default=None)


def _head(now: datetime) -> ScalarSelect[int]:
    """A chat's first pending delivery that the later ones wait for."""
    return (
        select(deliveries.c.sequence)
        .where(
            deliveries.c.chat_id == chats.c.id,
            deliveries.c.state == "pending",
            not_(_steps_aside(deliveries, now)),
        )
        .order_by(deliveries.c.sequence)
        .limit(1)
        .correlate(chats)
        .scalar_subquery()
    )


def _sendable(now: datetime, closed: list[str]) -> Select[int, str]:
    heads = (
        select(chats.c.id, chats.c.channel, chats.c.unsure, _head(now).label("sequence"))
        .outerjoin(channel_rest, channel_rest.c.channel == chats.c.channel)
        .where(
            chats.c.state == "active",
            chats.c.channel.not_in(closed),
            or_(chats.c.rest_until.is_(None), chats.c.rest_until <= now),
            or_(channel_rest.c.until.is_(None), channel_rest.c.until <= now),
            not_(_in_flight()),
        )
        .subquery()
    )
    doubtful = deliveries.alias()
    # One of unknown outcome holds its chat up only where it is to be sent once more: one that is
    # held is the operator's and stops nobody.
    held_up = and_(
        heads.c.unsure == "resend",
        exists().where(
            doubtful.c.chat_id == heads.c.id,
            doubtful.c.state == "unsure",
            doubtful.c.sequence < heads.c.sequence,
        ),
    )
    return (
        select(deliveries.c.sequence, heads.c.channel)
        .join(heads, heads.c.sequence == deliveries.c.sequence)
        .where(deliveries.c.not_before <= now, not_(held_up))
        .order_by(deliveries.c.sequence)
    )


def _in_flight() -> ColumnElement[bool]:
    other = deliveries.alias()
    return exists().where(other.c.chat_id == chats.c.id, other.c.state == "sending")


def _steps_aside(line: FromClause, now: datetime) -> ColumnElement[bool]:
    """What the later ones of its chat need not wait for.

    That is one planned for later (quiet hours, a digest, an edit that waits for more copies) and a
    part whose former part is not sent. One that was tried and waits for its next try is waited for:
    order is kept.
    """
    planned = or_(line.c.attempts == 0, line.c.kind == "edit")
    later = and_(line.c.state == "pending", line.c.not_before > now, planned)
    return or_(later, not_(_former_is_sent(line)))


def _former_is_sent(line: FromClause) -> ColumnElement[bool]:
    former = deliveries.alias()
    sent = exists().where(former.c.key == line.c.after_key, former.c.state == "sent")
    return or_(line.c.after_key.is_(None), sent)


def _free(connection: Connection, now: datetime, limit: int, pace: Pace) -> dict[str, int]:
    """Channel → how many more may begin now; a channel without a limit is not named."""
    free: dict[str, int] = {}
    failing = _failing(connection)
    for channel, per_second in pace.per_second.items():
        window = timedelta(seconds=max(1.0, 1.0 / per_second))
        busy, flying = _busy(connection, channel, now - window)
        free[channel] = max(1, floor(per_second)) - busy
        if failing.get(channel, 0) >= OUTAGE_FAILURES:
            free[channel] = min(free[channel], 1 - flying)
    return {channel: min(places, limit) for channel, places in free.items()}


def _failing(connection: Connection) -> Mapping[str, int]:
    rows = connection.execute(select(channel_rest.c.channel, channel_rest.c.failures))
    return dict(rows.all())


def _busy(connection: Connection, channel: str, since: datetime) -> tuple[int, int]:
    """(sends that began or ended after ``since`` or are in flight, sends in flight)."""
    flying = deliveries.c.state == "sending"
    row = connection.execute(
        select(func.count(), func.count().filter(flying))
        .select_from(deliveries)
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .where(chats.c.channel == channel, or_(deliveries.c.tried_at > since, flying))
    ).one()
    return int(row[0]), int(row[1])
