"""Spellings of persons and organisations in be, ru, uk, pl, lt, en and de from the one as given.

A Cyrillic name is transliterated; of a name in Latin letters only the ways to order it are known. The
forms of each spelling come from the language it is written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from monitor.core.query.forms.dictionaries import is_common
from monitor.core.query.names.cyrillic import (
    from_ukrainian,
    sources_of,
    to_belarusian,
    to_russian,
    to_ukrainian,
)
from monitor.core.query.names.given import given
from monitor.core.query.names.transliteration import BELARUSIAN, RUSSIAN, UKRAINIAN, written
from monitor.i18n.lazy import LazyText, lazy

Kind = Literal["person", "org"]
_Parts = dict[str, dict[str, str]]
"""Language → spelling of one word → where it comes from."""

LANGUAGES = ("be", "ru", "uk", "pl", "lt", "en", "de")
_WITH_DICTIONARY = ("ru", "uk", "pl")
PATRONYMIC = 1
"""Words that may stand between given name and surname: Аляксандр Рыгоравіч Лукашэнка."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """One way to write a name; ``language`` None: forms as in the article's language.

    ``apart``: so many words may stand before the last one: a patronymic, a second initial.
    """

    text: str
    language: str | None = None
    origin: str = ""
    apart: int = 0


def spellings(
    name: str, *, kind: Kind, extra: Sequence[str] = (), off: Sequence[str] = ()
) -> tuple[Spelling, ...]:
    """All spellings of a name, the given one first, without those in ``off`` (compared without case).

    ``kind`` person: the given name before and after the surname, and its initial. ``extra`` are kept as
    written. Each spelling comes once for each language.
    """
    unwanted = {_plain(each) for each in off}
    found = [Spelling(text=each, origin="given") for each in (name, *extra)]
    found.extend(_made(name, kind))
    once: dict[tuple[str, str | None], Spelling] = {}
    for each in found:
        once.setdefault((_plain(each.text), each.language), each)
    return tuple(each for (text, _), each in once.items() if text not in unwanted)


def warnings(found: Sequence[Spelling]) -> tuple[LazyText, ...]:
    """False friends: a one-word spelling that is also a common word of its language."""
    return tuple(
        lazy("{word} is also a common word ({language})", word=each.text, language=language)
        for each in found
        for language in ((each.language,) if each.language else _WITH_DICTIONARY)
        if " " not in each.text and is_common(each.text.casefold(), language)
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").replace("’", "'").split())


def _made(name: str, kind: Kind) -> Iterator[Spelling]:
    words = _plain(name).split()
    if not words:
        return
    for source in sources_of(name) or ("",):
        parts = [
            _word(word, source, first=kind == "person" and at == 0 < len(words) - 1)
            for at, word in enumerate(words)
        ]
        for language in LANGUAGES if source else ("",):
            for choice in product(*(part.get(language, {}).items() for part in parts)):
                origin = choice[-1][1]
                texts = [_capital(text) for text, _ in choice]
                for text, apart in _orders(texts) if kind == "person" else ((" ".join(texts), 0),):
                    yield Spelling(text=text, language=language or None, origin=origin, apart=apart)


def _orders(words: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Each way to order a person's words, and how many words may stand before the last."""
    if len(words) == 1:
        yield words[0], 0
        return
    *first, last = words
    yield " ".join(words), PATRONYMIC
    yield " ".join((last, *first)), 0
    yield f"{first[0][0]}. {last}", PATRONYMIC
    yield f"{last} {first[0][0]}.", 0


def _word(word: str, source: str, *, first: bool) -> _Parts:
    """Each language's spellings of one word in lower case."""
    if not source:
        return {"": {word: "given"}}
    found: _Parts
    row = given(word, source) if first else None
    if row is not None:
        found = {language: dict.fromkeys(texts, "given name") for language, texts in row.items()}
        for letters in UKRAINIAN if source == "uk" else ():
            found[letters.language].setdefault(written(word, letters), letters.origin)
        return found
    belarusian, russian = _both(word, source)
    found = {
        "be": dict.fromkeys(belarusian, "Belarusian"),
        "ru": dict.fromkeys(russian, "Russian"),
        "uk": dict.fromkeys(to_ukrainian(russian[0], belarusian[0]), "Ukrainian"),
    }
    tables = [(russian, RUSSIAN), (belarusian, BELARUSIAN)]
    if source == "uk":
        found["uk"] = {word: "given"}
        tables.insert(0, ((word,), UKRAINIAN))
    for texts, letters in ((texts, each) for texts, several in tables for each in several):
        for text in texts:
            spelled = written(text, letters)
            for each in _VARIANTS.get(letters.language, _alone)(spelled):
                found.setdefault(letters.language, {}).setdefault(each, letters.origin)
    return found


def _both(word: str, source: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The Belarusian and the Russian spellings of a word."""
    if source == "be":
        return (word,), to_russian(word)
    russian = from_ukrainian(word) if source == "uk" else word
    return to_belarusian(russian), (russian,)


def _alone(word: str) -> tuple[str, ...]:
    return (word,)


def _polish(word: str) -> tuple[str, ...]:
    """As transcribed, and without the soft marks before consonants that newspapers leave out."""
    return tuple(dict.fromkeys((word, re.sub("[śćźń](?=[bcdfghjkłlmnprstwz])", _hard, word))))


def _hard(found: re.Match[str]) -> str:
    return found[0].translate(str.maketrans("śćźń", "sczn"))


def _lithuanian(word: str) -> tuple[str, ...]:
    """With the ending that Lithuanian gives to men's names, and without."""
    if word.endswith("ič"):
        return (word, f"{word}ius")
    if word.endswith("kalij"):
        return (word, word.removesuffix("j"))
    if word.endswith(("j", "a", "o", "e", "i", "y", "s", "ė", "u")):
        return (word,)
    return (word, f"{word}as")


_VARIANTS = {"lt": _lithuanian, "pl": _polish}


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
