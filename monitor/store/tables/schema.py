"""Every table. One schema for SQLite and PostgreSQL; docs/storage.md says why each exists.

The full-text index is not here: each database has its own kind (``search``), made by a migration.
There are no foreign keys: rows are written by one commit, and what prevents repeats (entries,
placements, deliveries) outlives the articles that it speaks of.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, Table

from monitor.store.tables.columns import KEY_CHARS, Clean, Json, Serial, Utc
from monitor.store.tables.definitions import SEARCH_PREFIX, metadata
from monitor.store.tables.definitions import key as _key
from monitor.store.tables.definitions import text as _text
from monitor.store.tables.desk import DESK
from monitor.store.tables.evidence import EVIDENCE
from monitor.store.tables.outbox import channel_cooldowns, deliveries, events
from monitor.store.tables.packed import Packed, PackedJson
from monitor.store.tables.people import CIRCLE
from monitor.store.tables.stories import STORIES, stories
from monitor.store.tables.websub import hub_subscriptions

__all__ = [
    "CIRCLE",
    "DESK",
    "EVIDENCE",
    "SEARCH_PREFIX",
    "STORIES",
    "channel_cooldowns",
    "deliveries",
    "events",
    "hub_subscriptions",
    "metadata",
    "stories",
]

meta = Table("meta", metadata, _key("name", primary_key=True), _text("value"))

rulebooks = Table(
    "rulebooks",
    metadata,
    Column("n", Serial, primary_key=True, autoincrement=True),
    _key("revision"),
    Column("taken_at", Utc, nullable=False),
    Column("content", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

sources = Table(
    "sources",
    metadata,
    _key("source_id", primary_key=True),
    Column("next_fetch_at", Utc, nullable=False),
    _text("etag", nullable=True),
    _text("last_modified", nullable=True),
    Column("first_read_at", Utc),
    Column("last_fetch_at", Utc),
    Column("last_success_at", Utc),
    Column("last_new_at", Utc),
    Column("full_read_at", Utc),
    Column("well_since", Utc),
    Column("failures", Integer, nullable=False),
    _key("health"),
    _text("error", nullable=True),
    _text("note", nullable=True),
    Column("interval_s", Float),
    Column("share_new", Float, nullable=False, server_default="0"),
    Column("unstable_ids", Integer, nullable=False, server_default="0"),
    Column("titles", Clean(KEY_CHARS), nullable=False, server_default=""),
    Column("gap_since", Utc),
    Column("gap_reason", Clean(KEY_CHARS), nullable=False, server_default=""),
    Column("told_at", Utc),
    _text("moved_to", nullable=True),
    Column("moved_at", Utc),
    Column("moved_told_at", Utc),
    _text("hub", nullable=True),
    _text("hub_topic", nullable=True),
    Column("cadence", Json),
    Column("other_pages", Integer, nullable=False, server_default="0"),
    Column("other_page", Clean(KEY_CHARS), nullable=False, server_default=""),
    Column("other_page_at", Utc),
    Column("listed", Boolean, nullable=False),
    Index("ix_sources_due", "listed", "next_fetch_at"),
    Index("ix_sources_last_fetch_at", "last_fetch_at"),
)

gaps = Table(
    "gaps",
    metadata,
    _key("source_id", primary_key=True),
    Column("began_at", Utc, primary_key=True),
    Column("ended_at", Utc),
    _text("reason"),
    Column("recovered", Integer, nullable=False),
    Column("complete", Boolean),
    Index("ix_gaps_ended_at", "ended_at"),
)

hosts = Table(
    "hosts",
    metadata,
    _key("host_key", primary_key=True),
    Column("cooldown_until", Utc, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    _key("kind", primary_key=True),
    _key("key", primary_key=True),
    _key("host_key"),
    Column("not_before", Utc),
    _key("state"),
    Column("attempts", Integer, nullable=False),
    _key("owner", nullable=True),
    Column("epoch", Integer, nullable=False),
    Column("lease_until", Utc),
    _text("error", nullable=True),
    Column("created_at", Utc, nullable=False),
    Index("ix_jobs_order", "state", "kind", "created_at", "key"),
    Index("ix_jobs_host_key", "state", "host_key"),
    Index("ix_jobs_due", "state", "kind", "not_before"),
)

workers = Table(
    "workers",
    metadata,
    _key("id", primary_key=True),
    Column("roles", Json, nullable=False),
    _key("host"),
    Column("pid", Integer, nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("heartbeat_at", Utc, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    _key("id", primary_key=True),
    _key("source_id"),
    _key("guid"),
    _text("url"),
    _key("url_key"),
    _text("title"),
    Column("summary", Packed, nullable=False),
    Column("content", Packed, nullable=False),
    Column("published", Utc),
    Column("updated", Utc),
    Column("authors", Json, nullable=False),
    _key("language", nullable=True),
    _key("stamp"),
    Column("seen_at", Utc),
    Column("late", Boolean, nullable=False),
    Column("pictures", Json, nullable=False, server_default="[]"),
    Index("ix_entries_url_key", "url_key"),
)

articles = Table(
    "articles",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=True),
    Column("id", Clean(KEY_CHARS), nullable=False),
    _key("entry_id"),
    _key("source_id"),
    _text("url"),
    _text("canonical_url"),
    _text("title"),
    Column("text", Packed, nullable=False),
    Column("lead", Packed, nullable=False),
    Column("lead_chars", Integer, nullable=False, server_default="0"),
    Column("chars", Integer, nullable=False, server_default="0"),
    Column("seen_at", Utc, nullable=False),
    Column("published", Utc),
    Column("modified", Utc),
    Column("authors", Json, nullable=False),
    _key("language", nullable=True),
    _text("site"),
    _text("source_name"),
    _key("tier"),
    _key("country", nullable=True),
    Column("late", Boolean, nullable=False),
    Column("pictures", Json, nullable=False, server_default="[]"),
    Column("indexed", Boolean, nullable=False),
    Index("ix_articles_id", "id", unique=True),
    Index("ix_articles_entry_id", "entry_id"),
    Index("ix_articles_seen_at", "seen_at", "number"),
    Index("ix_articles_source_id", "source_id", "seen_at"),
    Index("ix_articles_indexed", "indexed", "number"),
    sqlite_autoincrement=True,
)

article_revisions = Table(
    "article_revisions",
    metadata,
    _key("article_id", primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    _text("title"),
    Column("text", Packed, nullable=False),
    _key("text_key"),
    Column("seen_at", Utc, nullable=False),
    Column("changes", Json),
)

looks = Table(
    "looks",
    metadata,
    _key("article_id", primary_key=True),
    Column("looked_at", Utc, nullable=False),
    _text("etag", nullable=True),
    _text("last_modified", nullable=True),
)

placements = Table(
    "placements",
    metadata,
    _key("article_id", primary_key=True),
    _key("story_id"),
    _key("source_id"),
    _key("copy_of", nullable=True),
    Column("version", Integer, nullable=False),
    _key("url_key"),
    _key("text_key"),
    _key("headline_key"),
    _key("guid_key"),
    Column("seen_at", Utc, nullable=False),
    Column("published", Utc),
    Column("copied_share", Float),
    Column("likeness", Float),
    _key("credit", nullable=True),
    Index("ix_placements_story_id", "story_id"),
)

fingerprint_keys = Table(
    "fingerprint_keys",
    metadata,
    _key("key", primary_key=True),
    _key("kind", primary_key=True),
    _key("article_id", primary_key=True),
    Column("seen_at", Utc, nullable=False),
    sqlite_with_rowid=False,
)

matches = Table(
    "matches",
    metadata,
    _key("article_id", primary_key=True),
    _key("topic_id", primary_key=True),
    Column("score", Float, nullable=False),
    Column("spans", Json, nullable=False),
    _key("rulebook"),
    Index("ix_matches_topic_id", "topic_id"),
)

traces = Table(
    "traces",
    metadata,
    _key("entry_id", primary_key=True),
    _key("article_id"),
    _key("verdict"),
    _key("story_id"),
    _key("copy_of", nullable=True),
    _text("reason"),
    Column("at", Utc, nullable=False),
    Column("trace", PackedJson, nullable=False),
    Index("ix_traces_article_id", "article_id"),
)

chats = Table(
    "chats",
    metadata,
    _key("id", primary_key=True),
    _key("channel"),
    _text("address"),
    _text("title"),
    _key("language"),
    _key("timezone"),
    _key("unsure"),
    Column("operator", Boolean, nullable=False),
    _key("preview"),
    _key("quiet_start", nullable=True),
    _key("quiet_end", nullable=True),
    _key("digest", nullable=True),
    _key("safe_links"),
    _key("silent"),
    _key("pictures"),
    Column("hourly_budget", Integer),
    Column("languages", Json, nullable=False, server_default="[]"),
    Column("least_outlets", Integer, nullable=False, server_default="1"),
    Column("owner_id", BigInteger),
    # Names of the columns that people set in chat: the config does not overwrite these.
    Column("chosen", Json, nullable=False),
    _key("state"),
    _key("origin"),
    Column("cooldown_until", Utc),
    _text("paused_because", nullable=True),
    # When a chat that is closed for now is tried again, and how many sends in a row it refused.
    Column("retry_at", Utc),
    Column("refusals", Integer, nullable=False, server_default="0"),
    Column("updated_at", Utc, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _key("chat_id", primary_key=True),
    _key("topic_id", primary_key=True),
    _key("mode"),
    _key("digest", nullable=True),
    _key("origin"),
    Index("ix_subscriptions_topic_id", "topic_id"),
)

chat_moves = Table("chat_moves", metadata, _key("old_id", primary_key=True), _key("new_id"))
