"""Numbers that are written as words, in any language that ``num2words`` knows: *fourteen*, *четырнадцать*.

Two reports of one event give the same number, one in digits and one in words; a corrected one gives another.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from monitor.core.query.forms.stems import serbian_latin, stem_of

_VALUES: Final = (*range(2, 21), *range(30, 100, 10), 100, 1000)
_SHORTEST_STEM: Final = 4


@lru_cache(maxsize=1_000)
def number_word(word: str, language: str | None) -> int | None:
    """The number that a folded word names, also in another form of it; None: it names none."""
    whole, stems = _words(language or "")
    if language in {"bs", "hr", "sr"}:
        word = serbian_latin(word)
    found = whole.get(word)
    if found is None and len(word) >= _SHORTEST_STEM and stems:
        found = stems.get(stem_of(word, language))
    return found


@lru_cache(maxsize=64)
def _words(language: str) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Numbers by their words and by the stems of those, single words only."""
    from num2words import CONVERTER_CLASSES  # noqa: PLC0415 - all its languages are loaded with it

    converter = CONVERTER_CLASSES.get(language)
    whole: dict[str, int] = {}
    stems: dict[str, int] = {}
    if converter is None:
        return whole, stems
    for value in _VALUES:
        word = str(converter.to_cardinal(value)).casefold().replace("ё", "е")
        if word.isalpha():
            whole[word] = value
            if len(word) >= _SHORTEST_STEM:
                stems.setdefault(stem_of(word, language), value)
    return whole, stems
