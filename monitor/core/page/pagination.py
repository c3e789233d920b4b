"""Articles that go on on further pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from monitor.core.text.urls import same_site

MAX_PAGE: Final = 50
_NUMBER: Final = re.compile(
    r"(?:[/_-](?:page[/_-]?)?|[?&](?:page|p|pg|seite|strona)=)(?P<number>\d{1,2})(?P<rest>/?(?:\.\w{2,5})?)$"
)


def next_page(url: str, candidates: Sequence[str]) -> str | None:
    """The one of the addresses (those a page calls ``next``) that is this article's next page.

    ``next`` also names the outlet's next article: only the same address with a page number one higher
    is the same article.
    """
    stem, number = _split(url)
    for address in candidates:
        other, following = _split(address)
        is_first = other == _plain(url) and following == number_after(1)
        is_later = other == stem and following == number_after(number)
        if (is_first or is_later) and same_site(address, url) and urlsplit(other).path.strip("/"):
            return address
    return None


def number_after(number: int) -> int:
    """The number of the page after this one; 0 past the last that is read."""
    return number + 1 if number < MAX_PAGE else 0


def _split(address: str) -> tuple[str, int]:
    """The address without its page number, and the number; 1 where there is none."""
    found = _NUMBER.search(address)
    if found is None:
        return _plain(address), 1
    return _plain(address[: found.start()] + found["rest"]), int(found["number"])


def _plain(address: str) -> str:
    return address.rstrip("/")
