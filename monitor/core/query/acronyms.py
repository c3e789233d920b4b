"""Acronyms: which words are some, without their endings, and how else outlets write them.

Told from words by their capitals alone: *US* is not *us*. An ending follows in small letters (*NGOs, PiSu,
МИДа*); outlets that take a pronounced acronym for a name write it as one (*Nato, Onu, Unesco*).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.core.query.forms.dictionaries import is_base, is_listed

LONGEST = 4
"""So many letters in capitals, or fewer, are an acronym and found in capitals only."""
SAME = {"US": ("USA",), "USA": ("US",), "UN": ("UNO",), "UNO": ("UN",)}
"""Acronyms with and without a word that says nothing more."""
_LONGEST_MIXED = 5
_SHORTEST_NAME = 3
_ENDING = "s|a|u|em|ie|owi|om|ach|ami|y|ów|а|у|ы|е|ом|ов|аў|ам|ами|амі|ах|і|ів|ові"
_INFLECTED = re.compile(rf"(\w{{0,5}}?[^\W\d_a-zа-яёіўїєґąćęłńóśźżčšžėįų])(?:{_ENDING})")
_VOWEL = re.compile("[aeiouy]")
_AS_NAMES = {"it": 1, "es": 3, "fr": 3, "pt": 3, "ro": 3}
"""Languages whose outlets write acronyms as names, and from how many letters; elsewhere from four."""


def base_of(surface: str) -> str | None:
    """A word without its ending if it is an acronym, or None: *AI* of *AIs*, *PiS* of *PiSu*."""
    letters = surface.replace(".", "")
    if not letters.isalpha():
        return None
    if letters.isupper():
        return surface if len(letters) <= LONGEST else None
    if letters[1:].islower():
        return None  # most words
    found = _INFLECTED.fullmatch(letters)
    base = found[1] if found else letters
    if base.isupper():
        return base if found and 1 < len(base) <= LONGEST else None
    # PiS, IoT: capitals at both ends.
    mixed = len(base) <= _LONGEST_MIXED and base[0].isupper() and base[-1].isupper()
    return base if mixed else None


def written_as_name(surface: str, languages: Sequence[str]) -> bool:
    """Whether a word of a text with one capital may be an acronym that its outlet writes as a name.

    Not one that is a word of its own of these languages (*Lot, Casa*); *nato*, born, is only a form of one.
    """
    word = surface.lower()
    least = min((_AS_NAMES.get(language, LONGEST) for language in languages), default=LONGEST)
    if len(word) < least or not (surface.istitle() and word.isascii()):
        return False
    if _VOWEL.search(word) is None:
        return least == 1
    own = is_listed if len(word) < _SHORTEST_NAME else is_base
    return not any(own(word, language) for language in languages)
