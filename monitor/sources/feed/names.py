"""Which elements of RSS and Atom hold which field, and the families that namespaces belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_SCHEME: Final = re.compile(r"^https?://(?:www\.)?")
# Without scheme, www and the last slash.
_FAMILIES: Final = {
    "w3.org/2005/atom": "atom",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/terms": "dc",
    "purl.org/rss/1.0/modules/content": "content",
    "search.yahoo.com/mrss": "media",
    "itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "prismstandard.org/namespaces/1.2/basic": "prism",
    "prismstandard.org/namespaces/basic/2.0": "prism",
    "w3.org/1999/xhtml": "xhtml",
}
_ATOM_DRAFTS: Final = ("purl.org/atom/", "purl.org/pie/", "example.com/newformat")
_OWN: Final = re.compile(
    r"(?:purl\.org/rss|my\.netscape\.com|channel\.netscape\.com|backend\.userland\.com|blogs\.law\.harvard\.edu|cyber\.law\.harvard\.edu)(?:/|$)"
)
# What the usual prefixes mean where their namespace is one that nobody knows.
PREFIXES: Final = {
    "atom": "http://www.w3.org/2005/atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
# Which elements hold a field, the best first.
TITLE: Final = ("title", "atom:title", "dc:title", "media:title", "itunes:title")
GUID: Final = ("guid", "atom:id", "dc:identifier", "id")
SUMMARY: Final = (
    "description",
    "atom:summary",
    "dc:description",
    "summary",
    "itunes:summary",
    "media:description",
)
CONTENT: Final = ("content:encoded", "atom:content", "xhtml:body", "body", "fullitem", "full-text", "content")
PUBLISHED: Final = (
    *("pubdate", "atom:published", "atom:issued", "dc:date", "dc:issued", "published", "dc:created"),
    *("atom:created", "prism:publicationdate", "date", "publicationdate", "dc:available"),
)
UPDATED: Final = (
    "atom:updated",
    "atom:modified",
    "dc:modified",
    "lastmod",
    "updated",
    "prism:modificationdate",
)
AUTHORS: Final = ("dc:creator", "author", "dc:author", "itunes:author")
REAL_LINK: Final = ("feedburner:origlink",)
OUTLET: Final = ("source", "other:source")  # RSS 2.0's own; Bing's, whose namespace is the query
LANGUAGE: Final = ("language", "dc:language")


@lru_cache(maxsize=512)
def family_of(space: str) -> str:
    """The family of a namespace, whether written with http or https, www, a slash at its end or none."""
    plain = _SCHEME.sub("", space.lower()).rstrip("/#")
    if plain.startswith(_ATOM_DRAFTS):
        return "atom"
    return _FAMILIES.get(plain) or ("" if _OWN.match(plain) else "other")


@lru_cache(maxsize=2048)
def name_of(tag: str) -> tuple[str, str]:
    """Family and local name of an lxml tag, lower-case.

    The family is "" for RSS itself; an undeclared prefix (recovered XML) counts as family.
    """
    space, _, local = tag.lower().rpartition("}")
    if space:
        return family_of(space.removeprefix("{")), local
    prefix, _, local = local.rpartition(":")
    return prefix, local


# Which names give a field, in order of preference. Links, media and Atom's authors are read as elements.
_SLOTS: Final = {
    "title": TITLE,
    "guid": GUID,
    "summary": SUMMARY,
    "content": CONTENT,
    "published": PUBLISHED,
    "updated": UPDATED,
    "authors": AUTHORS,
    "real_link": REAL_LINK,
    "outlet": OUTLET,
    "language": LANGUAGE,
    "link": ("link", "atom:link"),
    "media": ("enclosure", "media:content", "media:player"),
    "group": ("media:group",),
    "people": ("atom:author",),
    "name": ("atom:name", "name"),
}
_OF: Final = {name: (slot, rank) for slot, wanted in _SLOTS.items() for rank, name in enumerate(wanted)}
_UNREAD: Final = frozenset({"media", "group", "people"})
_TYPED: Final = frozenset({"title", "summary", "content"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element belongs: the field, how far down its list of names, whether its text is read,
    whether a type that is given may make it Base64, whether it is of Atom, whose texts have types."""

    slot: str
    rank: int
    is_read: bool
    is_typed: bool
    is_atom: bool


@lru_cache(maxsize=4096)
def place_of(tag: object) -> Place | None:
    """The place of an lxml tag; None for elements that say nothing here, and for what is no element."""
    if not isinstance(tag, str):
        return None
    family, local = name_of(tag)
    found = _OF.get(f"{family}:{local}" if family else local)
    if found is None:
        return None
    return Place(found[0], found[1], found[0] not in _UNREAD, local in _TYPED, family == "atom")
