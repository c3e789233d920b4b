"""Which languages a text may be in, by letters: a dictionary is loaded when a text comes that may need it.

Coarser than ``core.text.language`` and never too narrow: an article of known language does not ask here;
this is for raw pages and for texts of unknown language.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from monitor.core.text.language import detect

# Letters that texts of a language are full of and that those of most others lack, and how many of them stand
# in a hundred distinct words of it at the very least. Only languages whose dictionaries take tens of MB.
_LETTERS: Final[Mapping[str, tuple[str, int]]] = {
    "cs": ("ěřůďťň", 8),
    "lt": ("ėįųū", 8),
    "pl": ("łśźżćńę", 8),
    "ru": ("и", 8),
    "uk": ("їєґ", 3),
}
_MANY_CHUNKS: Final = 100
_CYRILLIC_LETTER: Final = re.compile("[а-я]")
_CYRILLIC: Final = frozenset({"ru", "uk"})
HEAVY: Final = frozenset(_LETTERS)


def heavy_languages(chunks: Collection[str]) -> tuple[str, ...]:
    """Those languages with large dictionaries that a text of these distinct chunks may be in.

    A name or two from such a language do not make a long text one of it. Of a short one the letters say
    little ("Лукашенкой" has none that only Russian has): what its script and the detector allow is taken.
    """
    text = " ".join(chunks).lower()
    if len(chunks) < _MANY_CHUNKS:
        detected = detect(text)
        return tuple(
            language
            for language, (letters, _) in _LETTERS.items()
            if detected == language
            or any(map(text.count, letters))
            or (language in _CYRILLIC and _is_cyrillic(text))
        )
    return tuple(
        language for language, (letters, least) in _LETTERS.items() if sum(map(text.count, letters)) >= least
    )


def _is_cyrillic(text: str) -> bool:
    return _CYRILLIC_LETTER.search(text) is not None
