"""Features of pairs of articles: what two of them have in common and what sets them apart.

Terms are hashed and weighted by rarity once, when an article is stored, and kept as packed arrays. All pairs
of some dozen articles are compared at once, by products of small matrices of the terms that at least two of
them hold. Which feature counts how much is learnt (``core.story.pairs.score``).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.data.concept_table import LANGUAGES as IN_TABLE
from monitor.core.story.pairs.rarity import Weight
from monitor.model import Term

Floats = NDArray[np.float32]
"""A value for each pair: rows and columns are the articles, in the given order."""
Features = Mapping[str, Floats]

_ROW: Final = np.dtype([("term", "<u4"), ("weight", "<f2"), ("kind", "u1"), ("count", "u1")])
_KINDS: Final = {"w": 0, "e": 1, "a": 1, "n": 2, "g": 3, "c": 4}
_WORD, _NAME, _NUMBER, _INTERNATIONAL, _CONCEPT = range(5)
_PLACE_SHIFT: Final = 4
_HEADLINE: Final = 2
_PLACE_WEIGHTS: Final = np.array([1.0, 1.5, 2.0], dtype=np.float32)
_LEAD_WEIGHTS: Final = np.array([0.0, 1.0, 1.5], dtype=np.float32)
_MOST_COUNTED: Final = 255
_LOW_BITS: Final = 0xFFFF
_TELLING: Final = 2.5
SAME_DAY: Final = 18.0
"""Hours apart that say nothing: reports of one event come so late, and look-alike events so soon."""
LATE_SCALE: Final = 4.0

WITHIN: Final = (
    "words", "headline", "names", "numbers", "names_missing", "headline_conflict", "outlet", "late"
)  # fmt: skip
"""Features of two articles in one language."""
BEYOND: Final = ("international", "international_lead", "names_shared", "numbers", "numbers_shared", "late")
"""Features of two articles in two languages that the table of concepts does not have both."""
ACROSS: Final = ("concepts", *BEYOND)
"""Features of two articles in two languages of the table."""
_ONLY_ACROSS: Final = (
    "names_shared",
    "numbers_shared",
    "international",
    "international_lead",
    "concepts",
    "alike",
    "in_table",
)
_UNUSED_WITHIN: Final = not set(_ONLY_ACROSS) & set(WITHIN)
VECTORS: Final = "vectors"
"""The feature that is there with sentence vectors only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One article as it is compared: its packed terms and what stands beside them.

    ``hours`` is when it was seen, counted from any moment. ``vector`` has its language's mean taken away.
    """

    profile: bytes
    language: str | None
    outlet: str
    hours: float
    titled: bool = True
    vector: Floats | None = None


@lru_cache(maxsize=12_000)
def term_hash(key: str) -> int:
    """A term's key as an unsigned 32-bit number."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest(), "big")


def profile_of(terms: Sequence[Term], weight: Weight) -> bytes:
    """The terms that weigh something, as packed rows: hash, rarity, kind and place, count."""
    return packed(terms, weight.of([term.key for term in terms]))


def packed(terms: Sequence[Term], rarities: NDArray[np.float64]) -> bytes:
    """The same where the rarity of each term is known."""
    rows = np.empty(len(terms), dtype=_ROW)
    rows["term"] = [term_hash(term.key) for term in terms]
    rows["weight"] = rarities
    rows["kind"] = [_KINDS[term.key[0]] | term.place << _PLACE_SHIFT for term in terms]
    rows["count"] = [min(term.count, _MOST_COUNTED) for term in terms]
    return rows[rarities > 0].tobytes()


def term_hashes(profile: bytes) -> NDArray[np.uint32]:
    """The hashes of a profile's terms."""
    found: NDArray[np.uint32] = np.frombuffer(profile, dtype=_ROW)["term"]
    return found


def counted_hashes(profile: bytes) -> set[int]:
    """The hashes of those terms of a profile whose rarity is counted: all but international words."""
    rows = np.frombuffer(profile, dtype=_ROW)
    counted = rows["kind"] & ((1 << _PLACE_SHIFT) - 1) != _INTERNATIONAL
    return set(rows["term"][counted].tolist())


