"""Partitions of the tables that have a hundred rows an article, on PostgreSQL: ranges of the running number.

Deleting a day's millions of rows one by one leaves as many dead ones for the server to sweep; a partition
is dropped at once (PostgreSQL, "Table Partitioning"). The ranges are of numbers and not of days, so that a
clock that is wrong never puts a row out of reach; an installation that stores a million articles a day has
one a day, a small one has one for years, whose rows are deleted as before. Each range is made before it is
needed; the ``rest`` takes what comes all the same. SQLite has no partitions: there these do nothing.
"""

from __future__ import annotations

import itertools
import re
from typing import Final

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import OperationalError

from monitor.store.tables.stories import print_anchors, prints, story_terms

ARTICLES_A_PARTITION: Final = 1 << 20
PARTITIONED: Final = (print_anchors.name, story_terms.name)
LOCK_TIMEOUT_S: Final = 2
"""A dump holds these tables for minutes: whoever waits for it would make all others wait too."""
_NAME: Final = re.compile(r"_from_(\d+)$")
_CHILDREN: Final = text(
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
    "WHERE i.inhparent = to_regclass(:parent)"
)


def make_partitions(connection: Connection, *, articles: int = ARTICLES_A_PARTITION) -> int:
    """Make the partitions of the highest number's range and of the next, where they are missing.

    How many were made. None where another session holds the tables for long: the rest takes the rows.
    """
    if connection.dialect.name != "postgresql":
        return 0
    newest: int = connection.execute(select(func.max(prints.c.number))).scalar_one() or 0
    first = newest // articles * articles
    made = 0
    for table in PARTITIONED:
        there = _starts(connection, table)
        if not there:  # a table of a time before there were partitions
            continue
        for start in {first, first + articles} - there:
            if not _held_by_rest(connection, table, start, start + articles):
                made += _unless_held(
                    connection,
                    f"CREATE TABLE {table}_from_{start} PARTITION OF {table} "
                    f"FOR VALUES FROM ({start}) TO ({start + articles})",
                )
    return made


def drop_partitions(connection: Connection, kept_from: int) -> int:
    """Drop the partitions that hold only rows of numbers below ``kept_from``; how many."""
    if connection.dialect.name != "postgresql":
        return 0
    dropped = 0
    for table in PARTITIONED:
        starts = sorted(_starts(connection, table))
        for start, following in itertools.pairwise(starts):
            if following > kept_from:
                break
            dropped += _unless_held(connection, f"DROP TABLE {table}_from_{start}")
    return dropped


def dropped_below(connection: Connection) -> int:
    """Of no article with a lower number is there a row left in the partitioned tables."""
    if connection.dialect.name != "postgresql":
        return 0
    bounds = []
    for table in PARTITIONED:
        lowest = min(_starts(connection, table), default=0)
        bounds.append(0 if not lowest or _held_by_rest(connection, table, 0, lowest) else lowest)
    return min(bounds)


def _starts(connection: Connection, table: str) -> set[int]:
    names = connection.execute(_CHILDREN, {"parent": table}).scalars()
    return {int(found[1]) for name in names if (found := _NAME.search(name))}


def _held_by_rest(connection: Connection, table: str, start: int, end: int) -> bool:
    """Whether the rest has rows of a range, of which no partition can be made any more."""
    asked = text(f"SELECT EXISTS (SELECT 1 FROM {table}_rest WHERE number >= :start AND number < :end)")  # noqa: S608
    return bool(connection.execute(asked, {"start": start, "end": end}).scalar_one())


def _unless_held(connection: Connection, statement: str) -> bool:
    """Whether the statement was carried out before another session's lock made it give up."""
    try:
        with connection.begin_nested():
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s'"))
            connection.execute(text(statement))
            connection.execute(text("SET LOCAL lock_timeout = DEFAULT"))
    except OperationalError as error:
        if "lock timeout" not in str(error):
            raise
        return False
    return True
