"""Latin letters typed with or without their marks: *Wałęsa* and *Walesa*, *João* and *Joao*.

Two words that differ in marks only are one word typed in two ways, unless a dictionary of their language
lists both: *sąd* (court) and *sad* (orchard) are two words.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from monitor.core.query.forms.dictionaries import is_listed, polish_lemmas

_WITHOUT = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ħ": "h",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "þ": "th",
        "ð": "d",
        "ŀ": "l",
    }
)
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
"""Two letters in one: never another word than with both of them."""
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "đ": "dj"})
_LISTING = frozenset("cs da de es fr hu it lt lv nb nl pl pt ro sk sl sv".split())  # noqa: SIM905 - readable as words
"""Languages with marks of their own whose words a dictionary lists."""
_LETTERS = {"pl": frozenset("ąęłńśźż"), "lt": frozenset("ėįųū"), "cs": frozenset("ěřů")}
"""Letters that tell a word's language."""


@lru_cache(maxsize=1_000)
def unmarked(folded: str) -> tuple[str, ...]:
    """The ways to write a folded word in plain letters: *muller* and *mueller* of *müller*."""
    if folded.isascii():
        return (folded,)
    ways = [_stripped(folded)]
    spelled = folded.translate(_SPELLED_OUT)
    if spelled != folded:
        ways.append(_stripped(spelled))
    return tuple(dict.fromkeys(ways))


def _stripped(folded: str) -> str:
    apart = unicodedata.normalize("NFD", folded.translate(_WITHOUT))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def two_words(one: str, other: str, languages: tuple[str, ...]) -> bool:
    """Whether two folded words that differ in marks are different words of one of the languages, or of
    the one that their letters tell."""
    if _marks(one) == _marks(other) and not (one.isascii() and other.isascii()):
        return False  # œuvre, oeuvre
    told = (language for language, letters in _LETTERS.items() if letters & {*one, *other})
    return any(
        _listed(one, language) and _listed(other, language)
        for language in dict.fromkeys((*languages, *told))
        if language in _LISTING
    )


def _marks(word: str) -> str:
    """The letters of a word that have marks, ligatures aside."""
    return "".join(letter for letter in word.translate(_LIGATURES) if not letter.isascii())


@lru_cache(maxsize=1_000)
def _listed(word: str, language: str) -> bool:
    """Whether a dictionary has it as a common word: *Walesa* is also the genitive of a place."""
    if language == "pl":
        return any(each[0].islower() for each in polish_lemmas(word))
    return is_listed(word, language)
