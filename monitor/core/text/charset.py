"""Names of charsets as the web may give them: Python knows more codecs than there are charsets."""

from __future__ import annotations

import codecs
from typing import Final

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
