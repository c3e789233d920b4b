"""Tables of what is to be said and what became of it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, false

from monitor.store.tables.columns import KEY_CHARS, Clean, Json, Serial, Utc
from monitor.store.tables.definitions import key as _key
from monitor.store.tables.definitions import metadata
from monitor.store.tables.definitions import text as _text

deliveries = Table(
    "deliveries",
    metadata,
    Column("sequence", Serial, primary_key=True, autoincrement=True),
    Column("key", Clean(KEY_CHARS), nullable=False),
    _key("chat_id"),
    _key("kind"),
    Column("payload", Json, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("not_before", Utc, nullable=False),
    _key("story_id", nullable=True),
    _key("article_id", nullable=True),
    _key("state"),
    Column("attempts", Integer, nullable=False),
    Column("uncertain_sends", Integer, nullable=False),
    Column("plain_only", Boolean, nullable=False),
    _key("owner", nullable=True),
    Column("epoch", Integer, nullable=False),
    Column("lease_until", Utc),
    _text("message_id", nullable=True),
    _text("error", nullable=True),
    Column("sent_at", Utc),
    Column("tried_at", Utc),
    _key("after_key", nullable=True),
    _key("bundle", nullable=True),
    Column("messages", Integer, nullable=False, server_default="1"),
    Column("settles", Boolean, nullable=False, server_default=false()),
    Index("ix_deliveries_tried_at", "tried_at"),
    Index("ix_deliveries_after_key", "after_key"),
    Index("ix_deliveries_bundle", "bundle"),
    Index("ix_deliveries_sent", "chat_id", "sent_at"),
    Index("ix_deliveries_key", "key", unique=True),
    Index("ix_deliveries_open", "state", "chat_id", "sequence"),
    Index("ix_deliveries_story", "story_id", "chat_id"),
    Index("ix_deliveries_article_id", "article_id"),
    sqlite_autoincrement=True,
)

channel_cooldowns = Table(
    "channel_cooldowns",
    metadata,
    _key("channel", primary_key=True),
    Column("until", Utc, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
)

events = Table(
    "events",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    _key("kind"),
    _key("subject"),
    _text("text"),
    Column("saying", Json),
    Column("at", Utc, nullable=False),
    Column("told_at", Utc),
    Index("ix_events_told_at", "told_at"),
    sqlite_autoincrement=True,
)
