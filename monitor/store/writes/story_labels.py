"""Keeping what operators join and part as labelled pairs of articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import product
from typing import Final

from sqlalchemy import Connection, select

from monitor.core.story.assign import compared_stored
from monitor.core.story.pairs.features import features
from monitor.model import Related, StoryLabel
from monitor.store.database import upsert
from monitor.store.queries.candidates import load_candidates
from monitor.store.tables.schema import placements
from monitor.store.tables.stories import prints, story_labels

MOST_OF_A_STORY: Final = 8
"""So many articles speak for a story: one act of an operator must not outweigh all others."""


def voices(connection: Connection, story_id: str) -> list[str]:
    """The first articles of a story that are no copies, of those that are still compared with others."""
    column = placements.c
    own = (
        select(column.article_id)
        .join(prints, prints.c.article_id == column.article_id)
        .where(column.story_id == story_id, column.copy_of.is_(None))
    )
    return list(
        connection.execute(own.order_by(column.seen_at, column.article_id).limit(MOST_OF_A_STORY)).scalars()
    )


def label_pairs(
    connection: Connection, these: Sequence[str], those: Sequence[str], *, same: bool, now: datetime
) -> None:
    """Each of these articles with each of those is one story (``same``), or is not. The last word counts."""
    wanted = {*these, *those}
    numbers = connection.execute(select(prints.c.number).where(prints.c.article_id.in_(wanted))).scalars()
    stored = {item.article_id: item for item in load_candidates(connection, set(numbers)).values()}
    rows = []
    for one, other in product(these, those):
        if one == other or one not in stored or other not in stored:
            continue
        pair = features([compared_stored(stored[name], Related()) for name in (one, other)])
        first, second = sorted((one, other))
        rows.append(
            {
                "one": first,
                "other": second,
                "same": same,
                "at": now,
                "features": {name: round(float(value[0, 1]), 5) for name, value in pair.items()},
            }
        )
    if rows:
        connection.execute(upsert(connection.dialect.name, story_labels), rows)


def find_labels(connection: Connection) -> tuple[StoryLabel, ...]:
    """All labelled pairs, oldest first."""
    column = story_labels.c
    rows = connection.execute(select(story_labels).order_by(column.at, column.one, column.other)).mappings()
    return tuple(StoryLabel(**row) for row in rows)
