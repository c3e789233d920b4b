"""Tables of the desk: who may sign in, who did, and what was edited there."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from monitor.store.tables.columns import Json, Serial, Utc
from monitor.store.tables.definitions import key, metadata, text

accounts = Table(
    "accounts",
    metadata,
    key("name", primary_key=True),
    text("password"),
    key("role"),
    Column("made_at", Utc, nullable=False),
)

web_sessions = Table(
    "web_sessions",
    metadata,
    key("hash", primary_key=True),
    key("account"),
    Column("made_at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    Index("ix_web_sessions_account", "account"),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("n", Serial, primary_key=True, autoincrement=True),
    key("account"),
    key("client"),
    Column("at", Utc, nullable=False),
    Index("ix_sign_in_attempts_at", "at"),
    sqlite_autoincrement=True,
)

api_tokens = Table(
    "api_tokens",
    metadata,
    key("hash", primary_key=True),
    key("name"),
    key("role"),
    Column("made_at", Utc, nullable=False),
    Column("until", Utc),
    Column("scopes", Json, nullable=False, server_default="[]"),
)

topic_edits = Table(
    "topic_edits",
    metadata,
    Column("n", Serial, primary_key=True, autoincrement=True),
    key("topic_id"),
    key("account"),
    Column("at", Utc, nullable=False),
    text("before"),
    text("after"),
    text("reason"),
    Index("ix_topic_edits_topic_id", "topic_id"),
    sqlite_autoincrement=True,
)

feed_addresses = Table(
    "feed_addresses",
    metadata,
    key("topic_id", primary_key=True),
    key("secret"),
    Column("made_at", Utc, nullable=False),
    Index("ix_feed_addresses_secret", "secret", unique=True),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    key("id", primary_key=True),
    text("title"),
    text("query"),
    key("account"),
    Column("made_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    key("secret"),
    Index("ix_saved_searches_secret", "secret", unique=True),
)

source_polls = Table("source_polls", metadata, key("source_id", primary_key=True), text("polls"))

pinned_stories = Table(
    "pinned_stories",
    metadata,
    key("story_id", primary_key=True),
    key("account"),
    Column("at", Utc, nullable=False),
)

DESK = (
    accounts,
    web_sessions,
    sign_in_attempts,
    api_tokens,
    topic_edits,
    feed_addresses,
    saved_searches,
    source_polls,
    pinned_stories,
)
