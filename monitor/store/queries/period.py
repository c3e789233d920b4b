"""What was written in a period: for reports, charts, and what is unusual about a topic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from monitor.model import Period, StoryHeard
from monitor.store.codec import story_article
from monitor.store.outbox.bundles import reach_of
from monitor.store.tables.schema import articles, matches, placements


def period_of(connection: Connection, since: datetime, until: datetime, topic_ids: Sequence[str]) -> Period:
    """The stories that matched between two moments, each by its first article of that time.

    Entries that came late (first contact with a source) are left out: nobody was alerted of them.
    """
    own = placements.c
    statement = (
        select(
            articles,
            matches.c.topic_id,
            matches.c.spans,
            own.story_id,
            own.copy_of,
            own.copied_share,
            own.likeness,
            own.credit,
        )
        .join(matches, matches.c.article_id == articles.c.id)
        .join(placements, placements.c.article_id == articles.c.id)
        .where(articles.c.seen_at >= since, articles.c.seen_at < until, articles.c.late.is_(False))
        .order_by(articles.c.seen_at, articles.c.number)
    )
    if topic_ids:
        statement = statement.where(matches.c.topic_id.in_(topic_ids))
    first: dict[str, object] = {}
    topics: defaultdict[str, dict[str, None]] = defaultdict(dict)
    in_headline: set[str] = set()
    seen: dict[str, tuple[datetime, str]] = {}
    outlets = set()
    for row in connection.execute(statement).mappings():
        story_id = row["story_id"]
        first.setdefault(story_id, story_article({**row, "article_id": row["id"]}))  # type: ignore[arg-type]
        topics[story_id][row["topic_id"]] = None
        if any(span[0] == "title" for span in row["spans"]):
            in_headline.add(story_id)
        seen[row["id"]] = (row["seen_at"], row["tier"])
        outlets.add(row["source_id"])
    reach = reach_of(connection, list(first))
    heard = [
        StoryHeard(
            story_id=story_id,
            first=article,  # type: ignore[arg-type]
            topics=tuple(topics[story_id]),
            headline_hit=story_id in in_headline,
            reach=reach[story_id],
        )
        for story_id, article in first.items()
    ]
    return Period(stories=tuple(heard), seen=tuple(seen.values()), outlets=len(outlets))


def moments_of(connection: Connection, since: datetime) -> Mapping[str, tuple[tuple[datetime, str], ...]]:
    """Topic id → when its articles were first seen and in which source, oldest first; late ones left out."""
    rows = connection.execute(
        select(matches.c.topic_id, articles.c.seen_at, articles.c.source_id)
        .join(articles, articles.c.id == matches.c.article_id)
        .where(articles.c.seen_at >= since, articles.c.late.is_(False))
        .order_by(articles.c.seen_at)
    )
    found: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for topic_id, moment, source_id in rows:
        found[topic_id].append((moment, source_id))
    return {topic_id: tuple(moments) for topic_id, moments in found.items()}
