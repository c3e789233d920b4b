"""The source kind ``hackernews``: Algolia's search of Hacker News (hn.algolia.com/api)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from monitor.core.text.urls import host_key
from monitor.errors import ParseError
from monitor.i18n.localizer import note
from monitor.model import Entry, Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import complaint, text_of
from monitor.sources.draft import EntryDraft, Sheet
from monitor.sources.entries import parsed
from monitor.sources.json_fields import document, record_of, rows, word, words
from monitor.sources.search_request import JSON, as_given, conditional, on_host

_PATH: Final = "/api/v1/search_by_date"
_ITEM: Final = "https://news.ycombinator.com/item?id="
_RECORDS: Final = 100


class HackerNewsOptions(BaseModel):
    """What to look for on Hacker News."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    query: str = ""
    """Words that must all occur; "a phrase" in quotes."""
    comments: bool = False
    """true looks into comments too."""
    points: int = Field(default=0, ge=0)
    """Only what has at least so many points (comments have none)."""


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """A GET of the newest hundred finds. Raises ``ParseError`` without a query."""
    options = HackerNewsOptions.model_validate(dict(source.options))
    if not options.query:
        url = as_given(source, "query: the words to look for")
        return conditional(source, state, url, accept=JSON)
    parameters: dict[str, object] = {
        "query": options.query,
        "tags": "(story,comment)" if options.comments else "story",
        "hitsPerPage": _RECORDS,
    }
    if options.points:
        parameters["numericFilters"] = f"points>={options.points}"
    return conditional(source, state, on_host(source, _PATH, parameters), accept=JSON)


def parse(source: Source, fetched: Fetched) -> Parsed:
    """Stories with the outlet's address; questions and comments with their own page and text.

    Raises ``ParseError`` for what is no answer of the search.
    """
    text = text_of(fetched)
    value = record_of(document(text))
    if not isinstance(value.get("hits"), list):
        raise complaint(text, fetched, wanted=note("Hacker News search results"))
    drafts = tuple(_draft(hit, fetched.url) for hit in rows(value["hits"]))
    return parsed("hackernews", source, fetched, Sheet(drafts=drafts, title="Hacker News"))


def _draft(hit: Mapping[str, Any], base: str) -> EntryDraft:
    number = next(iter(words(hit, "objectID")), "")
    discussion = f"{_ITEM}{number}" if number else ""
    about = word(hit, "story_title")
    title = word(hit, "title") or (f"Comment on: {about}" if about else "")
    return EntryDraft(
        guid=number,
        links=tuple(link for link in (word(hit, "url"), discussion) if link),
        base=base,
        title=title,
        title_is_html=False,
        content=word(hit, "story_text", "comment_text"),
        published=words(hit, "created_at", "created_at_i"),
        authors=words(hit, "author"),
    )


def has_page(entry: Entry) -> bool:
    """Not for discussions: their page is other people's comments."""
    return host_key(entry.url) != host_key(_ITEM)


def sniff(fetched: Fetched) -> float:
    """1 for a list of hits with Hacker News's numbers."""
    try:
        hits = rows(record_of(document(text_of(fetched))).get("hits"))
    except ParseError:
        return 0.0
    return 1.0 if hits and "objectID" in hits[0] else 0.0


KIND: Final = SourceKind(
    name="hackernews",
    options=HackerNewsOptions,
    request=request,
    parse=parse,
    sniff=sniff,
    has_page=has_page,
)
