"""What recognises copies and stories: prints, terms, and what stands near an article in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Novelty = Literal["opens", "fact", "language", "tier", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """Marks of a text's wording (``core.story.winnowing``).

    ``anchors`` are looked up: signed 64-bit numbers. ``sketch`` is half of the text's shingles as
    sorted 16-bit little-endian numbers; from two sketches follows how much of one text the other holds.
    """

    words: int
    anchors: tuple[int, ...]
    sketch: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing that an article speaks of, by a key that forms and, where possible, scripts share.

    ``key``: ``n:1226`` a number, ``e:lksnk`` a name's consonants, ``a:lukas`` its first letters, ``g:trmn``
    the first consonants of an international word, ``c:prisoner`` a concept of the table, ``w:ru:узник`` a
    word of one language. ``place`` 2 headline, 1 first sentences, 0 further down. ``count``: how often.
    """

    key: str
    place: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that can be new in a story: a number (``n:``), a name (``e:``), a quote (``q:``), the
    article's language (``l:``) or tier (``t:``). ``shown`` is how the article writes it; ``leading``: it
    stands in the headline or the first sentences."""

    key: str
    shown: str
    leading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The names and numbers that carry an article's news (``core.story.claims``): those of the headline and
    of the first sentence, each with all its keys; the headline's ``subjects``, its names or else numbers,
    and its telling words; ``opening``, the first words of the text as they stand, and ``lead``, sampled
    shingles of them."""

    headline_facts: tuple[tuple[str, ...], ...] = ()
    subjects: tuple[tuple[str, ...], ...] = ()
    headline_words: tuple[str, ...] = ()
    lead_facts: tuple[tuple[str, ...], ...] = ()
    lead: bytes = b""
    opening: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """All by which an article is compared with others. ``credit`` is the outlet that the text names as
    its origin; ``vector`` is there with the extra ``semantic`` only."""

    print: Print
    claims: Claims = field(default_factory=Claims)
    terms: tuple[Term, ...] = ()
    facts: tuple[Fact, ...] = ()
    credit: str = ""
    vector: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored article that shares anchors or terms with the one being placed.

    ``profile`` are its packed terms (``core.story.pairs.features``), ``lead`` sampled shingles of its first
    sentence. ``text`` is its whole text where it is near enough to be compared word for word, else empty.
    """

    number: int
    article_id: str
    story_id: str
    source_id: str
    title: str
    language: str | None
    seen_at: datetime
    copy_of: str | None
    print: Print
    profile: bytes
    lead: bytes = b""
    vector: bytes = b""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """The stored articles that an article is compared with; a placement rests on them.

    ``copies`` share anchors, ``related`` share terms. ``counts`` says in how many of ``articles`` articles
    each of its terms occurred. ``vector_means`` are those of the store by language. ``profile`` are its own
    terms, packed with those counts, and ``asked`` the hashes of those that it was looked up by; both empty
    when nothing was looked up.
    """

    copies: tuple[Candidate, ...] = ()
    related: tuple[Candidate, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    articles: int = 0
    vector_means: Mapping[str, bytes] = field(default_factory=dict)
    profile: bytes = b""
    asked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoveltyVerdict:
    """What an article adds to its story: ``kind`` and, for a fact, how the article writes what is new."""

    kind: Novelty
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLabel:
    """Two articles (ids) that an operator joined (``same``) or parted.

    ``features`` are those of the pair when it was said (``core.story.pairs.features``), so that the label
    serves after the articles are pruned.
    """

    one: str
    other: str
    same: bool
    at: datetime
    features: Mapping[str, float]
