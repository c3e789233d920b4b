"""The table of subscriptions at hubs."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table

from monitor.store.tables.columns import Utc
from monitor.store.tables.definitions import key, metadata, text

hub_subscriptions = Table(
    "hub_subscriptions",
    metadata,
    key("source_id", primary_key=True),
    text("hub"),
    text("topic"),
    key("secret"),
    key("state"),
    Column("asked_at", Utc, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lease_until", Utc),
    text("error"),
)
