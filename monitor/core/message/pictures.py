"""An article's pictures after its alert: the delivery that shows them, and the message it becomes.

The service fetches no picture: a channel that shows some hands their addresses on.
"""

from __future__ import annotations

from datetime import datetime

from monitor.core.delivery.payload_json import payload_of
from monitor.core.delivery.preferences import is_muted
from monitor.core.message.alert import REPEAT_MARK
from monitor.core.page.pictures import MOST_PICTURES
from monitor.i18n.localizer import localizer
from monitor.model import Alert, Article, Chat, Delivery, Message, PictureSet


def pictures_after(alert: Delivery, article: Article, chat: Chat) -> tuple[Delivery, ...]:
    """What follows an alert in a chat that wants pictures: one row, sent only after the alert is.

    None when the chat wants none, the article has none, or the alert waits for a digest.
    """
    wished = _wished(article.pictures, chat)
    if not wished or alert.state != "pending":
        return ()
    return (
        Delivery(
            key=f"{alert.key}-pictures",
            chat_id=chat.id,
            kind="pictures",
            payload=PictureSet(
                alert=alert.key,
                outlet=article.source_name or article.site,
                source_id=article.source_id,
                topics=tuple(topic.id for topic in payload_of(alert, Alert).topics),
                pictures=wished,
            ),
            created_at=alert.created_at,
            not_before=alert.not_before,
            story_id=alert.story_id,
            article_id=alert.article_id,
            after_key=alert.key,
            messages=len(wished),
        ),
    )


def render_pictures(
    shown: PictureSet, delivery: Delivery, chat: Chat, alert: Delivery | None, now: datetime
) -> Message | None:
    """The pictures as an answer to their ``alert``, without a sound, captioned with the outlet's name.

    None when the chat does not want them any more: pictures switched off, safe links on, the story,
    the outlet or each of the topics muted since.
    """
    pictures = _wished(shown.pictures, chat)
    if not pictures or alert is None or not alert.message_id or _is_muted(shown, delivery, chat, now):
        return None
    parts = [shown.outlet]
    if delivery.uncertain_sends:
        parts.append(localizer(chat.language).plain(REPEAT_MARK))
    return Message(
        key=delivery.key,
        html="",
        plain="\n".join(parts),
        subject=shown.outlet,
        silent=True,
        pictures=pictures,
        reply_to=alert.message_id,
        data={
            "kind": "pictures",
            "key": delivery.key,
            "story": delivery.story_id,
            "article": delivery.article_id,
            "alert": shown.alert,
            "outlet": shown.outlet,
            "pictures": list(pictures),
            "possible_repeat": bool(delivery.uncertain_sends),
        },
    )


def _wished(pictures: tuple[str, ...], chat: Chat) -> tuple[str, ...]:
    if chat.pictures == "off" or chat.safe_links != "off":
        return ()
    return pictures[: 1 if chat.pictures == "one" else MOST_PICTURES]


def _is_muted(shown: PictureSet, delivery: Delivery, chat: Chat, now: datetime) -> bool:
    topics = shown.topics
    return (
        is_muted(chat, "story", delivery.story_id or "", now)
        or is_muted(chat, "outlet", shown.source_id, now)
        or (bool(topics) and all(is_muted(chat, "topic", topic, now) for topic in topics))
    )
