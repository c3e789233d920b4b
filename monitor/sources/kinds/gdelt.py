"""The source kind ``gdelt``: the article list of GDELT's DOC 2.0 API (api.gdeltproject.org)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from babel import Locale
from pydantic import BaseModel, ConfigDict, Field

from monitor.core.text.clean import clean, unescape
from monitor.errors import ParseError
from monitor.i18n.lazy import lazy
from monitor.i18n.localizer import note
from monitor.model import Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import complaint, is_page, text_of
from monitor.sources.draft import EntryDraft, Sheet
from monitor.sources.entries import parsed
from monitor.sources.json_fields import document, record_of, rows, word, words
from monitor.sources.search_request import JSON, as_given, conditional, on_host

_PATH: Final = "/api/v2/doc/doc"
_LONGEST_ANSWER: Final = 500
# Titles come with backslashes that JSON does not know.
_BAD_ESCAPE: Final = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)')


class GdeltOptions(BaseModel):
    """What to ask GDELT for."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    query: str = ""
    """GDELT's own query language: words, "phrases", (a OR b), sourcelang:russian, sourcecountry:poland."""
    timespan: str = Field(default="1d", pattern=r"^[1-9]\d{0,3}(min|h|d|w|m|hours|days|weeks|months)$")
    """How far back, at least 15min: 60min, 6h, 1d, 1w, 3m (months)."""
    records: int = Field(default=250, ge=1, le=250)
    """The most articles of one answer."""


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """A GET of the newest articles. Raises ``ParseError`` without a query."""
    options = GdeltOptions.model_validate(dict(source.options))
    if not options.query:
        url = as_given(source, "query: the words to look for")
        return conditional(source, state, url, accept=JSON)
    parameters = {
        "query": options.query,
        "mode": "ArtList",
        "format": "json",
        "sort": "DateDesc",
        "timespan": options.timespan,
        "maxrecords": options.records,
    }
    return conditional(source, state, on_host(source, _PATH, parameters), accept=JSON)


def parse(source: Source, fetched: Fetched) -> Parsed:
    """The articles; their date is when GDELT saw them, at most a quarter of an hour late.

    Raises ``ParseError`` with GDELT's own words when it refuses the query, which it does with
    status 200 and a line of text.
    """
    text = text_of(fetched)
    value = _document(text)
    if not isinstance(value, dict) or not (value == {} or isinstance(value.get("articles"), list)):
        raise _refusal(text, fetched)
    drafts = tuple(_draft(row, fetched.url) for row in rows(value.get("articles")))
    return parsed("gdelt", source, fetched, Sheet(drafts=drafts, title="GDELT"))


def _document(text: str) -> object:
    return document(_BAD_ESCAPE.sub(_escaped, text))


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found[1] else "\\\\"


def _draft(row: Mapping[str, Any], base: str) -> EntryDraft:
    return EntryDraft(
        links=(word(row, "url"), word(row, "url_mobile")),
        base=base,
        title=word(row, "title"),
        published=words(row, "seendate"),
        language=_language_codes().get(word(row, "language").lower(), ""),
    )


@lru_cache(maxsize=1)
def _language_codes() -> Mapping[str, str]:
    """Codes by English name, which is what GDELT gives."""
    names = Locale("en").languages
    return {name.lower(): code for code, name in sorted(names.items(), reverse=True) if "_" not in code}


def _refusal(text: str, fetched: Fetched) -> ParseError:
    said = clean(" ".join(unescape(text).split()), limit=_LONGEST_ANSWER)
    if text[0] in "{[" or is_page(text) or len(text) > _LONGEST_ANSWER:
        return complaint(text, fetched, wanted=note("GDELT's list of articles"))
    if "limit requests" in said.lower():
        told = note("GDELT asks for fewer requests: {said} ({url}; set a longer every)")
        return ParseError(lazy(told, said=said, url=fetched.url))
    told = note("GDELT refuses the query: {said} ({url}; correct options query or timespan)")
    return ParseError(lazy(told, said=said, url=fetched.url))


def sniff(fetched: Fetched) -> float:
    """1 for a list of articles with the dates that only GDELT writes."""
    try:
        articles = rows(record_of(_document(text_of(fetched))).get("articles"))
    except ParseError:
        return 0.0
    return 1.0 if articles and "seendate" in articles[0] else 0.0


KIND: Final = SourceKind(name="gdelt", options=GdeltOptions, request=request, parse=parse, sniff=sniff)
