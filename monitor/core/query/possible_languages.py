"""Which languages a text may be in, by letters: a dictionary is loaded when a text comes that may need it.

Coarser than ``core.text.language``: for raw pages, for texts of unknown language, and for what a text of
known language may quote from another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from monitor.core.text.language import BY_SCRIPT, detect

# Letters that texts of a language are full of and that those of most others lack, and how many of them stand
# in a hundred distinct words of it at the very least. Only languages whose dictionaries take tens of MB.
_LETTERS: Final[Mapping[str, tuple[str, int]]] = {
    "cs": ("ěřůďťň", 5),
    "lt": ("ėįųū", 5),
    "pl": ("łśźżćńę", 5),
    "ru": ("и", 8),
    "uk": ("їєґ", 3),
}
_MANY_CHUNKS: Final = 100
_CHUNK_CHARS: Final = 8
"""Of a text in which words stand more than once, for each distinct one."""
_CYRILLIC_LETTER: Final = re.compile("[а-я]")
_CYRILLIC: Final = frozenset({"ru", "uk"})
_NOT_ASCII: Final = re.compile("[^\x00-\x7f]+")
HEAVY: Final = frozenset(_LETTERS)


def heavy_languages(chunks: Collection[str], *, declared: str = "") -> tuple[str, ...]:
    """Those languages with large dictionaries that a text of these distinct chunks may be in, and the
    ``declared`` one that its source is said to be in.

    A name or two from such a language do not make a long text one of it. Of a short one the letters say
    little ("Лукашенкой" has none that only Russian has): what its script and the detector allow is taken.
    """
    short = len(chunks) < _MANY_CHUNKS
    # In an order of their own: what the detector says of a set must not change from one process to another.
    text = " ".join(sorted(chunks) if short else chunks)
    # No letter that is counted is one of ASCII, and most of most pages is.
    text = (text if short else "".join(_NOT_ASCII.findall(text))).lower()
    likely = {declared}
    if short:
        likely.add(detect(text, hint=declared or None) or "")
        if declared not in BY_SCRIPT["cyrillic"] and _is_cyrillic(text):
            likely |= _CYRILLIC
    return tuple(each for each in _LETTERS if each in likely or _holds(text, each, short=short))


def quoted_languages(text: str, language: str, among: Collection[str]) -> tuple[str, ...]:
    """Those of some languages with large dictionaries that a text of a known ``language`` may quote from."""
    if text.isascii():
        return ()
    low = text.lower()
    short = len(text) < _MANY_CHUNKS * _CHUNK_CHARS
    # Letters of another script than that of its language: what is said of it is not so.
    strange = short and language not in BY_SCRIPT["cyrillic"] and _is_cyrillic(low)
    return tuple(
        each
        for each in sorted(among)
        if each != language and (_holds(low, each, short=short) or (strange and each in _CYRILLIC))
    )


def _holds(text: str, language: str, *, short: bool) -> bool:
    """Whether a text has enough of a language's own letters: any, if it is short."""
    letters, least = _LETTERS[language]
    return sum(map(text.count, letters)) >= (1 if short else least)


def _is_cyrillic(text: str) -> bool:
    return _CYRILLIC_LETTER.search(text) is not None
