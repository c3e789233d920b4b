"""How anything begins that is asked for: two letters let most words of a text off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.core.query.forms import keys as forms
from monitor.core.query.tokens import latin_look

LETTERS: Final = 2


@dataclass(frozen=True, slots=True)
class Beginnings:
    """The first two letters of all terms and of their keys in ``languages``."""

    starts: frozenset[str]
    languages: tuple[str, ...]

    def are_not_of(self, word: str) -> bool:
        """Whether a word of small ASCII letters, and every form that it may be of, begins otherwise."""
        if len(word) <= LETTERS or word[:LETTERS] in self.starts:
            return False
        return all(forms.start_of_keys(word, language) is not None for language in self.languages)


def beginnings_of(
    indexes: Iterable[Iterable[str]], *, alike: Iterable[str], languages: Sequence[str]
) -> Beginnings:
    """Those of the keys of some indexes and of Cyrillic words that look Latin (``alike``)."""
    starts = {forms.start_of(key).lower() for index in indexes for key in index}
    starts |= {latin_look(word)[:LETTERS] for word in alike}
    return Beginnings(frozenset(starts), tuple(languages))
