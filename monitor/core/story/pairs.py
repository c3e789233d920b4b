"""How close two articles are: their likeness, measured by what it takes to tell one story.

Compared are the terms that they share (``core.story.similarity``), with sentence vectors where there are any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from monitor.core.story.embeddings import with_vectors
from monitor.core.story.similarity import Weight, WeightedTerms, alike, alike_throughout, view
from monitor.model import Candidate, StorySettings, Term

UNTITLED: Final = 0.55
"""Texts without a headline share so much less: first sentences stand for it."""
THROUGHOUT_PART: Final = 0.4
"""The part of their likeness that comes from names, numbers and concepts of the whole texts instead."""
NEUTRAL_PART: Final = 0.4
"""Within one language, the part of a likeness that comes from names, numbers and concepts."""


class Side:
    """One article as it is compared: its terms weighted once, within its language and across languages."""

    def __init__(
        self,
        terms: Sequence[Term],
        language: str | None,
        weight: Weight,
        *,
        titled: bool = True,
        vector: bytes = b"",
    ) -> None:
        self.language = language
        self.titled = titled
        self.vector = vector
        self._terms = terms
        self._weight = weight
        self._views: dict[bool, WeightedTerms] = {}

    def seen(self, *, neutral: bool) -> WeightedTerms:
        """The view for its own language, or the ``neutral`` one for all."""
        found = self._views.get(neutral)
        if found is None:
            found = self._views[neutral] = view(self._terms, self._weight, neutral=neutral)
        return found


def side_of(item: Candidate, weight: Weight) -> Side:
    """A stored article as it is compared."""
    return Side(item.terms, item.language, weight, titled=bool(item.title), vector=item.vector)


def compare(one: Side, other: Side) -> float:
    """Likeness of two articles, 0–1; symmetric."""
    found = alike(one.seen(neutral=True), other.seen(neutral=True))
    if one.language == other.language:
        own = alike(one.seen(neutral=False), other.seen(neutral=False))
        found = (1 - NEUTRAL_PART) * own + NEUTRAL_PART * found
    if not (one.titled and other.titled):
        whole = alike_throughout(one.seen(neutral=True), other.seen(neutral=True))
        found = (1 - THROUGHOUT_PART) * found + THROUGHOUT_PART * whole
    # Across languages cosines lie lower, and names and numbers tell more than they do.
    return with_vectors(found, one.vector, other.vector) if one.language == other.language else found


class Closeness:
    """Likeness of any two of some numbered articles; from 1 on they tell one story."""

    def __init__(self, sides: Mapping[int, Side], settings: StorySettings) -> None:
        self._sides = sides
        self._settings = settings
        self._found: dict[frozenset[int], float] = {}

    def __call__(self, one: int, other: int) -> float:
        """Symmetric; each pair is compared once."""
        pair = frozenset((one, other))
        found = self._found.get(pair)
        if found is None:
            a, b = self._sides[one], self._sides[other]
            found = self._found[pair] = compare(a, b) / self._needed(a, b)
        return found

    def among(self, names: Sequence[int]) -> float:
        """The mean over all pairs of at least two articles."""
        pairs = [self(one, other) for at, one in enumerate(names) for other in names[:at]]
        return sum(pairs) / len(pairs)

    def _needed(self, one: Side, other: Side) -> float:
        needed = self._settings.same if one.language == other.language else self._settings.across
        return needed if one.titled and other.titled else needed * UNTITLED
