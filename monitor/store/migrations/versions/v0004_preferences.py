"""What chats prefer, personal topics, people and their verdicts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import KEY_CHARS, Clean, Json, Utc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CHAT_COLUMNS = ("digest", "safe_links", "silent", "pictures", "hourly_budget", "owner_id", "chosen")
_TABLES = ("mutes", "watches", "people", "invites", "drafts", "feedback")


def upgrade() -> None:
    """Add the columns and make the tables."""
    with op.batch_alter_table("chats") as chats:
        chats.add_column(sa.Column("digest", Clean(KEY_CHARS), nullable=True))
        chats.add_column(sa.Column("safe_links", Clean(KEY_CHARS), nullable=False, server_default="off"))
        chats.add_column(sa.Column("silent", Clean(KEY_CHARS), nullable=False, server_default="never"))
        chats.add_column(sa.Column("pictures", sa.Boolean(), nullable=False, server_default=sa.false()))
        chats.add_column(sa.Column("hourly_budget", sa.Integer(), nullable=True))
        chats.add_column(sa.Column("owner_id", sa.BigInteger(), nullable=True))
        chats.add_column(sa.Column("chosen", Json(), nullable=False, server_default="[]"))
    with op.batch_alter_table("subscriptions") as subscriptions:
        subscriptions.add_column(sa.Column("digest", Clean(KEY_CHARS), nullable=True))
    _of_chats()
    _of_people()


def downgrade() -> None:
    """Take them away."""
    for table in _TABLES:
        op.drop_table(table)
    with op.batch_alter_table("subscriptions") as subscriptions:
        subscriptions.drop_column("digest")
    with op.batch_alter_table("chats") as chats:
        for column in _CHAT_COLUMNS:
            chats.drop_column(column)


def _of_chats() -> None:
    op.create_table(
        "mutes",
        sa.Column("chat_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("kind", Clean(KEY_CHARS), nullable=False),
        sa.Column("target", Clean(KEY_CHARS), nullable=False),
        sa.Column("until", Utc(), nullable=True),
        sa.Column("title", Clean(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "kind", "target", name=op.f("pk_mutes")),
    )
    op.create_table(
        "watches",
        sa.Column("id", Clean(KEY_CHARS), nullable=False),
        sa.Column("chat_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("query", Clean(), nullable=False),
        sa.Column("title", Clean(), nullable=False),
        sa.Column("languages", Json(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
    )
    op.create_index("ix_watches_chat_id", "watches", ["chat_id"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("chat_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("story_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("topic_ids", Json(), nullable=False),
        sa.Column("headline", Clean(), nullable=False),
        sa.Column("url", Clean(), nullable=False),
        sa.Column("reason", Clean(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "user_id", "article_id", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_at", "feedback", ["at"], unique=False)


def _of_people() -> None:
    op.create_table(
        "people",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", Clean(KEY_CHARS), nullable=False),
        sa.Column("invited_with", Clean(KEY_CHARS), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_people")),
    )
    op.create_table(
        "invites",
        sa.Column("id", Clean(KEY_CHARS), nullable=False),
        sa.Column("role", Clean(KEY_CHARS), nullable=False),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("until", Utc(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", Clean(KEY_CHARS), nullable=False),
        sa.Column("chat_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", Clean(KEY_CHARS), nullable=False),
        sa.Column("payload", Json(), nullable=False),
        sa.Column("until", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
