"""Records for tests, with everything that a test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from monitor.core.delivery.kinds import MessageContext, traits
from monitor.model import (
    Alert,
    Article,
    Chat,
    Delivery,
    Entry,
    Fingerprint,
    Match,
    Message,
    Neighbour,
    Source,
    Span,
    Subscription,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def fingerprint(**changes: Any) -> Fingerprint:
    given = {"version": 1, "url_key": "u1", "text_key": "t1", "headline_key": "h1", "guid_key": "g1"}
    return Fingerprint(**{**given, **changes})


def article(**changes: Any) -> Article:
    given: dict[str, Any] = {
        "id": "a1",
        "entry_id": "e1",
        "source_id": "herald",
        "url": "https://herald.example/a",
        "canonical_url": "https://herald.example/a",
        "title": "Envoy in Minsk",
        "text": "The envoy met Lukashenko. They spoke about potash.\n\nMore followed later.",
        "lead": "The envoy met Lukashenko. They spoke about potash.",
        "fingerprint": fingerprint(),
        "seen_at": NOW,
        "published": NOW,
        "language": "en",
        "source_name": "The Herald",
        "tier": "independent",
    }
    return Article(**{**given, **changes})


def neighbour(**changes: Any) -> Neighbour:
    given: dict[str, Any] = {
        "article_id": "n1",
        "story_id": "sn1",
        "source_id": "wire",
        "shared": frozenset({"text"}),
        "text_key": "t1",
        "headline_key": "h1",
        "seen_at": NOW,
    }
    return Neighbour(**{**given, **changes})


def entry(number: int = 1, **changes: Any) -> Entry:
    given: dict[str, Any] = {
        "id": f"e{number}",
        "source_id": "herald",
        "guid": f"guid-{number}",
        "url": f"https://herald.example/{number}",
        "title": f"Headline {number}",
        "published": NOW,
        "stamp": f"stamp-{number}",
    }
    return Entry(**{**given, **changes})


def source(**changes: Any) -> Source:
    given: dict[str, Any] = {
        "id": "herald",
        "name": "The Herald",
        "kind": "feed",
        "url": "https://herald.example/rss",
    }
    return Source(**{**given, **changes})


def chat(*topics: str, **changes: Any) -> Chat:
    chat_id = changes.pop("id", "telegram:1")
    channel, _, address = chat_id.partition(":")
    subscriptions = tuple(Subscription(chat_id=chat_id, topic_id=topic) for topic in topics or ("*",))
    given = {"id": chat_id, "channel": channel, "address": address, "subscriptions": subscriptions}
    return Chat(**{**given, **changes})


def match(topic: str = "belarus", *spans: Span) -> Match:
    return Match(topic_id=topic, score=0.5, spans=spans)


def alert(**changes: Any) -> Alert:
    given: dict[str, Any] = {
        "story_id": "s1",
        "article_id": "a1",
        "headline": "Envoy in Minsk",
        "url": "https://herald.example/a",
        "outlet": "The Herald",
        "tier": "independent",
        "language": "en",
        "published": NOW,
        "seen_at": NOW,
        "excerpt": "The envoy met Lukashenko.",
        "highlights": ((4, 9),),
        "headline_highlights": (),
        "topics": (),
    }
    return Alert(**{**given, **changes})


def composed(row: Delivery, to: Chat, *, about: Delivery | None = None) -> Message:
    """What a delivery says in a chat; ``about`` is the alert that it refers to."""
    message = traits(row).compose(row, to, MessageContext(alert=about), NOW)
    assert message is not None
    return message


def delivery(**changes: Any) -> Delivery:
    given: dict[str, Any] = {
        "key": "k1",
        "chat_id": "telegram:1",
        "kind": "alert",
        "payload": alert(),
        "created_at": NOW,
        "not_before": NOW,
        "state": "sending",
        "attempts": 1,
    }
    return Delivery(**{**given, **changes})
