"""What changed from one wording of an article to the next, and the last look at its page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import KEY_CHARS, Clean, Json, Utc

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, the column and the index."""
    op.create_table(
        "looks",
        sa.Column("article_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("looked_at", Utc(), nullable=False),
        sa.Column("etag", Clean(), nullable=True),
        sa.Column("last_modified", Clean(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_looks")),
    )
    with op.batch_alter_table("article_revisions") as table:
        table.add_column(sa.Column("changes", Json(), nullable=True))
    op.create_index("ix_jobs_due", "jobs", ["state", "kind", "not_before"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_jobs_due", "jobs")
    with op.batch_alter_table("article_revisions") as table:
        table.drop_column("changes")
    op.drop_table("looks")
