"""The look-up that placing an article rests on."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, false, literal_column, or_, select

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
    shared: defaultdict[str, set[str]] = defaultdict(set)
    rows = {}
    # No row has an empty key, so the statement is the same whichever keys there are.
    wanted = dict.fromkeys(_KINDS, "") | keys | {"since": headline_since}
    for row in connection.execute(_NEIGHBOURS, wanted).mappings():
        shared[row["article_id"]].add(row["kind"])
        rows[row["article_id"]] = row
    found = [neighbour(row, frozenset(shared[article_id])) for article_id, row in rows.items()]
    return tuple(sorted(found, key=lambda item: (item.seen_at, item.article_id)))


def has_key(fingerprint: Fingerprint) -> ColumnElement[bool]:
    """Condition on a row of ``fingerprint_keys``: it is one of these keys."""
    column = fingerprint_keys.c
    wanted = [and_(column.key == key, column.kind == kind) for kind, key in keys_of(fingerprint).items()]
    return or_(false(), *wanted)


_KINDS = ("url", "text", "headline", "guid")
_column = fingerprint_keys.c
_NEIGHBOURS = (
    select(_column.kind, placements)
    .join(placements, placements.c.article_id == _column.article_id)
    .where(
        or_(
            *(
                and_(
                    _column.key == bindparam(kind),
                    _column.kind == literal_column(f"'{kind}'"),
                    *([_column.seen_at >= bindparam("since")] if kind == "headline" else []),
                )
                for kind in _KINDS
            )
        )
    )
)
