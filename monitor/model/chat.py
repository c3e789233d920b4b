"""Chats with their preferences, subscriptions, mutes and watches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Literal

Mode = Literal["instant", "digest", "urgent", "off"]
DigestEvery = Literal["hourly", "daily", "weekly"]
MuteKind = Literal["topic", "story", "outlet"]
Preview = Literal["off", "small", "large"]
SafeLinks = Literal["off", "plain", "archive"]
Silent = Literal["never", "night", "always"]
Pictures = Literal["off", "one", "album"]
UnsurePolicy = Literal["resend", "hold"]
ChatState = Literal["active", "paused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Local times between which delivery is held; ``start`` may be later than ``end`` (over midnight)."""

    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """When what was collected is sent: each full hour, or at ``at`` local time, daily or on ``weekday``
    (0 is Monday)."""

    every: DigestEvery
    at: time = time(8)
    weekday: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PressReview:
    """A press review that a chat gets by itself: the most prominent ``most`` stories of the hour, day or week
    before ``at``, of these topics (none named: of every topic of the operator)."""

    at: Digest
    title: str = ""
    topics: tuple[str, ...] = ()
    most: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """chat × topic × mode. ``topic_id`` "*" means every topic of the operator, never a watch.

    ``instant``: as the chat has it (at once, or in the chat's digest). ``digest``: collected for
    ``digest``, else for the chat's digest. ``urgent``: at once, also where the chat has a digest.
    ``off``: not at all.
    """

    chat_id: str
    topic_id: str
    mode: Mode = "instant"
    digest: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """What a chat does not want to hear of: a topic id, a story id or a source id.

    ``until`` None means for ever. ``title`` is what lists call it.
    """

    kind: MuteKind
    target: str
    until: datetime | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A personal topic that a subscriber made in chat; only its own chat ever hears of it.

    ``id`` starts with ``watch:``, which no operator's topic can.
    """

    id: str
    chat_id: str
    query: str
    title: str
    languages: tuple[str, ...] = ()
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedAlert:
    """An alert that somebody keeps: it stays when the archive forgets the article."""

    chat_id: str
    article_id: str
    headline: str
    url: str
    outlet: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Where alerts go.

    ``id`` is ``<channel>:<address>`` (``telegram:-1001234/7`` for forum topic 7, ``console:main``).
    ``unsure`` says what to do when nobody knows whether a send arrived. ``operator`` chats are told
    about broken sources. ``options`` holds what only the channel understands (webhook secret…).
    ``digest`` set: alerts are collected instead of sent at once. ``safe_links``: no previews and
    neutral wording (``plain``), links to an archive's copy (``archive``). ``silent``: without a
    sound at night (22–7 local) or always. ``pictures``: an article's picture, or up to ten of them,
    after its alert; digests with a chart. ``hourly_budget``: more alerts an hour become a digest;
    None is the operator's default. ``languages``: only articles in these (none named: in all; one whose
    language is not known is never left out); ``least_outlets``: only stories that so many outlets write
    about. ``owner_id`` is the person who manages the chat from a private one.
    A paused chat with ``retry_at`` is closed for now: what it is to hear is held, and one message tries
    then whether it is open; one without stays paused until somebody wakes it. ``refusals`` counts the
    sends in a row that it refused. ``reviews`` stand in the operator's files only: a chat from the store has
    none.
    """

    id: str
    channel: str
    address: str
    title: str = ""
    language: str = "en"
    timezone: str = "UTC"
    unsure: UnsurePolicy = "resend"
    operator: bool = False
    preview: Preview = "off"
    quiet: QuietHours | None = None
    digest: Digest | None = None
    safe_links: SafeLinks = "off"
    silent: Silent = "never"
    pictures: Pictures = "off"
    hourly_budget: int | None = None
    languages: tuple[str, ...] = ()
    least_outlets: int = 1
    owner_id: int | None = None
    state: ChatState = "active"
    paused_because: str = ""
    retry_at: datetime | None = None
    refusals: int = 0
    options: Mapping[str, object] = field(default_factory=dict)
    subscriptions: tuple[Subscription, ...] = ()
    reviews: tuple[PressReview, ...] = ()
    mutes: tuple[Mute, ...] = ()
