"""Writing down an article's marks: what later articles are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from monitor.core.delivery.kinds import kinds_where
from monitor.core.delivery.plan import delivery_key
from monitor.core.story.assign import story_id as named_after
from monitor.core.story.pairs.features import profile_of, term_hashes
from monitor.core.story.pairs.rarity import weight_of
from monitor.model import Delivery, Fact, Features, Placed
from monitor.store.codec import delivery
from monitor.store.database import each_of, insert_into, insert_new, of_each
from monitor.store.outbox.finish import end_followers
from monitor.store.partitions import dropped_below
from monitor.store.queries.candidates import hashes_asked
from monitor.store.queries.counts import count_all, count_print, skip_print
from monitor.store.tables.desk import pinned_stories
from monitor.store.tables.schema import deliveries, placements, stories
from monitor.store.tables.stories import print_anchors, prints, story_facts, story_terms
from monitor.store.writes.inserts import post_deliveries


def write_marks(connection: Connection, placed: Placed, *, fresh: bool = False) -> None:
    """Write the print, terms and facts of a placed article, instead of those of an earlier wording;
    ``fresh``: there is none."""
    article_id, features = placed.placement.article_id, placed.features
    if not fresh:
        # It was counted, even if its marks were pruned since.
        count_all(connection)
        _forget(connection, article_id)
    number = _insert(connection, placed, article_id, features)
    _index(connection, "print_anchors (anchor, number)", features.print.anchors, number)
    asked = hashes_asked(features.terms, placed.basis.surroundings)
    _index(connection, "story_terms (term, number)", asked, number)
    if fresh:
        count_print(connection, number)
    else:
        skip_print(connection, number)
    write_facts(connection, placed.placement.story_id, features.facts)


def write_facts(connection: Connection, story_id: str, facts: Sequence[Fact]) -> None:
    """The story knows these facts from now on."""
    if facts:
        connection.execute(
            insert_new(connection.dialect.name, story_facts),
            [{"story_id": story_id, "fact": key} for key in sorted({fact.key for fact in facts})],
        )


def join_stories(connection: Connection, merged: Sequence[str], into: str, now: datetime) -> None:
    """Make stories one: articles, facts and what was told move; the old rows name where they went.

    The chat's first alert of any of them is the alert of the whole: those that were not sent yet are not
    sent, and those that were are struck through.
    """
    for story_id in merged:
        for column in (placements.c.story_id, deliveries.c.story_id):
            connection.execute(update(column.table).where(column == story_id).values(story_id=into))
        facts = connection.execute(select(story_facts.c.fact).where(story_facts.c.story_id == story_id))
        rows = [{"story_id": into, "fact": fact} for fact in facts.scalars()]
        if rows:
            connection.execute(insert_into(connection, story_facts).on_conflict_do_nothing(), rows)
        connection.execute(delete(story_facts).where(story_facts.c.story_id == story_id))
        connection.execute(update(stories).where(stories.c.id == story_id).values(told_with=into))
        _move_pin(connection, story_id, into)
    if merged:
        _one_alert(connection, into, now)


def _move_pin(connection: Connection, story_id: str, into: str) -> None:
    """What somebody pinned stays pinned as the story that it became."""
    was = select(pinned_stories).where(pinned_stories.c.story_id == story_id)
    pin = connection.execute(was).mappings().one_or_none()
    if pin is not None:
        connection.execute(delete(pinned_stories).where(pinned_stories.c.story_id == story_id))
        moved = {**pin, "story_id": into}
        connection.execute(insert_into(connection, pinned_stories).on_conflict_do_nothing(), moved)


def _one_alert(connection: Connection, story_id: str, now: datetime) -> None:
    """Of a chat's alerts about a story leave the first that was sent, or is: cancel those that were never
    tried, have the others struck through."""
    column = deliveries.c
    alerts = select(deliveries).where(
        column.story_id == story_id,
        column.kind.in_(_OPENS_STORY),
        column.state.not_in(("dead", "cancelled", "collected")),
    )
    first: dict[str, str] = {}
    spare: list[str] = []
    said: list[Delivery] = []
    rows = [delivery(row) for row in connection.execute(alerts.order_by(column.sequence)).mappings()]
    untried = {row.key for row in rows if row.state == "pending" and row.attempts == 0}
    for row in sorted(rows, key=lambda row: row.key in untried):
        if row.chat_id not in first:
            first[row.chat_id] = row.key
        elif row.key in untried:
            spare.append(row.key)
        elif row.state != "bundled":
            said.append(row)
    post_deliveries(connection, [_strike(row, story_id, now) for row in said])
    if spare:
        reason = f"its story became one with {story_id}, of which the chat is told"
        gone = update(deliveries).where(column.key.in_(spare), column.state == "pending")
        connection.execute(gone.values(state="cancelled", error=reason))
        end_followers(connection, spare, "cancelled", reason)


def _strike(alert: Delivery, story_id: str, now: datetime) -> Delivery:
    return Delivery(
        key=delivery_key(alert.key, "strike"),
        chat_id=alert.chat_id,
        kind="strike",
        payload=alert.payload,
        created_at=now,
        not_before=now,
        story_id=story_id,
        article_id=alert.article_id,
        after_key=alert.key,
    )


_OPENS_STORY = kinds_where(lambda kind: kind.opens_story)


def part_story(connection: Connection, article_ids: Sequence[str], now: datetime) -> str | None:
    """Give articles of one story, with what copies them, a story of their own; its id, or None when the
    first of them, after which it is named, opened the one that they are in. Chats that were told of the old
    story count as told of the new one."""
    if not article_ids:
        return None
    placed, first = placements.c, article_ids[0]
    old = connection.execute(select(placed.story_id).where(placed.article_id == first)).scalar_one_or_none()
    own = named_after(first)
    if old is None or old == own:
        return None
    row = {
        "id": own,
        "article_id": first,
        "opened_at": now,
        "follows": old,
        "parted_from": old,
    }
    statement = insert_into(connection, stories).values(row)
    again = {"told_with": None, "follows": old, "parted_from": old}
    connection.execute(statement.on_conflict_do_update(index_elements=[stories.c.id], set_=again))
    moved = or_(placed.article_id.in_(article_ids), placed.copy_of.in_(article_ids))
    connection.execute(update(placements).where(moved, placed.story_id == old).values(story_id=own))
    facts = connection.execute(select(story_facts.c.fact).where(story_facts.c.story_id == old)).scalars()
    rows = [{"story_id": own, "fact": fact} for fact in facts]
    if rows:
        connection.execute(insert_into(connection, story_facts).on_conflict_do_nothing(), rows)
    return own


def part_opening(connection: Connection, article_id: str, now: datetime) -> str | None:
    """Leave its story to the article that opened it: the others, but for its copies, get one of their own.

    The id of the story that it keeps; None when nothing else is in it.
    """
    placed = placements.c
    own = connection.execute(
        select(placed.story_id).where(placed.article_id == article_id)
    ).scalar_one_or_none()
    if own is None or own != named_after(article_id):
        return None
    others = select(placed.article_id).where(
        placed.story_id == own,
        placed.article_id != article_id,
        or_(placed.copy_of.is_(None), placed.copy_of != article_id),
    )
    rest = connection.execute(others.order_by(placed.seen_at, placed.article_id)).scalars().all()
    return own if part_story(connection, rest, now) is not None else None


def forget_marks(connection: Connection, article_ids: Sequence[str]) -> int:
    """Take the marks of these articles away; what they were counted for stays. How many articles."""
    if article_ids:
        count_all(connection)
        dropped = dropped_below(connection)
        for article_id in article_ids:
            _forget(connection, article_id, dropped=dropped)
    return len(article_ids)


def _insert(connection: Connection, placed: Placed, article_id: str, features: Features) -> int:
    article, surroundings = placed.article, placed.basis.surroundings
    row = {
        "article_id": article_id,
        "seen_at": article.seen_at,
        "title": article.title,
        "language": article.language,
        "words": features.print.words,
        "anchors": np.array(features.print.anchors, dtype="<i8").tobytes(),
        "sketch": features.print.sketch,
        "profile": surroundings.profile
        or profile_of(features.terms, weight_of(surroundings.counts, surroundings.articles)),
        "lead": features.claims.lead,
        "vector": features.vector,
    }
    number: int = connection.execute(_INSERT, row).scalar_one()
    return number


_INSERT = insert(prints).returning(prints.c.number)


_STORED = select(prints.c.number, prints.c.anchors, prints.c.profile).where(
    prints.c.article_id == bindparam("article_id")
)


def _forget(connection: Connection, article_id: str, *, dropped: int = 0) -> None:
    row = connection.execute(_STORED, {"article_id": article_id}).one_or_none()
    if row is None:
        return
    is_indexed = row.number >= dropped
    anchors = np.frombuffer(row.anchors, dtype="<i8").tolist() if is_indexed else []
    terms = term_hashes(row.profile).tolist() if is_indexed else []
    for column, values in ((print_anchors.c.anchor, anchors), (story_terms.c.term, terms)):
        if values:
            # By the whole key: these tables are ordered by value, so a number alone would mean a scan.
            gone = delete(column.table).where(
                column == bindparam("v"), column.table.c.number == bindparam("n")
            )
            connection.execute(gone, [{"v": value, "n": row.number} for value in values])
    connection.execute(delete(prints).where(prints.c.number == row.number))


def _index(connection: Connection, columns: str, values: Sequence[int], number: int) -> None:
    """Write a row for each value, by which the article is found."""
    if values:
        dialect = connection.dialect.name
        statement = of_each(dialect, f"INSERT INTO {columns} {_EACH_WITH_NUMBER}")
        connection.execute(statement, {"each": each_of(dialect, values), "number": number})


# WHERE: without it SQLite takes ON for that of a join.
_EACH_WITH_NUMBER = (
    "SELECT value, CAST(:number AS BIGINT) FROM ({each}) AS found WHERE true ON CONFLICT DO NOTHING"
)
