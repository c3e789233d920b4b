"""The tables about the people who use the bot, and what they chose there."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from monitor.store.tables.columns import Json, Utc
from monitor.store.tables.definitions import key, metadata, text

mutes = Table(
    "mutes",
    metadata,
    key("chat_id", primary_key=True),
    key("kind", primary_key=True),
    key("target", primary_key=True),
    Column("until", Utc),
    text("title"),
    Column("made_at", Utc, nullable=False),
)

watches = Table(
    "watches",
    metadata,
    key("id", primary_key=True),
    key("chat_id"),
    text("query"),
    text("title"),
    Column("languages", Json, nullable=False),
    Column("made_at", Utc, nullable=False),
    Index("ix_watches_chat_id", "chat_id"),
)

people = Table(
    "people",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    key("role"),
    key("invited_with"),
    Column("since", Utc, nullable=False),
)

invites = Table(
    "invites",
    metadata,
    key("id", primary_key=True),
    key("role"),
    Column("uses_left", Integer, nullable=False),
    Column("until", Utc, nullable=False),
    Column("made_by", BigInteger, nullable=False),
    Column("made_at", Utc, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    key("id", primary_key=True),
    key("chat_id"),
    Column("user_id", BigInteger, nullable=False),
    key("kind"),
    Column("payload", Json, nullable=False),
    Column("until", Utc, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    key("chat_id", primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    key("article_id", primary_key=True),
    key("story_id"),
    Column("topic_ids", Json, nullable=False),
    text("headline"),
    text("url"),
    text("reason"),
    Column("at", Utc, nullable=False),
    Index("ix_feedback_at", "at"),
)

saved_alerts = Table(
    "saved_alerts",
    metadata,
    key("chat_id", primary_key=True),
    key("article_id", primary_key=True),
    text("headline"),
    text("url"),
    text("outlet"),
    Column("at", Utc, nullable=False),
)

CIRCLE = (mutes, watches, people, invites, drafts, feedback, saved_alerts)
