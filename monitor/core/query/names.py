"""Spellings of persons and organisations in be, ru, uk, pl, lt, en and de from the one as given.

A Cyrillic name is transliterated; of a name in Latin letters only the ways to order it are known. The
forms of each spelling come from the language it is written in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from monitor.core.query.dictionaries import is_common
from monitor.core.query.names_cyrillic import language_of, to_belarusian, to_russian, to_ukrainian
from monitor.core.query.names_given import given
from monitor.core.query.names_letters import BELARUSIAN, RUSSIAN, written

Kind = Literal["person", "org"]
_Parts = dict[str, dict[str, str]]
"""Language → spelling of one word → where it comes from."""

LANGUAGES = ("be", "ru", "uk", "pl", "lt", "en", "de")
_WITH_DICTIONARY = ("ru", "uk", "pl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """One way to write a name; ``language`` None: forms as in the article's language."""

    text: str
    language: str | None = None
    origin: str = ""


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
    once = {(_plain(each.text), each.language): each for each in reversed(found)}
    given_texts = {_plain(each) for each in (name, *extra)}
    return tuple(
        each
        for key, each in reversed(once.items())
        if key[0] not in unwanted and (each.language is None or key[0] not in given_texts)
    )


def warnings(found: Sequence[Spelling]) -> tuple[str, ...]:
    """False friends: a one-word spelling that is also a common word of its language."""
    return tuple(
        f"{each.text} is also a common word ({language}): switch it off or add a second word"
        for each in found
        for language in ((each.language,) if each.language else _WITH_DICTIONARY)
        if " " not in each.text and is_common(each.text.casefold(), language)
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").replace("’", "'").split())


def _made(name: str, kind: Kind) -> Iterator[Spelling]:
    words = _plain(name).split()
    source = language_of(name)
    if not words:
        return
    if source:
        parts = [_word(word, source, first=kind == "person" and at == 0 < len(words) - 1)
                 for at, word in enumerate(words)]  # fmt: skip
    else:
        parts = [{"": {word: "given"}} for word in words]
    for language in LANGUAGES if source else ("",):
        for choice in product(*(part.get(language, {}).items() for part in parts)):
            texts = [_capital(text) for text, _ in choice]
            origin = choice[-1][1]
            for text in _orders(texts) if kind == "person" else (" ".join(texts),):
                yield Spelling(text=text, language=language or None, origin=origin)


def _orders(words: Sequence[str]) -> Iterator[str]:
    yield " ".join(words)
    if len(words) > 1:
        *first, last = words
        yield " ".join((last, *first))
        yield f"{first[0][0]}. {last}"


def _word(word: str, source: str, *, first: bool) -> _Parts:
    """Each language's spellings of one word in lower case."""
    row = given(word, source) if first else None
    if row is not None:
        return {language: dict.fromkeys(texts, "given name") for language, texts in row.items()}
    belarusian, russian = _both(word, source)
    found: _Parts = {
        "be": dict.fromkeys(belarusian, "Belarusian"),
        "ru": dict.fromkeys(russian, "Russian"),
        "uk": dict.fromkeys(to_ukrainian(russian[0], belarusian[0]), "Ukrainian"),
    }
    if source == "uk":
        found["uk"] = {word: "given"}
    for texts, tables in ((russian, RUSSIAN), (belarusian, BELARUSIAN)):
        for letters in tables:
            for text in texts:
                spelled = written(text, letters)
                for each in _lithuanian(spelled) if letters.language == "lt" else (spelled,):
                    found.setdefault(letters.language, {}).setdefault(each, letters.origin)
    return found


def _both(word: str, source: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if source == "be":
        return (word,), to_russian(word)
    if source == "uk":
        # Read letter by letter; Ukrainian names in Belarusian and Russian news are seldom anything else.
        word = word.replace("и", "ы").replace("і", "и").replace("ї", "и").replace("є", "е").replace("ґ", "г")
        word = word.replace("ський", "ский").replace("ська", "ская")
    return to_belarusian(word), (word,)


def _lithuanian(word: str) -> tuple[str, ...]:
    """With the ending that Lithuanian gives to men's names, and without."""
    if word.endswith("ič"):
        return (word, f"{word}ius")
    if word.endswith(("j", "a", "o", "e", "i", "y", "s", "ė", "u")):
        return (word,)
    return (word, f"{word}as")


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
