"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from monitor.sources.draft import EntryDraft, Sheet, is_image

_VERSION: Final = "jsonfeed.org/version/"
_TRIPS: Final = (ValueError, RecursionError)


def read_json(text: str, url: str) -> Sheet | None:
    """The entries of a JSON Feed at ``url``; None when it is not one.

    Fields of a wrong type count as absent. A document with a list of ``items`` counts as a feed
    even when it does not name its version.
    """
    try:
        document = json.loads(text)
    except _TRIPS:
        return None
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return None
    named = _VERSION in _word(document, "version")
    items = [item for item in document["items"] if isinstance(item, dict)]
    if not named and not any(_word(item, "url", "id") for item in items):
        return None
    feed_authors = _authors(document)
    return Sheet(
        drafts=tuple(_draft(item, url, feed_authors) for item in items),
        title=html.escape(_word(document, "title")),
        home=_word(document, "home_page_url"),
        language=_word(document, "language"),
        hub=next((_word(hub, "url") for hub in _list(document, "hubs") if isinstance(hub, dict)), ""),
        own=_word(document, "feed_url"),
    )


def _draft(item: Mapping[str, Any], url: str, feed_authors: tuple[str, ...]) -> EntryDraft:
    plain_text = _word(item, "content_text")
    identifier = item.get("id")
    attachments = [part for part in _list(item, "attachments") if isinstance(part, dict)]
    return EntryDraft(
        guid=str(identifier) if isinstance(identifier, (str, int)) else "",
        guid_is_link=True,
        links=tuple(link for link in (_word(item, "url"), _word(item, "external_url")) if link),
        fallbacks=tuple(link for part in attachments if (link := _word(part, "url"))),
        base=url,
        title=_word(item, "title"),
        title_is_html=False,
        summary=html.escape(_word(item, "summary"), quote=False),
        content=_word(item, "content_html") or html.escape(plain_text, quote=False).replace("\n", "<br>"),
        published=tuple(word for word in (_word(item, "date_published"),) if word),
        updated=tuple(word for word in (_word(item, "date_modified"),) if word),
        authors=_authors(item) or feed_authors,
        language=_word(item, "language"),
        pictures=_pictures(item, attachments),
    )


def _pictures(item: Mapping[str, Any], attachments: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    own = [word for name in ("image", "banner_image") if (word := _word(item, name))]
    attached = [
        link
        for part in attachments
        if (link := _word(part, "url")) and is_image(_word(part, "mime_type"), link)
    ]
    return (*own, *attached)


def _word(record: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is a text with something in it."""
    found = (record.get(name) for name in names)
    return next((value for value in found if isinstance(value, str) and value.strip()), "")


def _list(record: Mapping[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    return value if isinstance(value, list) else []


def _authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    people = [*_list(record, "authors"), record.get("author")]
    return tuple(name for person in people if isinstance(person, dict) and (name := _word(person, "name")))
