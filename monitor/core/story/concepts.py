"""Words of seven languages by the concept that they name (``core.data.concept_table``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from monitor.core.data.concept_table import LANGUAGES, NAMES, TABLE
from monitor.core.loaded_once import loaded_once

_SHORTEST: Final = 2
# No beginning in the table is longer; a page may be one "word" of a million letters.
_LONGEST: Final = 32


@lru_cache(maxsize=1_000)
def concept_of(word: str, language: str | None) -> str:
    """The concept that a folded word of a language, or several with spaces, names; a number in digits, or "".
    The longest beginning decides."""
    whole, beginnings = _table().get(language or "", ({}, {}))
    if word in whole:
        return whole[word]
    if word[:_SHORTEST] not in _starts(language or ""):
        return ""
    for length in range(min(len(word), _LONGEST), _SHORTEST - 1, -1):
        found = beginnings.get(word[:length])
        if found is not None:
            return found
    return ""


@loaded_once
def _starts(language: str) -> frozenset[str]:
    """The first letters of all beginnings of a language: most words have none of these."""
    return frozenset(beginning[:_SHORTEST] for beginning in _table().get(language, ({}, {}))[1])


def is_name(concept: str) -> bool:
    """Whether a concept is a place, an alliance or a person."""
    return concept in _names()


@loaded_once
def _names() -> frozenset[str]:
    rows = list(dict.fromkeys(concept for concept, _, _ in _cells()))
    first, last = (rows.index(name) for name in NAMES)
    return frozenset(rows[first : last + 1])


@loaded_once
def _table() -> Mapping[str, tuple[dict[str, str], dict[str, str]]]:
    table: dict[str, tuple[dict[str, str], dict[str, str]]] = {name: ({}, {}) for name in LANGUAGES}
    for concept, language, word in _cells():
        whole, beginnings = table[language]
        if word.endswith("$"):
            whole.setdefault(word[:-1], concept)
        else:
            beginnings.setdefault(word, concept)
    return table


def _cells() -> Iterator[tuple[str, str, str]]:
    for line in TABLE.strip().splitlines():
        concept, *cells = (cell.strip() for cell in line.split("|"))
        for language, cell in zip(LANGUAGES, cells, strict=True):
            for word in cell.split(","):
                if word != "-":
                    yield concept, language, word
