"""Spellings of persons and organisations in twelve languages from the one as given.

A Cyrillic name is transliterated; of a name in Latin letters only the ways to order it are known. The
forms of each spelling come from the language it is written in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from monitor.core.query.forms.dictionaries import is_common
from monitor.core.query.forms.sr import CYRILLIC, cyrillic, is_serbian, latin
from monitor.core.query.names.cyrillic import (
    from_ukrainian,
    sources_of,
    to_belarusian,
    to_russian,
    to_ukrainian,
)
from monitor.core.query.names.english import english
from monitor.core.query.names.given import given
from monitor.core.query.names.transliteration import BELARUSIAN, RUSSIAN, UKRAINIAN, written
from monitor.i18n.lazy import LazyText, lazy

Kind = Literal["person", "org"]
_Parts = dict[str, dict[str, str]]
"""Language → spelling of one word → where it comes from."""

LANGUAGES = ("be", "ru", "uk", "pl", "lt", "en", "de", "fr", "es", "it", "cs", "sr", CYRILLIC)
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


@dataclass(frozen=True, slots=True)
class Ways:
    """A name in one language: for each of its words the ways to spell it, and where each comes from."""

    language: str | None
    words: tuple[Mapping[str, str], ...]
    kind: Kind


def spellings(
    name: str, *, kind: Kind, extra: Sequence[str] = (), off: Sequence[str] = ()
) -> tuple[Spelling, ...]:
    """All spellings of a name, the given one first, without those in ``off`` (compared without case).

    ``kind`` person: the given name before and after the surname, and its initial. ``extra`` are kept as
    written. Each spelling comes once for each language.
    """
    unwanted = {plain_name(each) for each in off}
    found = [Spelling(text=each, origin="given") for each in (name, *extra)]
    for each in ways(name, kind):
        found.extend(spelled(each))
    once: dict[tuple[str, str | None], Spelling] = {}
    for each_spelling in found:
        once.setdefault((plain_name(each_spelling.text), each_spelling.language), each_spelling)
    return tuple(each for (text, _), each in once.items() if text not in unwanted)


def warnings(found: Sequence[Spelling]) -> tuple[LazyText, ...]:
    """False friends: a one-word spelling that is also a common word of its language."""
    return tuple(
        lazy("{word} is also a common word ({language})", word=each.text, language=language)
        for each in found
        for language in ((each.language,) if each.language else _WITH_DICTIONARY)
        if " " not in each.text and is_common(each.text.casefold(), language)
    )


def plain_name(text: str) -> str:
    """A name as names are compared: case, apostrophes and blanks do not count."""
    return " ".join(text.casefold().replace("ё", "е").replace("’", "'").split())


def ways(name: str, kind: Kind) -> Iterator[Ways]:
    """The spellings of a name in each language, word by word."""
    words = plain_name(name).split()
    if not words:
        return
    if is_serbian(" ".join(words)):
        # *Александар Вучић* in Latin letters, whose forms are found in both scripts.
        name = latin(" ".join(words))
        words = name.split()
    made: dict[str, list[dict[str, str]]] = {}
    for source in sources_of(name) or ("",):
        parts = [
            _word(word, source, first=kind == "person" and at == 0 < len(words) - 1)
            for at, word in enumerate(words)
        ]
        for language in LANGUAGES if source else ("",):
            if all(part.get(language) for part in parts):
                merged = made.setdefault(language, [{} for _ in words])
                for known, part in zip(merged, parts, strict=True):
                    for text, origin in part[language].items():
                        known.setdefault(text, origin)
    for language, spelled_words in made.items():
        yield Ways(language or None, tuple(spelled_words), kind)


def spelled(way: Ways) -> Iterator[Spelling]:
    """Each spelling that the ways to spell its words make."""
    for choice in product(*(each.items() for each in way.words)):
        texts = [capital(text) for text, _ in choice]
        orders = _orders(texts) if way.kind == "person" else ((" ".join(texts), 0),)
        for text, apart in orders:
            yield Spelling(text=text, language=way.language, origin=choice[-1][1], apart=apart)


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
        for language in ("be", "ru", "uk"):
            for text in row[language]:
                _add_english(found, text, language)
        _in_other_letters(found, [(text, language) for language in _TABLES for text in row[language]])
        return found
    belarusian, russian = _both(word, source)
    found = {
        "be": dict.fromkeys(belarusian, "Belarusian"),
        "ru": dict.fromkeys(russian, "Russian"),
        "uk": {
            text: "Ukrainian" for pair in product(russian, belarusian[:1]) for text in to_ukrainian(*pair)
        },
    }
    if source == "uk":
        found["uk"] = {word: "given"}
    sources: list[tuple[str, tuple[str, ...]]] = [("uk", (word,))] if source == "uk" else []
    sources += [("ru", russian), ("be", belarusian)]
    _in_other_letters(found, [(text, language) for language, texts in sources for text in texts])
    for texts, language in ((russian, "ru"), (belarusian, "be"), ((word,), source)):
        for text in texts:
            _add_english(found, text, language)
    return found


def _in_other_letters(found: _Parts, words: Iterable[tuple[str, str]]) -> None:
    """Spellings by the tables of letters, of words with the language that each is written in, and those of
    Serbian in its other script."""
    for word, source in words:
        for letters in _TABLES[source]:
            for each in _VARIANTS.get(letters.language, _alone)(written(word, letters)):
                found.setdefault(letters.language, {}).setdefault(each, letters.origin)
    for text, origin in found.get("sr", {}).items():
        found.setdefault(CYRILLIC, {}).setdefault(cyrillic(text), origin)


_TABLES = {"be": BELARUSIAN, "ru": RUSSIAN, "uk": UKRAINIAN}


def _add_english(found: _Parts, word: str, source: str) -> None:
    """Further spellings that English text has for a word of one language."""
    for each in english(word, source):
        found.setdefault("en", {}).setdefault(each, f"English from {_SOURCES[source]}")


_SOURCES = {"be": "Belarusian", "ru": "Russian", "uk": "Ukrainian"}


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


def capital(word: str) -> str:
    """The word with the capitals of a name."""
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
