"""Tables by which copies and stories are found: prints, terms, facts. docs/stories.md says how."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table

from monitor.store.tables.columns import Json, Serial, Utc
from monitor.store.tables.definitions import key, metadata, text

stories = Table(
    "stories",
    metadata,
    key("id", primary_key=True),
    key("article_id"),
    Column("opened_at", Utc, nullable=False),
    key("follows", nullable=True),
    key("told_with", nullable=True),
    key("parted_from", nullable=True),
    Index("ix_stories_opened_at", "opened_at"),
)

story_facts = Table(
    "story_facts",
    metadata,
    key("story_id", primary_key=True),
    key("fact", primary_key=True),
    sqlite_with_rowid=False,
)

story_labels = Table(
    "story_labels",
    metadata,
    key("one", primary_key=True),
    key("other", primary_key=True),
    Column("same", Boolean, nullable=False),
    Column("at", Utc, nullable=False),
    Column("features", Json, nullable=False),
)

prints = Table(
    "prints",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=True),
    key("article_id"),
    Column("seen_at", Utc, nullable=False),
    text("title"),
    key("language", nullable=True),
    Column("words", Integer, nullable=False),
    Column("anchors", LargeBinary, nullable=False),
    Column("sketch", LargeBinary, nullable=False),
    Column("profile", LargeBinary, nullable=False),
    Column("lead", LargeBinary, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Index("ix_prints_article_id", "article_id", unique=True),
    Index("ix_prints_seen_at", "seen_at", "number"),
    sqlite_autoincrement=True,
)

print_anchors = Table(
    "print_anchors",
    metadata,
    Column("anchor", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
    postgresql_partition_by="RANGE (number)",
)

story_terms = Table(
    "story_terms",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
    postgresql_partition_by="RANGE (number)",
)

term_counts = Table(
    "term_counts",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("articles", Integer, nullable=False),
    sqlite_with_rowid=False,
)

STORIES = (story_facts, prints, print_anchors, story_terms, term_counts)
