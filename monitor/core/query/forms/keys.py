"""Keys of a word: two words are forms of one word when they share one.

What makes the keys was chosen per language by measurement (``bench/languages.py``, docs/languages.md):
dictionaries for the words they list, written-out paradigms for the names that no dictionary lists,
stemmers where nothing better is kept. Everything loads at the first word of its language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from monitor.core.query.forms.belarusian.alternation import alternation_keys
from monitor.core.query.forms.belarusian.orthography import official
from monitor.core.query.forms.belarusian.paradigms import forms_be
from monitor.core.query.forms.cs import forms_cs
from monitor.core.query.forms.dictionaries import (
    is_common,
    is_known,
    lemmas,
    normal_forms,
    polish_lemmas,
    stem,
)
from monitor.core.query.forms.en import forms_en, odd_starts
from monitor.core.query.forms.lt import forms_lt
from monitor.core.query.forms.pl import forms_pl
from monitor.core.query.forms.romance import ROMANCE, forms_ro, is_irregular, plural_keys
from monitor.core.query.forms.ru import MARK as SURNAME
from monitor.core.query.forms.ru import asked_surname_keys, surname_keys
from monitor.core.query.forms.spelling_en import american, begins_otherwise
from monitor.core.query.forms.sr import CYRILLIC, forms_sr
from monitor.core.query.forms.uk import forms_uk, respelled

_COMPLETE = frozenset({"pl"})
"""Languages whose dictionary lists every form of the words that it lists at all."""
LISTED = "+"
"""Before the stem of a word that the dictionary lists."""
_GENITIVE = re.compile("...[aoiy]s$")
_SHORTEST = 3
"""Letters of a word that has forms; shorter ones are prepositions and abbreviations."""
_SHORT_TOO = frozenset({"en", "es", "fr", "it", "pt", "ru"})
"""Languages with shorter ones (*go, ad, pé, Ын*)."""


def keys(word: str, language: str | None) -> frozenset[str]:
    """What a folded word shares with its forms in a language; always holds the word itself.

    ``language`` is an ISO 639-1 code; an unknown one, like None, gives the word alone. Not cached here:
    whoever asks keeps the answer per distinct word.
    """
    makers = _MAKERS.get(language or "")
    if makers is None or (len(word) < _SHORTEST and (language not in _SHORT_TOO or len(word) == 1)):
        return frozenset((word,))
    return makers(word) | {word}


def start_of_keys(word: str, language: str) -> str | None:
    """The two letters that every key of a folded word begins with (``start_of``); None: only its keys tell.

    Told where keys are made by rules that leave the beginning as it is, which spares a text's words that
    begin like no word of any query most of their cost.
    """
    start = word[:2]
    if language not in _STARTING or len(word) < _SHORTEST or not start.isalpha() or not start.isascii():
        return None
    if language == "en" and (not odd_starts().isdisjoint((start, word[:3])) or begins_otherwise(word)):
        return None
    if language == "de" and start in _UMLAUTS:
        return None
    if language in ROMANCE and (len(word) < _STEADY or is_irregular(word, language)):
        return None
    return start


def start_of(key: str) -> str:
    """The first two letters of a key, without what it is marked with."""
    return key[max(key.rfind(":"), key.rfind("~"), key.rfind("^")) + 1 :][:2]


def query_keys(word: str, language: str | None, *, name: bool = False) -> frozenset[str]:
    """The keys to look a query's word up by: those of ``keys``, without readings that nobody means.

    ``name``: it was written with a capital. Who asks for the dictionary form *Dania* means Denmark, not
    the genitive of *danie* (dish): when a dictionary lists the word as a base form, its readings as a
    form of other words fall away.
    """
    found = keys(word, language)
    if language == "ru":
        surname = asked_surname_keys(word) if name or not is_common(word, "ru") else frozenset()
        found = frozenset(key for key in found if not key.startswith(SURNAME))
        if name and surname and f"={word}" not in found and is_common(word, "ru"):
            return surname | {word}  # Столов, not a form of стол
        found = _asked_stems(found - {word}) | {word} | surname
    base = f"={word}"
    if base not in found:
        return found
    if language in _COMPLETE:
        return frozenset((base, word))
    also = f"={respelled(word)}" if language == "uk" else base
    return frozenset(key for key in found if key in {base, also, word} or not key.startswith("="))


def _asked_stems(found: frozenset[str]) -> frozenset[str]:
    """A stem finds words that the dictionary does not list, and if it does not list the word asked
    for, those that it lists too."""
    listed = {key for key in found if key.startswith(LISTED)}
    if listed:
        return (found - listed) | {key.removeprefix(LISTED) for key in listed}
    return found | {f"{LISTED}{key}" for key in found if key.startswith("~")}


def languages() -> frozenset[str]:
    """The languages whose words inflect here; in others a word matches itself."""
    return frozenset(_MAKERS)


def _russian(word: str) -> frozenset[str]:
    # Two words that the dictionary lists are forms of one or not, as it says: their stems do not count
    # (банк, банка; Минск, минский).
    mark = LISTED if is_known(word, "ru") else ""
    return frozenset((*normal_forms(word, "ru"), f"{mark}{stem(word, 'ru')}", *surname_keys(word)))


def _belarusian(word: str) -> frozenset[str]:
    modern = official(word)
    found = forms_be(modern) | alternation_keys(modern)
    return found if modern == word else forms_be(word) | found | {modern}


def _english(word: str) -> frozenset[str]:
    compared = american(word)
    return forms_en(word) if compared == word else forms_en(word) | forms_en(compared) | {compared}


def _ukrainian(word: str) -> frozenset[str]:
    compared = respelled(word)
    if compared == word:
        return _ukrainian_forms(word)
    return _ukrainian_forms(word) | _ukrainian_forms(compared) | {compared}


def _ukrainian_forms(word: str) -> frozenset[str]:
    found = normal_forms(word, "uk")
    # A name may be listed under another base form only (Латушка: Латушко).
    return found if is_known(word, "uk") and f"={word}" in found else found | forms_uk(word)


def _polish(word: str) -> frozenset[str]:
    listed = polish_lemmas(word)
    found = frozenset(f"={each.casefold()}" for each in listed)
    # A name may be listed under another base form (Łukaszenki: Łukaszenko, not Łukaszenka).
    return found if any(each[0].islower() for each in listed) else found | forms_pl(word)


def _czech(word: str) -> frozenset[str]:
    found = lemmas(word, "cs")
    return found | forms_cs(word)


def _lithuanian(word: str) -> frozenset[str]:
    # Verbs have no paradigm here; the dictionary's and the stemmer's nouns are often another word's.
    verbs = frozenset(each for each in lemmas(word, "lt") if each.endswith(("ti", "tis")))
    return forms_lt(word) | verbs


def _german(word: str) -> frozenset[str]:
    found = {stem(word, "de")}
    if _GENITIVE.search(word):
        found.add(stem(word[:-1], "de"))  # Lukaschenkos: the stemmer keeps an s after a vowel
    return frozenset(found)


def _romance(language: str) -> Callable[[str], frozenset[str]]:
    return lambda word: plural_keys(word, language) | {stem(word, language)}


def _romanian(word: str) -> frozenset[str]:
    return forms_ro(word) | {stem(word, "ro")}


def _arabic(word: str) -> frozenset[str]:
    # With the article the stemmer does not take the first letter of وزير for a conjunction.
    return frozenset((stem(word, "ar"), stem(word if word.startswith("ال") else f"ال{word}", "ar")))


def _turkish(word: str) -> frozenset[str]:
    # The stemmer takes one ending at a time off some words (seçimler, seçim, seç), and a capital I may be ı.
    once = stem(word, "tr")
    return frozenset(each.replace("ı", "i") for each in (once, stem(once[1:], "tr")))


def _stemmed(language: str) -> Callable[[str], frozenset[str]]:
    return lambda word: frozenset((stem(word, language),))


_STEMMED = ("da", "el", "fi", "hu", "nb", "nl", "nn", "no", "sv")
_STARTING = frozenset({"da", "de", "en", "nb", "nn", "no", "sv", *ROMANCE})
"""Where keys are made by cutting endings only; the Dutch stemmer cuts *ge-* too."""
_STEADY = 5
"""Letters of a Romance plural whose ending is none of the first two."""
_UMLAUTS = frozenset({"ae", "oe", "ue"})
"""What the German stemmer reads as one letter."""

_MAKERS: Mapping[str, Callable[[str], frozenset[str]]] = {
    "ar": _arabic,
    "be": _belarusian,
    "cs": _czech,
    "de": _german,
    "en": _english,
    "lt": _lithuanian,
    "pl": _polish,
    "ru": _russian,
    **dict.fromkeys(("sr", "hr", "bs", CYRILLIC), forms_sr),
    "tr": _turkish,
    "uk": _ukrainian,
    **{each: _romance(each) for each in ROMANCE},
    "ro": _romanian,
    **{each: _stemmed(each) for each in _STEMMED},
}
