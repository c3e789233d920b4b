"""Topics and matches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """An operator's standing query.

    ``languages`` are the languages whose inflected forms its bare words match; empty means the
    article's own. ``hashtag`` is what alerts show, without the ``#``. ``urgent``: its alerts never wait
    for other pages that are being read; ``settle``: how long they do, None as the settings say.
    """

    id: str
    query: str
    title: str = ""
    languages: tuple[str, ...] = ()
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()
    hashtag: str = ""
    enabled: bool = True
    urgent: bool = False
    settle: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """Where a term stands: characters ``start`` to ``end`` of ``field``'s own text.

    ``field`` is ``title``, ``body``, ``url``, ``author`` or ``source``; ``text`` is the piece of the
    original; ``term`` is the query's term that it satisfies.
    """

    field: str
    start: int
    end: int
    text: str
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Article × topic. ``score`` is 0 < score ≤ 1; ``rulebook`` is the revision that matched."""

    topic_id: str
    score: float
    spans: tuple[Span, ...]
    rulebook: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRulebook:
    """The operator's rules as a service took them at ``taken_at``; ``content`` is JSON."""

    revision: str
    taken_at: datetime
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchText:
    """What a query looks at. ``body`` holds the whole text, its first paragraph is the lead.

    ``source`` is the outlet's name, ``source_id`` its id; ``source:`` in a query takes either.
    """

    title: str = ""
    body: str = ""
    url: str = ""
    author: str = ""
    source: str = ""
    source_id: str = ""
    tier: str = ""
    language: str | None = None
    country: str | None = None
