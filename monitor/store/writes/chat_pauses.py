"""Pausing a chat, closing it for now, opening it again: in the caller's transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, update

from monitor.core.delivery.kinds import kinds_where
from monitor.i18n.lazy import lazy, word
from monitor.model import Event
from monitor.store.tables.schema import chats, deliveries
from monitor.store.writes.inserts import post_events

_BUNDLED = kinds_where(lambda kind: kind.is_bundled)


def is_told() -> ColumnElement[bool]:
    """Chats that things are planned for, as ``core.delivery.preferences.is_told``."""
    return or_(chats.c.state == "active", chats.c.retry_at.is_not(None))


def pause_chat(
    connection: Connection, chat_id: str, reason: str, now: datetime, *, tell: bool = True
) -> None:
    """``monitor.ports.Chats.pause`` inside the caller's transaction."""
    stop = {"state": "paused", "paused_because": reason, "retry_at": None, "updated_at": now}
    paused = connection.execute(update(chats).where(chats.c.id == chat_id, is_told()).values(stop))
    cancel_open(connection, chat_id, reason)
    if paused.rowcount and tell:
        text = lazy("Chat {chat} is paused: {reason}", chat=chat_id, reason=word(reason))
        post_events(connection, [Event(kind="paused", subject=chat_id, text=text, at=now)])


def close_chat(connection: Connection, chat_id: str, reason: str, until: datetime, now: datetime) -> None:
    """It takes nothing for now: everything is held, and one message tries again at ``until``."""
    this, again = chats.c.id == chat_id, {"retry_at": until, "updated_at": now}
    shut = {"state": "paused", "paused_because": reason}
    newly = connection.execute(update(chats).where(this, chats.c.state == "active").values(shut | again))
    if newly.rowcount:
        text = lazy(
            "Chat {chat} takes no messages: {reason}. What it is to hear is held and comes when it does "
            "(`monitor chats list`).",
            chat=chat_id,
            reason=word(reason),
        )
        post_events(connection, [Event(kind="paused", subject=chat_id, text=text, at=now)])
    else:
        tried = and_(this, chats.c.retry_at.is_not(None))
        connection.execute(update(chats).where(tried).values(again | {"paused_because": reason}))


def open_chat(connection: Connection, chat_id: str, now: datetime) -> None:
    """It takes messages again. What waited for it was held on purpose: alerts come as one digest."""
    fresh = {"state": "active", "paused_because": None, "retry_at": None, "refusals": 0, "updated_at": now}
    connection.execute(update(chats).where(chats.c.id == chat_id).values(fresh))
    waiting = and_(
        deliveries.c.chat_id == chat_id,
        deliveries.c.state == "pending",
        deliveries.c.kind.in_(_BUNDLED),
        deliveries.c.attempts <= 1,
        deliveries.c.not_before < now,
    )
    connection.execute(update(deliveries).where(waiting).values(not_before=now, attempts=0))


def cancel_open(connection: Connection, chat_id: str, reason: str) -> None:
    """Give up what waits for a chat."""
    # What is being sent right now gets its own ending from the sender.
    connection.execute(
        update(deliveries)
        .where(deliveries.c.chat_id == chat_id, deliveries.c.state.in_(("pending", "unsure")))
        .values(state="cancelled", error=reason)
    )
