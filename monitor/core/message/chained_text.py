"""A text that is too long for one message: parts of it, each a delivery of its own, chained."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from monitor.core.message.alert import LIMIT_UNITS
from monitor.core.text.clean import utf16_length
from monitor.model import Delivery, NoticeText

# Room in each part for the mark of a possible repeat, in any language.
MARK_UNITS = 64


def in_parts(notices: Sequence[Delivery], *, units: int = LIMIT_UNITS - MARK_UNITS) -> tuple[Delivery, ...]:
    """These notices, each as long as a message may be (UTF-16 units): the rest follows as further rows.

    A part goes out only after the one before it was sent, and its key is made of the first one's, so
    that the same notice always has the same parts.
    """
    rows: list[Delivery] = []
    for notice in notices:
        before: str | None = None
        assert isinstance(notice.payload, NoticeText)
        for number, text in enumerate(pieces(notice.payload.text, units), start=1):
            key = notice.key if number == 1 else f"{notice.key}-{number}"
            part = dataclasses.replace(notice, key=key, payload=NoticeText(text=text))
            rows.append(dataclasses.replace(part, after_key=before) if before else part)
            before = key
    return tuple(rows)


def pieces(text: str, units: int) -> Iterator[str]:
    """The text cut at the ends of lines, inside a line that is longer than a piece at spaces.

    Nothing but the white space at a cut is lost. A text of white space is one piece.
    """
    while utf16_length(text) > units:
        head = _head(text, units)
        at = head.rfind("\n") + 1 or head.rfind(" ") + 1 or len(head)
        if text[:at].strip():
            yield text[:at].rstrip()
        text = text[at:].lstrip("\n ")
    yield text


def _head(text: str, units: int) -> str:
    """As many whole characters as there is room for."""
    used = 0
    for number, char in enumerate(text):
        used += utf16_length(char)
        if used > units:
            return text[:number]
    return text
