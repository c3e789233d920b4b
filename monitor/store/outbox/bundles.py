"""Alerts that are said together: what waits, and turning it into one digest, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from monitor.core.delivery.kinds import kinds_where
from monitor.core.message.present_wording import with_headline
from monitor.model import Backlog, Delivery, Reach
from monitor.ports.outbox import Compose
from monitor.store.codec import delivery
from monitor.store.database import chunks
from monitor.store.outbox.finish import end_followers
from monitor.store.tables.schema import articles, chats, deliveries, placements
from monitor.store.writes.chat_pauses import is_told
from monitor.store.writes.inserts import post_deliveries

_HOUR = timedelta(hours=1)
_BUDGETED = kinds_where(lambda kind: kind.counts_towards_budget)
_BUNDLED = kinds_where(lambda kind: kind.is_bundled)


def backlog_of(connection: Connection, item: Delivery, now: datetime) -> Backlog:
    """What bears on sending this alert now."""
    waiting = connection.execute(
        select(func.count()).select_from(deliveries).where(_waits(item.chat_id, now))
    ).scalar_one()
    sent, first = connection.execute(
        select(func.count(), func.min(deliveries.c.sent_at)).where(
            deliveries.c.chat_id == item.chat_id,
            deliveries.c.sent_at > now - _HOUR,
            deliveries.c.kind.in_(_BUDGETED),
        )
    ).one()
    return Backlog(waiting=waiting, sent_lately=sent, first_sent_at=first)


def bundle(connection: Connection, item: Delivery, compose: Compose, now: datetime) -> bool:
    """The claimed alert and all that wait behind it become the digest that ``compose`` makes of them.

    False, and nothing written, when the alert is no longer its sender's.
    """
    ours = and_(
        deliveries.c.key == item.key,
        deliveries.c.state == "sending",
        deliveries.c.owner == item.owner,
        deliveries.c.epoch == item.epoch,
    )
    if connection.execute(select(deliveries.c.key).where(ours).with_for_update()).first() is None:
        return False
    _say_together(connection, [item, *_rows(connection, _waits(item.chat_id, now))], compose)
    return True


def due_collections(connection: Connection, now: datetime) -> list[str]:
    """Active chats whose collected alerts are due."""
    rows = connection.execute(
        select(deliveries.c.chat_id)
        .distinct()
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .where(_collected(now), is_told())
    )
    return list(rows.scalars())


def collect(connection: Connection, chat_id: str, compose: Compose, now: datetime) -> int:
    """The chat's collected alerts that are due become one digest. Returns how many they were."""
    members = _rows(connection, and_(deliveries.c.chat_id == chat_id, _collected(now)))
    if members:
        _say_together(connection, members, compose)
    return len(members)


def reach_of(connection: Connection, story_ids: Sequence[str]) -> Mapping[str, Reach]:
    """How far these stories went."""
    found: dict[str, Reach] = {}
    for some in chunks(sorted(set(story_ids))):
        rows = connection.execute(
            select(
                placements.c.story_id,
                placements.c.copy_of,
                articles.c.source_id,
                articles.c.language,
                articles.c.tier,
            )
            .join(articles, articles.c.id == placements.c.article_id)
            .where(placements.c.story_id.in_(some))
        ).all()
        for story_id in some:
            mine = [row for row in rows if row[0] == story_id]
            if mine:
                tiers: dict[str, int] = {}
                for row in mine:
                    tiers[row.tier] = tiers.get(row.tier, 0) + 1
                found[story_id] = Reach(
                    outlets=len({row.source_id for row in mine}),
                    languages=max(1, len({row.language for row in mine} - {None})),
                    copies=sum(row.copy_of is not None for row in mine),
                    tiers=tiers,
                )
    return found


def _say_together(connection: Connection, members: Sequence[Delivery], compose: Compose) -> None:
    reach = reach_of(connection, [item.story_id for item in members if item.story_id])
    parts = compose(_in_present_words(connection, members), reach)
    said_by = {"state": "bundled", "bundle": parts[0].key, "owner": None, "lease_until": None, "error": None}
    for keys in chunks([item.key for item in members]):
        connection.execute(update(deliveries).where(deliveries.c.key.in_(keys)).values(said_by))
        end_followers(connection, keys, "cancelled", "its alert is said by a digest")
    post_deliveries(connection, parts)


def _in_present_words(connection: Connection, members: Sequence[Delivery]) -> list[Delivery]:
    """A headline that was corrected since is said as it stands now."""
    titles: dict[str, str] = {}
    for ids in chunks(sorted({item.article_id for item in members if item.article_id})):
        rows = connection.execute(select(articles.c.id, articles.c.title).where(articles.c.id.in_(ids)))
        titles |= dict(rows.all())
    return [with_headline(item, titles.get(item.article_id or "", "")) for item in members]


def _rows(connection: Connection, wanted: ColumnElement[bool]) -> list[Delivery]:
    found = connection.execute(select(deliveries).where(wanted).order_by(deliveries.c.sequence)).mappings()
    return [delivery(row) for row in found]


def _waits(chat_id: str, now: datetime) -> ColumnElement[bool]:
    # An alert that came in while this transaction waited for its turn is younger than ``now``. Left
    # out, it would stand before the digest and be said before what is older.
    not_held = deliveries.c.not_before <= deliveries.c.created_at
    return and_(
        deliveries.c.chat_id == chat_id,
        deliveries.c.state == "pending",
        deliveries.c.kind.in_(_BUNDLED),
        # What may have arrived in these very words is said in them again.
        or_(deliveries.c.uncertain_sends == 0, deliveries.c.attempts == 0),
        or_(deliveries.c.not_before <= now, not_held),
    )


def _collected(now: datetime) -> ColumnElement[bool]:
    return and_(deliveries.c.state == "collected", deliveries.c.not_before <= now)
