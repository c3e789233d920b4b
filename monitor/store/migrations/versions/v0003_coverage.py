"""The health of sources: cadence, gaps, moves, intervals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import KEY_CHARS, Clean, Json, Utc

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = (
    "well_since",
    "note",
    "interval_s",
    "share_new",
    "churn",
    "titles",
    "gap_since",
    "gap_reason",
    "told_at",
    "moved_to",
    "moved_at",
    "moved_told_at",
    "cadence",
)


def upgrade() -> None:
    """Add the columns and the ledger; "ok" is called "fresh" from now on."""
    with op.batch_alter_table("sources") as table:
        table.add_column(sa.Column("well_since", Utc(), nullable=True))
        table.add_column(sa.Column("note", Clean(), nullable=True))
        table.add_column(sa.Column("interval_s", sa.Float(), nullable=True))
        table.add_column(sa.Column("share_new", sa.Float(), nullable=False, server_default="0"))
        table.add_column(sa.Column("churn", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("titles", Clean(KEY_CHARS), nullable=False, server_default=""))
        table.add_column(sa.Column("gap_since", Utc(), nullable=True))
        table.add_column(sa.Column("gap_reason", Clean(KEY_CHARS), nullable=False, server_default=""))
        table.add_column(sa.Column("told_at", Utc(), nullable=True))
        table.add_column(sa.Column("moved_to", Clean(), nullable=True))
        table.add_column(sa.Column("moved_at", Utc(), nullable=True))
        table.add_column(sa.Column("moved_told_at", Utc(), nullable=True))
        table.add_column(sa.Column("cadence", Json(), nullable=True))
    op.create_table(
        "gaps",
        sa.Column("source_id", Clean(KEY_CHARS), nullable=False),
        sa.Column("began_at", Utc(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("reason", Clean(), nullable=False),
        sa.Column("recovered", sa.Integer(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("source_id", "began_at", name=op.f("pk_gaps")),
    )
    op.create_index("ix_gaps_ended_at", "gaps", ["ended_at"], unique=False)
    _rename("ok", "fresh")
    # What was quarantined has been told already: it must not be told anew, but its recovery must.
    sources = _sources()
    op.execute(
        sources.update()
        .where(sources.c.health == "quarantined")
        .values(told_at=sources.c.last_fetch_at, gap_since=sources.c.last_success_at)
    )


def downgrade() -> None:
    """Take them away."""
    for name in ("fresh", "late", "stale"):
        _rename(name, "ok")
    op.drop_table("gaps")
    with op.batch_alter_table("sources") as table:
        for name in _COLUMNS:
            table.drop_column(name)


def _sources() -> sa.TableClause:
    return sa.table(
        "sources",
        sa.column("health", Clean(KEY_CHARS)),
        sa.column("told_at", Utc()),
        sa.column("gap_since", Utc()),
        sa.column("last_fetch_at", Utc()),
        sa.column("last_success_at", Utc()),
    )


def _rename(old: str, new: str) -> None:
    sources = _sources()
    op.execute(sources.update().where(sources.c.health == old).values(health=new))
