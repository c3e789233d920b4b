"""Deliveries and events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select, update

from monitor.model import Delivery, Event
from monitor.store.database import Database, Turn, insert_into
from monitor.store.posting import post_deliveries, post_events
from monitor.store.rows import delivery, event
from monitor.store.schema import channel_rest, chats, deliveries, events

_OPEN = ("pending", "sending", "unsure")
# What a sender may change; the rest of a delivery was settled when it was planned, and its chat
# may have moved meanwhile.
_FINISHED = ("state", "not_before", "attempts", "doubts", "plain_only", "message_id", "error", "sent_at")


@dataclass(frozen=True, slots=True)
class StoredOutbox:
    """``monitor.ports.Outbox`` in a database."""

    database: Database

    def claim(
        self, *, now: datetime, owner: str, epoch: int, limit: int, lease_s: float
    ) -> tuple[Delivery, ...]:
        claimed = {
            "state": "sending",
            "owner": owner,
            "epoch": epoch,
            "lease_until": now + timedelta(seconds=lease_s),
            "attempts": deliveries.c.attempts + 1,
        }
        with self.database.write(Turn.CLAIM_DELIVERIES) as connection:
            chosen = connection.execute(_sendable(now).limit(limit)).scalars().all()
            if not chosen:
                return ()
            rows = connection.execute(
                update(deliveries)
                .where(deliveries.c.sequence.in_(chosen), deliveries.c.state == "pending")
                .values(claimed)
                .returning(deliveries)
            ).mappings()
            taken = [delivery(row) for row in rows]
        return tuple(sorted(taken, key=lambda item: item.sequence))

    def finish(self, delivery: Delivery, *, chat_rest_until: datetime | None = None, now: datetime) -> bool:
        values = {name: getattr(delivery, name) for name in _FINISHED}
        ours = and_(
            deliveries.c.key == delivery.key,
            deliveries.c.state == "sending",
            deliveries.c.owner == delivery.owner,
            deliveries.c.epoch == delivery.epoch,
        )
        with self.database.write() as connection:
            chat_id = connection.execute(
                update(deliveries)
                .where(ours)
                .values(owner=None, lease_until=None, **values)
                .returning(deliveries.c.chat_id)
            ).scalar_one_or_none()
            if chat_id is None:
                return False
            if chat_rest_until is not None:
                connection.execute(
                    update(chats)
                    .where(chats.c.id == chat_id)
                    .values(rest_until=chat_rest_until, updated_at=now)
                )
        return True

    def rest(self, channel: str, until: datetime) -> None:
        """A later call replaces an earlier one."""
        with self.database.write() as connection:
            statement = insert_into(connection, channel_rest).values(channel=channel, until=until)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[channel_rest.c.channel],
                    set_={"until": statement.excluded.until},
                )
            )

    def recover(self, *, epoch: int, lease_expired_before: datetime | None = None) -> int:
        lost = and_(deliveries.c.state == "sending", deliveries.c.epoch != epoch)
        if lease_expired_before is not None:
            lost = and_(lost, deliveries.c.lease_until < lease_expired_before)
        error = "outcome unknown: the service stopped while it was being sent"
        with self.database.write() as connection:
            return connection.execute(
                update(deliveries)
                .where(lost)
                .values(state="unsure", owner=None, lease_until=None, error=error)
            ).rowcount

    def add(self, deliveries: Sequence[Delivery], now: datetime) -> int:
        del now
        with self.database.write() as connection:
            return post_deliveries(connection, deliveries)

    def get(self, key: str) -> Delivery | None:
        return self._first(select(deliveries).where(deliveries.c.key == key))

    def alert_of(self, chat_id: str, story_id: str) -> Delivery | None:
        return self._first(
            select(deliveries).where(
                deliveries.c.story_id == story_id,
                deliveries.c.chat_id == chat_id,
                deliveries.c.kind == "alert",
            )
        )

    def replies(self, chat_id: str, story_id: str, *, since: datetime) -> int:
        statement = (
            select(func.count())
            .select_from(deliveries)
            .where(
                deliveries.c.story_id == story_id,
                deliveries.c.chat_id == chat_id,
                deliveries.c.kind == "reply",
                deliveries.c.created_at >= since,
            )
        )
        with self.database.read() as connection:
            return connection.execute(statement).scalar_one()

    def list(self, *, states: Sequence[str] = (), limit: int = 50) -> tuple[Delivery, ...]:
        """Open ones oldest first, so that none waits for ever beyond the limit; else newest first."""
        oldest_first = bool(states) and set(states) <= set(_OPEN)
        order = deliveries.c.sequence if oldest_first else deliveries.c.sequence.desc()
        statement = select(deliveries).order_by(order).limit(limit)
        if states:
            statement = statement.where(deliveries.c.state.in_(states))
        with self.database.read() as connection:
            return tuple(delivery(row) for row in connection.execute(statement).mappings())

    def retry(self, key: str, now: datetime) -> bool:
        with self.database.write() as connection:
            changed = connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.key == key,
                    deliveries.c.state.in_(("dead", "cancelled", "unsure")),
                )
                .values(state="pending", not_before=now, attempts=0, error=None)
            )
            return changed.rowcount > 0

    def rearm(self, key: str, *, not_before: datetime, now: datetime) -> bool:
        del now
        with self.database.write() as connection:
            changed = connection.execute(
                update(deliveries)
                .where(deliveries.c.key == key, deliveries.c.state == "unsure")
                .values(state="pending", not_before=not_before, doubts=deliveries.c.doubts + 1)
            )
            return changed.rowcount > 0

    def next_due(self) -> datetime | None:
        """The earliest moment at which there is something to claim or to rearm; None without any.

        A chat with a delivery in flight is left out: finishing that one is the next thing.
        """
        with self.database.read() as connection:
            moments = [
                max(moment for moment in row if moment is not None)
                for row in connection.execute(
                    _heads(None).with_only_columns(
                        deliveries.c.not_before, chats.c.rest_until, channel_rest.c.until
                    )
                )
            ]
        return min(moments, default=None)

    def open_count(self) -> int:
        """Deliveries that are pending, being sent or of unknown outcome."""
        with self.database.read() as connection:
            return connection.execute(
                select(func.count()).select_from(deliveries).where(deliveries.c.state.in_(_OPEN))
            ).scalar_one()

    def add_events(self, events: Sequence[Event]) -> None:
        with self.database.write() as connection:
            post_events(connection, events)

    def untold_events(self, limit: int = 100) -> tuple[tuple[int, Event], ...]:
        statement = select(events).where(events.c.told_at.is_(None)).order_by(events.c.id)
        with self.database.read() as connection:
            rows = connection.execute(statement.limit(limit)).mappings()
            return tuple((row["id"], event(row)) for row in rows)

    def told_events(self, ids: Sequence[int], deliveries: Sequence[Delivery], now: datetime) -> None:
        with self.database.write() as connection:
            connection.execute(update(events).where(events.c.id.in_(ids)).values(told_at=now))
            post_deliveries(connection, deliveries)

    def _first(self, statement: Select[*tuple[Any, ...]]) -> Delivery | None:
        ordered = statement.order_by(deliveries.c.sequence).limit(1)
        with self.database.read() as connection:
            row = connection.execute(ordered).mappings().one_or_none()
        return None if row is None else delivery(row)


def _sendable(now: datetime) -> Select[int]:
    """Sequence numbers of the deliveries that may go out now, oldest first, one a chat."""
    return (
        _heads(now)
        .where(
            deliveries.c.state == "pending",
            deliveries.c.not_before <= now,
            or_(chats.c.rest_until.is_(None), chats.c.rest_until <= now),
            or_(channel_rest.c.until.is_(None), channel_rest.c.until <= now),
        )
        .order_by(deliveries.c.sequence)
    )


def _heads(now: datetime | None) -> Select[int]:
    """What each active chat waits for: its oldest open delivery, unless one is in flight."""
    first = (
        select(func.min(deliveries.c.sequence).label("sequence"))
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .where(chats.c.state == "active", _in_the_way(now))
        .group_by(deliveries.c.chat_id)
        .subquery()
    )
    other = deliveries.alias()
    in_flight = exists().where(other.c.chat_id == deliveries.c.chat_id, other.c.state == "sending")
    return (
        select(deliveries.c.sequence)
        .join(first, first.c.sequence == deliveries.c.sequence)
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .outerjoin(channel_rest, channel_rest.c.channel == chats.c.channel)
        .where(~in_flight)
    )


def _in_the_way(now: datetime | None) -> ColumnElement[bool]:
    """Deliveries that the later ones of their chat wait for.

    An edit that waits for more copies (its moment is after ``now``) holds up no alert.

    One of unknown outcome only where it is to be sent once more (``core.retry.may_resend``): one
    that is held is the operator's and stops nobody.
    """
    to_be_resent = and_(deliveries.c.state == "unsure", chats.c.unsure == "resend")
    waits = or_(deliveries.c.state.in_(("pending", "sending")), to_be_resent)
    if now is None:
        return waits
    early_edit = and_(
        deliveries.c.kind == "edit", deliveries.c.state == "pending", deliveries.c.not_before > now
    )
    return and_(waits, not_(early_edit))
