"""Which delivery each chat waits for, and which may go out now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from math import floor
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)

from monitor.core.delivery.kinds import kinds_where
from monitor.core.delivery.retry import OUTAGE_FAILURES
from monitor.ports.outbox import SendRates
from monitor.store.tables.columns import Utc
from monitor.store.tables.schema import channel_cooldowns, chats, deliveries
from monitor.store.writes.chat_pauses import is_told

_LAST = 2**62  # beyond every sequence number
_STEPS_ASIDE = kinds_where(lambda kind: kind.may_step_aside)


def sendable(connection: Connection, now: datetime, limit: int, pace: SendRates) -> list[int]:
    """Sequence numbers of the deliveries that may go out now, oldest first, one a chat.

    No channel gets more than its pace allows: of its sends, those that began or ended within the
    last second count, so that however long each takes, no second holds more than so many. A channel
    that only failed lately gets one at a time. Each picture of an album counts as a message; an album
    for which its chat must rest first gets the moment as its ``not_before``.
    """
    free = _free(connection, now, pace)
    closed = [channel for channel, places in free.items() if not places.any()]
    while True:
        rows = connection.execute(_sendable(), {"now": now, "closed": closed, "most": limit}).all()
        early = {row.sequence: at for row in rows if (at := _ready_at(row, pace)) > now}
        if not early:
            break
        for sequence, at in early.items():
            these = deliveries.c.sequence == sequence
            connection.execute(update(deliveries).where(these).values(not_before=at))
    return [row.sequence for row in rows if row.channel not in free or free[row.channel].take(row.messages)]


def any_due(connection: Connection, now: datetime) -> bool:
    """Whether anything is due at all, be its chat ready or not."""
    return connection.execute(_any_due(), {"now": now}).first() is not None


def next_moment(connection: Connection, now: datetime) -> datetime | None:
    """The earliest moment at which a chat has something to claim or to rearm; None without any.

    A chat with a delivery in flight is left out: finishing that one is the next thing.
    """
    if not connection.execute(_any_open()).first():
        return None
    rows = connection.execute(_moments(), {"now": now})
    moments = [
        max(filter(None, (min(filter(None, due)), *rests)))
        for *due, chat_rest, retry_at, channel_until in rows
        if any(due)
        for rests in [(chat_rest, retry_at, channel_until)]
    ]
    return min(moments, default=None)


# Statements are made once: making one costs more than running it, and the sender asks all the time.
_NOW = bindparam("now", type_=Utc())


@cache
def _any_due() -> Select[int]:
    due = exists().where(deliveries.c.state == "pending", deliveries.c.not_before <= _NOW)
    return select(literal(1)).where(due)


@cache
def _any_open() -> Select[int]:
    waiting = exists().where(deliveries.c.state == "pending")
    doubtful = exists().where(deliveries.c.state == "unsure")
    return select(literal(1)).where(or_(waiting, doubtful))


@cache
def _moments() -> Select[*tuple[Any, ...]]:
    line = deliveries.alias()
    # Up to the one that all later ones wait for; before it stand only some that step aside.
    head = func.coalesce(_head(), _LAST)
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
    return (
        select(soonest, resend, chats.c.cooldown_until, chats.c.retry_at, channel_cooldowns.c.until)
        .select_from(chats)
        .outerjoin(channel_cooldowns, channel_cooldowns.c.channel == chats.c.channel)
        .where(is_told(), not_(_in_flight()))
    )


def _head() -> ScalarSelect[int]:
    """A chat's first pending delivery that the later ones wait for."""
    return (
        select(deliveries.c.sequence)
        .where(
            deliveries.c.chat_id == chats.c.id,
            deliveries.c.state == "pending",
            not_(_steps_aside(deliveries)),
        )
        .order_by(deliveries.c.sequence)
        .limit(1)
        .correlate(chats)
        .scalar_subquery()
    )


