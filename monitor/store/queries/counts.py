"""In how many articles each term occurred: the table of counts, and what was stored since it was written.

An article has hundreds of terms all over that table, and to count them one article at a time cost more than
all else that is written of it. So they are counted some dozen articles at once; until then the stored prints
themselves say it, and a process keeps what it read of them. Nothing is lost with the process.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, bindparam, select

from monitor.core.story.pairs.features import counted_hashes, term_hash
from monitor.model import Term
from monitor.store.database import each_of, of_each
from monitor.store.tables.stories import prints

AT_ONCE: Final = 64
"""So many articles are counted together."""
UNCOUNTED: Final = "g"
"""Kinds of terms that are so many that counting them costs more than it tells."""
ALL_ARTICLES: Final = term_hash("=articles")
UP_TO: Final = term_hash("=counted")
"""The row that holds the highest number whose print was counted. A store without it counted all it has."""


@dataclass(slots=True)
class _Since:
    """What stands in prints that are not counted yet."""

    counted: int = -1
    read: int = -1
    terms: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


_since: WeakKeyDictionary[Engine, _Since] = WeakKeyDictionary()


def find_counts(connection: Connection, terms: Sequence[Term]) -> tuple[dict[str, int], int]:
    """In how many articles each of the terms occurred, and how many there are."""
    numbers = {term_hash(term.key): term.key for term in terms if term.key[0] not in UNCOUNTED}
    wanted = [*numbers, ALL_ARTICLES]
    rows = _stored(connection, [*wanted, UP_TO])
    since = _found_since(connection, rows[UP_TO], wanted) if UP_TO in rows else {}
    found = {key: count for number, key in numbers.items()
             if (count := rows.get(number, 0) + since.get(number, 0))}  # fmt: skip
    return found, rows.get(ALL_ARTICLES, 0) + since.get(ALL_ARTICLES, 0)


def count_print(connection: Connection, number: int) -> None:
    """A new article's print was written under this number, the highest."""
    counted = _stored(connection, [UP_TO]).get(UP_TO)
    if counted is None:
        _count_to(connection, counted := number - 1)
    if number - counted >= AT_ONCE:
        count_all(connection)


def count_all(connection: Connection) -> None:
    """Count what is not counted yet: before prints are deleted."""
    counted = _stored(connection, [UP_TO]).get(UP_TO)
    if counted is None:
        return
    rows = connection.execute(_PRINTS, {"after": counted}).all()
    if not rows:
        return
    terms = _terms_of(row.profile for row in rows)
    by_count: dict[int, list[int]] = {}
    for term, count in terms.items():
        by_count.setdefault(count, []).append(term)
    dialect = connection.dialect.name
    for count, these in sorted(by_count.items()):
        values = {"each": each_of(dialect, sorted(these)), "more": count}
        connection.execute(of_each(dialect, _COUNT_MORE), values)
    _count_to(connection, rows[-1].number)


def skip_print(connection: Connection, number: int) -> None:
    """The print under this number, the highest, is another wording of an article that was counted."""
    _count_to(connection, number)


def _count_to(connection: Connection, number: int) -> None:
    dialect = connection.dialect.name
    values = {"each": each_of(dialect, [UP_TO]), "number": number}
    connection.execute(of_each(dialect, _SET), values)


def _stored(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    dialect = connection.dialect.name
    found = connection.execute(of_each(dialect, _COUNTS), {"each": each_of(dialect, numbers)})
    return {row[0]: row[1] for row in found.all()}


def _found_since(connection: Connection, counted: int, wanted: Sequence[int]) -> Mapping[int, int]:
    """How many prints over ``counted`` hold the terms; those that were read before are not read again."""
    since = _since.setdefault(connection.engine, _Since())
    with since.lock:
        if since.counted != counted:
            since.counted = since.read = counted
            since.terms = Counter()
        rows = connection.execute(_PRINTS, {"after": since.read}).all()
        if rows:
            since.terms.update(_terms_of(row.profile for row in rows))
            since.read = rows[-1].number
        held = since.terms
        return {number: held[number] for number in wanted if number in held}


def _terms_of(profiles: Iterable[bytes]) -> Counter[int]:
    found: Counter[int] = Counter()
    for profile in profiles:
        found.update(counted_hashes(profile))
        found[ALL_ARTICLES] += 1
    return found


_PRINTS: Final = (
    select(prints.c.number, prints.c.profile)
    .where(prints.c.number > bindparam("after"))
    .order_by(prints.c.number)
)
_COUNTS: Final = "SELECT term, articles FROM term_counts WHERE term IN ({each})"
# WHERE: without it SQLite takes ON for that of a join.
_COUNT_MORE: Final = (
    "INSERT INTO term_counts (term, articles) SELECT value, CAST(:more AS INTEGER) FROM ({each}) AS found "
    "WHERE true ON CONFLICT (term) DO UPDATE SET articles = term_counts.articles + excluded.articles"
)
_SET: Final = (
    "INSERT INTO term_counts (term, articles) SELECT value, CAST(:number AS INTEGER) FROM ({each}) AS found "
    "WHERE true ON CONFLICT (term) DO UPDATE SET articles = excluded.articles"
)
