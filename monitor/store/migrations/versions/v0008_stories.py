"""Prints, terms and facts: what recognises copies and stories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import KEY_CHARS, Clean, Serial, Utc

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NUMBERS = (("print_anchors", "anchor"), ("story_terms", "term"))


def upgrade() -> None:
    """Make the tables and columns. Articles stored before have no marks: only later ones are compared."""
    with op.batch_alter_table("placements") as table:
        table.add_column(sa.Column("kept", sa.Float(), nullable=True))
        table.add_column(sa.Column("credit", Clean(KEY_CHARS), nullable=True))
    with op.batch_alter_table("stories") as table:
        table.add_column(sa.Column("follows", Clean(KEY_CHARS), nullable=True))
        table.add_column(sa.Column("told_with", Clean(KEY_CHARS), nullable=True))
        table.add_column(sa.Column("parted_from", Clean(KEY_CHARS), nullable=True))
        table.create_index("ix_stories_opened_at", ["opened_at"], unique=False)
    _prints()
    for name, column in _NUMBERS:
        op.create_table(
            name,
            sa.Column(column, sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.PrimaryKeyConstraint(column, "number", name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "term_counts",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_term_counts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_facts",
        sa.Column("story_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("fact", Clean(KEY_CHARS), nullable=False),
        sa.PrimaryKeyConstraint("story_id", "fact", name=op.f("pk_story_facts")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them again."""
    for name in ("story_facts", "term_counts", "story_terms", "print_anchors", "prints"):
        op.drop_table(name)
    with op.batch_alter_table("stories") as table:
        table.drop_index("ix_stories_opened_at")
        table.drop_column("parted_from")
        table.drop_column("told_with")
        table.drop_column("follows")
    with op.batch_alter_table("placements") as table:
        table.drop_column("credit")
        table.drop_column("kept")


def _prints() -> None:
    op.create_table(
        "prints",
        sa.Column("number", Serial, autoincrement=True, nullable=False),
        sa.Column("article_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.Column("title", Clean(), nullable=False),
        sa.Column("language", Clean(KEY_CHARS), nullable=True),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("anchors", sa.LargeBinary(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_prints")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_prints_article_id", "prints", ["article_id"], unique=True)
    op.create_index("ix_prints_seen_at", "prints", ["seen_at", "number"], unique=False)
