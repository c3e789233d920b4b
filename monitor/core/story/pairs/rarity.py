"""Rarity of terms: how much it says of an event that an article holds a word, a name or a number.

By how many articles of the store hold it; until some hundred were counted, by a table of common words, lists
of stop words and the length of words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.data.common_words import BANDS, SHARES
from monitor.core.loaded_once import loaded_once
from monitor.core.query.forms.stems import stem_of

PRIOR_ARTICLES: Final = 400
"""The common-word table counts as so many articles; as many later, the store's own counts weigh the same."""
_UNSEEN_SHARE: Final = 1 / 400


@dataclass(frozen=True, slots=True)
class Weight:
    """Rarity of terms, of one or of many at once: the logarithm of all articles to those that hold it."""

    counts: Mapping[str, int]
    articles: int

    def __call__(self, key: str) -> float:
        """Of one term."""
        return float(self.of([key])[0])

    def of(self, keys: Sequence[str]) -> NDArray[np.float64]:
        """Of each of the terms."""
        counted = np.fromiter((self.counts.get(key, 0) for key in keys), np.float64, len(keys))
        expected = np.fromiter(map(share_of, keys), np.float64, len(keys)) * PRIOR_ARTICLES
        total = self.articles + PRIOR_ARTICLES
        found: NDArray[np.float64] = np.maximum(np.log(total / (counted + expected)), 0.0)
        return found


def weight_of(counts: Mapping[str, int], articles: int) -> Weight:
    """``counts`` are the store's own; the common-word table stands in for the first some hundred."""
    return Weight(counts, articles)


@loaded_once
def _shares() -> Mapping[str, float]:
    return {
        f"w:{language}:{stem}": share
        for language, bands in BANDS.items()
        for share, band in zip(SHARES, bands, strict=True)
        for stem in band.split()
    }


@lru_cache(maxsize=12_000)
def share_of(key: str) -> float:
    """In how large a part of news articles a term is expected before any was counted."""
    kind, _, rest = key.partition(":")
    if kind == "w":
        found = _shares().get(key)
        return _share_of_word(rest) if found is None else found
    if kind == "c":
        return _CONCEPT_SHARE
    if kind == "n":
        return _number_share(rest)
    if kind == "g":
        return _INTERNATIONAL_SHARE
    return _UNSEEN_SHARE


def _share_of_word(rest: str) -> float:
    """Of a word that the table does not list: stop words are everywhere, and short words are common ones."""
    language, _, stem = rest.partition(":")
    if language not in BANDS and stem in _stop_stems(language):
        return _STOP_SHARE
    return _SHARE_BY_LENGTH.get(len(stem), _UNSEEN_SHARE)


def is_stop_word(word: str, language: str | None) -> bool:
    """Whether ``stopwordsiso`` lists a folded word of a language that it knows."""
    return word in stop_words_of(language)


def stop_words_of(language: str | None) -> frozenset[str]:
    """The folded stop words of a language, for many questions at once; none where no list is known."""
    return _stop_words(_STOP_LISTS.get(language or "", language or ""))


@loaded_once
def _stop_words(listed: str) -> frozenset[str]:
    import stopwordsiso  # noqa: PLC0415 - reads all its lists

    return frozenset(stopwordsiso.stopwords(listed)) if stopwordsiso.has_lang(listed) else frozenset()


@loaded_once
def _stop_stems(language: str) -> frozenset[str]:
    """Stems of the stop words that ``stopwordsiso`` lists, where there is no table of common words."""
    words = _stop_words(_STOP_LISTS.get(language, language))
    return frozenset(stem_of(word.casefold(), language) for word in words)


_STOP_LISTS: Final = {"sr": "hr", "bs": "hr"}
_STOP_SHARE: Final = 0.2
_SHARE_BY_LENGTH: Final = {1: 0.3, 2: 0.2, 3: 0.06, 4: 0.015, 5: 0.006}
_INTERNATIONAL_SHARE: Final = 0.01
_CONCEPT_SHARE: Final = 0.03
_YEARS: Final = range(1990, 2040)


def _number_share(digits: str) -> float:
    """Small and round numbers and years are everywhere, a long one is as good as a name."""
    if not (digits.isascii() and digits.isdigit()):
        return 0.01
    value = int(digits[:12])
    if value <= 31:  # noqa: PLR2004 - days of a month
        return 0.12
    if value in _YEARS:
        return 0.05
    return 0.02 if value < 100 or value % 100 == 0 else _UNSEEN_SHARE  # noqa: PLR2004
