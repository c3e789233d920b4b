"""Subscriptions at hubs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from sqlalchemy import RowMapping, delete, select

from monitor.model import HubSubscription
from monitor.store.database import Database, insert_into
from monitor.store.tables.websub import hub_subscriptions

_FIELDS = tuple(field.name for field in dataclasses.fields(HubSubscription))


@dataclass(frozen=True, slots=True)
class StoredHubSubscriptions:
    """``monitor.ports.Pushes`` in a database."""

    database: Database

    def all(self) -> tuple[HubSubscription, ...]:
        statement = select(hub_subscriptions).order_by(hub_subscriptions.c.source_id)
        with self.database.read() as connection:
            return tuple(_push(row) for row in connection.execute(statement).mappings())

    def get(self, source_id: str) -> HubSubscription | None:
        statement = select(hub_subscriptions).where(hub_subscriptions.c.source_id == source_id)
        with self.database.read() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else _push(row)

    def put(self, push: HubSubscription) -> None:
        row = {name: getattr(push, name) for name in _FIELDS}
        with self.database.write() as connection:
            statement = insert_into(connection, hub_subscriptions).values(**row)
            connection.execute(
                statement.on_conflict_do_update(index_elements=[hub_subscriptions.c.source_id], set_=row)
            )

    def drop(self, source_id: str) -> None:
        with self.database.write() as connection:
            connection.execute(delete(hub_subscriptions).where(hub_subscriptions.c.source_id == source_id))


def _push(row: RowMapping) -> HubSubscription:
    return HubSubscription(**{name: row[name] for name in _FIELDS})
