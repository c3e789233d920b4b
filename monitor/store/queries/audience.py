"""The chats that could be told of an article, with what each of them was told of its story already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from monitor.core.delivery.kinds import kinds_where
from monitor.core.delivery.plan import may_stand
from monitor.model import Audience, Chat, Delivery, Mute, Subscription
from monitor.store.codec import chat, delivery, mute, subscription
from monitor.store.database import chunks
from monitor.store.tables.columns import Utc
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
    wanted = {"topics": sorted({*topic_ids, "*"})}
    rows = connection.execute(_LISTENING, wanted).mappings().all()
    by_chat: defaultdict[str, list[Subscription]] = defaultdict(list)
    muted: defaultdict[str, list[Mute]] = defaultdict(list)
    for ids in chunks([row["id"] for row in rows]):
        for row in connection.execute(_SUBSCRIBED, {**wanted, "chats": ids}).mappings():
            by_chat[row["chat_id"]].append(subscription(row))
        for row in connection.execute(_MUTED, {"chats": ids}).mappings():
            muted[row["chat_id"]].append(mute(row))
    return tuple(chat(row, tuple(by_chat[row["id"]]), tuple(muted[row["id"]])) for row in rows)


def find_alerts(
    connection: Connection, chat_ids: Sequence[str], story_ids: Sequence[str]
) -> dict[str, Delivery]:
    """Chat id → its alert about the first of the stories that it was told of, or about the story that this
    one was parted from."""
    if not (chat_ids and story_ids):
        return {}
    parted = connection.execute(_PARTED, {"stories": list(story_ids)})
    formerly = {row.id: row.parted_from for row in parted}
    ranks: dict[str, int] = {}
    for rank, story in enumerate(story_ids):
        ranks.setdefault(story, rank)
        if story in formerly:
            ranks.setdefault(formerly[story], rank)
    best: dict[str, tuple[bool, int, int, Delivery]] = {}
    for ids in chunks(list(chat_ids)):
        for row in connection.execute(_ALERTS, {"stories": sorted(ranks), "chats": ids}).mappings():
            item = delivery(row)
            # One that was given up unsent counts only where there is no other.
            order = (not may_stand(item), ranks[row["story_id"]], item.sequence)
            if item.chat_id not in best or order < best[item.chat_id][:3]:
                best[item.chat_id] = (*order, item)
    return {chat_id: found for chat_id, (_, _, _, found) in best.items()}


def _told_by_reply(connection: Connection, told: Mapping[str, Delivery], article_id: str) -> frozenset[str]:
    heard = set[str]()
    for ids in chunks(sorted(told)):
        asked = {"stories": _stories_of(told, ids), "chats": ids, "article": article_id}
        rows = connection.execute(_TOLD_BY_REPLY, asked).mappings()
        heard |= {item.chat_id for item in map(delivery, rows) if may_stand(item)}
    return frozenset(heard)


def _outlets(connection: Connection, found: Sequence[Chat], story_ids: Sequence[str]) -> frozenset[str]:
    if not any(item.least_outlets > 1 for item in found):
        return frozenset()
    return frozenset(connection.execute(_SOURCES, {"stories": list(story_ids)}).scalars())


def _replied(connection: Connection, told: Mapping[str, Delivery], since: datetime) -> dict[str, int]:
    # Replies belong to the story of the alert that they answer, also those about what was parted from it.
    counts: dict[tuple[str, str], int] = {}
    for ids in chunks(sorted(told)):
        asked = {"stories": _stories_of(told, ids), "chats": ids, "since": since}
        for chat_id, story, count in connection.execute(_REPLIED, asked):
            counts[chat_id, story] = count
    return {chat_id: counts.get((chat_id, alert.story_id or ""), 0) for chat_id, alert in told.items()}


def _stories_of(told: Mapping[str, Delivery], chat_ids: Sequence[str]) -> list[str]:
    return sorted({told[chat_id].story_id or "" for chat_id in chat_ids})


# Made once: every article that matches is asked for.
_IN_STORIES: BindParameter[str] = bindparam("stories", expanding=True)
_IN_CHATS: BindParameter[str] = bindparam("chats", expanding=True)
_OWN = subscriptions.c.topic_id.in_(bindparam("topics", expanding=True))
_LISTENING = (
    select(chats)
    .where(
        chats.c.id.in_(select(subscriptions.c.chat_id).where(_OWN, subscriptions.c.mode != "off")), is_told()
    )
    .order_by(chats.c.id)
)
_SUBSCRIBED = (
    select(subscriptions)
    .where(_OWN, subscriptions.c.chat_id.in_(_IN_CHATS))
    .order_by(subscriptions.c.topic_id)
)
_MUTED = select(mutes).where(mutes.c.chat_id.in_(_IN_CHATS)).order_by(mutes.c.made_at, mutes.c.target)
_PARTED = select(stories.c.id, stories.c.parted_from).where(
    stories.c.id.in_(_IN_STORIES), stories.c.parted_from.is_not(None)
)
_SOURCES = select(placements.c.source_id).where(placements.c.story_id.in_(_IN_STORIES)).distinct()
_OF_THEIRS = (deliveries.c.story_id.in_(_IN_STORIES), deliveries.c.chat_id.in_(_IN_CHATS))
_ALERTS = select(deliveries).where(*_OF_THEIRS, deliveries.c.kind.in_(_OPENS_STORY))
_ANSWERS = (*_OF_THEIRS, deliveries.c.kind.in_(_REPLIES))
_TOLD_BY_REPLY = select(deliveries).where(*_ANSWERS, deliveries.c.article_id == bindparam("article"))
_REPLIED = (
    select(deliveries.c.chat_id, deliveries.c.story_id, func.count())
    .where(*_ANSWERS, deliveries.c.created_at >= bindparam("since", type_=Utc()))
    .group_by(deliveries.c.chat_id, deliveries.c.story_id)
)
