"""Sources, what is known of their health, and the entries they list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

Tier = Literal["state", "independent", "wire", "public", "business", "official", "ngo", "blog", "aggregator"]
Health = Literal["new", "ok", "failing", "quarantined"]

NO_OPTIONS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Where the pages of one outlet hold their article: CSS selectors.

    ``select``: the element around its text; ``remove``: what inside it is not text.
    """

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
    tier: Tier = "independent"
    every: timedelta = timedelta(minutes=10)
    timezone: str | None = None
    options: Mapping[str, object] = field(default_factory=lambda: NO_OPTIONS)
    allow_private: bool = False
    enabled: bool = True
    recipe: Recipe | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """The machine's memory of one source.

    ``etag`` and ``last_modified`` are the validators of the last full answer.
    ``first_read_at`` is the first successful poll; None means first contact is still to come.
    ``failures`` counts failed polls in a row.
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
    failures: int = 0
    health: Health = "new"
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a source lists: a link with what the source says about it.

    ``id`` is a stable hash of source and natural keys (see ``core.fingerprint.entry_id``).
    ``summary`` is plain text; ``content`` is the full HTML when the source carries it, else "".
    ``late`` means it must not alert (first contact, long outage). ``stamp`` changes whenever the
    source changes the entry's title, text or date.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What one answer of a source lists. ``more`` are further addresses to read (sitemap indexes)."""

    kind: str
    title: str
    entries: tuple[Entry, ...]
    more: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One GET to make. Sizes in bytes, deadline in seconds for the whole exchange.

    ``max_bytes`` and ``deadline_s`` are those of the fetch settings when None.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    accept: str = "*/*"
    allow_private: bool = False
    max_bytes: int | None = None
    deadline_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete answer. ``url`` is the address after redirects; ``headers`` have lower-case names.

    ``moved_to`` is set when every redirect on the way was permanent (301, 308).
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The host says nothing changed since the validators of the request."""

    url: str
    fetched_at: datetime
