"""The source kind ``reddit``: a search or a subreddit's newest posts, as Atom or JSON, without an account."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from monitor.core.text.clean import unescape
from monitor.core.text.urls import host_key
from monitor.errors import ParseError
from monitor.i18n.localizer import note
from monitor.model import Entry, Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import complaint, text_of
from monitor.sources.draft import EntryDraft, Sheet
from monitor.sources.entries import absolute, parsed
from monitor.sources.json_fields import document, record_of, rows, word, words
from monitor.sources.kinds.feed import sheet_of
from monitor.sources.search_request import JSON, RSS, as_given, conditional, on_host

_RECORDS: Final = 100
_SITE: Final = "https://www.reddit.com/"
_OWN_HOST: Final = re.compile(r"(?:.+\.)?(?:reddit\.com|redd\.it|redditmedia\.com)")
_LINK: Final = re.compile(r'<a\s[^<>]{0,20}?href="([^"<>]{1,2000})"[^<>]{0,50}>\s*\[link\]', re.IGNORECASE)
_OPENING: Final = "<!-- SC_OFF -->"
_CLOSING: Final = "<!-- SC_ON -->"
_HEAD: Final = 4_000


class RedditOptions(BaseModel):
    """What to look for, and where."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    query: str = ""
    """Reddit's query language: words, "phrases", OR, NOT, title:word; absent: every post of the subreddit."""
    subreddit: str = Field(default="", pattern=r"^([A-Za-z0-9_]{2,50}(\+[A-Za-z0-9_]{2,50})*)?$")
    """Only there; a+b for several."""
    format: Literal["rss", "json"] = "rss"
    """What is asked for; rss is refused less often."""


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """A GET of the newest posts. Raises ``ParseError`` without query and subreddit."""
    options = RedditOptions.model_validate(dict(source.options))
    accept = RSS if options.format == "rss" else JSON
    place = f"/r/{options.subreddit}" if options.subreddit else ""
    parameters: dict[str, object] = {"limit": _RECORDS}
    if options.query:
        path = f"{place}/search.{options.format}"
        parameters |= {"q": options.query, "sort": "new"} | ({"restrict_sr": "on"} if place else {})
    elif place:
        path = f"{place}/new.{options.format}"
    else:
        url = as_given(source, "query: the words to look for, or subreddit")
        return conditional(source, state, url, accept=accept)
    return conditional(source, state, on_host(source, path, parameters), accept=accept)


def parse(source: Source, fetched: Fetched) -> Parsed:
    """Posts that link to an outlet with the outlet's address, others with their own page and text.

    Raises ``ParseError`` for what is neither a feed nor a listing of posts.
    """
    text = text_of(fetched)
    if text[0] == "{":
        sheet = _listing(text, fetched)
    else:
        found = sheet_of(fetched, wanted=note("posts of Reddit"))
        sheet = dataclasses.replace(found, drafts=tuple(_from_feed(draft) for draft in found.drafts))
    return parsed("reddit", source, fetched, sheet)


def _from_feed(draft: EntryDraft) -> EntryDraft:
    """The feed's content is the post's text, if any, between two marks, then [link] and [comments]."""
    page = draft.content or draft.summary
    linked = _LINK.search(page)
    _, _, own = page.partition(_OPENING)
    return dataclasses.replace(
        draft,
        links=(*_outlets(unescape(linked[1]) if linked else "", draft.base), *draft.links),
        summary="",
        content=own.partition(_CLOSING)[0],
    )


def _outlets(link: str, base: str) -> tuple[str, ...]:
    """The link, unless it stays on Reddit (pictures, videos, crossposts)."""
    url = absolute(link, base)
    return (url,) if url and not _OWN_HOST.fullmatch(urlsplit(url).hostname or "") else ()


def _listing(text: str, fetched: Fetched) -> Sheet:
    value = record_of(document(text))
    children = record_of(value.get("data")).get("children")
    if not isinstance(children, list):
        raise complaint(text, fetched, wanted=note("posts of Reddit"))
    posts = [record_of(row.get("data")) for row in rows(children) if row.get("kind") == "t3"]
    return Sheet(drafts=tuple(_from_post(post) for post in posts), title="Reddit", home=_SITE)


def _from_post(post: Mapping[str, Any]) -> EntryDraft:
    outlets = () if post.get("is_self") is True else _outlets(unescape(word(post, "url")), _SITE)
    text = html.escape(unescape(word(post, "selftext")), quote=False)
    author = word(post, "author")
    return EntryDraft(
        guid=word(post, "name", "id"),
        links=(*outlets, word(post, "permalink")),
        base=_SITE,
        title=unescape(word(post, "title")),
        title_is_html=False,
        content=text.replace("\n", "<br>"),
        published=words(post, "created_utc"),
        authors=(f"/u/{author}",) if author else (),
    )


def has_page(entry: Entry) -> bool:
    """Not for posts with their own text: their page is other people's comments."""
    return not _OWN_HOST.fullmatch(host_key(entry.url))


def sniff(fetched: Fetched) -> float:
    """1 for a listing of posts; 0.9 for Reddit's feeds, which are feeds first."""
    try:
        text = text_of(fetched)
    except ParseError:
        return 0.0
    if text[0] == "{":
        children = rows(record_of(record_of(document(text)).get("data")).get("children"))
        return 1.0 if children and children[0].get("kind") == "t3" else 0.0
    return (
        0.9
        if "<feed" in text[:_HEAD] and "<category term=" in text[:_HEAD] and "/r/" in text[:_HEAD]
        else 0.0
    )


KIND: Final = SourceKind(
    name="reddit", options=RedditOptions, request=request, parse=parse, sniff=sniff, has_page=has_page
)
