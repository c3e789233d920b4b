"""Writing what follows from a send, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, case, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from monitor.core.delivery.kinds import KINDS, traits
from monitor.core.delivery.retry import Decision
from monitor.i18n.localizer import note
from monitor.store.chats import move_chat
from monitor.store.database import insert_into
from monitor.store.tables.columns import Utc
from monitor.store.tables.schema import channel_cooldowns, chats, deliveries
from monitor.store.writes.chat_pauses import close_chat, open_chat, pause_chat
from monitor.store.writes.inserts import post_deliveries, post_events

# What a sender may change; the rest of a delivery was settled when it was planned, and its chat
# may have moved meanwhile.
_FINISHED = (
    "state",
    "not_before",
    "attempts",
    "uncertain_sends",
    "plain_only",
    "message_id",
    "error",
    "sent_at",
)
_OVER = ("dead", "cancelled")
_CHAT = chats.c.id == bindparam("chat")
_TAKEN = update(chats).where(_CHAT, chats.c.refusals != 0).values(refusals=0)
_CLOSED = select(chats.c.id).where(_CHAT, chats.c.retry_at.is_not(None))
_UNTIL = bindparam("until", type_=Utc())
_REST = (
    update(chats)
    .where(_CHAT, or_(chats.c.cooldown_until.is_(None), chats.c.cooldown_until < _UNTIL))
    .values(cooldown_until=_UNTIL, updated_at=bindparam("now", type_=Utc()))
)
_PASSED = (
    update(channel_cooldowns)
    .where(channel_cooldowns.c.channel == bindparam("through"), channel_cooldowns.c.failures != 0)
    .values(failures=0)
)
BEFORE_IT = note("the part before it was not sent")


def write_decision(connection: Connection, decision: Decision, now: datetime) -> bool:
    """Everything of the decision, or nothing when the delivery is no longer its sender's."""
    after = decision.delivery
    ours = {"its_key": after.key, "its_owner": after.owner, "its_epoch": after.epoch}
    values = {f"new_{name}": getattr(after, name) for name in _FINISHED}
    chat_id = connection.execute(_finished(), {**ours, **values, "now": now}).scalar_one_or_none()
    if chat_id is None:
        return False
    if after.state in _OVER:
        end_followers(connection, [after.key], after.state)
    _cool_down(connection, decision, chat_id, now)
    if decision.move_to:
        move_chat(connection, chat_id, decision.move_to, now)
    if decision.pause and decision.retry_at:
        close_chat(connection, chat_id, decision.pause, decision.retry_at, now)
    elif decision.pause:
        pause_chat(connection, chat_id, decision.pause, now)
    _count_refusals(connection, decision, chat_id, now)
    post_deliveries(connection, decision.says)
    post_events(connection, decision.events)
    return True


@cache
def _finished() -> ReturningUpdate[Any]:
    """Made once: making it costs more than running it, and every message ends by it."""
    column = deliveries.c
    new = {name: bindparam(f"new_{name}", type_=column[name].type) for name in _FINISHED}
    return (
        update(deliveries)
        .where(
            column.key == bindparam("its_key"),
            column.state == "sending",
            column.owner == bindparam("its_owner"),
            column.epoch == bindparam("its_epoch"),
        )
        .values(owner=None, lease_until=None, tried_at=bindparam("now", type_=Utc()), **new)
        .returning(column.chat_id)
    )


def _count_refusals(connection: Connection, decision: Decision, chat_id: str, now: datetime) -> None:
    if decision.refused:
        connection.execute(update(chats).where(chats.c.id == chat_id).values(refusals=chats.c.refusals + 1))
    elif decision.delivery.state == "sent" and not traits(decision.delivery).is_edit:
        # Nearly always there is nothing to forget, and then nothing is written.
        connection.execute(_TAKEN, {"chat": chat_id})
        if connection.execute(_CLOSED, {"chat": chat_id}).first() is not None:
            open_chat(connection, chat_id, now)


def revive_followers(connection: Connection, keys: Sequence[str], now: datetime) -> None:
    """Parts that ended with the one that is tried again are tried after it."""
    while keys:
        keys = (
            connection.execute(
                update(deliveries)
                .where(
                    deliveries.c.after_key.in_(keys),
                    deliveries.c.state.in_(_OVER),
                    deliveries.c.error == BEFORE_IT,
                )
                .values(state="pending", not_before=now, attempts=0, error=None)
                .returning(deliveries.c.key)
            )
            .scalars()
            .all()
        )


def end_followers(connection: Connection, keys: Sequence[str], state: str, reason: str = BEFORE_IT) -> None:
    """Parts that wait for one that will not be sent end with it, and those that wait for them.

    Some kinds have an end of their own, whatever became of the one before them.
    """
    own = [(deliveries.c.kind.in_([name]), kind.ends_as) for name, kind in KINDS.items() if kind.ends_as]
    ended = case(*own, else_=state)
    while keys:
        keys = (
            connection.execute(
                update(deliveries)
                .where(deliveries.c.after_key.in_(keys), deliveries.c.state.in_(("pending", "unsure")))
                .values(state=ended, error=reason)
                .returning(deliveries.c.key)
            )
            .scalars()
            .all()
        )


def _cool_down(connection: Connection, decision: Decision, chat_id: str, now: datetime) -> None:
    if decision.chat_rest_until is not None:
        connection.execute(_REST, {"chat": chat_id, "until": decision.chat_rest_until, "now": now})
    until = decision.channel_rest_until
    if decision.passed is None and until is None:
        return
    if decision.passed:
        # Nearly always there is nothing to forget, and then nothing is written.
        connection.execute(_PASSED, {"through": decision.channel})
        return
    more = 0 if decision.passed is None else -1 if decision.answered else 1
    first = insert_into(connection, channel_cooldowns).values(
        channel=decision.channel, until=until or now, failures=more
    )
    # In a row: refusals, below zero, end where it does not answer at all, and the other way round.
    counted: dict[str, object] = {
        "failures": case(
            (channel_cooldowns.c.failures * more >= 0, channel_cooldowns.c.failures + more), else_=more
        )
    }
    if until is not None:
        counted["until"] = until
    connection.execute(
        first.on_conflict_do_update(index_elements=[channel_cooldowns.c.channel], set_=counted)
    )
