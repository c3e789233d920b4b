"""Which elements of RSS and Atom hold which field, and the families that namespaces belong to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_FAMILIES: Final = {
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dc",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://prismstandard.org/namespaces/1.2/basic/": "prism",
    "http://prismstandard.org/namespaces/basic/2.0/": "prism",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
_ATOM_DRAFTS: Final = ("http://purl.org/atom/", "http://purl.org/pie/", "http://example.com/newformat#")
_OWN: Final = re.compile(
    r"http://(?:purl\.org/rss/|my\.netscape\.com/|channel\.netscape\.com/|backend\.userland\.com/|blogs\.law\.harvard\.edu/|cyber\.law\.harvard\.edu/).*"
)
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


@lru_cache(maxsize=2048)
def name_of(tag: str) -> tuple[str, str]:
    """Family and local name of an lxml tag, lower-case.

    The family is "" for RSS itself; an undeclared prefix (recovered XML) counts as family.
    """
    space, _, local = tag.lower().rpartition("}")
    if space:
        space = space.removeprefix("{")
        if space.startswith(_ATOM_DRAFTS):
            return "atom", local
        return _FAMILIES.get(space) or ("" if _OWN.fullmatch(space) else "other"), local
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
