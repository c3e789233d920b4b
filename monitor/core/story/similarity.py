"""How much two articles speak of the same event: 0 nothing in common, 1 all that matters.

Views of the terms they share, each weighted by rarity: how far either covers the other's headline, the
cosine of headline and first sentences, and that of the whole texts. Across languages only terms that have
no language count. Weights and powers were chosen by measurement (docs/stories.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from monitor.core.data.common_words import BANDS, SHARES
from monitor.core.query.forms.stems import stem_of
from monitor.model import Term

Weight = Callable[[str], float]

PRIOR_ARTICLES: Final = 400
"""The common-word table counts as so many articles; as many later, the store's own counts weigh the same."""
_UNSEEN_SHARE: Final = 1 / 400


@dataclass(frozen=True, slots=True)
class WeightedTerms:
    """One article's weighted terms: all, those of the headline, and of headline with first sentences."""

    whole: Mapping[str, float]
    title: Mapping[str, float]
    head: Mapping[str, float]
    keys: frozenset[str] = field(default=frozenset())


def weight_of(counts: Mapping[str, int], articles: int) -> Weight:
    """Rarity of a term: the logarithm of all articles to those that hold it.

    ``counts`` are the store's own; the common-word table stands in for the first some hundred.
    """
    total = articles + PRIOR_ARTICLES

    def weight(key: str) -> float:
        held = counts.get(key, 0) + share_of(key) * PRIOR_ARTICLES
        return max(math.log(total / held), 0.0)

    return weight


@cache
def _shares() -> Mapping[str, float]:
    return {
        f"w:{language}:{stem}": share
        for language, bands in BANDS.items()
        for share, band in zip(SHARES, bands, strict=True)
        for stem in band.split()
    }


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


@cache
def _stop_stems(language: str) -> frozenset[str]:
    """Stems of the stop words that ``stopwordsiso`` lists, where there is no table of common words."""
    import stopwordsiso  # noqa: PLC0415 - reads all its lists

    listed = _STOP_LISTS.get(language, language)
    if not stopwordsiso.has_lang(listed):
        return frozenset()
    return frozenset(stem_of(word.casefold(), language) for word in stopwordsiso.stopwords(listed))


_STOP_LISTS: Final = {"sr": "hr", "bs": "hr"}
_STOP_SHARE: Final = 0.2
_SHARE_BY_LENGTH: Final = {1: 0.3, 2: 0.2, 3: 0.06, 4: 0.015, 5: 0.006}
_INTERNATIONAL_SHARE: Final = 0.01
_CONCEPT_SHARE: Final = 0.03
_YEARS: Final = range(1990, 2040)


def _number_share(digits: str) -> float:
    """Small and round numbers and years are everywhere, a long one is as good as a name."""
    if not digits.isdigit():
        return 0.01
    value = int(digits[:12])
    if value <= 31:  # noqa: PLR2004 - days of a month
        return 0.12
    if value in _YEARS:
        return 0.05
    return 0.02 if value < 100 or value % 100 == 0 else _UNSEEN_SHARE  # noqa: PLR2004


def view(terms: Iterable[Term], weight: Weight, *, neutral: bool) -> WeightedTerms:
    """The terms as they are compared; ``neutral``: with an article of another language."""
    whole, title, head = {}, {}, {}
    for term in terms:
        kind = term.key[0]
        if kind != "n" and (kind == "w") == neutral:
            continue
        rarity = weight(term.key)
        if rarity <= 0:
            continue
        whole[term.key] = rarity * (1 + math.log(term.count)) * (1 + 0.5 * term.place)
        if term.place == 2:  # noqa: PLR2004 - headline
            title[term.key] = rarity**1.5
        if term.place:
            head[term.key] = rarity * (1.5 if term.place == 2 else 1.0)  # noqa: PLR2004
    return WeightedTerms(whole=whole, title=title or head, head=head, keys=frozenset(whole))


def alike(one: WeightedTerms, other: WeightedTerms) -> float:
    """0–1, by headline and first sentences. Symmetric."""
    shared = one.keys & other.keys
    if not shared:
        return 0.0
    covered = (_covered(one.title, shared) + _covered(other.title, shared)) / 2
    return 0.5 * covered + 0.5 * _cosine(one.head, other.head)


def alike_throughout(one: WeightedTerms, other: WeightedTerms) -> float:
    """0–1, by the whole texts. Symmetric."""
    return _cosine(one.whole, other.whole)


def _covered(part: Mapping[str, float], shared: frozenset[str]) -> float:
    whole = sum(part.values())
    return sum(value for key, value in part.items() if key in shared) / whole if whole else 0.0


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(other) < len(one):
        one, other = other, one
    dot = sum(value * other[key] for key, value in one.items() if key in other)
    size = math.sqrt(_square(one.values()) * _square(other.values()))
    return dot / size if size else 0.0


def _square(values: Iterable[float]) -> float:
    return sum(value * value for value in values)
