"""Markup cut down to what a parser reads in linear time.

libxml2 compares each attribute of a tag with all before it: 40,000 in one tag take it many seconds. Tags
that real pages have carry a dozen.
"""

from __future__ import annotations

import re
from typing import Final

MAX_ATTRIBUTES: Final = 200
# Shorter tags and pages cannot hold so many attributes that it matters.
_LONG_TAG: Final = 1_000
_LARGE_PAGE: Final = 100_000

# Text and tags without a ">" in quotes, as long as there are any: where it ends stands a tag whose first ">"
# may not be its end.
_PLAIN_MARKUP: Final = re.compile(
    r"""[^<]*+(?:<(?:(?![a-zA-Z])|[a-zA-Z][^>"']*+(?:"[^">]*+"[^>"']*+|'[^'>]*+'[^>"']*+)*+>)[^<]*+)*+"""
)
# A whole tag as HTML's tokenizer cuts it (HTML §13.2.5): quotes count behind "=" only.
_TAG: Final = re.compile(r"""<[a-zA-Z](?>[^>=]+|=\s*+(?>"[^"]*+"|'[^']*+')?)*+>?""")
_OPENING: Final = re.compile(r"<[a-zA-Z]")
_NAME: Final = re.compile(r"<[a-zA-Z][^\s/>]*+")
_ATTRIBUTE: Final = re.compile(
    r"""[\s/]*+=?[^\s/>=]++(?>\s*+=\s*+(?>"[^"]*+"|'[^']*+'|[^\s>]*+))?|[\s/]*+="""
)


def few_attributes(html: str) -> str:
    """The markup without what follows the 200th attribute of a tag."""
    starts = _long_tags(html)
    if len(html) >= _LARGE_PAGE:
        starts += _odd_tags(html)
    kept: list[str] = []
    at = looked_at = 0
    for start in sorted(starts):
        tag = _TAG.match(html, start) if start >= looked_at else None
        if tag is None or tag.end() - start < _LONG_TAG:
            continue
        looked_at = tag.end()
        end = _after_attributes(html, start, tag.end())
        if end < tag.end():
            kept += (html[at:end], ">")
            at = tag.end()
    return "".join((*kept, html[at:])) if kept else html


def _long_tags(html: str) -> list[int]:
    """Where tags begin that go on for long without a ">". Looks at few characters of most pages."""
    found: list[int] = []
    at, size = 0, len(html)
    while at + _LONG_TAG < size:
        closed = html.rfind(">", at, at + _LONG_TAG)
        if closed < 0:
            closed = html.find(">", at + _LONG_TAG)
            closed = closed if closed >= 0 else size
            opening = _OPENING.search(html, at, closed)
            if opening and closed - opening.start() >= _LONG_TAG:
                found.append(opening.start())
        at = closed + 1
    return found


def _odd_tags(html: str) -> list[int]:
    """Where tags begin that have a ">" in quotes, or none at all."""
    found: list[int] = []
    at, size = 0, len(html)
    while plain := _PLAIN_MARKUP.match(html, at):
        tag = _TAG.match(html, plain.end())
        if tag is None or plain.end() >= size:
            break
        found.append(tag.start())
        at = tag.end()
    return found


def _after_attributes(html: str, start: int, end: int) -> int:
    """Where the 200th attribute of the tag ends, or where the tag does."""
    name = _NAME.match(html, start, end)
    at = name.end() if name else start
    for _ in range(MAX_ATTRIBUTES):
        found = _ATTRIBUTE.match(html, at, end)
        if found is None:
            return end
        at = found.end()
    return at
