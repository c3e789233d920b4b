"""Full text: FTS5 on SQLite, tsvector on PostgreSQL, behind three functions.

Both compare whole words without regard to case and fold nothing else: Cyrillic й and ё, Polish and
Lithuanian letters stay what they are, so that both databases find the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection, TextClause, bindparam, select, text, update

from monitor.store.tables.columns import storable
from monitor.store.tables.schema import articles

IndexedRow = tuple[int, str, str]
_TERM = re.compile(r'"([^"]*)"|(\S+)')

_FTS_ADD = text("INSERT INTO article_search (rowid, title, text) VALUES (:number, :title, :text)")
_FTS_DELETE = text(
    "INSERT INTO article_search (article_search, rowid, title, text) "
    "VALUES ('delete', :number, :title, :text)"
)
_FTS_FIND = text(
    "SELECT rowid FROM article_search WHERE article_search MATCH :query ORDER BY rowid DESC LIMIT :limit"
)
# A tsvector may hold a megabyte: what stands further down is not searchable.
_VECTOR_ADD = text(
    "INSERT INTO article_search (number, vector) "
    "VALUES (:number, to_tsvector('simple', left(:title || ' ' || :text, 200000))) "
    "ON CONFLICT (number) DO UPDATE SET vector = excluded.vector"
)
_VECTOR_DELETE = text("DELETE FROM article_search WHERE number = :number")


def index_articles(connection: Connection, limit: int) -> int:
    """Add the oldest ``limit`` articles that are not in the index. Returns how many."""
    column = articles.c
    rows = (
        connection.execute(
            select(column.number, column.title, column.text)
            .where(column.indexed.is_(False))
            .order_by(column.number)
            .limit(limit)
        )
        .mappings()
        .all()
    )
    if not rows:
        return 0
    add = _VECTOR_ADD if _is_postgres(connection) else _FTS_ADD
    connection.execute(add, [dict(row) for row in rows])
    connection.execute(
        update(articles).where(column.number == bindparam("done")).values(indexed=True),
        [{"done": row["number"]} for row in rows],
    )
    return len(rows)


def forget(connection: Connection, rows: Sequence[IndexedRow]) -> None:
    """Take indexed articles out: (number, title, text) exactly as they were indexed.

    The FTS5 table keeps no text of its own, so it must be told what to take out.
    """
    if not rows:
        return
    if _is_postgres(connection):
        connection.execute(_VECTOR_DELETE, [{"number": number} for number, _, _ in rows])
    else:
        values = [{"number": number, "title": title, "text": body} for number, title, body in rows]
        connection.execute(_FTS_DELETE, values)


def find(connection: Connection, words: str, limit: int) -> list[int]:
    """Numbers of articles that hold every word and "phrase" of ``words``, newest first."""
    terms = _terms(storable(words, 1000))
    if not terms:
        return []
    if _is_postgres(connection):
        values: dict[str, object] = {f"term{place}": term for place, term in enumerate(terms)}
        statement = _vector_find(len(terms))
    else:
        values = {"query": " AND ".join(f'"{term}"' for term in terms)}
        statement = _FTS_FIND
    return list(connection.execute(statement, values | {"limit": limit}).scalars())


def _vector_find(terms: int) -> TextClause:
    query = " && ".join(f"phraseto_tsquery('simple', :term{place})" for place in range(terms))
    return text(
        f"SELECT number FROM article_search WHERE vector @@ ({query}) "  # noqa: S608 – numbers only
        "ORDER BY number DESC LIMIT :limit"
    )


def _is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _terms(words: str) -> list[str]:
    found = (phrase or word.replace('"', " ") for phrase, word in _TERM.findall(words))
    return [term.strip() for term in found if any(char.isalnum() for char in term)]
