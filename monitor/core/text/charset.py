"""Charsets of texts from the web: names that are none, and UTF-8 with a few bytes of another one."""

from __future__ import annotations

import codecs
from typing import Final

GOOD_FOR_BAD: Final = 1.5
# Codecs for host names and for source code. One always raises, one takes quadratic time.
_NO_CHARSETS: Final = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})


def known_charset(name: str | None) -> str | None:
    """The name when bytes from the web may be decoded by it, else None."""
    try:
        codec = codecs.lookup(name or "")
    except (LookupError, ValueError):
        return None
    is_text = codec._is_text_encoding  # noqa: SLF001  # no public way to ask
    return name if is_text and codec.name not in _NO_CHARSETS else None


def mostly_utf8(body: bytes) -> str | None:
    """The text, its foreign bytes as U+FFFD, when most of its letters beyond ASCII are valid UTF-8.

    Letters of another charset are so by chance only: of a Russian text in windows-1251 next to none.
    """
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    plain = len(text.encode("ascii", "ignore"))
    return text if bad * GOOD_FOR_BAD <= len(text) - plain - bad else None
