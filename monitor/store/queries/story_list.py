"""Stories as a list shows them: three statements for a page, along the time at which articles were seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, case, exists, func, select

from monitor.core.delivery.preferences import is_watch
from monitor.model import StoryFilter, StoryRow
from monitor.store.tables.schema import articles, matches, placements


def find_stories(connection: Connection, wanted: StoryFilter) -> tuple[StoryRow, ...]:
    """See ``monitor.ports.Lists.stories``. An article outside the period does not count."""
    own, placed = articles.c, placements.c
    newest = func.max(own.seen_at)
    inside = (own.seen_at >= wanted.since, own.seen_at < wanted.until)
    statement = (
        select(placed.story_id)
        .join(articles, own.id == placed.article_id)
        .where(*inside)
        .group_by(placed.story_id)
        .order_by(newest.desc(), placed.story_id)
        .offset(wanted.offset)
        .limit(wanted.limit)
    )
    for condition in _some_article(wanted):
        statement = statement.having(func.max(case((condition, 1), else_=0)) == 1)
    if wanted.outlets > 1:
        statement = statement.having(func.count(own.source_id.distinct()) >= wanted.outlets)
    ids = list(connection.execute(statement).scalars())
    if not ids:
        return ()
    return _rows(connection, ids, inside)


def stories_by_id(connection: Connection, ids: Sequence[str]) -> tuple[StoryRow, ...]:
    """These stories in this order with all their articles; those without any are left out."""
    return _rows(connection, ids, ()) if ids else ()


def _rows(
    connection: Connection, ids: Sequence[str], inside: Sequence[ColumnElement[bool]]
) -> tuple[StoryRow, ...]:
    own, placed = articles.c, placements.c
    columns = (
        own.id,
        own.title,
        own.url,
        own.source_id,
        own.source_name,
        own.tier,
        own.language,
        own.seen_at,
    )
    rows = connection.execute(
        select(placed.story_id, *columns)
        .join(articles, own.id == placed.article_id)
        .where(placed.story_id.in_(ids), *inside)
        .order_by(own.seen_at, own.number)
    ).mappings()
    of_story: defaultdict[str, list[Mapping[str, object]]] = defaultdict(list)
    for row in rows:
        of_story[row["story_id"]].append(dict(row))
    topics = _topics_of_stories(connection, ids)
    return tuple(
        _row(story_id, of_story[story_id], topics.get(story_id, ()))
        for story_id in ids
        if story_id in of_story
    )


def topics_of(connection: Connection, article_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Article id → the operator's topics that it matches; watches are their chats' own."""
    if not article_ids:
        return {}
    found: defaultdict[str, list[str]] = defaultdict(list)
    statement = (
        select(matches.c.article_id, matches.c.topic_id)
        .where(matches.c.article_id.in_(article_ids))
        .order_by(matches.c.topic_id)
    )
    for article_id, topic_id in connection.execute(statement):
        if not is_watch(topic_id):
            found[article_id].append(topic_id)
    return {article_id: tuple(topics) for article_id, topics in found.items()}


def _some_article(wanted: StoryFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.topic:
        of_topic = matches.c.topic_id == wanted.topic
        found.append(exists().where(matches.c.article_id == placements.c.article_id, of_topic))
    if wanted.tier:
        found.append(articles.c.tier == wanted.tier)
    if wanted.language:
        found.append(articles.c.language == wanted.language)
    return found


def _topics_of_stories(connection: Connection, ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    statement = (
        select(placements.c.story_id, matches.c.topic_id)
        .join(matches, matches.c.article_id == placements.c.article_id)
        .where(placements.c.story_id.in_(ids))
        .distinct()
        .order_by(matches.c.topic_id)
    )
    for story_id, topic_id in connection.execute(statement):
        if not is_watch(topic_id):
            found[story_id].append(topic_id)
    return {story_id: tuple(topics) for story_id, topics in found.items()}


def _row(story_id: str, rows: Sequence[Mapping[str, object]], topics: tuple[str, ...]) -> StoryRow:
    first, last = rows[0], rows[-1]

    def each(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(row[name]) for row in rows if row[name]))

    return StoryRow(
        id=story_id,
        title=str(first["title"]),
        url=str(first["url"]),
        first_outlet=str(first["source_name"] or first["source_id"]),
        newest_at=last["seen_at"],  # type: ignore[arg-type]
        articles=len(rows),
        outlets=len(each("source_id")),
        tiers=each("tier"),
        languages=each("language"),
        topics=topics,
    )
