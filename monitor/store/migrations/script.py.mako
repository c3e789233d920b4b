"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import KEY_CHARS, Clean, Json, Serial, Utc

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Up. Always through ``op.batch_alter_table``: SQLite cannot alter in place."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Down."""
    ${downgrades if downgrades else "pass"}
