"""Features of pairs of articles: what two of them have in common and what sets them apart.

Terms are hashed and weighted by rarity once, when an article is stored, and kept as packed arrays. All pairs
of some dozen articles are compared at once, by products of small matrices of the terms that at least two of
them hold. Which feature counts how much is learnt (``core.story.pairs.score``).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

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


@lru_cache(maxsize=20_000)
def term_hash(key: str) -> int:
    """A term's key as an unsigned 32-bit number."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest(), "big")


def profile_of(terms: Sequence[Term], weight: Weight) -> bytes:
    """The terms that weigh something, as packed rows: hash, rarity, kind and place, count."""
    rows = np.empty(len(terms), dtype=_ROW)
    keys = [term.key for term in terms]
    rows["term"] = list(map(term_hash, keys))
    rows["weight"] = weights = weight.of(keys)
    rows["kind"] = [_KINDS[term.key[0]] | term.place << _PLACE_SHIFT for term in terms]
    rows["count"] = [min(term.count, _MOST_COUNTED) for term in terms]
    return rows[weights > 0].tobytes()


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
    """Every feature of every pair of ``items``; all are symmetric."""
    table = _Table(items)
    words, names, numbers = table.of(_WORD), table.of(_NAME), table.of(_NUMBER)
    names_left = names.left_out(at_least=1)
    conflict = names.left_out(at_least=_HEADLINE) + numbers.left_out(at_least=_HEADLINE)
    titled = np.array([item.titled for item in items])
    headline = words.covered(words.rarity**1.5, at_least=_HEADLINE)
    if not titled.all():
        start = words.covered(words.rarity, at_least=1)
        headline = np.where(titled[:, None] & titled, headline, start)
    outlets = np.array([item.outlet for item in items])
    hours = np.array([item.hours for item in items])
    same_language = _same_language(items)
    found = {
        "words": words.cosine(words.lead_weight),
        "headline": _mean(headline),
        "names": names.cosine(names.full_weight),
        "numbers": _mean(numbers.covered(numbers.rarity, at_least=1)),
        "names_missing": np.log1p(np.minimum(names_left, names_left.T)),
        "headline_conflict": np.log1p(np.minimum(conflict, conflict.T)),
        "outlet": (outlets[:, None] == outlets).astype(np.float32),
        "late": lateness(np.abs(hours[:, None] - hours)),
        "same_language": same_language,
        **_across(items, table, names, numbers, needed=not same_language.all() or not _UNUSED_WITHIN),
    }
    if items and all(item.vector is not None for item in items):
        vectors = np.stack([item.vector for item in items if item.vector is not None])
        found[VECTORS] = vectors @ vectors.T
    return {name: value.astype(np.float32, copy=False) for name, value in found.items()}


def _across(
    items: Sequence[Compared], table: _Table, names: _Terms, numbers: _Terms, *, needed: bool
) -> dict[str, Floats]:
    """What only pairs in two languages are judged by; nothing where there is no such pair."""
    if not needed:
        return dict.fromkeys(_ONLY_ACROSS, np.zeros((len(items), len(items)), dtype=np.float32))
    international, concepts = table.of(_INTERNATIONAL), table.of(_CONCEPT)
    in_table = np.array([item.language in IN_TABLE for item in items])
    return {
        "names_shared": names.shared(),
        "numbers_shared": numbers.shared(),
        "international": international.cosine(international.full_weight),
        "international_lead": international.cosine(international.lead_weight),
        "concepts": concepts.cosine(concepts.lead_weight) * (in_table[:, None] & in_table),
        "alike": names.count_shared() + international.count_shared(),
        "in_table": (in_table[:, None] & in_table).astype(np.float32),
    }


