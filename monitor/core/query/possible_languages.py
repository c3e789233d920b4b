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
_CYRILLIC_LETTER: Final = re.compile("[а-я]")
_CYRILLIC: Final = frozenset({"ru", "uk"})
HEAVY: Final = frozenset(_LETTERS)


def heavy_languages(chunks: Collection[str], *, known: str = "") -> tuple[str, ...]:
    """Those languages with large dictionaries that a text of these distinct chunks may be in, and the
    ``known`` one that it is said to be in.

    A name or two from such a language do not make a long text one of it. Of a short one the letters say
    little ("Лукашенкой" has none that only Russian has): what its script and the detector allow is taken.
    """
    text = " ".join(chunks).lower()
    likely = {known}
    if len(chunks) < _MANY_CHUNKS:
        likely.add(detect(text, hint=known or None) or "")
        if known not in BY_SCRIPT["cyrillic"] and _is_cyrillic(text):
            likely |= _CYRILLIC
    return tuple(each for each in _LETTERS if each in likely or _holds(text, each, len(chunks)))


def _holds(text: str, language: str, chunks: int) -> bool:
    """Whether a text has enough of a language's own letters: any, if it is short."""
    letters, least = _LETTERS[language]
    return sum(map(text.count, letters)) >= (least if chunks >= _MANY_CHUNKS else 1)


def _is_cyrillic(text: str) -> bool:
    return _CYRILLIC_LETTER.search(text) is not None