def telling_words(profile: bytes) -> int:
    """How many rarer words and names headline and first sentences have."""
    rows = np.frombuffer(profile, dtype=_ROW)
    words = (rows["kind"] & ((1 << _PLACE_SHIFT) - 1)) == _WORD
    return int((words & (rows["kind"] >> _PLACE_SHIFT > 0) & (rows["weight"] > _TELLING)).sum())


def features(items: Sequence[Compared]) -> dict[str, Floats]:
    """Every feature of every pair of ``items``, as square matrices; all are symmetric."""
    return _features(items, _Table(items, _AllPairs))


def features_of_first(items: Sequence[Compared]) -> dict[str, Floats]:
    """The first row of ``features``, for a fraction of its price: the first item beside each of them."""
    return _features(items, _Table(items, _FirstPairs))


def _features(items: Sequence[Compared], table: _Table) -> dict[str, Floats]:
    words, names, numbers = table.of(_WORD), table.of(_NAME), table.of(_NUMBER)
    titled = table.both(np.array([item.titled for item in items]))
    headline = _mean(words.covered(words.rarity**1.5, at_least=_HEADLINE))
    if not titled.all():
        headline = np.where(titled, headline, _mean(words.covered(words.rarity, at_least=1)))
    names_here, names_there = names.left_out(at_least=_HEADLINE)
    numbers_here, numbers_there = numbers.left_out(at_least=_HEADLINE)
    hours = np.array([item.hours for item in items])
    same_language = table.equal(np.array([item.language or "" for item in items])).astype(np.float32)
    found = {
        "words": words.cosine(words.lead_weight),
        "headline": headline,
        "names": names.cosine(names.full_weight),
        "numbers": _mean(numbers.covered(numbers.rarity, at_least=1)),
        "names_missing": np.log1p(np.minimum(*names.left_out(at_least=1))),
        "headline_conflict": np.log1p(np.minimum(names_here + numbers_here, names_there + numbers_there)),
        "outlet": table.equal(np.array([item.outlet for item in items])).astype(np.float32),
        "late": lateness(table.apart(hours)),
        "same_language": same_language,
        **_across(items, table, names, numbers, needed=not same_language.all() or not _UNUSED_WITHIN),
    }
    if items and all(item.vector is not None for item in items):
        vectors = np.stack([item.vector for item in items if item.vector is not None])
        found[VECTORS] = table.products(vectors)
    return {name: value.astype(np.float32, copy=False) for name, value in found.items()}


def _across(
    items: Sequence[Compared], table: _Table, names: _Terms, numbers: _Terms, *, needed: bool
) -> dict[str, Floats]:
    """What only pairs in two languages are judged by; nothing where there is no such pair."""
    in_table = table.both(np.array([item.language in IN_TABLE for item in items], dtype=bool))
    if not needed:
        return dict.fromkeys(_ONLY_ACROSS, np.zeros(in_table.shape, dtype=np.float32))
    international, concepts = table.of(_INTERNATIONAL), table.of(_CONCEPT)
    return {
        "names_shared": names.shared(),
        "numbers_shared": numbers.shared(),
        "international": international.cosine(international.full_weight),
        "international_lead": international.cosine(international.lead_weight),
        "concepts": concepts.cosine(concepts.lead_weight) * in_table,
        "alike": names.count_shared() + international.count_shared(),
        "in_table": in_table.astype(np.float32),
    }


