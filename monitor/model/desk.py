"""What the desk keeps and asks for: accounts, sessions, tokens, edits; filters and rows of its lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

DeskRole = Literal["viewer", "editor", "admin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in at the desk. ``password`` is an argon2 hash."""

    name: str
    password: str = field(repr=False)
    role: DeskRole
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """A browser that signed in. ``hash``: SHA-256 (hex) of the id in its cookie; the id is stored nowhere."""

    hash: str
    account: str
    made_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A program's key to the JSON pages: ``hash`` as of a session. It may what ``role`` may, until ``until``
    (None: until it is revoked), on the pages of its ``scopes`` (none named: on all)."""

    hash: str
    name: str
    role: DeskRole
    made_at: datetime
    until: datetime | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicEdit:
    """One edit of a topic at the desk: the query before ("" for a new topic) and after, by whom and why."""

    topic_id: str
    account: str
    at: datetime
    before: str
    after: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFilter:
    """Which stories a list shows: with an article seen from ``since`` to before ``until``, of which some
    article is of ``topic``, of ``tier``, in ``language``, and at least ``outlets`` outlets took part.

    "" means any. ``offset`` and ``limit`` count stories, the one with the newest article first.
    """

    since: datetime
    until: datetime
    topic: str = ""
    tier: str = ""
    language: str = ""
    outlets: int = 1
    offset: int = 0
    limit: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRow:
    """A story as lists show it. Counts are of the period that was asked for."""

    id: str
    title: str
    url: str
    first_outlet: str
    newest_at: datetime
    articles: int
    outlets: int
    tiers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """What happened in a period: alerts sent, stories opened, articles stored, matches."""

    alerts: int
    stories: int
    articles: int
    matches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenArticle:
    """An article as lists of one source show it."""

    id: str
    title: str
    url: str
    language: str | None
    published: datetime | None
    seen_at: datetime
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """What waits or is in trouble: deliveries by state, quarantined jobs. ``oldest_due``: since when the
    oldest message to a chat that takes some may have gone out."""

    deliveries: Mapping[str, int] = field(default_factory=dict)
    quarantined: int = 0
    oldest_due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A query that somebody at the desk keeps. ``seen_at``: when its results were looked at last; ``secret``:
    the secret part of its feed's address."""

    id: str
    title: str
    query: str
    account: str
    made_at: datetime
    seen_at: datetime
    secret: str = field(repr=False)
