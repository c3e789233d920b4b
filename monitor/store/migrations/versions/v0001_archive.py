"""Sources, jobs, entries, articles and where they were placed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import KEY_CHARS, Clean, Json, Serial, Utc

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "sources",
    "lanes",
    "jobs",
    "meta",
    "entries",
    "articles",
    "article_revisions",
    "placements",
    "fingerprint_keys",
    "stories",
    "matches",
    "traces",
)


def upgrade() -> None:
    """Make the tables and the full-text index."""
    _jobs()
    _lanes()
    _meta()
    _sources()
    _article_revisions()
    _articles()
    _entries()
    _fingerprint_keys()
    _matches()
    _placements()
    _stories()
    _traces()
    _search()


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TABLE article_search")
    for table in _TABLES:
        op.drop_table(table)


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("kind", Clean(KEY_CHARS), nullable=False),
        sa.Column("key", Clean(KEY_CHARS), nullable=False),
        sa.Column("lane", Clean(KEY_CHARS), nullable=False),
        sa.Column("not_before", Utc(), nullable=True),
        sa.Column("state", Clean(KEY_CHARS), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", Clean(KEY_CHARS), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("error", Clean(), nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_jobs")),
    )
    op.create_index("ix_jobs_lane", "jobs", ["state", "lane"], unique=False)
    op.create_index("ix_jobs_order", "jobs", ["state", "kind", "created_at", "key"], unique=False)


def _lanes() -> None:
    op.create_table(
        "lanes",
        sa.Column("lane", Clean(KEY_CHARS), nullable=False),
        sa.Column("rest_until", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_lanes")),
    )


def _meta() -> None:
    op.create_table(
        "meta",
        sa.Column("name", Clean(KEY_CHARS), nullable=False),
        sa.Column("value", Clean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("source_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("next_fetch_at", Utc(), nullable=False),
        sa.Column("etag", Clean(), nullable=True),
        sa.Column("last_modified", Clean(), nullable=True),
        sa.Column("first_read_at", Utc(), nullable=True),
        sa.Column("last_fetch_at", Utc(), nullable=True),
        sa.Column("last_success_at", Utc(), nullable=True),
        sa.Column("last_new_at", Utc(), nullable=True),
        sa.Column("full_read_at", Utc(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("health", Clean(KEY_CHARS), nullable=False),
        sa.Column("error", Clean(), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_sources")),
    )
    op.create_index("ix_sources_due", "sources", ["listed", "next_fetch_at"], unique=False)


def _article_revisions() -> None:
    op.create_table(
        "article_revisions",
        sa.Column("article_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", Clean(), nullable=False),
        sa.Column("text", Clean(), nullable=False),
        sa.Column("text_key", Clean(KEY_CHARS), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "n", name=op.f("pk_article_revisions")),
    )


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("number", Serial, autoincrement=True, nullable=False),
        sa.Column("id", Clean(KEY_CHARS), nullable=False),
        sa.Column("entry_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("source_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("url", Clean(), nullable=False),
        sa.Column("canonical_url", Clean(), nullable=False),
        sa.Column("title", Clean(), nullable=False),
        sa.Column("text", Clean(), nullable=False),
        sa.Column("lead", Clean(), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.Column("published", Utc(), nullable=True),
        sa.Column("modified", Utc(), nullable=True),
        sa.Column("authors", Json(), nullable=False),
        sa.Column("language", Clean(KEY_CHARS), nullable=True),
        sa.Column("site", Clean(), nullable=False),
        sa.Column("source_name", Clean(), nullable=False),
        sa.Column("tier", Clean(KEY_CHARS), nullable=False),
        sa.Column("country", Clean(KEY_CHARS), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("indexed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_articles")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_articles_entry_id", "articles", ["entry_id"], unique=False)
    op.create_index("ix_articles_id", "articles", ["id"], unique=True)
    op.create_index("ix_articles_indexed", "articles", ["indexed", "number"], unique=False)
    op.create_index("ix_articles_seen_at", "articles", ["seen_at", "number"], unique=False)


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", Clean(KEY_CHARS), nullable=False),
        sa.Column("source_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("guid", Clean(KEY_CHARS), nullable=False),
        sa.Column("url", Clean(), nullable=False),
        sa.Column("url_key", Clean(KEY_CHARS), nullable=False),
        sa.Column("title", Clean(), nullable=False),
        sa.Column("summary", Clean(), nullable=False),
        sa.Column("content", Clean(), nullable=False),
        sa.Column("published", Utc(), nullable=True),
        sa.Column("updated", Utc(), nullable=True),
        sa.Column("authors", Json(), nullable=False),
        sa.Column("language", Clean(KEY_CHARS), nullable=True),
        sa.Column("stamp", Clean(KEY_CHARS), nullable=False),
        sa.Column("seen_at", Utc(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
    )
    op.create_index("ix_entries_url_key", "entries", ["url_key"], unique=False)


def _fingerprint_keys() -> None:
    op.create_table(
        "fingerprint_keys",
        sa.Column("key", Clean(KEY_CHARS), nullable=False),
        sa.Column("kind", Clean(KEY_CHARS), nullable=False),
        sa.Column("article_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("key", "kind", "article_id", name=op.f("pk_fingerprint_keys")),
    )


def _matches() -> None:
    op.create_table(
        "matches",
        sa.Column("article_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("topic_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("spans", Json(), nullable=False),
        sa.Column("rulebook", Clean(KEY_CHARS), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "topic_id", name=op.f("pk_matches")),
    )
    op.create_index("ix_matches_topic_id", "matches", ["topic_id"], unique=False)


def _placements() -> None:
    op.create_table(
        "placements",
        sa.Column("article_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("story_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("source_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("copy_of", Clean(KEY_CHARS), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("url_key", Clean(KEY_CHARS), nullable=False),
        sa.Column("text_key", Clean(KEY_CHARS), nullable=False),
        sa.Column("headline_key", Clean(KEY_CHARS), nullable=False),
        sa.Column("guid_key", Clean(KEY_CHARS), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.Column("published", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_placements")),
    )
    op.create_index("ix_placements_story_id", "placements", ["story_id"], unique=False)


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", Clean(KEY_CHARS), nullable=False),
        sa.Column("article_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("opened_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
    )


def _traces() -> None:
    op.create_table(
        "traces",
        sa.Column("entry_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("article_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("verdict", Clean(KEY_CHARS), nullable=False),
        sa.Column("story_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("copy_of", Clean(KEY_CHARS), nullable=True),
        sa.Column("reason", Clean(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("trace", Json(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_traces")),
    )
    op.create_index("ix_traces_article_id", "traces", ["article_id"], unique=False)


def _search() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE TABLE article_search (number BIGINT PRIMARY KEY, vector TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX article_search_vector ON article_search USING gin (vector)")
    else:
        # The text stays in ``articles``; ``number`` is a real column, so VACUUM keeps it.
        op.execute(
            "CREATE VIRTUAL TABLE article_search USING fts5("
            "title, text, content='articles', content_rowid='number', "
            "tokenize='unicode61 remove_diacritics 0')"
        )
