"""Which elements of RSS and Atom hold which field, and the families that namespaces belong to."""

from __future__ import annotations

import re
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


_READ: Final = frozenset(
    (*TITLE, *GUID, *SUMMARY, *CONTENT, *PUBLISHED, *UPDATED, *AUTHORS, *REAL_LINK, *OUTLET, *LANGUAGE)
) | {"link", "atom:link", "atom:name", "name"}
_TYPED: Final = frozenset({"title", "summary", "content"})


@lru_cache(maxsize=2048)
def key_of(tag: str) -> tuple[str, bool, bool]:
    """``family:local`` of an lxml tag (``local`` alone for RSS itself), whether its text is read at
    all, and whether a type that is given may make it Base64."""
    family, local = name_of(tag)
    key = f"{family}:{local}" if family else local
    return key, key in _READ, local in _TYPED