def lateness(hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """The feature ``late`` of so many hours between two articles."""
    late: NDArray[np.float64] = np.log1p(np.maximum(hours - SAME_DAY, 0) / LATE_SCALE)
    return late


class _Table:
    """The terms of all articles under one another, each with the row of its article."""

    def __init__(self, items: Sequence[Compared]) -> None:
        rows = [np.frombuffer(item.profile, dtype=_ROW) for item in items]
        self._every = np.concatenate(rows) if rows else np.empty(0, dtype=_ROW)
        self._count = len(items)
        self._row = np.repeat(np.arange(len(items)), [len(each) for each in rows])
        self._kind = self._every["kind"] & ((1 << _PLACE_SHIFT) - 1)

    def of(self, kind: int) -> _Terms:
        """Those of one kind."""
        chosen = np.flatnonzero(self._kind == kind)
        return _Terms(self._every[chosen], self._row[chosen], self._count)


class _Terms:
    """The terms of one kind in all articles, each with the row of its article and a shared column."""

    def __init__(self, every: NDArray[np.void], row: NDArray[np.intp], count: int) -> None:
        self._count = count
        self._row = row
        self.rarity: Floats = every["weight"].astype(np.float32)
        self._place = every["kind"] >> _PLACE_SHIFT
        # Only terms that two articles hold say anything of a pair; the others count in the norms.
        _, column, held = np.unique(every["term"], return_inverse=True, return_counts=True)
        shared = held > 1
        self._column = (np.cumsum(shared) - 1)[column]
        self._shared = shared[column]
        self._width = int(shared.sum())
        often = 1 + np.log(np.maximum(every["count"], 1).astype(np.float32))
        self.full_weight: Floats = self.rarity * often * _PLACE_WEIGHTS[np.minimum(self._place, _HEADLINE)]
        self.lead_weight: Floats = self.rarity * _LEAD_WEIGHTS[np.minimum(self._place, _HEADLINE)]
        self._present = self._matrix(np.ones_like(self.rarity))

    def cosine(self, weight: Floats) -> Floats:
        """Of all terms."""
        squares = np.bincount(self._row, weight**2, minlength=self._count)
        sizes = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
        matrix = self._matrix(weight)
        cosines: Floats = (matrix @ matrix.T) / (sizes[:, None] * sizes)
        np.fill_diagonal(cosines, 1)
        return cosines

    def shared(self) -> Floats:
        """How rare all that both hold is together, as a logarithm."""
        matrix = self._matrix(np.sqrt(self.rarity))
        found: Floats = np.log1p(matrix @ matrix.T)
        return found

    def count_shared(self) -> Floats:
        """How many terms both hold."""
        found: Floats = self._present @ self._present.T
        return found

    def covered(self, weight: Floats, *, at_least: int) -> Floats:
        """[i, j]: how much of i's terms from that place up stands anywhere in j, 0–1."""
        held, whole = self._held(weight, at_least=at_least)
        found: Floats = np.divide(held, whole, out=np.zeros_like(held), where=whole > 0)
        return found

    def left_out(self, *, at_least: int) -> Floats:
        """[i, j]: the rarity of i's terms from that place up that stand nowhere in j."""
        held, whole = self._held(self.rarity, at_least=at_least)
        found: Floats = np.maximum(whole - held, 0)
        return found

    def _held(self, weight: Floats, *, at_least: int) -> tuple[Floats, Floats]:
        chosen = np.where(self._place >= at_least, weight, np.float32(0))
        whole = np.bincount(self._row, chosen, minlength=self._count).astype(np.float32)
        held: Floats = self._matrix(chosen) @ self._present.T
        return held, np.repeat(whole[:, None], self._count, axis=1)

    def _matrix(self, weight: Floats) -> Floats:
        matrix: Floats = np.zeros((self._count, self._width), dtype=np.float32)
        matrix[self._row[self._shared], self._column[self._shared]] = weight[self._shared]
        return matrix


def _mean(one_way: Floats) -> Floats:
    return ((one_way + one_way.T) / 2).astype(np.float32, copy=False)


def _same_language(items: Sequence[Compared]) -> Floats:
    names = np.array([item.language or "" for item in items])
    found: Floats = (names[:, None] == names).astype(np.float32)
    return found


def hours_between(moment: float) -> float:
    """A POSIX time in hours, as ``Compared.hours`` wants it."""
    return moment / 3600 if math.isfinite(moment) else 0.0
