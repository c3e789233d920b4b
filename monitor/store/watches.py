"""Personal topics. A watch is matched like a topic; its subscription is a row like any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from monitor.model import Watch
from monitor.store.codec import watch, watch_row
from monitor.store.database import Database
from monitor.store.tables.people import mutes, watches
from monitor.store.tables.schema import matches, subscriptions


@dataclass(frozen=True, slots=True)
class StoredWatches:
    """``monitor.ports.Watches`` in a database."""

    database: Database

    def all(self) -> tuple[Watch, ...]:
        with self.database.read() as connection:
            rows = connection.execute(select(watches).order_by(watches.c.id)).mappings()
            return tuple(watch(row) for row in rows)

    def of_chat(self, chat_id: str) -> tuple[Watch, ...]:
        statement = select(watches).where(watches.c.chat_id == chat_id)
        with self.database.read() as connection:
            rows = connection.execute(statement.order_by(watches.c.made_at, watches.c.id)).mappings()
            return tuple(watch(row) for row in rows)

    def add(self, watch: Watch, now: datetime) -> None:
        row = watch_row(watch) | {"made_at": watch.made_at or now}
        subscription = {"chat_id": watch.chat_id, "topic_id": watch.id, "mode": "instant", "origin": "chat"}
        with self.database.write() as connection:
            connection.execute(insert(watches).values(row))
            connection.execute(insert(subscriptions).values(subscription))

    def remove(self, chat_id: str, watch_id: str) -> bool:
        this = (watches.c.chat_id == chat_id, watches.c.id == watch_id)
        with self.database.write() as connection:
            if not connection.execute(delete(watches).where(*this)).rowcount:
                return False
            drop_watch_traces(connection, [watch_id])
        return True


def drop_watch_traces(connection: Connection, watch_ids: list[str]) -> int:
    """Delete what hangs on watches: subscriptions, mutes, matches."""
    gone = 0
    for column in (subscriptions.c.topic_id, mutes.c.target, matches.c.topic_id):
        gone += connection.execute(delete(column.table).where(column.in_(watch_ids))).rowcount
    return gone
