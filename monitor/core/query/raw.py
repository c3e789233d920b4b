"""Words of a page before it is extracted: all that any extraction could find, and more."""

from __future__ import annotations

import html
import re

from monitor.core.query import tokens

_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|em|font|i|mark|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def raw_words(raw: str) -> set[str]:
    """The words of raw HTML or JSON: character references and escapes read, inline tags removed."""
    text = raw
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "&" in text:
        text = html.unescape(text)
    found = set(tokens.words(text))
    if "<" in text:
        found.update(tokens.words(_INLINE.sub("", text)))
    return found
