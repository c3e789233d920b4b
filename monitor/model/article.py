"""Articles, their fingerprints, and where they were placed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Verdict = Literal["new", "revision", "copy", "known"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """Keys that identify a text. Every key is a short hex hash, or "" when there is nothing to hash.

    ``url_key``: canonical address. ``text_key``: normalised full text. ``headline_key``: normalised
    headline and lead. ``guid_key``: source id and the source's own identifier. ``version`` changes
    whenever the way of making a key changes.
    """

    version: int
    url_key: str
    text_key: str
    headline_key: str
    guid_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What stands in a page: the JSON contract of ``monitor extract``.

    ``extracted_by`` names where the text came from: ``feed``, ``written recipe``,
    ``linked data``, ``content`` (``core.page.content``) or ``trafilatura``; ``score`` (0–1) how sure that is;
    ``recipe`` is the selector of a recipe. ``paywalled``: the page says that it shows a part; ``live``: it is
    a live blog. ``next_page`` is where the text goes on. ``pictures`` are addresses (``core.page.pictures``).
    ``titled``: the title is the page's own, not its entry's.
    """

    url: str
    canonical_url: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    language: str | None = None
    site: str = ""
    extracted_by: str = ""
    score: float = 0.0
    paywalled: bool = False
    live: bool = False
    next_page: str | None = None
    pictures: tuple[str, ...] = ()
    recipe: str = ""
    titled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A page read, cleaned and identified.

    ``id`` is derived from the canonical address (``core.text.fingerprint.article_id``), so that reading
    the same page twice gives the same id. ``lead`` is the first paragraph. ``late`` means that it
    must not alert. ``source_name``, ``tier`` and ``country`` are copied from the source so that an
    article can be matched and rendered without it. ``pictures`` are addresses, at most ten.
    """

    id: str
    entry_id: str
    source_id: str
    url: str
    canonical_url: str
    title: str
    text: str
    lead: str
    fingerprint: Fingerprint
    seen_at: datetime
    published: datetime | None = None
    modified: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    site: str = ""
    source_name: str = ""
    tier: str = ""
    country: str | None = None
    late: bool = False
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """What matching sees of a stored article and what shows it: read by the hundred thousand."""

    id: str
    seen_at: datetime
    title: str
    text: str
    url: str
    canonical_url: str
    authors: tuple[str, ...] = ()
    source_id: str = ""
    source_name: str = ""
    site: str = ""
    tier: str = ""
    language: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A stored article that shares a key with the one being placed. ``shared`` names the keys:
    any of ``url``, ``text``, ``headline``, ``guid``."""

    article_id: str
    story_id: str
    source_id: str
    shared: frozenset[str]
    text_key: str
    headline_key: str
    seen_at: datetime
    published: datetime | None = None
    copy_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs.

    ``article_id`` is the id under which it is stored: for a revision the id of the article that it
    revises. ``copy_of`` is the article whose text it repeats, ``copied_share`` how much of it stands there.
    ``follows`` is the older story that a new one goes on from; ``merges`` are stories that turn out to be
    this one. ``likeness`` is the probability (0–1) that it tells a story that was there;
    ``above_known_text``: it tells other news above text that an article of its story had.
    """

    verdict: Verdict
    article_id: str
    story_id: str
    copy_of: str | None = None
    reason: str = ""
    copied_share: float | None = None
    follows: str | None = None
    merges: tuple[str, ...] = ()
    likeness: float | None = None
    above_known_text: bool = False

    @property
    def told_in(self) -> tuple[str, ...]:
        """The stories whose articles are one story with this one: what they told is known."""
        return (self.story_id, *self.merges)


ChangeKind = Literal["headline", "match", "number", "name", "text", "vanished"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One sentence (or the headline) of an article before and after; "" where it was not or is no more.

    ``vanished``: the page is gone; ``after`` says how. ``text`` is what nobody needs to be told.
    """

    what: ChangeKind
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The last look at an article's page, for the next one: the validators of its answer."""

    article_id: str
    looked_at: datetime
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """One article of a story as alerts and lists show it.

    ``copied_share``: how much of the text that it copies it kept; ``likeness``: the probability (0–1) that it
    tells the story; ``credit``: the outlet that it names as its origin.
    """

    article_id: str
    source_id: str
    source_name: str
    tier: str
    title: str
    url: str
    language: str | None
    published: datetime | None
    seen_at: datetime
    copy_of: str | None = None
    copied_share: float | None = None
    likeness: float | None = None
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles about one event, oldest first. ``follows``: the older story that it goes on from."""

    id: str
    articles: tuple[StoryArticle, ...] = field(default_factory=tuple)
    follows: str | None = None