def lateness(hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """The feature ``late`` of so many hours between two articles."""
    late: NDArray[np.float64] = np.log1p(np.maximum(hours - SAME_DAY, 0) / LATE_SCALE)
    return late


class _Table:
    """The terms of all articles under one another, each with the row of its article; ``pairs``: which of
    their pairs are compared."""

    def __init__(self, items: Sequence[Compared], pairs: type[_AllPairs | _FirstPairs]) -> None:
        # As bytes: to join arrays of records numpy looks at every field of each.
        self._every = np.frombuffer(b"".join(item.profile for item in items), dtype=_ROW)
        self._count = len(items)
        lengths = [len(item.profile) // _ROW.itemsize for item in items]
        self._row = np.repeat(np.arange(len(items)), lengths)
        self._kind = self._every["kind"] & ((1 << _PLACE_SHIFT) - 1)
        self._pairs = pairs

    def of(self, kind: int) -> _Terms:
        """Those of one kind."""
        chosen = np.flatnonzero(self._kind == kind)
        return _Terms(self._every[chosen], self._row[chosen], self._count, self._pairs)

    def both(self, holds: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether it holds of both."""
        found: NDArray[np.bool_] = self._pairs.each(holds) & holds
        return found

    def equal(self, values: NDArray[np.generic]) -> NDArray[np.bool_]:
        """Whether both are the same."""
        found: NDArray[np.bool_] = self._pairs.each(values) == values
        return found

    def apart(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far both are from each other."""
        found: NDArray[np.float64] = np.abs(self._pairs.each(values) - values)
        return found

    def products(self, vectors: Floats) -> Floats:
        """Of the vectors of both."""
        found: Floats = self._pairs.rows(vectors) @ vectors.T
        return found


class _Terms:
    """The terms of one kind in all articles, each with the row of its article.

    What is one-way comes in both directions, as two arrays of equal shape.
    """

    def __init__(
        self,
        every: NDArray[np.void],
        row: NDArray[np.intp],
        count: int,
        pairs: type[_AllPairs | _FirstPairs],
    ) -> None:
        self._count = count
        self._row = row
        self.rarity: Floats = every["weight"].astype(np.float32)
        self._place = every["kind"] >> _PLACE_SHIFT
        self._times = every["count"]
        self._pairs = pairs(every["term"], row, count)

    @property
    def full_weight(self) -> Floats:
        """Of each term, by its place and how often it is there."""
        often = 1 + np.log(np.maximum(self._times, 1).astype(np.float32))
        found: Floats = self.rarity * often * _PLACE_WEIGHTS[np.minimum(self._place, _HEADLINE)]
        return found

    @property
    def lead_weight(self) -> Floats:
        """Of each term of headline and first sentences."""
        found: Floats = self.rarity * _LEAD_WEIGHTS[np.minimum(self._place, _HEADLINE)]
        return found

    def cosine(self, weight: Floats) -> Floats:
        """Of all terms."""
        squares = np.bincount(self._row, weight**2, minlength=self._count)
        sizes = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
        cosines = (self._pairs.shared(weight) / (self._pairs.each(sizes) * sizes)).astype(np.float32)
        return self._pairs.with_itself(cosines)

    def shared(self) -> Floats:
        """How rare all that both hold is together, as a logarithm."""
        found: Floats = np.log1p(self._pairs.shared(np.sqrt(self.rarity))).astype(np.float32, copy=False)
        return found

    def count_shared(self) -> Floats:
        """How many terms both hold."""
        return self._pairs.shared(np.ones_like(self.rarity))

    def covered(self, weight: Floats, *, at_least: int) -> tuple[Floats, Floats]:
        """How much of the one's terms from that place up stands anywhere in the other, 0–1."""
        chosen, whole = self._chosen(weight, at_least)
        return self._pairs.both_ways(chosen, _share, whole)

    def left_out(self, *, at_least: int) -> tuple[Floats, Floats]:
        """The rarity of the one's terms from that place up that stand nowhere in the other."""
        chosen, whole = self._chosen(self.rarity, at_least)
        return self._pairs.both_ways(chosen, lambda held, side: np.maximum(side - held, 0), whole)

    def _chosen(self, weight: Floats, at_least: int) -> tuple[Floats, Floats]:
        chosen = np.where(self._place >= at_least, weight, np.float32(0))
        return chosen, np.bincount(self._row, chosen, minlength=self._count).astype(np.float32)


_Combine = Callable[[Floats, Floats], Floats]


class _AllPairs:
    """Every article beside every other one, by products of matrices of the terms that two of them hold."""

    def __init__(self, terms: NDArray[np.uint32], row: NDArray[np.intp], count: int) -> None:
        # Only terms that two articles hold say anything of a pair; the others count in the norms.
        _, column, held = np.unique(terms, return_inverse=True, return_counts=True)
        shared = held > 1
        self._at = shared[column]
        self._cells = (row[self._at], (np.cumsum(shared) - 1)[column][self._at])
        self._shape = (count, int(shared.sum()))
        self._present = self._matrix(np.ones(len(terms), dtype=np.float32))

    @staticmethod
    def each(values: NDArray[Any]) -> NDArray[Any]:
        """The one side of each pair; the other is ``values`` itself."""
        return values[:, None]

    @staticmethod
    def rows(values: Floats) -> Floats:
        """The rows that are the one side of a pair."""
        return values

    @staticmethod
    def with_itself(cosines: Floats) -> Floats:
        """An article without terms is like itself too."""
        np.fill_diagonal(cosines, 1)
        return cosines

    def shared(self, weight: Floats) -> Floats:
        """Products of the weights of what both hold."""
        matrix = self._matrix(weight)
        found: Floats = matrix @ matrix.T
        return found

    def both_ways(self, weight: Floats, combine: _Combine, whole: Floats) -> tuple[Floats, Floats]:
        """``combine`` of the weight of what the other has too, and of the whole."""
        held: Floats = self._matrix(weight) @ self._present.T
        found: Floats = combine(held, np.repeat(whole[:, None], self._shape[0], axis=1))
        return found, found.T

    def _matrix(self, weight: Floats) -> Floats:
        matrix: Floats = np.zeros(self._shape, dtype=np.float32)
        matrix[self._cells] = weight[self._at]
        return matrix


class _FirstPairs:
    """The first article beside each one: sums over the terms that both hold."""

    def __init__(self, terms: NDArray[np.uint32], row: NDArray[np.intp], count: int) -> None:
        self._count = count
        own = np.flatnonzero(row == 0)
        own = own[np.argsort(terms[own], kind="stable")]
        known = terms[own]
        # Most terms of the others are not among the first one's: half of the bits tell that at once.
        low = np.zeros(_LOW_BITS + 1, dtype=np.bool_)
        low[known & _LOW_BITS] = True
        near = np.flatnonzero(low[terms & _LOW_BITS])
        at = np.minimum(np.searchsorted(known, terms[near]), max(len(own) - 1, 0))
        same = known[at] == terms[near] if len(own) else np.zeros(0, dtype=np.bool_)
        self._theirs, self._mine = near[same], own[at[same]]
        self._row = row[self._theirs]

    @staticmethod
    def each(values: NDArray[Any]) -> NDArray[Any]:
        """The one side of each pair; the other is ``values`` itself."""
        return values[:1]

    @staticmethod
    def rows(values: Floats) -> Floats:
        """The rows that are the one side of a pair."""
        first: Floats = values[0]
        return first

    @staticmethod
    def with_itself(cosines: Floats) -> Floats:
        """An article without terms is like itself too."""
        cosines[:1] = 1
        return cosines

    def shared(self, weight: Floats) -> Floats:
        """Products of the weights of what both hold."""
        return self._sum(weight[self._mine] * weight[self._theirs])

    def both_ways(self, weight: Floats, combine: _Combine, whole: Floats) -> tuple[Floats, Floats]:
        """``combine`` of the weight of what the other has too, and of the whole."""
        own = np.repeat(whole[:1], self._count)
        return combine(self._sum(weight[self._mine]), own), combine(self._sum(weight[self._theirs]), whole)

    def _sum(self, values: Floats) -> Floats:
        found: Floats = np.bincount(self._row, values, minlength=self._count).astype(np.float32)
        return found


def _share(held: Floats, whole: Floats) -> Floats:
    found: Floats = np.divide(held, whole, out=np.zeros_like(held), where=whole > 0)
    return found


def _mean(both_ways: tuple[Floats, Floats]) -> Floats:
    one, other = both_ways
    return ((one + other) / 2).astype(np.float32, copy=False)


def hours_between(moment: float) -> float:
    """A POSIX time in hours, as ``Compared.hours`` wants it."""
    return moment / 3600 if math.isfinite(moment) else 0.0
