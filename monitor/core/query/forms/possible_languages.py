"""Which languages a text may be in, by letters: a dictionary is loaded when a text comes that may need it.

Coarser than ``core.text.language`` and never too narrow: an article of known language does not ask here;
this is for raw pages and for texts of unknown language.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

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
HEAVY: Final = frozenset(_LETTERS)


def heavy_languages(chunks: Collection[str]) -> tuple[str, ...]:
    """Those languages with large dictionaries that a text of these distinct chunks may be in.

    A name or two from such a language do not make a long text one of it; in a short one a letter does.
    """
    text = " ".join(chunks).lower()
    many = len(chunks) >= _MANY_CHUNKS
    return tuple(
        language
        for language, (letters, least) in _LETTERS.items()
        if sum(map(text.count, letters)) >= (least if many else 1)
    )
