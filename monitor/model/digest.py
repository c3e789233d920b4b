"""Digests, reports and what they count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model.article import StoryArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a story went. ``tiers`` counts its articles by who stands behind the outlet; ``copies`` are
    those of which nobody was alerted, for they say the same."""

    outlets: int = 1
    languages: int = 1
    copies: int = 0
    tiers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHeard:
    """A story that matched: its first article of the period, and how far it went since."""

    story_id: str
    first: StoryArticle
    topics: tuple[str, ...]
    headline_hit: bool
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What matched between two moments. ``seen`` are (moment, tier) of each article."""

    stories: tuple[StoryHeard, ...] = ()
    seen: tuple[tuple[datetime, str], ...] = ()
    outlets: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """One story in a digest or report. ``prominence`` ranks it."""

    story_id: str
    headline: str
    url: str
    outlet: str
    tier: str
    language: str | None
    seen_at: datetime
    topics: tuple[str, ...] = ()
    outlets: int = 1
    languages: int = 1
    prominence: float = 0.0
    published: datetime | None = None

    @property
    def at(self) -> datetime:
        """When it was published, as alerts show it; when we saw it where the outlet does not say."""
        return self.published or self.seen_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was written in a period, the most prominent stories first.

    ``buckets`` are (start of the hour or day, articles of state outlets, of all others). ``tiers``
    counts articles by tier, ``topics`` stories by topic id. ``health`` is a line about the watching.
    """

    since: datetime
    until: datetime
    lines: tuple[DigestItem, ...]
    articles: int
    outlets: int
    tiers: Mapping[str, int]
    topics: Mapping[str, int]
    buckets: tuple[tuple[datetime, int, int], ...] = ()
    health: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What bears on sending one alert now: how many wait behind it and may go out, how many went out
    within the last hour, and when the first of these did."""

    waiting: int = 0
    sent_lately: int = 0
    first_sent_at: datetime | None = None
