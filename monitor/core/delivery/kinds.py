"""The kinds of deliveries as a table: how each is put into words, and what it means for its chat.

This is the only module that tells kinds apart. Everything else asks for a trait, or for the kinds that
have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from monitor.core.delivery.payload_json import payload_of
from monitor.core.message.alert import render_alert, render_notice, render_struck
from monitor.core.message.chart import render_chart
from monitor.core.message.digest import render_digest
from monitor.core.message.pictures import render_pictures
from monitor.core.message.revision import render_revision
from monitor.model import (
    Alert,
    ChartFigures,
    Chat,
    Correction,
    Delivery,
    DigestPart,
    Message,
    NoticeText,
    PictureSet,
    Story,
)
from monitor.model.alert import DeliveryKind, DeliveryState

WAIT_FOR_ALERT = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContext:
    """What a message refers to: the alert that the chat has about the story, the ``digest`` that said it
    where one did, and the story as it is now."""

    alert: Delivery | None = None
    digest: Delivery | None = None
    story: Story | None = None


Compose = Callable[[Delivery, Chat, MessageContext, datetime], Message | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTraits:
    """What sets a kind of delivery apart.

    Args:
        compose: the message; None when there is nothing (any more) to say.
        refers_to: the alert that ``compose`` needs: the chat's about the ``story``, or the ``former``
            row (``after_key``).
        shows_story: ``compose`` needs the story as it is now.
        opens_story: it is the chat's first word about a story; edits, replies and buttons refer to it.
        counts_towards_budget: it is one of the chat's alerts of the hour, and waits when they are too many.
        is_bundled: several that wait become one digest.
        absorbs: when it is claimed, others of its kind about the same story that wait are cancelled.
        is_edit: it changes a message that stands; to do so twice does no harm.
        counts_as_reply: it is one of the day's replies about its story.
        may_step_aside: the later ones of its chat do not wait for its next try.
        tries_plain: refused for its formatting, it is tried once more as plain text.
        when_dead: ``told`` to operators, ``counted`` (told only when the chat shows the bot out) or
            ``nobody``.
        when_refused: its state when the chat or the message is refused; ``hold``: it waits for a closed
            chat to open, and is dead when only this message is wrong.
        ends_as: its state when the row before it is not sent; None: as that one ended.
        unsaid: the reason why there is nothing to say.
    """

    compose: Compose
    refers_to: Literal["nothing", "story", "former"] = "nothing"
    shows_story: bool = False
    opens_story: bool = False
    counts_towards_budget: bool = False
    is_bundled: bool = False
    absorbs: bool = False
    is_edit: bool = False
    counts_as_reply: bool = False
    may_step_aside: bool = False
    tries_plain: bool = True
    when_dead: Literal["told", "counted", "nobody"] = "told"
    ends_as: DeliveryState | None = None
    when_refused: DeliveryState | Literal["hold"] = "hold"
    unsaid: str = "there is no message of its alert to change or to answer"


def traits(delivery: Delivery) -> KindTraits:
    """What its kind means."""
    return KINDS[delivery.kind]


def kinds_where(has: Callable[[KindTraits], object]) -> tuple[DeliveryKind, ...]:
    """The kinds that have a trait."""
    return tuple(kind for kind, found in KINDS.items() if has(found))


def _alert(delivery: Delivery, chat: Chat, about: MessageContext, now: datetime) -> Message:
    payload = payload_of(delivery, Alert)
    return render_alert(payload, chat, delivery=delivery, story=about.story, now=now)


def _edit(delivery: Delivery, chat: Chat, about: MessageContext, now: datetime) -> Message | None:
    if about.alert is None or not about.alert.message_id:
        return None
    return render_alert(
        payload_of(delivery, Alert),
        chat,
        delivery=delivery,
        story=about.story,
        now=now,
        alert_key=about.alert.key,
        edit_of=about.alert.message_id,
    )


def _reply(delivery: Delivery, chat: Chat, about: MessageContext, now: datetime) -> Message | None:
    alert, told = about.alert, _told_by(about)
    if alert is None or told is None:
        return None
    payload = payload_of(delivery, Alert)
    return render_alert(
        payload,
        chat,
        delivery=delivery,
        story=about.story,
        now=now,
        alert_key=alert.key,
        reply_to=told.message_id,
    )


def _revision(delivery: Delivery, chat: Chat, about: MessageContext, _now: datetime) -> Message | None:
    told = _told_by(about)
    if told is None:
        return None
    return render_revision(payload_of(delivery, Correction), delivery, chat, reply_to=told.message_id)


def _told_by(about: MessageContext) -> Delivery | None:
    """The delivery whose message told the chat of the story; None when it was not told yet."""
    if about.alert is not None and about.alert.message_id:
        return about.alert
    return about.digest if about.digest is not None and about.digest.message_id else None


def until_alert(delivery: Delivery, about: MessageContext, chat: Chat, now: datetime) -> Delivery | None:
    """The delivery put off until the alert that it answers is out; None when it need not wait."""
    kind = traits(delivery)
    if kind.refers_to != "story" or kind.is_edit or about.alert is None or about.alert.state == "collected":
        return None
    told = about.digest or about.alert
    waits = {"pending", "sending"} | ({"unsure"} if chat.unsure == "resend" else set())
    if told.state not in waits:
        return None
    later = max(told.not_before, now) + WAIT_FOR_ALERT
    return replace(delivery, state="pending", not_before=later, attempts=0)


def _notice(delivery: Delivery, chat: Chat, _about: MessageContext, _now: datetime) -> Message:
    return render_notice(payload_of(delivery, NoticeText), delivery, chat)


def _digest(delivery: Delivery, chat: Chat, _about: MessageContext, now: datetime) -> Message:
    return render_digest(payload_of(delivery, DigestPart), delivery, chat, now)


def _chart(delivery: Delivery, chat: Chat, _about: MessageContext, now: datetime) -> Message:
    return render_chart(payload_of(delivery, ChartFigures), delivery, chat, now)


def _pictures(delivery: Delivery, chat: Chat, about: MessageContext, now: datetime) -> Message | None:
    return render_pictures(payload_of(delivery, PictureSet), delivery, chat, about.alert, now)


def _strike(delivery: Delivery, chat: Chat, about: MessageContext, _now: datetime) -> Message | None:
    if about.alert is None or not about.alert.message_id:
        return None
    return render_struck(payload_of(delivery, Alert), chat, delivery=delivery, edit_of=about.alert.message_id)


KINDS: Mapping[DeliveryKind, KindTraits] = {
    "alert": KindTraits(
        compose=_alert, shows_story=True, opens_story=True, counts_towards_budget=True, is_bundled=True
    ),
    "edit": KindTraits(
        compose=_edit,
        refers_to="story",
        shows_story=True,
        absorbs=True,
        is_edit=True,
        may_step_aside=True,
        # Somebody deleted the alert, or it is too old to be changed: nobody misses anything.
        when_refused="cancelled",
        when_dead="nobody",
    ),
    # An alert whose story turned out to be one that the chat had been told of: it stays, struck through.
    "strike": KindTraits(
        compose=_strike,
        refers_to="former",
        is_edit=True,
        may_step_aside=True,
        when_refused="cancelled",
        when_dead="nobody",
        ends_as="cancelled",
    ),
    "reply": KindTraits(compose=_reply, refers_to="story", shows_story=True, counts_as_reply=True),
    "revision": KindTraits(compose=_revision, refers_to="story"),
    "notice": KindTraits(compose=_notice, when_dead="nobody"),
    "digest": KindTraits(compose=_digest),
    "chart": KindTraits(compose=_chart, when_refused="dead", when_dead="counted"),
    # A picture that cannot be shown leaves its alert as it is: nobody is to mend it.
    "pictures": KindTraits(
        compose=_pictures,
        refers_to="former",
        tries_plain=False,
        when_dead="counted",
        ends_as="cancelled",
        when_refused="dead",
        unsaid="the chat does not want it any more",
    ),
}
"""Kind → its traits."""
