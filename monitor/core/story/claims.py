"""What an article's headline and first sentences claim: the names and numbers that carry its news.

Two notes of one template, or a new event above old paragraphs, share nearly all their words and differ in
these. A reprint has them all from its original, whatever its outlet put in front.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from babel import Locale, UnknownLocaleError

from monitor.core.story.pairs.number_words import number_word
from monitor.core.story.pairs.rarity import is_stop_word, stop_words_of
from monitor.core.story.syndication import beside_credit
from monitor.core.story.terms import is_title_case, keys_of_token, tokens_of, words_in
from monitor.core.story.winnowing import shingle_names
from monitor.core.text.dates.names import month_number
from monitor.core.text.fingerprint import words_of
from monitor.model import Article, Claims

LEAD_WORDS: Final = 24
"""The first sentence of most reports; what is changed in another one stands here."""
# A full stop ends no sentence in a date: *Lima, 24 nov. (EFE).-*, *Praha 24. listopadu (ČTK) -*.
_MONTH_OR_DAY: Final = "|".join(
    rf"(?<=\d{dot}\s[^\W\d]{{{size}}})" for dot in ("", r"\.") for size in range(1, 6)
)
_DOT_IN_DATE: Final = rf"(?<=\d)\.|(?:{_MONTH_OR_DAY})\.(?=\s?[(,–—-])"
_IN_BRACKETS: Final = r"\([^().\n]{2,30}\)(?:\s?[.:]\s?[–—-]*\s|\s?[–—-]+\s)"
_DATELINE: Final = re.compile(
    rf"\A(?:[^.!?\n]|{_DOT_IN_DATE}){{1,60}}?(?:\s[–—-]+\s|{_IN_BRACKETS})"
    r"|\A\w{3,20}(?:,?\s\d{1,2}\.?\s\w+)?\.\s(?=\S)"
)
_LONGEST_DATELINE_WORDS: Final = 8
_SENTENCE: Final = re.compile(r"\A[^.!?\n]{1,120}[.!?\n]\s{0,4}")
_PIECE: Final = re.compile(r"\S+")


def claims_of(article: Article) -> Claims:
    """The claims of an article. A dateline (*MINSK, 24 November (Agency) –*) claims nothing, nor
    does a sentence that only credits another outlet."""
    lead = opening_of(article.text, article.language)
    return Claims(
        headline_facts=_facts(article.title, article.language, spelled_alike=is_title_case(article.title)),
        subjects=headline_subjects(article.title, article.language),
        headline_words=tuple(dict.fromkeys(telling_keys(article.title, article.language))),
        lead_facts=_facts(lead, article.language, spelled_alike=False),
        lead=shingle_names(words_of(lead)),
        opening=lead,
    )


def opening_of(text: str, language: str | None) -> str:
    """The first words that tell something, lines kept apart: no dateline, no sentence of credits."""
    told = without_credit(without_dateline(text), language)[: LEAD_WORDS * 24]
    words = _PIECE.finditer(told)
    last = next(islice(words, LEAD_WORDS - 1, None), None)
    return told if last is None else told[: last.end()]


def without_dateline(text: str) -> str:
    """The text without the place, day and agency that stand before its first sentence."""
    found = _DATELINE.match(text)
    if found is None or len(found[0].split()) > _LONGEST_DATELINE_WORDS:
        return text
    return text[found.end() :]


def without_credit(text: str, language: str | None) -> str:
    """The text without a first sentence that only says whose report follows."""
    found = _SENTENCE.match(text)
    if found is not None and any(_says_nothing(rest, language) for rest in beside_credit(found[0])):
        return text[found.end() :]
    return text


def _says_nothing(part: str, language: str | None) -> bool:
    words = [word.casefold() for word, _, _ in tokens_of(part)]
    return all(is_stop_word(word, language) and number_word(word, language) is None for word in words)


def headline_subjects(title: str, language: str | None) -> tuple[tuple[str, ...], ...]:
    """What a headline is about: its names, or where it has none its numbers; each with all its keys."""
    names, numbers = [], []
    for token, keys in _read(title, language):
        if token.number:
            numbers.append(tuple(key for key in keys if key[0] == "n"))
        elif token.named and not is_title_case(title):
            names.append(keys)
    return tuple(names or numbers)


def _facts(part: str, language: str | None, *, spelled_alike: bool) -> tuple[tuple[str, ...], ...]:
    """Each name or number by all keys that stand for it; a first word counts too when it has a capital.

    ``spelled_alike``: every word has one, so that none is known for a name.
    """
    found = (
        keys for token, keys in _read(part, language) if token.number or (token.capital and not spelled_alike)
    )
    return tuple(dict.fromkeys(found))


def _read(part: str, language: str | None) -> Iterator[tuple[_Token, tuple[str, ...]]]:
    for word, named, _ in tokens_of(part):
        keys = keys_of_token(word, language, named=word[0].isupper())
        number = any(key[0] == "n" for key in keys)
        capital = word[0].isupper() and not (word.isalpha() and is_calendar_word(word, language))
        if keys:
            yield _Token(number=number, capital=capital, named=named and capital), keys


@dataclass(frozen=True, slots=True)
class _Token:
    number: bool
    capital: bool
    named: bool


def telling_keys(part: str, language: str | None) -> Iterator[str]:
    """The stems of all words that are no stop words."""
    return _keys_of_words(words_in(part), language)


def telling_set(part: str, language: str | None) -> frozenset[str]:
    """The same, each once: a text has its words several times."""
    return frozenset(_keys_of_words(set(words_in(part)), language))


def _keys_of_words(words: Iterable[str], language: str | None) -> Iterator[str]:
    stop_words = stop_words_of(language)
    for word in words:
        if word.casefold() not in stop_words and (keys := keys_of_token(word, language, named=False)):
            first = keys[0]  # the stem, unless it is a number
            if first[0] == "w":
                yield first


@lru_cache(maxsize=1_000)
def is_calendar_word(word: str, language: str | None) -> bool:
    """Whether a word is a month or a day of the week."""
    folded = word.casefold()
    return folded in _days(language or "en") or month_number(folded, (language or "en",)) is not None


@lru_cache(maxsize=64)
def _days(language: str) -> frozenset[str]:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return frozenset()
    widths = (locale.days["format"][width].values() for width in ("wide", "abbreviated"))
    return frozenset(name.casefold().rstrip(".") for names in widths for name in names)
