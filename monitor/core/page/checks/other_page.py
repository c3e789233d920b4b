"""Whether the page that came for an entry is its article, or another page: a front page, a section, a login,
a consent question, a refusal with status 200, a missing page that says so politely.

No list of such pages is known here. The signs are: the entry's headline is nowhere on it, its address became
a shallower one or carries the asked address as a parameter, the same text came for other entries.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote, urlsplit

from monitor.core.page.stated.headline import MIN_LETTERS, letters
from monitor.core.text.clean import plain
from monitor.core.text.urls import canonical_url, same_site
from monitor.model import Entry, Extracted

MIN_WORDS: Final = 2
MANY_WORDS: Final = 4
PREFIX: Final = 5
SHORT_WORD: Final = 4
TITLED_SHARE: Final = 0.5
NOWHERE_SHARE: Final = 0.25
SAID_SHARE: Final = 0.3
FEW_WORDS: Final = 150
MAX_TEXT: Final = 40_000
LONG_SLUG: Final = 2
LONG_NUMBER: Final = 4

_WORD: Final = re.compile(r"[^\W_]+")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]{2}")
_NUMBER: Final = re.compile(r"\d+")


def why_other(entry: Entry, found: Extracted, *, came_before: Callable[[], bool] = bool) -> str:
    """Why a page is not the entry's article; "" when it is, or nothing says otherwise.

    ``came_before`` says whether the same text is known as another entry's; it is asked only in doubt.
    """
    words = _telling(entry.title)
    own_title = found.title if found.titled else ""
    if _is_titled(entry.title, words, own_title):
        return ""
    is_moved = canonical_url(found.url) != canonical_url(entry.url)
    if is_moved and carries(found.url, entry.url):
        return f"its address leads to a page that asks something first ({found.url})"
    if is_moved and is_shallower(entry.url, found.url):
        return f"its address leads to another page ({found.url})"
    if len(words) < MIN_WORDS:
        return ""
    share = _share(words, f"{own_title}\n{found.text[:MAX_TEXT]}")
    if share < NOWHERE_SHARE and _says_nothing_of(entry, words, found, is_moved=is_moved):
        return "the headline is nowhere on the page"
    if share < TITLED_SHARE and came_before():
        return "the same page came for another entry"
    return ""


def carries(address: str, asked: str) -> bool:
    """Whether an address carries another one in its parameters, as logins and consent pages do."""
    parts, own = urlsplit(address), urlsplit(asked)
    query = unquote(unquote(f"{parts.query}#{parts.fragment}"))
    where = own.path.rstrip("/")
    return len(where) > 1 and where in query and not parts.path.rstrip("/").endswith(where)


def is_shallower(asked: str, answered: str) -> bool:
    """Whether an answer's address names less than the asked one: a front page, a section."""
    if not same_site(asked, answered):
        return not _pieces(answered)
    own, other = _pieces(asked), _pieces(answered)
    if own and other and own[-1] == other[-1]:
        return False
    return len(other) < len(own) and not is_specific(answered)


def is_specific(address: str) -> bool:
    """Whether an address looks like one article's: a slug of three words or more, a long number, an id."""
    parts = urlsplit(address)
    last = (_pieces(address) or [""])[-1]
    slug = len(re.findall(r"[-_+]|%20", last)) >= LONG_SLUG
    numbers = _NUMBER.findall(f"{parts.path}?{parts.query}")
    return slug or any(len(number) >= LONG_NUMBER for number in numbers) or any(map(str.isdigit, parts.query))


def _pieces(address: str) -> list[str]:
    return [piece for piece in urlsplit(address).path.split("/") if piece]


def _is_titled(title: str, words: frozenset[str], own: str) -> bool:
    """Whether a page's headline is the entry's, or a form of it."""
    first, second = letters(title), letters(own)
    if len(min(first, second, key=len)) >= MIN_LETTERS and (first in second or second in first):
        return True
    return bool(words) and _share(words, own) >= TITLED_SHARE


def _says_nothing_of(entry: Entry, words: frozenset[str], found: Extracted, *, is_moved: bool) -> bool:
    if is_moved or len(found.text.split()) < FEW_WORDS:
        return True
    summary_words = _telling(plain(entry.summary))
    if len(summary_words) >= MANY_WORDS:
        return _share(summary_words, f"{found.title}\n{found.text[:MAX_TEXT]}") < SAID_SHARE
    return len(words) >= MANY_WORDS


def _telling(text: str) -> frozenset[str]:
    """The words of a text that tell what it is about, cut so that inflected forms meet."""
    folded = text.casefold()
    found = {word[:PREFIX] for word in _WORD.findall(folded) if len(word) >= SHORT_WORD or word.isdigit()}
    return frozenset(found | set(_UNSPACED.findall(folded)))


def _share(words: frozenset[str], text: str) -> float:
    folded = text.casefold()
    there = {word[:PREFIX] for word in _WORD.findall(folded)}
    found = sum(word in there or (_UNSPACED.fullmatch(word) is not None and word in folded) for word in words)
    return found / len(words) if words else 0.0
