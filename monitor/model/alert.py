"""Alerts, deliveries and what channels answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from monitor.model.chat import Preview
from monitor.model.payloads import ChartFigures, Correction, DigestPart, NoticeText, PictureSet, Unreadable

DeliveryKind = Literal[
    "alert", "edit", "reply", "revision", "notice", "digest", "chart", "pictures", "strike"
]
DeliveryState = Literal["pending", "collected", "bundled", "sending", "sent", "unsure", "dead", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTopic:
    """A topic as an alert names it."""

    id: str
    title: str
    hashtag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What is to be said in one chat about one story.

    ``excerpt`` is the sentence that matched; ``highlights`` are (start, end) pairs of terms inside it,
    ``headline_highlights`` inside the headline. ``also_in`` names further outlets; ``news`` is what a reply
    brings to the story.
    """

    story_id: str
    article_id: str
    headline: str
    url: str
    outlet: str
    tier: str
    language: str | None
    published: datetime | None
    seen_at: datetime
    excerpt: str
    highlights: tuple[tuple[int, int], ...]
    headline_highlights: tuple[tuple[int, int], ...]
    topics: tuple[AlertTopic, ...]
    also_in: tuple[str, ...] = ()
    news: tuple[str, ...] = ()


Payload = Alert | Correction | NoticeText | DigestPart | ChartFigures | PictureSet | Unreadable
"""What a delivery says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button under a message: either an ``action`` that the bot understands, or a ``url``."""

    text: str
    action: str = ""
    url: str = ""


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A rendered alert or notice, ready for a channel.

    ``html`` uses Telegram's HTML subset; ``plain`` says the same without tags. ``key`` identifies
    the delivery to receivers that can recognise a repeat. ``data`` is the machine-readable form.
    ``picture`` is a PNG to go with it; channels without pictures send the words alone. ``pictures`` are
    addresses of pictures on the web, shown with ``plain`` as caption.
    ``buttons`` are rows; channels without buttons leave them out.
    """

    key: str
    html: str
    plain: str
    subject: str = ""
    url: str = ""
    preview: Preview = "off"
    silent: bool = False
    picture: bytes = b""
    pictures: tuple[str, ...] = ()
    edit_of: str | None = None
    reply_to: str | None = None
    buttons: Buttons = ()
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One durable send. ``key`` = hash(chat, story, kind…), unique for ever.

    ``payload`` is what it says, a record for each kind (``model.payloads``). ``sequence`` keeps the
    order inside a chat. ``owner``, ``epoch`` fence the finishing update. ``uncertain_sends`` counts sends
    whose outcome nobody knows. ``tried_at`` is when a send last began or ended. A row with ``after_key`` goes
    out only after that delivery is sent (parts of a long text, an album); a ``bundled`` one is said by
    the digest whose key is ``bundle``. ``messages``: as how many the channel counts it (each picture of
    an album is one). ``settles``: until ``not_before`` it waits only for what else is being read.
    """

    key: str
    chat_id: str
    kind: DeliveryKind
    payload: Payload
    created_at: datetime
    not_before: datetime
    story_id: str | None = None
    article_id: str | None = None
    state: DeliveryState = "pending"
    sequence: int = 0
    attempts: int = 0
    uncertain_sends: int = 0
    plain_only: bool = False
    owner: str | None = None
    epoch: int = 0
    lease_until: datetime | None = None
    message_id: str | None = None
    error: str | None = None
    sent_at: datetime | None = None
    tried_at: datetime | None = None
    after_key: str | None = None
    bundle: str | None = None
    messages: int = 1
    settles: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """It arrived; ``message_id`` is the channel's name for it."""

    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """Not sent; wait ``retry_after_s`` seconds. ``overall`` means the whole channel must wait."""

    retry_after_s: float
    overall: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """Not sent: the chat has shown the bot out, and only somebody there can let it in again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Not sent: this message is wrong. ``formatting`` means that plain text may pass."""

    reason: str
    formatting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Not sent: the chat takes nothing for now, whatever the message says. It may open again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Not sent, and nothing is lost: the channel has no way to say it (what it sent cannot be changed)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Not sent: the chat lives under a new address."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """The request never went out; sending again is safe."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """The request went out and no answer came: it may have arrived."""

    reason: str


Receipt = Sent | Throttled | Blocked | Closed | Refused | Skipped | Moved | Unsent | Unsure
