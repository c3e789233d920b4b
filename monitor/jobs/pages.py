"""Which page an entry needs, and what to fall back to when the page cannot be had."""

from __future__ import annotations

from monitor.core.text import plain
from monitor.errors import FetchError, Forbidden, HttpStatus, TooLarge
from monitor.model import Entry, FetchRequest, Source
from monitor.ports import SourceKind

FULL_TEXT_WORDS = 120
PAGE_TRIES = 3
PAGE_ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"


def carries_full_text(entry: Entry, kind: SourceKind | None, *, full_pages: bool) -> bool:
    """Whether the entry can be read without asking for its page, which may say no more."""
    if not full_pages or (kind is not None and not kind.has_page(entry)):
        return True
    return bool(entry.content) and len(plain(entry.content).split()) >= FULL_TEXT_WORDS


def page_request(entry: Entry, source: Source, *, robots: bool = True) -> FetchRequest:
    """The request for an entry's page; ``robots``: the host's rules for robots hold."""
    return FetchRequest(url=entry.url, accept=PAGE_ACCEPT, allow_private=source.allow_private, robots=robots)


def worth_another_try(error: FetchError, attempts: int) -> bool:
    """Whether the page may come later. Refusals and missing pages will not change soon."""
    if attempts >= PAGE_TRIES or isinstance(error, Forbidden | TooLarge):
        return False
    return not (isinstance(error, HttpStatus) and error.status in {401, 402, 403, 404, 410, 451})
