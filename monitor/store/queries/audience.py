"""The chats that could be told of an article, with what each of them was told of its story already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.core.delivery.kinds import kinds_where
from monitor.core.delivery.plan import may_stand
from monitor.model import Audience, Chat, Delivery, Mute, Subscription
from monitor.store.codec import chat, delivery, mute, subscription
from monitor.store.database import chunks
from monitor.store.tables.people import mutes
from monitor.store.tables.schema import chats, deliveries, placements, stories, subscriptions
from monitor.store.writes.chat_pauses import is_told

_OPENS_STORY = kinds_where(lambda kind: kind.opens_story)
_REPLIES = kinds_where(lambda kind: kind.counts_as_reply)


def find_audience(
    connection: Connection,
    topic_ids: Sequence[str],
    story_ids: Sequence[str],
    replies_since: datetime,
    *,
    article_id: str | None = None,
) -> Audience:
    """The subscribers of topics; the alert that each has about the first of the stories that it was told of;
    the replies to it; which of the chats were
    told of ``article_id`` in a reply."""
    found = find_subscribers(connection, topic_ids)
    told = find_alerts(connection, [item.id for item in found], story_ids)
    return Audience(
        chats=found,
        told=told,
        replied=_replied(connection, told, replies_since),
        outlets=_outlets(connection, found, story_ids),
        told_by_reply=_told_by_reply(connection, told, article_id) if article_id else frozenset(),
    )


def find_subscribers(connection: Connection, topic_ids: Sequence[str]) -> tuple[Chat, ...]:
    """Chats that are told (active, or closed for now) with their mutes and those of their subscriptions
    that bear on the topics."""
    wanted = sorted({*topic_ids, "*"})
    own = subscriptions.c.topic_id.in_(wanted)
    subscribed = select(subscriptions.c.chat_id).where(own, subscriptions.c.mode != "off")
    listening = (chats.c.id.in_(subscribed), is_told())
    rows = connection.execute(select(chats).where(*listening).order_by(chats.c.id)).mappings().all()
    by_chat: defaultdict[str, list[Subscription]] = defaultdict(list)
    muted: defaultdict[str, list[Mute]] = defaultdict(list)
    for ids in chunks([row["id"] for row in rows]):
        theirs = select(subscriptions).where(own, subscriptions.c.chat_id.in_(ids))
        for row in connection.execute(theirs.order_by(subscriptions.c.topic_id)).mappings():
            by_chat[row["chat_id"]].append(subscription(row))
        unheard = select(mutes).where(mutes.c.chat_id.in_(ids)).order_by(mutes.c.made_at, mutes.c.target)
        for row in connection.execute(unheard).mappings():
            muted[row["chat_id"]].append(mute(row))
    return tuple(chat(row, tuple(by_chat[row["id"]]), tuple(muted[row["id"]])) for row in rows)


def find_alerts(
    connection: Connection, chat_ids: Sequence[str], story_ids: Sequence[str]
) -> dict[str, Delivery]:
    """Chat id → its alert about the first of the stories that it was told of, or about the story that this
    one was parted from."""
    if not (chat_ids and story_ids):
        return {}
    parted = select(stories.c.id, stories.c.parted_from).where(
        stories.c.id.in_(story_ids), stories.c.parted_from.is_not(None)
    )
    formerly = {row.id: row.parted_from for row in connection.execute(parted)}
    ranks: dict[str, int] = {}
    for rank, story in enumerate(story_ids):
        ranks.setdefault(story, rank)
        if story in formerly:
            ranks.setdefault(formerly[story], rank)
    best: dict[str, tuple[bool, int, int, Delivery]] = {}
    for ids in chunks(list(chat_ids)):
        statement = select(deliveries).where(
            deliveries.c.story_id.in_(sorted(ranks)),
            deliveries.c.chat_id.in_(ids),
            deliveries.c.kind.in_(_OPENS_STORY),
        )
        for row in connection.execute(statement).mappings():
            item = delivery(row)
            # One that was given up unsent counts only where there is no other.
            order = (not may_stand(item), ranks[row["story_id"]], item.sequence)
            if item.chat_id not in best or order < best[item.chat_id][:3]:
                best[item.chat_id] = (*order, item)
    return {chat_id: found for chat_id, (_, _, _, found) in best.items()}


def _told_by_reply(connection: Connection, told: Mapping[str, Delivery], article_id: str) -> frozenset[str]:
    column, heard = deliveries.c, set[str]()
    for ids in chunks(sorted(told)):
        statement = select(deliveries).where(
            column.story_id.in_(sorted({told[chat_id].story_id or "" for chat_id in ids})),
            column.chat_id.in_(ids),
            column.kind.in_(_REPLIES),
            column.article_id == article_id,
        )
        rows = connection.execute(statement).mappings()
        heard |= {item.chat_id for item in map(delivery, rows) if may_stand(item)}
    return frozenset(heard)


def _outlets(connection: Connection, found: Sequence[Chat], story_ids: Sequence[str]) -> frozenset[str]:
    if not any(item.least_outlets > 1 for item in found):
        return frozenset()
    statement = select(placements.c.source_id).where(placements.c.story_id.in_(story_ids)).distinct()
    return frozenset(connection.execute(statement).scalars())


def _replied(connection: Connection, told: Mapping[str, Delivery], since: datetime) -> dict[str, int]:
    # Replies belong to the story of the alert that they answer, also those about what was parted from it.
    column = deliveries.c
    counts: dict[tuple[str, str], int] = {}
    for ids in chunks(sorted(told)):
        statement = (
            select(column.chat_id, column.story_id, func.count())
            .where(
                column.story_id.in_(sorted({told[chat_id].story_id or "" for chat_id in ids})),
                column.chat_id.in_(ids),
                column.kind.in_(_REPLIES),
                column.created_at >= since,
            )
            .group_by(column.chat_id, column.story_id)
        )
        for chat_id, story, count in connection.execute(statement):
            counts[chat_id, story] = count
    return {chat_id: counts.get((chat_id, alert.story_id or ""), 0) for chat_id, alert in told.items()}
