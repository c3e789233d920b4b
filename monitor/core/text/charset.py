"""Texts that are UTF-8 but for a few bytes of another charset: an agency's line, a reader's letter."""

from __future__ import annotations

from typing import Final

GOOD_FOR_BAD: Final = 1.5


def mostly_utf8(body: bytes) -> str | None:
    """The text, its foreign bytes as U+FFFD, when most of its letters beyond ASCII are valid UTF-8.

    Letters of another charset are so by chance only: of a Russian text in windows-1251 next to none.
    """
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(text.encode("ascii", "ignore"))
    return text if bad * GOOD_FOR_BAD <= len(text) - good - bad else None
