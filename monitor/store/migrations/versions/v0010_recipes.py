"""Recipes learnt for sites, and what learning keeps of their pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import KEY_CHARS, Clean, Json, Utc

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "recipe_sites",
        sa.Column("site", Clean(KEY_CHARS), nullable=False),
        sa.Column("samples", Json(), nullable=False),
        sa.Column("not_before", Utc(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("noted_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_recipe_sites")),
    )
    op.create_table(
        "recipes",
        sa.Column("site", Clean(KEY_CHARS), nullable=False),
        sa.Column("selector", Clean(KEY_CHARS), nullable=False),
        sa.Column("remove", Clean(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("learnt_at", Utc(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("agreement", sa.Float(), nullable=False),
        sa.Column("state", Clean(KEY_CHARS), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("recent", Json(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("checked_at", Utc(), nullable=True),
        sa.Column("reason", Clean(), nullable=False),
        sa.PrimaryKeyConstraint("site", "selector", name=op.f("pk_recipes")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("recipes")
    op.drop_table("recipe_sites")
