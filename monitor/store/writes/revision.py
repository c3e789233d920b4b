"""Writing down that an article changed, vanished, or was looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from monitor.model import Change, Look, Vanished
from monitor.store.database import insert_into
from monitor.store.tables.schema import article_revisions, articles, looks, placements


def keep_wording(connection: Connection, article_id: str, changes: Sequence[Change], now: datetime) -> bool:
    """Keep the wording so far as a revision row, with what changed since. False: there is none (pruned)."""
    before = connection.execute(
        select(articles.c.title, articles.c.text, placements.c.text_key)
        .join(placements, placements.c.article_id == articles.c.id)
        .where(articles.c.id == article_id)
    ).one_or_none()
    if before is None:
        return False
    revision = article_revisions.c
    last = select(func.coalesce(func.max(revision.n), 0)).where(revision.article_id == article_id)
    connection.execute(
        insert(article_revisions).values(
            article_id=article_id,
            n=connection.execute(last).scalar_one() + 1,
            title=before.title,
            text=before.text,
            text_key=before.text_key,
            seen_at=now,
            changes=[[change.what, change.before, change.after] for change in changes],
        )
    )
    return True


def write_vanished(connection: Connection, vanished: Sequence[Vanished], now: datetime) -> None:
    """Articles whose pages are gone keep their wording; that they are gone is a revision."""
    for each in vanished:
        keep_wording(connection, each.article_id, (each.change,), now)


def write_looks(connection: Connection, looked: Sequence[Look]) -> None:
    """Remember the validators of each page for the next look."""
    for look in looked:
        values = {
            "looked_at": look.looked_at,
            "etag": look.etag,
            "last_modified": look.last_modified,
        }
        statement = insert_into(connection, looks).values(article_id=look.article_id, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=[looks.c.article_id], set_=values))


def find_look(connection: Connection, article_id: str) -> Look | None:
    """The last look at an article's page."""
    row = connection.execute(select(looks).where(looks.c.article_id == article_id)).one_or_none()
    if row is None:
        return None
    return Look(
        article_id=row.article_id,
        looked_at=row.looked_at,
        etag=row.etag,
        last_modified=row.last_modified,
    )
