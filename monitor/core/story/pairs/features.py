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
_MOST_COUNTED: Final = 255
_TELLING: Final = 2.5
HOURS_SCALE: Final = 6.0

WITHIN: Final = (
    "words", "headline", "names", "numbers", "names_missing", "headline_conflict", "outlet", "time"
)  # fmt: skip
"""Features of two articles in one language."""
ACROSS: Final = (
    "international",
    "international_lead",
    "concepts",
    "names",
    "names_shared",
    "numbers",
    "numbers_shared",
    "names_missing",
    "time",
)
"""Features of two articles in two languages."""
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


@lru_cache(maxsize=200_000)
def term_hash(key: str) -> int:
    """A term's key as an unsigned 32-bit number."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest(), "big")


def profile_of(terms: Sequence[Term], weight: Weight) -> bytes:
    """The terms that weigh something, as packed rows: hash, rarity, kind and place, count."""
    rows = [
        (term_hash(term.key), rarity, _KINDS[term.key[0]] | term.place << _PLACE_SHIFT,
         min(term.count, _MOST_COUNTED))
        for term in terms
        if (rarity := weight(term.key)) > 0
    ]  # fmt: skip
    return np.array(rows, dtype=_ROW).tobytes()


def term_hashes(profile: bytes) -> NDArray[np.uint32]:
    """The hashes of a profile's terms."""
    found: NDArray[np.uint32] = np.frombuffer(profile, dtype=_ROW)["term"]
    return found


def telling_words(profile: bytes) -> int:
    """How many rarer words and names headline and first sentences have."""
    rows = np.frombuffer(profile, dtype=_ROW)
    words = (rows["kind"] & ((1 << _PLACE_SHIFT) - 1)) == _WORD
    return int((words & (rows["kind"] >> _PLACE_SHIFT > 0) & (rows["weight"] > _TELLING)).sum())


def features(items: Sequence[Compared]) -> dict[str, Floats]:
    """Every feature of every pair of ``items``; all are symmetric."""
    table = _Table(items)
    lead_covered = table.covered(_NUMBER, table.rarity, at_least=1)
    names_left = table.left_out(_NAME, at_least=1)
    conflict = table.left_out(_NAME, at_least=_HEADLINE) + table.left_out(_NUMBER, at_least=_HEADLINE)
    titled = np.array([item.titled for item in items])
    headline = table.covered(_WORD, table.rarity**1.5, at_least=_HEADLINE)
    headline = np.where(titled[:, None] & titled, headline, table.covered(_WORD, table.rarity, at_least=1))
    in_table = np.array([item.language in IN_TABLE for item in items])
    outlets = np.array([item.outlet for item in items])
    hours = np.array([item.hours for item in items])
    found = {
        "words": table.cosine(_WORD, table.lead_weight),
        "headline": _mean(headline),
        "names": table.cosine(_NAME, table.full_weight),
        "numbers": _mean(lead_covered),
        "names_shared": table.shared(_NAME),
        "numbers_shared": table.shared(_NUMBER),
        "names_missing": np.log1p(np.minimum(names_left, names_left.T)),
        "headline_conflict": np.log1p(np.minimum(conflict, conflict.T)),
        "international": table.cosine(_INTERNATIONAL, table.full_weight),
        "international_lead": table.cosine(_INTERNATIONAL, table.lead_weight),
        "concepts": table.cosine(_CONCEPT, table.lead_weight) * (in_table[:, None] & in_table),
        "outlet": (outlets[:, None] == outlets).astype(np.float32),
        "time": np.log1p(np.abs(hours[:, None] - hours) / HOURS_SCALE),
        "same_language": _same_language(items),
    }
    if items and all(item.vector is not None for item in items):
        vectors = np.stack([item.vector for item in items if item.vector is not None])
        found[VECTORS] = vectors @ vectors.T
    return {name: value.astype(np.float32) for name, value in found.items()}


class _Table:
    """The terms of all articles under one another, each with the row of its article and a shared column."""

    def __init__(self, items: Sequence[Compared]) -> None:
        rows = [np.frombuffer(item.profile, dtype=_ROW) for item in items]
        every = np.concatenate(rows) if rows else np.empty(0, dtype=_ROW)
        self._count = len(items)
        self._row = np.repeat(np.arange(len(items)), [len(each) for each in rows])
        self.rarity: Floats = every["weight"].astype(np.float32)
        self._kind = every["kind"] & ((1 << _PLACE_SHIFT) - 1)
        self._place = every["kind"] >> _PLACE_SHIFT
        # Only terms that two articles hold say anything of a pair; the others count in the norms.
        _, column, held = np.unique(every["term"], return_inverse=True, return_counts=True)
        shared = held > 1
        self._column = (np.cumsum(shared) - 1)[column]
        self._shared = shared[column]
        self._width = int(shared.sum())
        often = 1 + np.log(np.maximum(every["count"], 1).astype(np.float32))
        self.full_weight: Floats = self.rarity * often * _PLACE_WEIGHTS[np.minimum(self._place, _HEADLINE)]
        self.lead_weight: Floats = self.rarity * np.where(
            self._place == 0, 0, np.where(self._place == _HEADLINE, 1.5, 1.0)
        ).astype(np.float32)

    def cosine(self, kind: int, weight: Floats) -> Floats:
        """Of the terms of one kind."""
        chosen = self._kind == kind
        squares = np.bincount(self._row[chosen], weight[chosen] ** 2, minlength=self._count)
        sizes = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
        matrix = self._matrix(chosen, weight)
        cosines: Floats = (matrix @ matrix.T) / (sizes[:, None] * sizes)
        np.fill_diagonal(cosines, 1)
        return cosines

    def shared(self, kind: int) -> Floats:
        """How rare all that both hold is together, as a logarithm."""
        matrix = self._matrix(self._kind == kind, np.sqrt(self.rarity))
        found: Floats = np.log1p(matrix @ matrix.T)
        return found

    def covered(self, kind: int, weight: Floats, *, at_least: int) -> Floats:
        """[i, j]: how much of i's terms from that place up stands anywhere in j, 0–1."""
        held, whole = self._held(kind, weight, at_least=at_least)
        found: Floats = np.divide(held, whole, out=np.zeros_like(held), where=whole > 0)
        return found

    def left_out(self, kind: int, *, at_least: int) -> Floats:
        """[i, j]: the rarity of i's terms from that place up that stand nowhere in j."""
        held, whole = self._held(kind, self.rarity, at_least=at_least)
        found: Floats = np.maximum(whole - held, 0)
        return found

    def _held(self, kind: int, weight: Floats, *, at_least: int) -> tuple[Floats, Floats]:
        of_kind = self._kind == kind
        chosen = of_kind & (self._place >= at_least)
        whole = np.bincount(self._row[chosen], weight[chosen], minlength=self._count).astype(np.float32)
        part = self._matrix(chosen, weight)
        present = self._matrix(of_kind, np.ones_like(weight))
        held: Floats = part @ present.T
        return held, np.repeat(whole[:, None], self._count, axis=1)

    def _matrix(self, chosen: NDArray[np.bool_], weight: Floats) -> Floats:
        used = chosen & self._shared
        matrix: Floats = np.zeros((self._count, self._width), dtype=np.float32)
        matrix[self._row[used], self._column[used]] = weight[used]
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
