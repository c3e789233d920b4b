"""Why one chat was told of an article, or was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.core.delivery.kinds import KINDS
from monitor.core.delivery.preferences import is_in_wanted_language, is_muted, is_quiet, wanted
from monitor.core.why.verdict import ChatVerdict, Reason
from monitor.model import Article, Chat

Row = Mapping[str, Any]
_OPENS = frozenset(name for name, kind in KINDS.items() if kind.opens_story)


def chat_verdict(
    chat: Chat,
    article: Article | None,
    story_id: str,
    topic_ids: Sequence[str],
    deliveries: Sequence[Row],
    *,
    outlets: int,
    now: datetime,
) -> ChatVerdict:
    """What a chat has to do with an article that matched ``topic_ids``.

    ``deliveries`` are the article's and its story's, ``outlets`` how many tell the story. Wishes and mutes
    are those of now: what was changed since is not remembered.
    """
    mine = [row for row in deliveries if row["chat_id"] == chat.id]
    own = [row for row in mine if article is not None and row.get("article_id") == article.id]
    said = next((row for row in [*own, *mine] if row["kind"] in _OPENS), None) or next(iter(own), None)
    if said is not None:
        return _by_delivery(chat, said, is_own=said in own, now=now)
    reason, text = _by_wishes(chat, article, topic_ids, story_id=story_id, outlets=outlets, now=now)
    return ChatVerdict(chat_id=chat.id, reason=reason, text=text)


def _by_delivery(chat: Chat, row: Row, *, is_own: bool, now: datetime) -> ChatVerdict:
    state, error = str(row["state"]), str(row.get("error") or "")
    at = _moment(row.get("sent_at") if state == "sent" else row.get("not_before"))
    because = f": {error}" if error else ""
    reason: Reason
    match state:
        case "sent" | "bundled" if not is_own:
            reason, text = "story-told", "was told of its story, by another article"
        case "pending" | "sending" | "collected" if not is_own:
            reason, text = "story-told", "is about to hear of its story, by another article"
        case "sent":
            reason, text = "told", "was told"
        case "bundled":
            reason, text = "told", "was told in a digest"
        case "collected":
            reason, text = "digest", "hears of it in its next digest"
        case "unsure":
            reason, text = "unsure", f"nobody knows whether the message arrived{because}"
        case "dead":
            reason, text = "dead", f"the message could not be sent{because}"
        case "cancelled" if chat.state == "paused":
            reason, text = "paused", f"takes no messages: {chat.paused_because or 'paused'}"
        case "cancelled":
            reason, text = "cancelled", f"the message was given up{because}"
        case _:
            reason, text = _waiting(chat, error, now)
    return ChatVerdict(
        chat_id=chat.id,
        reason=reason,
        text=text,
        at=at,
        message_id=row.get("message_id"),
        key=row.get("key"),
    )


def _waiting(chat: Chat, error: str, now: datetime) -> tuple[Reason, str]:
    if chat.state == "paused":
        return "paused", f"waits: the chat takes no messages ({chat.paused_because or 'paused'})"
    if "alerts within an hour" in error:
        return "budget", f"waits: {error}"
    if is_quiet(chat, now):
        return "quiet", "waits for the end of the chat's quiet hours"
    return "pending", "waits to be sent" + (f" again: {error}" if error else "")


def _by_wishes(
    chat: Chat,
    article: Article | None,
    topic_ids: Sequence[str],
    *,
    story_id: str,
    outlets: int,
    now: datetime,
) -> tuple[Reason, str]:
    """Why nothing was planned for the chat: the first reason that holds."""
    wishes = {topic_id: wanted(chat, topic_id) for topic_id in topic_ids}
    wants = [topic_id for topic_id, how in wishes.items() if how != "off"]
    muted = [topic_id for topic_id in wants if is_muted(chat, "topic", topic_id, now)]
    subscribed = {item.topic_id for item in chat.subscriptions} & {*topic_ids, "*"}
    names, outlet = ", ".join(topic_ids), article.source_id if article else ""
    reasons: tuple[tuple[bool, Reason, str], ...] = (
        (not wants and bool(subscribed), "switched-off", f"has switched {names} off"),
        (not wants, "no-subscriber", f"has not subscribed to {names or 'any topic that matched'}"),
        (chat.state != "active", "paused", f"takes no messages: {chat.paused_because or 'paused'}"),
        (is_muted(chat, "story", story_id, now), "muted", "has muted the story"),
        (is_muted(chat, "outlet", outlet, now), "muted", f"has muted the outlet {outlet}"),
        (muted == wants, "muted", f"has muted {', '.join(muted)}"),
        (
            article is not None and not is_in_wanted_language(chat, article.language),
            "language",
            f"wants no articles in {article.language if article else '?'}",
        ),
        (
            outlets < chat.least_outlets,
            "outlets",
            f"wants to hear from {chat.least_outlets} outlets on; {outlets} tell the story",
        ),
        (
            article is not None and article.late,
            "late",
            "was not told, since the article was old when it was first seen",
        ),
    )
    return next(
        ((reason, text) for holds, reason, text in reasons if holds),
        ("unknown", "would be told now: it subscribed, or a mute of it ended, since"),
    )


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None
