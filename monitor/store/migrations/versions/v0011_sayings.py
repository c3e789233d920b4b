"""What it takes to tell an event in another language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import Json

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Events of before are told in English."""
    with op.batch_alter_table("events") as table:
        table.add_column(sa.Column("saying", Json(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("events") as table:
        table.drop_column("saying")
