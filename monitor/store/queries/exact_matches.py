"""The look-up that placing an article rests on."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from monitor.model import Fingerprint, Neighbour
from monitor.store.codec import keys_of, neighbour
from monitor.store.tables.schema import fingerprint_keys, placements


def find_neighbours(
    connection: Connection, fingerprint: Fingerprint, headline_since: datetime
) -> tuple[Neighbour, ...]:
    """Placed articles that share a key with ``fingerprint``, oldest first.

    A key counts when any version of the stored article had it: a reprint of the first wording is
    still a copy after the original was edited. By headline only keys seen since ``headline_since``.
    """
    keys = keys_of(fingerprint)
    if not keys:
        return ()
    column = fingerprint_keys.c
    wanted = [
        and_(
            column.key == key,
            column.kind == kind,
            *([column.seen_at >= headline_since] if kind == "headline" else []),
        )
        for kind, key in keys.items()
    ]
    statement = (
        select(column.kind, placements)
        .join(placements, placements.c.article_id == column.article_id)
        .where(or_(*wanted))
    )
    shared: defaultdict[str, set[str]] = defaultdict(set)
    rows = {}
    for row in connection.execute(statement).mappings():
        shared[row["article_id"]].add(row["kind"])
        rows[row["article_id"]] = row
    found = [neighbour(row, frozenset(shared[article_id])) for article_id, row in rows.items()]
    return tuple(sorted(found, key=lambda item: (item.seen_at, item.article_id)))
