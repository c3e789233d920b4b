"""Telling who follows a topic that it says far more, or far less, than it usually does."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from monitor.core.delivery.plan import delivery_key
from monitor.core.delivery.preferences import after_quiet_hours, is_muted, is_told, is_watch, wanted
from monitor.core.delivery.volume import SILENCE_LONGEST_DAYS, USUAL_DAYS, Unusual, unusual, unusual_text
from monitor.core.rulebook import Rulebook
from monitor.core.source.blind_time import blind_time
from monitor.i18n.localizer import localizer
from monitor.model import Chat, Delivery, NoticeText, Topic
from monitor.ports import Store


def watch_volume(store: Store, rulebook: Rulebook, *, now: datetime) -> int:
    """Write the alerts about topics that spike or fell silent. Returns how many were new.

    Each chat that follows the topic, and every operator, is told once of a spike a day and once of
    a silence: the delivery's key says which. Neither is told of a time in which nobody watched. A
    person's watch is nobody else's business, and a chat with safe links gets nothing that names a topic.
    """
    since = now - timedelta(days=USUAL_DAYS + SILENCE_LONGEST_DAYS)
    moments, states, gaps = store.articles.moments(since), store.sources.states(), store.sources.gaps(since)
    operators = [chat for chat in store.chats.all() if chat.operator and is_told(chat)]
    made: list[Delivery] = []
    for topic in rulebook.named.values():
        seen = [moment for moment, _ in moments.get(topic.id, ())]
        weights = Counter(source for _, source in moments.get(topic.id, ()))
        found = unusual(seen, now, blind=blind_time(states, gaps, weights, now))
        if found is None:
            continue
        which = f"{now:%Y-%m-%d}" if found.kind == "spike" else seen[-1].isoformat()
        followers = [chat for chat in store.chats.subscribers([topic.id]) if _follows(chat, topic, now)]
        recipients = {chat.id: chat for chat in followers}
        if not is_watch(topic.id):
            recipients |= {chat.id: chat for chat in operators}
        made.extend(_delivery(chat, topic, found, which, now) for chat in recipients.values())
    return store.outbox.add(made, now) if made else 0


def _follows(chat: Chat, topic: Topic, now: datetime) -> bool:
    safe = chat.safe_links != "off"
    return not safe and wanted(chat, topic.id) != "off" and not is_muted(chat, "topic", topic.id, now)


def _delivery(chat: Chat, topic: Topic, found: Unusual, which: str, now: datetime) -> Delivery:
    return Delivery(
        key=delivery_key(chat.id, "volume", topic.id, found.kind, which),
        chat_id=chat.id,
        kind="notice",
        payload=NoticeText(text=unusual_text(topic.title or topic.id, found, localizer(chat.language))),
        created_at=now,
        not_before=after_quiet_hours(chat, now),
    )
