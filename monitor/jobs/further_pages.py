"""Articles that go on on further pages: read in the same job, joined to the first page's text."""

from __future__ import annotations

import dataclasses
import heapq
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from monitor.core.page.pagination import next_page
from monitor.core.text.clean import unescape
from monitor.errors import CostlyPage, FetchError, Offline
from monitor.jobs.fetch_page import bounded, page_of, page_request
from monitor.model import Entry, Extracted, Source
from monitor.ports import Ports

MAX_TEXT: Final = 400_000
_MOST_TAGS: Final = 20
_TAG_CHARS: Final = 600
_LINK_TAG: Final = re.compile(rf"<(?:a|link)\b[^<>]{{0,{_TAG_CHARS}}}+>", re.IGNORECASE)
_REACH: Final = len("<link") + _TAG_CHARS
_SPELLINGS: Final = ("next", "Next", "NEXT")
_RELATION: Final = re.compile(r"""\brel\s*+=\s*+["']?([^"'>]{1,60})""", re.IGNORECASE)
_NEXT: Final = re.compile(r"\bnext\b", re.IGNORECASE)
_HREF: Final = re.compile(
    r"""\bhref\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s"'>]{1,2000}))""", re.IGNORECASE
)


def goes_on(page: str, url: str) -> bool:
    """Whether a raw page names a next page of the same article: what it lacks may stand there."""
    found = map(_HREF.search, islice(_next_tags(page), _MOST_TAGS))
    addresses = [urljoin(url, unescape(next(filter(None, href.groups())))) for href in found if href]
    return next_page(url, addresses) is not None


def _next_tags(page: str) -> Iterator[str]:
    """Link tags that say that they lead to the next page."""
    # The look for the word comes first: a page has hundreds of links, and few of them name it.
    at = 0
    for place in heapq.merge(*(_places(page, word) for word in _SPELLINGS)):
        start = page.rfind("<", max(at, place - _REACH), place)
        if start < 0:
            continue
        tag = _LINK_TAG.match(page, start)
        # One that never ends is tried once, however often it says "next".
        at = tag.end() if tag else start + 1
        if tag and at > place and any(_NEXT.search(each[1]) for each in _RELATION.finditer(tag[0])):
            yield tag[0]


def _places(text: str, word: str) -> Iterator[int]:
    """Where a word stands in a text."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def with_further_pages(first: Extracted, entry: Entry, source: Source, ports: Ports) -> tuple[Extracted, int]:
    """The article with the text of its further pages, and how many pages more were asked for.

    At most ``reading.next_pages`` of them. A page that cannot be had, says nothing or says the same again
    ends it: what was read so far stands.
    """
    settings = ports.rulebook().settings
    text, address, asked = first.text, first.next_page, 0
    seen = {first.canonical_url, entry.url}
    while address and address not in seen and asked < settings.reading.next_pages and len(text) < MAX_TEXT:
        seen.add(address)
        asked += 1
        request = page_request(entry, source, robots=settings.fetch.robots != "off")
        try:
            answer = bounded(ports.fetch(dataclasses.replace(request, url=address)))
        except Offline:  # half an article is not to be had for lack of a network
            raise
        except FetchError:
            break
        try:
            found = page_of(entry, source, answer, ports.extract)
        except CostlyPage:
            break
        if found is None or found.text in text:
            break
        text, address = f"{text}\n\n{found.text}", found.next_page
    return dataclasses.replace(
        first, text=text[:MAX_TEXT], next_page=None if asked else first.next_page
    ), asked


def pause_for(pages: int, delay_s: float) -> timedelta:
    """How much longer the host is left alone for pages that were asked for without a pause."""
    return timedelta(seconds=pages * delay_s)
