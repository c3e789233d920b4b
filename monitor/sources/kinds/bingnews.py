"""The source kind ``bingnews``: the feed of a Bing News search."""

from __future__ import annotations

import dataclasses
from typing import Final
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from monitor.core.text.urls import http_url
from monitor.errors import ParseError
from monitor.i18n.localizer import note
from monitor.model import Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import text_of
from monitor.sources.draft import EntryDraft
from monitor.sources.entries import parsed
from monitor.sources.kinds.feed import sheet_of
from monitor.sources.search_request import RSS, as_given, conditional, on_host

_PATH: Final = "/news/search"
_REDIRECT: Final = "/news/apiclick.aspx"
_NEWEST_FIRST: Final = 'sortbydate="1"'
_HEAD: Final = 2_000


class BingNewsOptions(BaseModel):
    """What to look for, and in which edition."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    query: str = ""
    """Bing's query language: words, "phrases", OR, -word, site:example.org."""
    language: str = Field(default="", pattern=r"^([a-z]{2,3})?$")
    """ISO 639 code of the edition; absent: the source's language."""
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    """ISO 3166 code of the edition; absent: the source's country."""


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """A conditional GET of the search's feed, newest first. Raises ``ParseError`` without a query."""
    options = BingNewsOptions.model_validate(dict(source.options))
    if not options.query:
        url = as_given(source, "query: the words to look for")
        return conditional(source, state, url, accept=RSS)
    language, country = options.language or source.language, options.country or source.country
    parameters = {"q": options.query, "format": "rss", "qft": _NEWEST_FIRST}
    parameters |= {"setlang": language} if language else {}
    parameters |= {"cc": country} if country else {}
    return conditional(source, state, on_host(source, _PATH, parameters), accept=RSS)


def parse(source: Source, fetched: Fetched) -> Parsed:
    """The finds with the outlet's address, and its name as author. Raises ``ParseError`` as a feed does."""
    sheet = sheet_of(fetched, wanted=note("a Bing News feed"))
    drafts = tuple(_draft(draft) for draft in sheet.drafts)
    return parsed("bingnews", source, fetched, dataclasses.replace(sheet, drafts=drafts))


def _draft(draft: EntryDraft) -> EntryDraft:
    return dataclasses.replace(
        draft,
        links=tuple(outlet_address(link) or link for link in draft.links),
        authors=draft.authors or ((draft.outlet,) if draft.outlet else ()),
    )


def outlet_address(link: str) -> str | None:
    """The address that a Bing link leads to; None for other links."""
    try:
        parts = urlsplit(link)
        values = parse_qs(parts.query).get("url", [])
    except ValueError:
        return None
    is_bing = (parts.hostname or "").removeprefix("www.") == "bing.com"
    return http_url(values[0]) if values and is_bing and parts.path.lower() == _REDIRECT else None


def sniff(fetched: Fetched) -> float:
    """0.9 for a feed that Bing made; it is a feed first, so ``monitor parse`` says so."""
    try:
        head = text_of(fetched)[:_HEAD].lower()
    except ParseError:
        return 0.0
    return 0.9 if "<rss" in head and "bing.com/news/search" in head else 0.0


KIND: Final = SourceKind(name="bingnews", options=BingNewsOptions, request=request, parse=parse, sniff=sniff)
