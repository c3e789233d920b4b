"""Pacing, chains and bundles of deliveries; failures of a channel in a row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import KEY_CHARS, Clean, Utc

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INDEXED = ("tried_at", "after_key", "bundle")


def upgrade() -> None:
    """Add the columns and their indexes."""
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("tried_at", Utc(), nullable=True))
        table.add_column(sa.Column("after_key", Clean(KEY_CHARS), nullable=True))
        table.add_column(sa.Column("bundle", Clean(KEY_CHARS), nullable=True))
    for column in _INDEXED:
        op.create_index(f"ix_deliveries_{column}", "deliveries", [column])
    op.create_index("ix_deliveries_sent", "deliveries", ["chat_id", "sent_at"])
    with op.batch_alter_table("channel_rest") as table:
        table.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("channel_rest") as table:
        table.drop_column("failures")
    op.drop_index("ix_deliveries_sent", "deliveries")
    for column in _INDEXED:
        op.drop_index(f"ix_deliveries_{column}", "deliveries")
    with op.batch_alter_table("deliveries") as table:
        for column in reversed(_INDEXED):
            table.drop_column(column)
