"""Subscriptions at hubs, and the hub that each source names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import KEY_CHARS, Clean, Utc

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns."""
    op.create_table(
        "pushes",
        sa.Column("source_id", Clean(KEY_CHARS), primary_key=True),
        sa.Column("hub", Clean(), nullable=False),
        sa.Column("topic", Clean(), nullable=False),
        sa.Column("secret", Clean(KEY_CHARS), nullable=False),
        sa.Column("state", Clean(KEY_CHARS), nullable=False),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", Utc(), nullable=True),
        sa.Column("error", Clean(), nullable=False),
    )
    with op.batch_alter_table("sources") as table:
        table.add_column(sa.Column("hub", Clean(), nullable=True))
        table.add_column(sa.Column("hub_topic", Clean(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("sources") as table:
        table.drop_column("hub_topic")
        table.drop_column("hub")
    op.drop_table("pushes")
