"""Full text: FTS5 on SQLite, tsvector on PostgreSQL, behind three functions.

Both compare whole words without regard to case and fold nothing else: Cyrillic й and ё, Polish and
Lithuanian letters stay what they are, so that both databases find the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, text, update

from monitor.model.search import Wanted
from monitor.store.tables.columns import storable
from monitor.store.tables.schema import articles

IndexedRow = tuple[int, str, str]

_FTS_ADD = text("INSERT INTO article_search (rowid, title, text) VALUES (:number, :title, :text)")
_FTS_DELETE = text(
    "INSERT INTO article_search (article_search, rowid, title, text) "
    "VALUES ('delete', :number, :title, :text)"
)
_FTS_FIND = text(
    "SELECT rowid FROM article_search WHERE article_search MATCH :query AND rowid < :before "
    "ORDER BY rowid DESC LIMIT :limit"
)
# A tsvector may hold a megabyte: what stands further down is not searchable.
_VECTOR_ADD = text(
    "INSERT INTO article_search (number, vector) "
    "VALUES (:number, to_tsvector('simple', left(:title || ' ' || :text, 200000))) "
    "ON CONFLICT (number) DO UPDATE SET vector = excluded.vector"
)
_VECTOR_FIND = text(
    "SELECT number FROM article_search WHERE vector @@ to_tsquery('simple', :query) AND number < :before "
    "ORDER BY number DESC LIMIT :limit"
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


def find(connection: Connection, wanted: Wanted, limit: int, before: int | None = None) -> list[int]:
    """Numbers of articles that hold what is wanted, newest first, those before a number."""
    postgres = _is_postgres(connection)
    query = (_tsquery if postgres else _fts)(wanted)
    if not query:
        return []
    values = {"query": storable(query, MAX_QUERY), "limit": limit, "before": before or _LAST}
    return list(connection.execute(_VECTOR_FIND if postgres else _FTS_FIND, values).scalars())


MAX_QUERY = 20_000
"""Characters that a database is asked with."""
_LAST = 1 << 60


def _fts(wanted: Wanted) -> str:
    """The question as FTS5 reads it; "" for one that asks for nothing."""
    if wanted.parts:
        return _joined([_fts(part) for part in wanted.parts], " AND " if wanted.kind == "all" else " OR ")
    words = [word.replace('"', " ").replace("\0", " ") for word in wanted.words if _told(word)]
    if not words:
        return ""
    quoted = '"' + " ".join(words) + '"'
    return f"{quoted}*" if wanted.kind == "prefix" else quoted


def _tsquery(wanted: Wanted) -> str:
    """The question as ``to_tsquery`` reads it; "" for one that asks for nothing."""
    if wanted.parts:
        return _joined([_tsquery(part) for part in wanted.parts], " & " if wanted.kind == "all" else " | ")
    words = ["'" + re.sub(r"[\\'\0]", " ", word) + "'" for word in wanted.words if _told(word)]
    if wanted.kind == "prefix":
        words = [f"{word}:*" for word in words]
    return f"({' <-> '.join(words)})" if len(words) > 1 else "".join(words)


def _told(word: str) -> bool:
    return any(sign.isalnum() for sign in word)


def _joined(parts: Sequence[str], sign: str) -> str:
    conditions = [part for part in parts if part]
    return f"({sign.join(conditions)})" if len(conditions) > 1 else "".join(conditions)


def _is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
