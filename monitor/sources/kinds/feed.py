"""The source kind ``feed``: RSS 0.9x–2.0, RSS 1.0 (RDF), Atom 0.3/1.0, JSON Feed.

Well-formed XML is read with lxml, the rest by feedparser. Measured on 13 captured feeds of outlets
with 605 entries, 588 of them dated (``bench/feeds.py``): every title, link and date is found, seven times
as fast as by feedparser, which leaves 196 dates out; fastfeedparser is four times as fast again, but takes
195 of the dates for UTC that say GMT+9, keeps no text of them to read again, and loses XHTML and Base64
titles and ``xml:base``. Of our time a fifth is lxml's; the rest makes the entries ready to be stored:
clean text, whole addresses, dates in UTC, stable ids and stamps.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Final

from pydantic import BaseModel, ConfigDict

from monitor.errors import ParseError
from monitor.i18n.lazy import lazy
from monitor.i18n.localizer import note
from monitor.model import Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import complaint, few_tags, is_page, root_name, text_of
from monitor.sources.draft import Sheet
from monitor.sources.entries import absolute, parsed
from monitor.sources.feed.json import read_json
from monitor.sources.feed.loose import read_loose
from monitor.sources.feed.xml import read_xml

_ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9,"
    " text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
_ROOTS: Final = frozenset({"rss", "rdf", "feed", "channel"})
# feedparser takes seconds for larger broken documents, and half a minute for hostile ones.
_MAX_LOOSE: Final = 1_000_000
# A feed of thousands of entries has fewer; what follows is not read.
_MAX_TAGS: Final = 60_000
_MAX_LOOSE_TAGS: Final = 20_000
_MAX_LOOSE_ENTRIES: Final = 5_000
# Each costs the tolerant reader several calls.
_MAX_LOOSE_REFERENCES: Final = 200_000
_SITEMAPS: Final = frozenset({"urlset", "sitemapindex"})


_LINK: Final = re.compile(r"<([^<>]{1,2000})>((?:\s*;[^,;<>]{1,300}){1,10})")
_RELATION: Final = re.compile(r""";\s*rel\s*=\s*"?([^";]{1,100})"?""", re.IGNORECASE)
_MAX_HEADER: Final = 8_000


class FeedOptions(BaseModel):
    """A feed has no options."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """A conditional GET of the feed."""
    return FetchRequest(
        url=source.url,
        etag=state.etag if state else None,
        last_modified=state.last_modified if state else None,
        accept=_ACCEPT,
        allow_private=source.allow_private,
    )


def parse(source: Source, fetched: Fetched) -> Parsed:
    """The feed's entries in its own order; a feed that lists nothing gives none.

    Raises ``ParseError`` for an empty body, an HTML page, a sitemap, and what is no feed at all.
    """
    sheet = sheet_of(fetched)
    hub, own = relations(fetched)
    return parsed(
        "feed", source, fetched, dataclasses.replace(sheet, hub=hub or sheet.hub, own=own or sheet.own)
    )


def sheet_of(fetched: Fetched, *, wanted: str = note("a feed")) -> Sheet:
    """What a feed lists, before it is cleaned: for kinds that are feeds with habits of their own.

    Raises ``ParseError`` as ``parse`` does; ``wanted`` says what should have come.
    """
    text = few_tags(text_of(fetched), _MAX_TAGS)
    if text[0] in "{[" and text.count("{") + text.count("[") > _MAX_TAGS:
        raise ParseError(lazy("more came than any outlet lists ({url}; check url and kind)", url=fetched.url))
    sheet = read_json(text, fetched.url) if text[0] in "{[" else _xml(text, fetched)
    if sheet is None:
        raise complaint(text, fetched, wanted=wanted)
    return sheet


def _xml(text: str, fetched: Fetched) -> Sheet | None:
    """Well-formed feeds by the fast reader, others by the tolerant one."""
    name = root_name(text)
    if name in _SITEMAPS:
        raise ParseError(lazy("a sitemap came instead of a feed ({url}; set kind: sitemap)", url=fetched.url))
    if is_page(text):
        return None
    strict = read_xml(text, fetched.url)
    if strict and strict.drafts:
        return strict
    small = (
        len(text) <= _MAX_LOOSE
        and text.count("<") <= _MAX_LOOSE_TAGS
        and text.count("&") <= _MAX_LOOSE_REFERENCES
        and text.count("<item") + text.count("<entry") <= _MAX_LOOSE_ENTRIES
    )
    loose = read_loose(text, fetched.url) if small else None
    if loose is not None:
        return loose
    return strict or (read_xml(text, fetched.url, recover=True) if name in _ROOTS else None)


def relations(fetched: Fetched) -> tuple[str, str]:
    """The hub and the own address that HTTP Link headers name; they come before the feed's (WebSub §4)."""
    found: dict[str, str] = {}
    for target, given in _LINK.findall(fetched.headers.get("link", "")[:_MAX_HEADER]):
        for name in (_RELATION.search(given) or ("", ""))[1].lower().split():
            if name in ("hub", "self"):
                found.setdefault(name, absolute(target, fetched.url) or "")
    return found.get("hub", ""), found.get("self", "")


def sniff(fetched: Fetched) -> float:
    """1 for a feed's root element or a JSON Feed's version, 0 for what cannot be one."""
    try:
        text = text_of(fetched)
    except ParseError:
        return 0.0
    if text[0] == "{":
        sheet = read_json(text, fetched.url)
        return 0.0 if sheet is None else 1.0
    if root_name(text) in _ROOTS:
        return 1.0
    return 0.3 if not is_page(text) and ("<item" in text or "<entry" in text) else 0.0


KIND: Final = SourceKind(name="feed", options=FeedOptions, request=request, parse=parse, sniff=sniff)
