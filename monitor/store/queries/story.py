"""Stories with their articles, as alerts and lists show them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from monitor.model import Story
from monitor.store.codec import story_article
from monitor.store.tables.schema import articles, placements, stories

_LONGEST_CHAIN = 20
# Made once: every message asks for its story.
_STORY: BindParameter[str] = bindparam("story")
_SHOWN = (column for column in articles.c if column.name not in {"text", "authors", "pictures"})
_PLACED = (placements.c[name] for name in ("article_id", "copy_of", "copied_share", "likeness", "credit"))
_ARTICLES = (
    select(*_SHOWN, *_PLACED)
    .join(placements, placements.c.article_id == articles.c.id)
    .where(placements.c.story_id == _STORY)
    .order_by(articles.c.seen_at, articles.c.number)
)
_FOLLOWS = select(stories.c.follows).where(stories.c.id == _STORY)
_TOLD_WITH = select(stories.c.told_with).where(stories.c.id == _STORY)


def find_story(connection: Connection, story_id: str) -> Story | None:
    """The story, or the one that it was merged into; None when no article of it is left."""
    story_id = _merged_into(connection, story_id)
    rows = connection.execute(_ARTICLES, {"story": story_id}).mappings().all()
    if not rows:
        return None
    return Story(
        id=story_id,
        articles=tuple(story_article(row) for row in rows),
        follows=connection.execute(_FOLLOWS, {"story": story_id}).scalar_one_or_none(),
    )


def newest_stories(connection: Connection, since: datetime | None, limit: int) -> tuple[Story, ...]:
    """Stories by their newest article, newest first."""
    newest = func.max(placements.c.seen_at)
    statement = select(placements.c.story_id).group_by(placements.c.story_id)
    if since is not None:
        statement = statement.having(newest >= since)
    ids = connection.execute(statement.order_by(newest.desc(), placements.c.story_id).limit(limit)).scalars()
    found = (find_story(connection, story_id) for story_id in ids.all())
    return tuple(story for story in found if story is not None)


def _merged_into(connection: Connection, story_id: str) -> str:
    for _ in range(_LONGEST_CHAIN):
        into = connection.execute(_TOLD_WITH, {"story": story_id}).scalar_one_or_none()
        if into is None:
            break
        story_id = into
    return story_id
