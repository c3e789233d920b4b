"""Why one chat was told of an article, or was not."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest

from monitor.core.why.chats import chat_verdict
from monitor.core.why.verdict import ChatVerdict
from monitor.model import Mute, QuietHours, Subscription
from tests.support.records import NOW, article, chat

OFF = Subscription(chat_id="telegram:1", topic_id="belarus", mode="off")
NOW_TOLD = "would be told now: it subscribed, or a mute of it ended, since"
QUIET = QuietHours(start=time(11), end=time(14))


def row(**changes: Any) -> dict[str, Any]:
    given = {"chat_id": "telegram:1", "kind": "alert", "state": "sent", "article_id": "a1", "error": None,
             "sent_at": "2026-11-23T11:00:00+00:00", "not_before": "2026-11-23T13:00:00+00:00",
             "message_id": "7", "key": "k1"}  # fmt: skip
    return given | changes


def verdict(
    *rows: dict[str, Any],
    outlets: int = 1,
    topics: tuple[str, ...] = ("belarus",),
    late: bool = False,
    **wishes: Any,
) -> ChatVerdict:
    item = article(late=late)
    return chat_verdict(chat("*", **wishes), item, "s1", topics, rows, outlets=outlets, now=NOW)


@pytest.mark.parametrize(
    ("changes", "reason", "text"),
    [
        ({}, "told", "was told"),
        ({"state": "bundled"}, "told", "was told in a digest"),
        ({"article_id": "n1"}, "story-told", "was told of its story, by another article"),
        ({"article_id": "n1", "state": "bundled"}, "story-told", "was told of its story, by another article"),
        (
            {"article_id": "n1", "state": "pending"},
            "story-told",
            "is about to hear of its story, by another article",
        ),
        (
            {"article_id": "n1", "state": "collected"},
            "story-told",
            "is about to hear of its story, by another article",
        ),
        ({"state": "collected"}, "digest", "hears of it in its next digest"),
        ({"state": "unsure", "error": "reset"}, "unsure", "nobody knows whether the message arrived: reset"),
        ({"state": "unsure"}, "unsure", "nobody knows whether the message arrived"),
        ({"state": "dead", "error": "403"}, "dead", "the message could not be sent: 403"),
        ({"state": "cancelled"}, "cancelled", "the message was given up"),
        ({"state": "pending"}, "pending", "waits to be sent"),
        ({"state": "pending", "error": "502"}, "pending", "waits to be sent again: 502"),
        (
            {"state": "pending", "error": "9 alerts within an hour: x"},
            "budget",
            "waits: 9 alerts within an hour: x",
        ),
    ],
)
def test_what_became_of_the_message(changes: dict[str, Any], reason: str, text: str) -> None:
    found = verdict(row(**changes))
    assert (found.reason, found.text, found.key, found.message_id) == (reason, text, "k1", "7")
    told = changes.get("state", "sent") == "sent"
    assert found.at == datetime(2026, 11, 23, 11 if told else 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "wishes", "reason", "text"),
    [
        ("pending", {"quiet": QUIET}, "quiet", "waits for the end of the chat's quiet hours"),
        ("pending", {"state": "paused"}, "paused", "waits: the chat takes no messages (paused)"),
        ("cancelled", {"state": "paused", "paused_because": "kicked"}, "paused", "takes no messages: kicked"),
    ],
)
def test_a_message_that_waits_for_its_chat(
    state: str, wishes: dict[str, Any], reason: str, text: str
) -> None:
    found = verdict(row(state=state), **wishes)
    assert (found.reason, found.text) == (reason, text)


def test_its_own_message_speaks_before_that_of_another_article_and_an_alert_before_an_edit() -> None:
    assert verdict(row(article_id="n1"), row(state="dead")).reason == "dead"
    assert verdict(row(kind="edit", state="dead"), row()).reason == "told"
    assert verdict(row(kind="edit", state="dead")).reason == "dead"
    assert verdict(row(kind="edit", article_id="n1")).reason == "unknown"
    assert verdict(row(chat_id="telegram:2")).reason == "unknown"


@pytest.mark.parametrize(
    ("given", "reason", "text"),
    [
        ({"subscriptions": (OFF,)}, "switched-off", "has switched belarus off"),
        ({"subscriptions": ()}, "no-subscriber", "has not subscribed to belarus"),
        ({"subscriptions": (), "topics": ()}, "no-subscriber",
         "has not subscribed to any topic that matched"),
        ({"state": "paused"}, "paused", "takes no messages: paused"),
        ({"mutes": (Mute(kind="story", target="s1"),)}, "muted", "has muted the story"),
        ({"mutes": (Mute(kind="outlet", target="herald"),)}, "muted", "has muted the outlet herald"),
        ({"mutes": (Mute(kind="topic", target="belarus"),)}, "muted", "has muted belarus"),
        ({"languages": ("pl",)}, "language", "wants no articles in en"),
        ({"least_outlets": 3, "outlets": 2}, "outlets", "wants to hear from 3 outlets on; 2 tell the story"),
        ({"least_outlets": 3, "outlets": 3}, "unknown", NOW_TOLD),
        ({"late": True}, "late", "was not told, since the article was old when it was first seen"),
        ({"mutes": (Mute(kind="topic", target="belarus"),), "topics": ("belarus", "potash")}, "unknown",
         NOW_TOLD),
    ],
)  # fmt: skip
def test_why_nothing_was_planned(given: dict[str, Any], reason: str, text: str) -> None:
    found = verdict(**given)
    assert (found.reason, found.text, found.at) == (reason, text, None)
