"""Pages that send their reader on by ``<meta http-equiv="refresh">`` (HTML §4.2.5.3), not by a redirect."""

from __future__ import annotations

import re
from html import unescape
from typing import Final
from urllib.parse import urljoin

from monitor.core.text.urls import http_url

MAX_HEAD: Final = 50_000
MAX_DELAY_S: Final = 5
MAX_TEXT: Final = 600

# Less than ``_REFRESH`` asks for, in the bytes of a page in small letters: two plain words are found at once.
_HINT: Final = re.compile(rb"http-equiv.{0,60}?refresh", re.DOTALL)
_META: Final = re.compile(r"<meta\b([^<>]{0,2000})>", re.IGNORECASE)
_REFRESH: Final = re.compile(r"""http-equiv\s{0,5}=\s{0,5}["']?\s{0,5}refresh""", re.IGNORECASE)
_CONTENT: Final = re.compile(
    r"""content\s{0,5}=\s{0,5}(?:"([^"]{1,2000})"|'([^']{1,2000})')""", re.IGNORECASE
)
_TARGET: Final = re.compile(
    r"""\s*(\d{1,4})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?([^"'\s]{1,2000})""", re.IGNORECASE
)
_HIDDEN: Final = re.compile(r"<(script|style|noscript|title|head)\b", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")


def refresh_target(page: bytes | str, url: str) -> str | None:
    """Where a page that shows next to nothing sends its reader at once; None for every other page."""
    if isinstance(page, bytes) and not _HINT.search(page[:MAX_HEAD].lower()):
        return None
    text = page[:MAX_HEAD].decode("utf-8", "replace") if isinstance(page, bytes) else page[:MAX_HEAD]
    for meta in _META.finditer(text):
        stated = _CONTENT.search(meta[1]) if _REFRESH.search(meta[1]) else None
        found = _TARGET.match(unescape(stated[1] or stated[2])) if stated else None
        if found is None or int(found[1]) > MAX_DELAY_S:
            continue
        try:
            target = http_url(urljoin(url, found[2]))
        except ValueError:
            continue
        shows_little = len(page) < MAX_HEAD and len(" ".join(_TAG.sub(" ", _shown(text)).split())) < MAX_TEXT
        return target if target and target != url and shows_little else None
    return None


def _shown(text: str) -> str:
    """The page without what is not shown, as far as it takes to weigh it."""
    pieces: list[str] = []
    at = 0
    for _ in range(100):
        found = _HIDDEN.search(text, at)
        if found is None:
            break
        pieces.append(text[at : found.start()])
        end = text.casefold().find(f"</{found[1].casefold()}", found.end())
        at = end if end > 0 else len(text)
    return "".join((*pieces, text[at:]))
