"""Deliveries and events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, not_, or_, select, update

from monitor.core.delivery.kinds import kinds_where, traits
from monitor.core.delivery.plan import may_stand
from monitor.core.delivery.retry import Decision
from monitor.i18n.lazy import lazy
from monitor.model import Backlog, Delivery, Event
from monitor.ports.outbox import UNPACED, Compose, SendRates
from monitor.store.codec import delivery
from monitor.store.database import Database, Turn
from monitor.store.event_codec import event
from monitor.store.leases import fenced_off, of_worker, other_sender
from monitor.store.outbox.bundles import backlog_of, bundle, collect, due_collections
from monitor.store.outbox.claim import any_due, next_moment, sendable
from monitor.store.outbox.finish import end_followers, revive_followers, write_decision
from monitor.store.tables.schema import channel_cooldowns, chats, deliveries, events, stories
from monitor.store.writes.chat_pauses import is_told
from monitor.store.writes.inserts import post_deliveries, post_events

_OPEN = ("pending", "sending", "unsure")
_OPENS_STORY = kinds_where(lambda kind: kind.opens_story)


@dataclass(frozen=True, slots=True)
class StoredOutbox:
    """``monitor.ports.Outbox`` in a database."""

    database: Database

    def claim(
        self, *, now: datetime, owner: str, epoch: int, limit: int, lease_s: float, pace: SendRates = UNPACED
    ) -> tuple[Delivery, ...]:
        claimed = {
            "state": "sending",
            "owner": owner,
            "epoch": epoch,
            "lease_until": now + timedelta(seconds=lease_s),
            "tried_at": now,
            "attempts": deliveries.c.attempts + 1,
        }
        with self.database.read() as connection:  # nearly always nothing is due, and a look takes no lock
            if not any_due(connection, now):
                return ()
        with self.database.write(Turn.CLAIM_DELIVERIES) as connection:
            chosen = sendable(connection, now, limit, pace)
            if not chosen or fenced_off(connection, owner, epoch) or other_sender(connection, owner):
                return ()
            rows = connection.execute(
                update(deliveries)
                .where(deliveries.c.sequence.in_(chosen), deliveries.c.state == "pending")
                .values(claimed)
                .returning(deliveries)
            ).mappings()
            taken = sorted((delivery(row) for row in rows), key=lambda item: item.sequence)
            for item in taken:
                _rest_from_now(connection, item.chat_id, pace.rest_s(item.chat_id) * item.messages, now)
                if traits(item).absorbs:
                    _absorb(connection, item)
        return tuple(taken)

    def finish(self, decision: Decision, *, now: datetime) -> bool:
        with self.database.write() as connection:
            return write_decision(connection, decision, now)

    def backlog(self, delivery: Delivery, now: datetime) -> Backlog:
        with self.database.read() as connection:
            return backlog_of(connection, delivery, now)

    def bundle(self, delivery: Delivery, compose: Compose, now: datetime) -> bool:
        with self.database.write() as connection:
            return bundle(connection, delivery, compose, now)

    def collectors(self, now: datetime) -> tuple[str, ...]:
        with self.database.read() as connection:
            return tuple(due_collections(connection, now))

    def collect(self, chat_id: str, compose: Compose, now: datetime) -> int:
        with self.database.write() as connection:
            return collect(connection, chat_id, compose, now)

    def failures(self, channel: str) -> int:
        with self.database.read() as connection:
            counted = select(channel_cooldowns.c.failures).where(channel_cooldowns.c.channel == channel)
            return connection.execute(counted).scalar_one_or_none() or 0

    def recover(self, *, epoch: int, now: datetime, lease_expired_before: datetime | None = None) -> int:
        lost = and_(deliveries.c.state == "sending", deliveries.c.epoch != epoch, not_(of_worker(deliveries)))
        if lease_expired_before is not None:
            lost = and_(lost, deliveries.c.lease_until < lease_expired_before)
        error = "outcome unknown: the service stopped while it was being sent"
        unsure = {"state": "unsure", "owner": None, "lease_until": None, "error": error}
        with self.database.write() as connection:
            these = update(deliveries).where(lost).values(unsure).returning(deliveries.c.chat_id)
            found = Counter(connection.execute(these).scalars().all())
            _tell_of_held(connection, found, now)
        return found.total()

    def add(self, deliveries: Sequence[Delivery], now: datetime) -> int:
        del now
        with self.database.write() as connection:
            return post_deliveries(connection, deliveries)

    def get(self, key: str) -> Delivery | None:
        return self._first(select(deliveries).where(deliveries.c.key == key))

    def alert_of(self, chat_id: str, story_id: str) -> Delivery | None:
        parted = select(stories.c.parted_from).where(stories.c.id == story_id).scalar_subquery()
        found = self._all(
            select(deliveries)
            .where(
                or_(deliveries.c.story_id == story_id, deliveries.c.story_id == parted),
                deliveries.c.chat_id == chat_id,
                deliveries.c.kind.in_(_OPENS_STORY),
            )
            .order_by(deliveries.c.sequence)
        )
        return next(filter(may_stand, found), found[-1] if found else None)

    def of_message(self, chat_id: str, message_id: str) -> Delivery | None:
        return self._first(
            select(deliveries).where(
                deliveries.c.state == "sent",
                deliveries.c.chat_id == chat_id,
                deliveries.c.message_id == message_id,
            )
        )

    def sent_alerts(self, chat_id: str, *, since: datetime) -> tuple[Delivery, ...]:
        statement = select(deliveries).where(
            deliveries.c.state == "sent",
            deliveries.c.chat_id == chat_id,
            deliveries.c.kind.in_(_OPENS_STORY),
            deliveries.c.sent_at >= since,
        )
        with self.database.read() as connection:
            rows = connection.execute(statement.order_by(deliveries.c.sequence)).mappings()
            return tuple(delivery(row) for row in rows)

    def list(self, *, states: Sequence[str] = (), limit: int = 50) -> tuple[Delivery, ...]:
        """Open ones oldest first, so that none waits for ever beyond the limit; else newest first."""
        oldest_first = bool(states) and set(states) <= set(_OPEN)
        order = deliveries.c.sequence if oldest_first else deliveries.c.sequence.desc()
        statement = select(deliveries).order_by(order).limit(limit)
        if states:
            statement = statement.where(deliveries.c.state.in_(states))
        return self._all(statement)

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
            revive_followers(connection, [key] if changed.rowcount else [], now)
            return changed.rowcount > 0

    def cancel(self, key: str, reason: str) -> bool:
        held, uncertain_sends = deliveries.c.state == "unsure", deliveries.c.uncertain_sends
        doubted = uncertain_sends + 1
        with self.database.write() as connection:
            changed = connection.execute(
                update(deliveries)
                .where(deliveries.c.key == key, deliveries.c.state.in_(("pending", "unsure", "dead")))
                # One that was held may have arrived: its story is not told anew.
                .values(
                    state="cancelled",
                    error=reason,
                    uncertain_sends=case((held, doubted), else_=uncertain_sends),
                )
            )
            end_followers(connection, [key] if changed.rowcount else [], "cancelled")
            return changed.rowcount > 0

    def rearm(self, key: str, *, not_before: datetime, now: datetime) -> bool:
        del now
        with self.database.write() as connection:
            changed = connection.execute(
                update(deliveries)
                .where(deliveries.c.key == key, deliveries.c.state == "unsure")
                .values(
                    state="pending", not_before=not_before, uncertain_sends=deliveries.c.uncertain_sends + 1
                )
            )
            return changed.rowcount > 0

    def settling(self, now: datetime) -> bool:
        with self.database.read() as connection:
            return bool(connection.execute(select(exists().where(*_settle(now)))).scalar_one())

    def settle(self, now: datetime) -> int:
        with self.database.write() as connection:
            out = update(deliveries).where(*_settle(now)).values(not_before=now, settles=False)
            return connection.execute(out).rowcount

    def resendable(self, now: datetime, limit: int = 500) -> tuple[Delivery, ...]:
        return self._all(
            select(deliveries)
            .join(chats, chats.c.id == deliveries.c.chat_id)
            .where(
                deliveries.c.state == "unsure",
                deliveries.c.not_before <= now,
                is_told(),
                chats.c.unsure == "resend",
            )
            .order_by(deliveries.c.sequence)
            .limit(limit)
        )

    def next_due(self, now: datetime) -> datetime | None:
        with self.database.read() as connection:
            return next_moment(connection, now)

    def open_count(self) -> int:
        """Deliveries that are pending, being sent or of unknown outcome."""
        with self.database.read() as connection:
            return connection.execute(
                select(func.count()).select_from(deliveries).where(deliveries.c.state.in_(_OPEN))
            ).scalar_one()

    def add_events(self, events: Sequence[Event]) -> None:
        with self.database.write() as connection:
            post_events(connection, events)

    def last_event(self, kind: str) -> datetime | None:
        newest = select(events.c.at).where(events.c.kind == kind).order_by(events.c.id.desc()).limit(1)
        with self.database.read() as connection:
            return connection.execute(newest).scalar_one_or_none()

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
        found = self._all(statement.order_by(deliveries.c.sequence).limit(1))
        return found[0] if found else None

    def _all(self, statement: Select[*tuple[Any, ...]]) -> tuple[Delivery, ...]:
        with self.database.read() as connection:
            return tuple(delivery(row) for row in connection.execute(statement).mappings())


def _rest_from_now(connection: Connection, chat_id: str, seconds: float, now: datetime) -> None:
    if seconds <= 0:
        return
    until = now + timedelta(seconds=seconds)
    shorter = or_(chats.c.cooldown_until.is_(None), chats.c.cooldown_until < until)
    connection.execute(update(chats).where(chats.c.id == chat_id, shorter).values(cooldown_until=until))


def _tell_of_held(connection: Connection, lost: Mapping[str, int], now: datetime) -> None:
    holding = select(chats.c.id).where(chats.c.id.in_(lost), chats.c.unsure == "hold")
    post_events(
        connection,
        [
            Event(
                kind="unsure",
                subject=chat_id,
                text=lazy(
                    "The service stopped while writing to {chat}; nobody knows whether it arrived. "
                    "It is held: see `monitor outbox list --state unsure`.",
                    chat=chat_id,
                ),
                at=now,
            )
            for chat_id in connection.execute(holding).scalars()
        ],
    )


def _absorb(connection: Connection, latest: Delivery) -> None:
    """It shows the story as it is when it goes out: others of its kind that wait say nothing more."""
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.story_id == latest.story_id,
            deliveries.c.chat_id == latest.chat_id,
            deliveries.c.kind.in_([latest.kind]),
            deliveries.c.state == "pending",
        )
        .values(state="cancelled", error=f"said by {latest.kind} {latest.key}")
    )


def _settle(now: datetime) -> tuple[ColumnElement[bool], ...]:
    column = deliveries.c
    return column.state == "pending", column.settles, column.attempts == 0, column.not_before > now
