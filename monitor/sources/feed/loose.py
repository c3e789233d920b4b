"""Feeds that are not well-formed, and rare kinds (CDF), through feedparser."""

from __future__ import annotations

import io
from typing import Any, Final

import feedparser

from monitor.sources.draft import BROKEN, EntryDraft, Sheet, is_image, whole_id

_PUBLISHED: Final = ("published", "created")
# feedparser guards most of its own trips over broken input, not all.
_TRIPS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


def read_loose(text: str, url: str) -> Sheet | None:
    """What feedparser finds in a feed at ``url``; None when that is not one entry.

    Nothing is sanitised here: our own cleaning follows.
    """
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "ignore")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _TRIPS:
        return None
    if not found.entries:
        return None
    head = found.feed
    return Sheet(
        drafts=tuple(_draft(entry, url) for entry in found.entries),
        title=_word(head, "title"),
        home=_word(head, "link"),
        language=_word(head, "language"),
        warnings=(BROKEN,) if found.bozo else (),
        hub=_related(head, "hub"),
        own=_related(head, "self"),
    )


def _draft(entry: Any, url: str) -> EntryDraft:  # noqa: ANN401  # feedparser has no types
    detail = entry.get("title_detail") or {}
    links = [link for link in entry.get("links", ()) if link.get("href")]
    return EntryDraft(
        guid=whole_id(_word(entry, "id"), detail.get("base") or url),
        guid_is_link=bool(entry.get("guidislink", True)),
        links=tuple(word for word in (_word(entry, "feedburner_origlink"), _word(entry, "link")) if word),
        fallbacks=tuple(link["href"] for link in links),
        base=detail.get("base") or url,
        title=_word(entry, "title"),
        title_is_html=detail.get("type") != "text/plain",
        summary=_word(entry, "summary"),
        content=next((part.get("value") or "" for part in entry.get("content", ())), ""),
        published=tuple(word for name in _PUBLISHED if (word := _word(entry, name))),
        updated=tuple(word for word in (_word(entry, "updated"),) if word),
        authors=tuple(author["name"] for author in entry.get("authors", ()) if author.get("name")),
        language=detail.get("language") or "",
        pictures=_pictures(entry, links),
    )


def _pictures(entry: Any, links: list[Any]) -> tuple[str, ...]:  # noqa: ANN401
    media = [(part.get("url"), part) for part in entry.get("media_content", ())]
    media += [(link["href"], link) for link in links if link.get("rel") == "enclosure"]
    return tuple(
        url for url, part in media if url and is_image(part.get("type") or part.get("medium") or "", url)
    )


def _word(record: Any, name: str) -> str:  # noqa: ANN401
    value = dict.get(record, name)  # feedparser's own ``get`` gives other fields for absent ones
    return value if isinstance(value, str) else ""


def _related(head: Any, relation: str) -> str:  # noqa: ANN401
    links = dict.get(head, "links") or ()
    return next((str(link.get("href") or "") for link in links if link.get("rel") == relation), "")
