"""Given names: each language has its own, which no transliteration yields (``given_names.tsv``)."""

from __future__ import annotations

from monitor.core.data import rows
from monitor.core.loaded_once import loaded_once

_LANGUAGES = ("be", "ru", "uk", "pl", "lt", "en", "de")


@loaded_once
def _by_word() -> dict[tuple[str, str], tuple[int, ...]]:
    """(language, name) → the lines of the table that have it."""
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for number, row in enumerate(rows("given_names.tsv")):
        for language, cell in zip(_LANGUAGES, row, strict=True):
            for name in cell.split(","):
                found[language, name] = (*found.get((language, name), ()), number)
    return found


@loaded_once
def given(word: str, language: str) -> dict[str, tuple[str, ...]] | None:
    """Each language's spellings of a given name in lower case; None: not listed."""
    own = _by_word().get((language, word), ())
    if not own:
        return None
    table = rows("given_names.tsv")
    # One name has two Belarusian forms, one of the church and one of the people: Мікалай, Мікола.
    russian = (name for number in own for name in table[number][1].split(","))
    numbers = dict.fromkeys((*own, *(n for name in russian for n in _by_word()["ru", name])))
    columns = zip(*(table[number] for number in numbers), strict=True)
    return {
        language: tuple(dict.fromkeys(name for cell in column for name in cell.split(",")))
        for language, column in zip(_LANGUAGES, columns, strict=True)
    }


def languages_of_given(word: str) -> tuple[str, ...]:
    """In which of be, ru and uk a word in lower case is a given name."""
    return tuple(language for language in _LANGUAGES[:3] if (language, word) in _by_word())
