"""The look-up that placing an article rests on."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select

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
    if not keys_of(fingerprint):
        return ()
    statement = (
        select(fingerprint_keys.c.kind, placements)
        .join(placements, placements.c.article_id == fingerprint_keys.c.article_id)
        .where(has_key(fingerprint, headline_since))
    )
    shared: defaultdict[str, set[str]] = defaultdict(set)
    rows = {}
    for row in connection.execute(statement).mappings():
        shared[row["article_id"]].add(row["kind"])
        rows[row["article_id"]] = row
    found = [neighbour(row, frozenset(shared[article_id])) for article_id, row in rows.items()]
    return tuple(sorted(found, key=lambda item: (item.seen_at, item.article_id)))


def has_key(fingerprint: Fingerprint, headline_since: datetime | None = None) -> ColumnElement[bool]:
    """Condition on a row of ``fingerprint_keys``: it is one of these keys."""
    column = fingerprint_keys.c
    wanted = [
        and_(
            column.key == key,
            column.kind == kind,
            *([column.seen_at >= headline_since] if kind == "headline" and headline_since else []),
        )
        for kind, key in keys_of(fingerprint).items()
    ]
    return or_(false(), *wanted)
