"""Reading whole articles and their matches on a connection that is open already."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, select

from monitor.model import Article, Match
from monitor.store.codec import article, match
from monitor.store.tables.schema import articles, matches, placements

_KEYS = (
    placements.c.version,
    placements.c.url_key,
    placements.c.text_key,
    placements.c.headline_key,
    placements.c.guid_key,
)


def whole_articles() -> Select[*tuple[Any, ...]]:
    """A statement for articles with their fingerprints, to be narrowed down."""
    columns = [column for column in articles.c if column.name not in {"number", "indexed"}]
    return select(*columns, *_KEYS).join(placements, placements.c.article_id == articles.c.id)


def read_articles(connection: Connection, statement: Select[*tuple[Any, ...]]) -> tuple[Article, ...]:
    """The articles that a statement made of ``whole_articles`` finds."""
    return tuple(article(row) for row in connection.execute(statement).mappings())


def find_article(connection: Connection, article_id: str) -> Article | None:
    """An article by its id; None when it was never stored, or pruned."""
    found = read_articles(connection, whole_articles().where(articles.c.id == article_id))
    return found[0] if found else None


def find_matches(connection: Connection, article_id: str) -> tuple[Match, ...]:
    """An article's matches, the best first."""
    statement = (
        select(matches)
        .where(matches.c.article_id == article_id)
        .order_by(matches.c.score.desc(), matches.c.topic_id)
    )
    return tuple(match(row) for row in connection.execute(statement).mappings())
