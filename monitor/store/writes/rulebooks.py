"""The rules that were in force, newest last: what commands read while the files cannot be read."""

from __future__ import annotations

import zlib
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from monitor.model import KeptRulebook
from monitor.store.tables.schema import rulebooks

MOST = 100
"""So many are kept; compressed, a large one is some ten kilobytes."""


def keep(connection: Connection, revision: str, content: str, now: datetime) -> None:
    """Add the rules to the ledger unless they are the newest there; the oldest go."""
    if newest(connection) == revision:
        return
    packed = zlib.compress(content.encode("utf-8", "surrogatepass"))
    connection.execute(insert(rulebooks).values(revision=revision, taken_at=now, content=packed))
    kept = select(rulebooks.c.n).order_by(rulebooks.c.n.desc()).offset(MOST).limit(1)
    oldest = connection.execute(kept).scalar_one_or_none()
    if oldest is not None:
        connection.execute(delete(rulebooks).where(rulebooks.c.n <= oldest))


def newest(connection: Connection) -> str | None:
    """The revision that was added last."""
    statement = select(rulebooks.c.revision).order_by(rulebooks.c.n.desc()).limit(1)
    return connection.execute(statement).scalar_one_or_none()


def latest(connection: Connection, limit: int) -> tuple[KeptRulebook, ...]:
    """The newest ones, newest first."""
    statement = select(rulebooks).order_by(rulebooks.c.n.desc()).limit(limit)
    return tuple(
        KeptRulebook(
            revision=row.revision,
            taken_at=row.taken_at,
            content=zlib.decompress(row.content).decode("utf-8", "surrogatepass"),
        )
        for row in connection.execute(statement)
    )
