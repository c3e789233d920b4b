"""A page of the sources, those in trouble first."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, case, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from monitor.store.tables.schema import sources

_ORDER = ("failing", "quarantined", "stale", "late", "new", "fresh")


def find_sources(
    connection: Connection, *, ids: Sequence[str] | None, health: Sequence[str], offset: int, limit: int
) -> tuple[Sequence[RowMapping], int]:
    """Rows of ``sources`` and how many there are in all: two statements."""
    own = sources.c
    wanted: list[ColumnElement[bool]] = [own.listed.is_(True)]
    if health:
        wanted.append(own.health.in_(health))
    if ids is not None:
        wanted.append(_among(connection, ids))
    # What fails or moved is what somebody has to look at; then what was told of, then the alphabet.
    trouble = case((own.error.is_not(None), 0), (own.moved_to.is_not(None), 1), else_=2)
    rank = case(*((own.health == name, at) for at, name in enumerate(_ORDER)), else_=len(_ORDER))
    statement = (
        select(sources).where(*wanted).order_by(trouble, rank, own.source_id).offset(offset).limit(limit)
    )
    rows = connection.execute(statement).mappings().all()
    total = connection.execute(select(func.count()).select_from(sources).where(*wanted)).scalar_one()
    return rows, int(total)


def _among(connection: Connection, ids: Sequence[str]) -> ColumnElement[bool]:
    """However many ids there are, they are one parameter."""
    if connection.dialect.name == "postgresql":
        return sources.c.source_id == func.any(bindparam(None, list(ids), type_=ARRAY(Text)))
    every = text("SELECT value FROM json_each(:ids)").bindparams(ids=json.dumps(list(ids)))
    return sources.c.source_id.in_(every)
