"""Subscriptions at hubs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from sqlalchemy import RowMapping, delete, select

from monitor.model import Push
from monitor.store.database import Database, insert_into
from monitor.store.schema_push import pushes

_FIELDS = tuple(field.name for field in dataclasses.fields(Push))


@dataclass(frozen=True, slots=True)
class StoredPushes:
    """``monitor.ports.Pushes`` in a database."""

    database: Database

    def all(self) -> tuple[Push, ...]:
        statement = select(pushes).order_by(pushes.c.source_id)
        with self.database.read() as connection:
            return tuple(_push(row) for row in connection.execute(statement).mappings())

    def get(self, source_id: str) -> Push | None:
        statement = select(pushes).where(pushes.c.source_id == source_id)
        with self.database.read() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else _push(row)

    def put(self, push: Push) -> None:
        row = {name: getattr(push, name) for name in _FIELDS}
        with self.database.write() as connection:
            statement = insert_into(connection, pushes).values(**row)
            connection.execute(statement.on_conflict_do_update(index_elements=[pushes.c.source_id], set_=row))

    def drop(self, source_id: str) -> None:
        with self.database.write() as connection:
            connection.execute(delete(pushes).where(pushes.c.source_id == source_id))


def _push(row: RowMapping) -> Push:
    return Push(**{name: row[name] for name in _FIELDS})
