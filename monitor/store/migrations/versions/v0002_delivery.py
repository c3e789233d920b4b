"""Chats, subscriptions, deliveries and events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import KEY_CHARS, Clean, Json, Serial, Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = (
    "chats",
    "subscriptions",
    "chat_moves",
    "deliveries",
    "channel_rest",
    "events",
)


def upgrade() -> None:
    """Make the tables."""
    _chat()
    _delivery()
    _events()


def downgrade() -> None:
    """Take them away."""
    for table in _TABLES:
        op.drop_table(table)


def _chat() -> None:
    op.create_table(
        "chat_moves",
        sa.Column("old_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("new_id", Clean(KEY_CHARS), nullable=False),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_chat_moves")),
    )
    op.create_table(
        "chats",
        sa.Column("id", Clean(KEY_CHARS), nullable=False),
        sa.Column("channel", Clean(KEY_CHARS), nullable=False),
        sa.Column("address", Clean(), nullable=False),
        sa.Column("title", Clean(), nullable=False),
        sa.Column("language", Clean(KEY_CHARS), nullable=False),
        sa.Column("timezone", Clean(KEY_CHARS), nullable=False),
        sa.Column("unsure", Clean(KEY_CHARS), nullable=False),
        sa.Column("operator", sa.Boolean(), nullable=False),
        sa.Column("preview", Clean(KEY_CHARS), nullable=False),
        sa.Column("quiet_start", Clean(KEY_CHARS), nullable=True),
        sa.Column("quiet_end", Clean(KEY_CHARS), nullable=True),
        sa.Column("state", Clean(KEY_CHARS), nullable=False),
        sa.Column("options", Json(), nullable=False),
        sa.Column("origin", Clean(KEY_CHARS), nullable=False),
        sa.Column("rest_until", Utc(), nullable=True),
        sa.Column("paused_because", Clean(), nullable=True),
        sa.Column("updated_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("chat_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("topic_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("mode", Clean(KEY_CHARS), nullable=False),
        sa.Column("muted_until", Utc(), nullable=True),
        sa.Column("origin", Clean(KEY_CHARS), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "topic_id", name=op.f("pk_subscriptions")),
    )
    op.create_index("ix_subscriptions_topic_id", "subscriptions", ["topic_id"], unique=False)


def _delivery() -> None:
    op.create_table(
        "channel_rest",
        sa.Column("channel", Clean(KEY_CHARS), nullable=False),
        sa.Column("until", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_rest")),
    )
    op.create_table(
        "deliveries",
        sa.Column("sequence", Serial, autoincrement=True, nullable=False),
        sa.Column("key", Clean(KEY_CHARS), nullable=False),
        sa.Column("chat_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("kind", Clean(KEY_CHARS), nullable=False),
        sa.Column("payload", Json(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("not_before", Utc(), nullable=False),
        sa.Column("story_id", Clean(KEY_CHARS), nullable=True),
        sa.Column("article_id", Clean(KEY_CHARS), nullable=True),
        sa.Column("state", Clean(KEY_CHARS), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("plain_only", sa.Boolean(), nullable=False),
        sa.Column("owner", Clean(KEY_CHARS), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", Utc(), nullable=True),
        sa.Column("message_id", Clean(), nullable=True),
        sa.Column("error", Clean(), nullable=True),
        sa.Column("sent_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_deliveries")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_article_id", "deliveries", ["article_id"], unique=False)
    op.create_index("ix_deliveries_key", "deliveries", ["key"], unique=True)
    op.create_index("ix_deliveries_open", "deliveries", ["state", "chat_id", "sequence"], unique=False)
    op.create_index("ix_deliveries_story", "deliveries", ["story_id", "chat_id"], unique=False)


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("kind", Clean(KEY_CHARS), nullable=False),
        sa.Column("subject", Clean(KEY_CHARS), nullable=False),
        sa.Column("text", Clean(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("told_at", Utc(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_told_at", "events", ["told_at"], unique=False)
