"""What happened in a period, in numbers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.core.delivery.kinds import kinds_where
from monitor.model import DayFigures
from monitor.store.tables.outbox import deliveries
from monitor.store.tables.schema import articles, matches
from monitor.store.tables.stories import stories

_OPENS_STORY = kinds_where(lambda kind: kind.opens_story)


def find_figures(connection: Connection, since: datetime, until: datetime) -> DayFigures:
    """Alerts sent, stories opened, articles stored and matches from ``since`` to before ``until``."""
    own = deliveries.c
    # ``tried_at`` has an index over all chats; what was sent was tried then.
    sent = select(func.count()).where(
        own.tried_at >= since, own.tried_at < until, own.state == "sent", own.kind.in_(_OPENS_STORY)
    )
    opened = (
        select(func.count())
        .select_from(stories)
        .where(stories.c.opened_at >= since, stories.c.opened_at < until)
    )
    inside = (articles.c.seen_at >= since, articles.c.seen_at < until)
    stored = select(func.count()).select_from(articles).where(*inside)
    matched = (
        select(func.count())
        .select_from(articles)
        .join(matches, matches.c.article_id == articles.c.id)
        .where(*inside)
    )
    counts = [int(connection.execute(each).scalar_one()) for each in (sent, opened, stored, matched)]
    return DayFigures(alerts=counts[0], stories=counts[1], articles=counts[2], matches=counts[3])


def find_waits(connection: Connection, since: datetime, limit: int) -> tuple[float, ...]:
    """Seconds from publication to the sent alert, newest first; dates in the future are left out."""
    own = deliveries.c
    statement = (
        select(own.sent_at, articles.c.published)
        .join(articles, articles.c.id == own.article_id)
        .where(
            own.tried_at >= since,
            own.state == "sent",
            own.kind.in_(_OPENS_STORY),
            articles.c.published.is_not(None),
        )
        .order_by(own.tried_at.desc())
        .limit(limit)
    )
    found = []
    for sent_at, published in connection.execute(statement):
        if sent_at is not None and sent_at >= published:
            found.append((sent_at - published).total_seconds())
    return tuple(found)
