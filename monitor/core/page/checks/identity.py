"""Whether an address that a page states as its own (canonical, ``og:url``) is this page's, or one that the
outlet's template gives to all of its pages.

An article is known by its address, so one address for all would make all of them one article.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Final
from urllib.parse import urlsplit

from monitor.core.page.checks.other_page import is_specific
from monitor.core.page.stated.headline import letters
from monitor.core.text.fingerprint import article_id, url_key
from monitor.core.text.urls import canonical_url
from monitor.model import Article, Entry

SAME_SHARE: Final = 0.3
MIN_LINE: Final = 40

# What a template leaves when its value is missing.
_UNFILLED: Final = re.compile(
    r"[{}<>\[\]$]|%7[bd]|%5[bd]|%3[ce]|%24|\bundefined\b|\bnull\b|\bNaN\b", re.IGNORECASE
)
_ENDING: Final = re.compile(r"\.(?:s?html?|php\d?|aspx?|jsp|cfm)$", re.IGNORECASE)
_ID: Final = re.compile(r"\d{3,}")


def is_plausible(stated: str, url: str) -> bool:
    """Whether an address may be that of the page that came from ``url``: it shares its last piece or an id,
    or names no less than ``url`` does."""
    if _UNFILLED.search(stated):
        return False
    own, other = _last(url), _last(stated)
    if own == other and urlsplit(url).query and not urlsplit(stated).query and _is_script(stated):
        return False  # which article it is stood in the query
    if own and own == other:
        return True
    if set(_ID.findall(url.split("//", 1)[-1])) & set(_ID.findall(stated.split("//", 1)[-1])):
        return True
    return is_specific(stated) or _weight(stated) >= _weight(url)


def with_own_address(article: Article, entry: Entry, held: Article | None) -> Article:
    """The article under the address that it came from, when ``held``, which is stored under the one that its
    page states, is another article."""
    if held is None or held.entry_id == entry.id or not is_other(held, article):
        return article
    own = canonical_url(article.url)
    if own in {article.canonical_url, held.canonical_url}:
        return article
    keys = dataclasses.replace(article.fingerprint, url_key=url_key(own))
    return dataclasses.replace(article, id=article_id(keys.url_key), canonical_url=own, fingerprint=keys)


def is_other(held: Article, fresh: Article) -> bool:
    """Whether two articles have neither headline nor text in common."""
    first, second = letters(held.title), letters(fresh.title)
    if not first or not second or first in second or second in first:
        return False
    if held.fingerprint.text_key and held.fingerprint.text_key == fresh.fingerprint.text_key:
        return False
    own, other = _lines(held.text), _lines(fresh.text)
    least = min(len(own), len(other))
    return len(own & other) <= SAME_SHARE * least


def _lines(text: str) -> frozenset[str]:
    return frozenset(line for line in map(letters, text.splitlines()) if len(line) >= MIN_LINE)


def _last(address: str) -> str:
    pieces = [piece for piece in urlsplit(address).path.split("/") if piece]
    return _ENDING.sub("", pieces[-1]).casefold() if pieces else ""


def _is_script(address: str) -> bool:
    """Whether an address ends in the name of a script or file that names no article."""
    last = urlsplit(address).path.rsplit("/", 1)[-1]
    return _ENDING.search(last) is not None and not re.search(r"[\d-]", last)


def _weight(address: str) -> int:
    """How much an address names: pieces of its path, one with a number or a hyphen twice, its query.

    A script's name alone (``/article.php``) names nothing."""
    parts = urlsplit(address)
    pieces = [piece for piece in parts.path.split("/") if piece]
    if not pieces:
        return 2 * bool(parts.query or parts.fragment)
    is_script = _is_script(address)
    telling = re.search(r"\d|-|_", pieces[-1]) is not None and not re.fullmatch(r"[45]\d\d", pieces[-1])
    return len(pieces) - is_script + telling + 2 * bool(parts.query)
