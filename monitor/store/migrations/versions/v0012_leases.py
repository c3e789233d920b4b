"""Leases of running jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import Utc

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("jobs", sa.Column("lease_until", Utc(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("jobs", "lease_until")
