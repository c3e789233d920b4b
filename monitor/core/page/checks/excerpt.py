"""Whether the text that a feed carries is an excerpt, however long: it breaks off or leads on to the page."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from monitor.core.page.extract import PROMOTION
from monitor.core.text.clean import plain
from monitor.core.text.urls import canonical_url

TAIL_CHARS: Final = 1_500
TAIL_MARKS: Final = 60
LINK_WORDS: Final = 6
PARAGRAPH_WORDS: Final = 12

_LINK: Final = re.compile(r"<a\b([^<>]{0,2600})>", re.IGNORECASE)
_HREF: Final = re.compile(r"""\bhref\s{0,5}=\s{0,5}["']?([^"'\s>]{1,2000})""", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")
_WORDS: Final = re.compile(r"\w+")
_BROKEN: Final = ("…", "...")
_ENDS: Final = frozenset(".!?…:;)]»”\"'’。！？*")


def is_excerpt(content: str, url: str) -> bool:
    """Whether a feed's text ends in an ellipsis, in the middle of a sentence or with a short link to the
    article's own page ("Read more")."""
    text = plain(content)
    whole = PROMOTION.sub("", text).rstrip()
    if any(mark in _after_words(whole) for mark in _BROKEN):
        return True
    if len(whole) == len(text.rstrip()) and _leads_on(content[-TAIL_CHARS:], url):
        return True
    *before, last = whole.split("\n")
    ends = any(_ENDS.intersection(_after_words(line)) for line in before)
    return ends and len(last.split()) >= PARAGRAPH_WORDS and not _ENDS.intersection(_after_words(last))


def _after_words(text: str) -> str:
    """What stands behind the last word of a text."""
    return _WORDS.split(text[-TAIL_MARKS:])[-1]


def _leads_on(tail: str, url: str) -> bool:
    """Whether the last words of a text are a short link to the page."""
    links = list(_LINK.finditer(tail))
    found = _HREF.search(links[-1][1]) if links else None
    if found is None or canonical_url(unescape(found[1])) != canonical_url(url):
        return False
    label, _, rest = tail[links[-1].end() :].partition("</a")
    after = _TAG.sub(" ", rest.partition(">")[2]).split()
    return not after and len(_TAG.sub(" ", label).split()) <= LINK_WORDS
