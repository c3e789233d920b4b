"""The source kind ``inbox``: articles that other systems drop into a folder or post to the receiver.

The folder is read by ``monitor.inbox.Spool``, which stands in for the network; what it gives is a
document of JSON lines (``monitor.core.source.posted_articles``).
"""

from __future__ import annotations

import html
import json
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from monitor.core.source.posted_articles import PostedArticle, read_posted
from monitor.core.text.urls import http_url
from monitor.errors import ParseError
from monitor.i18n.localizer import note
from monitor.model import Entry, Fetched, FetchRequest, Parsed, Source, SourceState
from monitor.ports import SourceKind
from monitor.sources.body import complaint, is_page, text_of
from monitor.sources.draft import EntryDraft, Sheet
from monitor.sources.entries import parsed
from monitor.sources.search_request import JSON, conditional

SET_ASIDE: Final = "x-set-aside"
# Entries without an address get one that leads nowhere (RFC 2606 §2).
_NOWHERE: Final = "http://inbox.invalid/"
_MOST_TOLD: Final = 3
_HEAD: Final = 200


class InboxOptions(BaseModel):
    """An inbox has no options: its ``url`` names the folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def request(source: Source, state: SourceState | None) -> FetchRequest:
    """What the spool is asked; the ETag is the batch whose articles are stored by now."""
    return conditional(source, state, source.url, accept=JSON)


def parse(source: Source, fetched: Fetched) -> Parsed:
    """The articles, and a warning for each part that was set aside.

    Raises ``ParseError`` when the document holds no article at all.
    """
    aside = _set_aside(fetched)
    text = text_of(fetched) if fetched.body or not aside else ""
    drops, refused = read_posted(text) if text else ((), ())
    if not drops and not aside:
        if is_page(text) or not refused:
            raise complaint(text, fetched, wanted=note("articles as JSON"))
        raise ParseError(f"{refused[0].why} ({fetched.url})")
    warnings = (*aside, *(part.why for part in refused[:_MOST_TOLD]))
    home = http_url(source.site) or f"{_NOWHERE}{urlsplit(source.url).netloc}"
    drafts = tuple(_draft(drop, fetched.url) for drop in drops)
    return parsed("inbox", source, fetched, Sheet(drafts=drafts, home=home, warnings=warnings))


def _set_aside(fetched: Fetched) -> tuple[str, ...]:
    """What the spool says of files that it could not read."""
    try:
        set_aside = json.loads(fetched.headers.get(SET_ASIDE) or "[]")
    except ValueError:
        return ()
    return (
        tuple(line for line in set_aside if isinstance(line, str))[:_MOST_TOLD]
        if isinstance(set_aside, list)
        else ()
    )


def _draft(drop: PostedArticle, base: str) -> EntryDraft:
    fields = drop.fields
    outlet = fields.get("source", "")
    paragraphs = html.escape(fields.get("text", ""), quote=False).strip().replace("\n", "<br>")
    return EntryDraft(
        guid=fields.get("id", ""),
        links=(fields.get("url", ""),),
        base=base,
        title=fields.get("title", ""),
        title_is_html=False,
        summary=html.escape(fields.get("summary", ""), quote=False),
        content=fields.get("html") or paragraphs,
        published=tuple(text for text in (fields.get("published"),) if text),
        updated=tuple(text for text in (fields.get("updated"),) if text),
        authors=drop.authors or ((outlet,) if outlet else ()),
        language=fields.get("lang", ""),
        outlet=outlet,
    )


def has_page(entry: Entry) -> bool:
    """Only where no text was dropped and there is an address."""
    return not entry.content and not entry.url.startswith(_NOWHERE) and "#!" not in entry.url


def sniff(fetched: Fetched) -> float:
    """0.6 for JSON articles with a headline and a text or address, which other kinds' JSON has not."""
    try:
        text = text_of(fetched)
    except ParseError:
        return 0.0
    if text[0] not in "{[":
        return 0.0
    drops, _ = read_posted(text[:200_000] if "\n" in text[:200_000] else text)
    if not drops:
        return 0.0
    first = drops[0].fields
    if "title" not in first or not first.keys() & {"text", "url", "html"}:
        return 0.0
    return 0.5 if '"articles"' in text[:_HEAD] else 0.6  # GDELT's lists look like this too


KIND: Final = SourceKind(
    name="inbox", options=InboxOptions, request=request, parse=parse, sniff=sniff, has_page=has_page
)