@cache
def _sendable() -> Select[*tuple[Any, ...]]:
    """``now``, ``closed`` (channels) and ``most`` are bound."""
    heads = (
        select(chats.c.id.label("chat_id"), chats.c.channel, chats.c.unsure, chats.c.cooldown_until)
        .add_columns(_head().label("head"))
        .outerjoin(channel_cooldowns, channel_cooldowns.c.channel == chats.c.channel)
        .where(
            or_(chats.c.state == "active", chats.c.retry_at <= _NOW),
            chats.c.channel.not_in(bindparam("closed", expanding=True)),
            or_(chats.c.cooldown_until.is_(None), chats.c.cooldown_until <= _NOW),
            or_(channel_cooldowns.c.until.is_(None), channel_cooldowns.c.until <= _NOW),
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
            doubtful.c.chat_id == heads.c.chat_id,
            doubtful.c.state == "unsure",
            doubtful.c.sequence < heads.c.head,
        ),
    )
    return (
        select(deliveries.c.sequence, deliveries.c.messages, deliveries.c.not_before, heads)
        .join(heads, heads.c.head == deliveries.c.sequence)
        .where(deliveries.c.not_before <= _NOW, not_(held_up))
        .order_by(deliveries.c.sequence)
        .limit(bindparam("most", type_=Integer()))
    )


def _in_flight() -> ColumnElement[bool]:
    other = deliveries.alias()
    return exists().where(other.c.chat_id == chats.c.id, other.c.state == "sending")


def _steps_aside(line: FromClause) -> ColumnElement[bool]:
    """What the later ones of its chat need not wait for.

    That is one planned for later (quiet hours, a digest, an edit that waits for more copies) and a
    part whose former part is not sent. One that was tried and waits for its next try is waited for,
    and so is a part whose turn it is: order is kept.
    """
    planned = or_(and_(line.c.attempts == 0, line.c.after_key.is_(None)), line.c.kind.in_(_STEPS_ASIDE))
    later = and_(line.c.state == "pending", line.c.not_before > _NOW, planned)
    return or_(later, not_(_former_is_sent(line)))


def _former_is_sent(line: FromClause) -> ColumnElement[bool]:
    former = deliveries.alias()
    sent = exists().where(former.c.key == line.c.after_key, former.c.state == "sent")
    return or_(line.c.after_key.is_(None), sent)


@dataclass(slots=True, kw_only=True)
class _Places:
    """How many messages and how many sends may begin now, of ``whole`` messages a second."""

    messages: int
    sends: int
    whole: int

    def any(self) -> bool:
        return self.messages > 0 and self.sends > 0

    def take(self, messages: int) -> bool:
        """Whether there is room; where there is none, the later ones wait too, so that albums get some."""
        if self.sends <= 0 or self.messages < min(messages, self.whole):
            self.sends = 0
            return False
        self.messages -= messages
        self.sends -= 1
        return True


def _ready_at(row: Row[*tuple[Any, ...]], pace: SendRates) -> datetime:
    """When an album may go out: its chat rests before it and after it as if its pictures came one by one."""
    due: datetime = row.not_before
    cooldown_until: datetime | None = row.cooldown_until
    if row.messages <= 1 or cooldown_until is None:
        return due
    return cooldown_until + timedelta(seconds=pace.rest_s(row.chat_id) * (row.messages - 1))


def _free(connection: Connection, now: datetime, pace: SendRates) -> dict[str, _Places]:
    """Channel → what may begin now; a channel without a limit is not named."""
    free: dict[str, _Places] = {}
    failing = _failing(connection)
    for channel, per_second in pace.per_second.items():
        window = timedelta(seconds=max(1.0, 1.0 / per_second))
        busy, flying = _busy(connection, channel, now - window)
        whole = max(1, floor(per_second))
        away = failing.get(channel, 0) >= OUTAGE_FAILURES
        free[channel] = _Places(messages=whole - busy, sends=1 - flying if away else whole, whole=whole)
    return free


def _failing(connection: Connection) -> Mapping[str, int]:
    return dict(connection.execute(_FAILURES).all())


_FAILURES = select(channel_cooldowns.c.channel, channel_cooldowns.c.failures)


def _busy(connection: Connection, channel: str, since: datetime) -> tuple[int, int]:
    """(messages of sends that began or ended after ``since`` or are in flight, sends in flight)."""
    row = connection.execute(_sends_since(), {"its_channel": channel, "since": since}).one()
    return int(row[0]), int(row[1])


@cache
def _sends_since() -> Select[int, int]:
    flying = deliveries.c.state == "sending"
    lately = deliveries.c.tried_at > bindparam("since", type_=Utc())
    return (
        select(func.coalesce(func.sum(deliveries.c.messages), 0), func.count().filter(flying))
        .select_from(deliveries)
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .where(chats.c.channel == bindparam("its_channel"), or_(lately, flying))
    )
