"""Sources, what is known of their health, and the entries they list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

Tier = Literal[
    "", "state", "independent", "wire", "public", "business", "official", "ngo", "blog", "aggregator"
]
Health = Literal["new", "fresh", "late", "stale", "failing", "quarantined"]
PushState = Literal["asked", "active", "refused"]

HOURS_A_WEEK = 168
NO_OPTIONS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """CSS selectors of the operator. ``select``: the element around the text; ``remove``: what inside it is
    not text."""

    select: str
    remove: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet that is watched.

    ``every`` is the wanted interval between polls. ``timezone`` (IANA name) is used for dates
    that carry no zone. ``options`` holds what only this kind understands, already validated by
    the kind's options model. ``allow_private`` lets the fetcher ask private addresses. ``recipe``
    is how the operator says that its pages are read.
    """

    id: str
    name: str
    kind: str
    url: str
    site: str = ""
    language: str | None = None
    country: str | None = None
    tier: Tier = ""
    every: timedelta = timedelta(minutes=10)
    timezone: str | None = None
    options: Mapping[str, object] = field(default_factory=lambda: NO_OPTIONS)
    allow_private: bool = False
    enabled: bool = True
    recipe: Recipe | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """When a source usually has something new, learnt from what was seen.

    ``arrivals`` holds, for each hour of the week (UTC, 0 is Monday 00:00–01:00), how many polls
    brought something new; older weeks weigh less, and ``at`` is the moment up to which they were
    made lighter. ``since`` is when watching began, ``longest`` the longest usual silence.
    """

    since: datetime | None = None
    at: datetime | None = None
    longest: timedelta = timedelta()
    arrivals: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkLoss:
    """No host answers since ``since``; ``back`` is None while it lasts. ``hosts`` were asked in vain."""

    since: datetime
    hosts: int
    back: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A time in which a source was not covered; ``ended_at`` is None while it lasts.

    ``recovered`` counts the entries that were read afterwards though they came out in the gap.
    ``complete`` tells whether the source's list still reached back to the gap's beginning; None
    when nobody can tell (no dates, or it lasts).
    """

    source_id: str
    began_at: datetime
    reason: str
    ended_at: datetime | None = None
    recovered: int = 0
    complete: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """The machine's memory of one source.

    ``etag`` and ``last_modified`` are the validators of the last full answer.
    ``first_read_at`` is the first successful poll; None means first contact is still to come.
    ``well_since`` is the first good poll after the last failed one.
    ``failures`` counts failed polls in a row. ``error`` says what is wrong, ``note`` what is odd.
    ``interval_s`` is the interval chosen last, ``share_new`` the usual share of new entries in an
    answer. ``unstable_ids`` counts answers in a row of which nearly everything was new, ``titles`` is a
    sketch of the last one's headlines. ``gap_since`` is where the gap that lasts began and
    ``gap_reason`` what the ledger says of it; ``told_at`` is when the operator last heard that the
    source is broken.
    ``moved_to`` is where it has moved for good (``moved_at``), as its host says. ``hub`` is who pushes
    it (WebSub), ``hub_topic`` the address under which the hub knows it. ``other_pages`` counts the pages
    that were not their entries' articles, ``other_page`` says why the last one (``other_page_at``) was not;
    readings write these, not polls.
    """

    source_id: str
    next_fetch_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    first_read_at: datetime | None = None
    last_fetch_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    full_read_at: datetime | None = None
    well_since: datetime | None = None
    failures: int = 0
    health: Health = "new"
    error: str | None = None
    note: str | None = None
    interval_s: float | None = None
    share_new: float = 0.0
    unstable_ids: int = 0
    titles: str = ""
    gap_since: datetime | None = None
    gap_reason: str = ""
    told_at: datetime | None = None
    moved_to: str | None = None
    moved_at: datetime | None = None
    moved_told_at: datetime | None = None
    hub: str | None = None
    hub_topic: str | None = None
    other_pages: int = 0
    other_page: str = ""
    other_page_at: datetime | None = None
    cadence: Cadence = field(default_factory=Cadence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a source lists: a link with what the source says about it.

    ``id`` is a stable hash of source and natural keys (see ``core.text.fingerprint.entry_id``).
    ``summary`` is plain text; ``content`` is the full HTML when the source carries it, else "".
    ``late`` means it must not alert (first contact, long outage). ``stamp`` changes whenever the
    source changes the entry's title, text or date. ``pictures`` are addresses as
    stated; ``core.page.pictures`` judges them when an article is made.
    """

    id: str
    source_id: str
    guid: str
    url: str
    title: str
    summary: str = ""
    content: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    stamp: str = ""
    seen_at: datetime | None = None
    late: bool = False
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What one answer of a source lists. ``more`` are further addresses to read (sitemap indexes).

    ``hub`` pushes what is new (WebSub) and knows the source as ``topic``; "" where there is none.
    """

    kind: str
    title: str
    entries: tuple[Entry, ...]
    more: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    hub: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One GET to make; a POST when there is a ``form``.

    Sizes in bytes, deadline in seconds for the whole exchange. ``max_bytes`` and ``deadline_s`` are
    those of the fetch settings when None. ``robots``: the host's robots rules decide whether it may be made.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    accept: str = "*/*"
    allow_private: bool = False
    max_bytes: int | None = None
    deadline_s: float | None = None
    robots: bool = False
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete answer. ``url`` is the address after redirects; ``headers`` have lower-case names.

    ``moved_to`` is set when every redirect on the way was permanent (301, 308). ``rest_s`` is the
    pause that the host's robots rules ask for, when they are known.
    """

    url: str
    status: int
    body: bytes
    fetched_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: str | None = None
    content_type: str = ""
    charset: str | None = None
    moved_to: str | None = None
    rest_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The host says nothing changed since the validators of the request."""

    url: str
    fetched_at: datetime
    moved_to: str | None = None
    rest_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollNote:
    """How one poll of a source went: ``result`` is ``read``, ``unchanged``, or what was wrong;
    ``listed`` are the entries of the answer, ``new`` those that were not known."""

    at: datetime
    result: str
    listed: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSubscription:
    """One source's subscription at a hub that pushes what is new (WebSub, w3.org/TR/websub).

    ``secret`` signs what the hub sends. ``asked``: the hub was asked at ``asked_at``, ``tries`` times
    in a row, and has not confirmed; ``active``: confirmed, until ``lease_until``; ``refused``: the hub
    said no (``error``).
    """

    source_id: str
    hub: str
    topic: str
    secret: str = field(repr=False)
    state: PushState
    asked_at: datetime
    tries: int = 0
    lease_until: datetime | None = None
    error: str = ""
