"""Which page an entry needs, and what to fall back to when the page cannot be had."""

from __future__ import annotations

import dataclasses
import itertools
import re

from monitor.core.page.checks.excerpt import is_excerpt
from monitor.core.page.checks.meta_refresh import refresh_target
from monitor.core.page.checks.other_page import why_other
from monitor.core.text.clean import plain
from monitor.core.text.fingerprint import text_key
from monitor.errors import FetchError, Forbidden, HttpStatus, Offline, TooLarge
from monitor.model import Entry, Extracted, Fetched, FetchRequest, NotModified, Source
from monitor.ports import PageExtractor, Ports, SourceKind

FULL_TEXT_WORDS = 120
PAGE_TRIES = 3
MAX_PAGE = 1_800_000
MAX_TAGS = 20_000
MAX_REFRESHES = 2
PAGE_ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"


def carries_full_text(entry: Entry, kind: SourceKind | None, *, full_pages: bool) -> bool:
    """Whether the entry can be read without asking for its page, which may say no more."""
    if not full_pages or (kind is not None and not kind.has_page(entry)):
        return True
    if not entry.content or len(plain(entry.content).split()) < FULL_TEXT_WORDS:
        return False
    return not is_excerpt(entry.content, entry.url)


def page_request(entry: Entry, source: Source, *, robots: bool = True) -> FetchRequest:
    """The request for an entry's page; ``robots``: the host's rules for robots hold."""
    return FetchRequest(url=entry.url, accept=PAGE_ACCEPT, allow_private=source.allow_private, robots=robots)


def bounded(answer: Fetched | NotModified) -> Fetched | NotModified:
    """The answer with as much of its body as is read: the first look and extraction see the same."""
    if isinstance(answer, NotModified):
        return answer
    return dataclasses.replace(answer, body=page_body(answer.body))


def page_body(body: bytes) -> bytes:
    """As much of a page as is worth reading: its first 1.8 MB and its first 20,000 tags.

    Extraction holds the page several times over, and a tree costs by the element.
    """
    kept = body[:MAX_PAGE]
    if kept.count(b"<") <= MAX_TAGS:
        return kept
    last = next(itertools.islice(re.finditer(b"<", kept), MAX_TAGS, None))
    return kept[: last.start()]


def page_for(
    entry: Entry, source: Source, answer: Fetched | NotModified, ports: Ports
) -> tuple[Extracted | None, str]:
    """What the page of an entry holds, and why it is not the entry's article if it is not.

    Raises ``CostlyPage`` for a page that takes too long to read.
    """
    found = _extracted(entry, source, answer, ports.extract)
    if found is None:
        return None, ""

    def came_before() -> bool:
        words = text_key(found.title, found.text)
        store = ports.store.articles
        held = map(store.article, store.same_text(words)) if words else ()
        return any(
            article is not None and article.source_id == source.id and article.entry_id != entry.id
            for article in held
        )

    reason = why_other(entry, found, came_before=came_before)
    return (found if not reason and _says_enough(found, entry) else None), reason


def sent_on(answer: Fetched | NotModified, request: FetchRequest, ports: Ports) -> Fetched | NotModified:
    """The answer that a page stands for which only sends its reader on (``checks.meta_refresh``)."""
    for _ in range(MAX_REFRESHES):
        target = refresh_target(answer.body, answer.url) if isinstance(answer, Fetched) else None
        if target is None:
            break
        further = dataclasses.replace(request, url=target, etag=None, last_modified=None)
        answer = ports.fetch(further)
    return answer


def page_of(
    entry: Entry, source: Source, answer: Fetched | NotModified, extract: PageExtractor
) -> Extracted | None:
    """The page's content, or None when the page holds less than the entry itself says.

    Raises ``CostlyPage`` for a page that takes too long to read.
    """
    found = _extracted(entry, source, answer, extract)
    return found if found is not None and _says_enough(found, entry) else None


def _says_enough(found: Extracted, entry: Entry) -> bool:
    return bool(found.text) and len(found.text) >= len(entry.summary) // 2


def _extracted(
    entry: Entry, source: Source, answer: Fetched | NotModified, extract: PageExtractor
) -> Extracted | None:
    if isinstance(answer, NotModified):
        return None
    return extract(
        answer.body,
        url=answer.url,
        fetched_at=answer.fetched_at,
        charset=answer.charset,
        entry=entry,
        language_hint=source.language,
        recipe=source.recipe,
    )


def worth_another_try(error: FetchError, attempts: int) -> bool:
    """Whether the page may come later. Refusals and missing pages will not change soon."""
    if isinstance(error, Offline):
        return True
    if attempts >= PAGE_TRIES or isinstance(error, Forbidden | TooLarge):
        return False
    return not (isinstance(error, HttpStatus) and error.status in {401, 402, 403, 404, 410, 451})
