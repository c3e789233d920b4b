"""Pictures: their addresses, who wants how many, and as how many messages a delivery counts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.store.columns import KEY_CHARS, Clean, Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WITH_PICTURES = ("entries", "articles")


def upgrade() -> None:
    """Add the columns. Chats that wanted pictures get one after each alert."""
    for name in _WITH_PICTURES:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("pictures", Json(), nullable=False, server_default="[]"))
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("messages", sa.Integer(), nullable=False, server_default="1"))
    wanted = _wanted(sa.Boolean(), off=False)
    wish = Clean(KEY_CHARS)
    _replace(sa.Column("pictures", wish, nullable=False, server_default="off"))
    _write(wanted, wish, "one")


def downgrade() -> None:
    """Take them away again."""
    wanted = _wanted(Clean(KEY_CHARS), off="off")
    _replace(sa.Column("pictures", sa.Boolean(), nullable=False, server_default=sa.false()))
    _write(wanted, sa.Boolean(), wish=True)
    with op.batch_alter_table("deliveries") as table:
        table.drop_column("messages")
    for name in reversed(_WITH_PICTURES):
        with op.batch_alter_table(name) as table:
            table.drop_column("pictures")


def _wanted(stored: sa.types.TypeEngine[Any], *, off: bool | str) -> tuple[str, ...]:
    """Chats whose wish is not ``off``."""
    chats = _chats(stored)
    return tuple(op.get_bind().execute(sa.select(chats.c.id).where(chats.c.pictures != off)).scalars())


def _replace(column: sa.Column[Any]) -> None:
    with op.batch_alter_table("chats") as table:
        table.drop_column("pictures")
    with op.batch_alter_table("chats") as table:
        table.add_column(column)


def _write(wanted: tuple[str, ...], stored: sa.types.TypeEngine[Any], wish: bool | str) -> None:
    chats = _chats(stored)
    for chat_id in wanted:
        op.execute(sa.update(chats).where(chats.c.id == chat_id).values(pictures=wish))


def _chats(stored: sa.types.TypeEngine[Any]) -> sa.TableClause:
    return sa.table("chats", sa.column("id", sa.String()), sa.column("pictures", stored))
