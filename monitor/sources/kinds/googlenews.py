"""The source kind ``googlenews``: the feed of a Google News search."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from monitor.core.text.urls import http_url
from monitor.errors import ParseError
from monitor.i18n.lazy import lazy
from monitor.i18n.localizer import note
from monitor.model import Entry, Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import text_of
from monitor.sources.draft import EntryDraft
from monitor.sources.entries import headline, parsed
from monitor.sources.kinds.feed import sheet_of
from monitor.sources.search_request import RSS, as_given, conditional, on_host

_PATH: Final = "/rss/search"
_REDIRECT: Final = re.compile(r"/(?:rss/|__i/rss/rd/)?(?:articles|read)/([\w-]{1,2000})=*")
_HOST: Final = re.compile(r"news\.google\.[a-z.]{2,6}")
# In older links the token is Base64 of a record whose fields are addresses.
_ADDRESS: Final = re.compile(rb"https?://[!-~]+")
_GENERATOR: Final = re.compile(r"<generator>\s*NFE/")
_HEAD: Final = 2_000
# These languages are named with their country; the rest stand alone.
_WITH_COUNTRY: Final = frozenset({"en", "es", "fr", "pt", "zh"})


class GoogleNewsOptions(BaseModel):
    """What to look for, and in which edition."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    query: str = ""
    """Google's query language: words, "phrases", OR, -word, site:example.org, when:1d."""
    language: str = Field(default="", pattern=r"^([a-z]{2,3})?$")
    """ISO 639 code of the edition; absent: the source's language, else en."""
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    """ISO 3166 code of the edition; absent: the source's country, else US."""


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """A conditional GET of the search's feed. Raises ``ParseError`` without a query."""
    options = GoogleNewsOptions.model_validate(dict(source.options))
    if not options.query:
        url = as_given(source, "query: the words to look for")
        return conditional(source, state, url, accept=RSS)
    language = options.language or source.language or "en"
    country = options.country or source.country or "US"
    parameters = {
        "q": options.query,
        "hl": f"{language}-{country}" if language in _WITH_COUNTRY else language,
        "gl": country,
        "ceid": f"{country}:{language}",
    }
    return conditional(source, state, on_host(source, _PATH, parameters), accept=RSS)


def parse(source: Source, fetched: Fetched) -> Parsed:
    """The finds with the outlet's address where Google's link carries it, else with Google's.

    The outlet's name goes from the title to the authors. Raises ``ParseError`` as a feed does.
    """
    sheet = sheet_of(fetched, wanted=note("a Google News feed"))
    drafts = tuple(_draft(draft) for draft in sheet.drafts)
    hidden = sum(any(_token(link) for link in draft.links[:1]) for draft in drafts)
    warnings = sheet.warnings
    if hidden:
        told = lazy(
            "{count} of {all} links do not tell the outlet's address: only headlines are matched",
            count=hidden,
            all=len(drafts),
        )
        warnings = (*warnings, told)
    return parsed("googlenews", source, fetched, dataclasses.replace(sheet, drafts=drafts, warnings=warnings))


def _draft(draft: EntryDraft) -> EntryDraft:
    outlet = headline(draft.outlet, is_html=True)
    title = headline(draft.title, is_html=draft.title_is_html)
    if outlet:
        title = title.removesuffix(f" - {outlet}")
    return dataclasses.replace(
        draft,
        links=tuple(outlet_address(link) or link for link in draft.links),
        title=title,
        title_is_html=False,
        summary="",  # the headline once more
        content="",
        authors=draft.authors or ((draft.outlet,) if outlet else ()),
    )


def outlet_address(link: str) -> str | None:
    """The address inside a Google News link; None when it carries none (links since 2024 do not)."""
    token = _token(link)
    if not token:
        return _parameter(link)
    try:
        record = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    for found in _ADDRESS.finditer(record):
        # Addresses run into the next field, so their length counts (a varint in front of each).
        low, high = b"\0\0"[found.start() :] + record[max(0, found.start() - 2) : found.start()]
        length = (low & 0x7F) | high << 7 if low & 0x80 else high
        if url := http_url(found[0][:length].decode("ascii")):
            return url
    return None


def _token(link: str) -> str:
    """The opaque part of a Google News link, "" for other links."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    found = _REDIRECT.fullmatch(parts.path)
    return found[1] if found and _HOST.fullmatch(parts.hostname or "") else ""


def _parameter(link: str) -> str | None:
    """The address in ``news.google.com/…?url=``."""
    try:
        parts = urlsplit(link)
        values = parse_qs(parts.query).get("url", [])
    except ValueError:
        return None
    return http_url(values[0]) if values and _HOST.fullmatch(parts.hostname or "") else None


def has_page(entry: Entry) -> bool:
    """Not where only Google's own link is known: its page is a script."""
    return not _token(entry.url)


def sniff(fetched: Fetched) -> float:
    """0.9 for a feed that Google News made; it is a feed first, so ``monitor parse`` says so."""
    try:
        return 0.9 if _GENERATOR.search(text_of(fetched)[:_HEAD]) else 0.0
    except ParseError:
        return 0.0


KIND: Final = SourceKind(
    name="googlenews",
    options=GoogleNewsOptions,
    request=request,
    parse=parse,
    sniff=sniff,
    has_page=has_page,
)
