"""Why two articles are taken for one story or not: each feature, its weight, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.core.story.pairs.features import VECTORS, Compared, features
from monitor.core.story.pairs.score import log_odds, probability, shipped

_SHARES: Final = frozenset(
    {"words", "headline", "names", "numbers", "international", "international_lead", "concepts", "vectors",
     "outlet"}
)  # fmt: skip
"""Features between 0 and 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFeature:
    """One feature of a pair: ``adds`` is its value times its weight, in log-odds. ``needed`` is the value
    that would turn the verdict, all others staying as they are; None where no possible value does."""

    name: str
    value: float
    weight: float
    adds: float
    needed: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairExplanation:
    """The probability that two articles tell one story, and what it is made of, what counts most first."""

    probability: float
    log_odds: float
    constant: float
    features: tuple[PairFeature, ...]


def explain_pair(one: Compared, other: Compared, *, enough: float = 0.0) -> PairExplanation:
    """The features of two articles with their weights. ``enough``: log-odds from which they are one story."""
    found = features([one, other])
    odds = float(log_odds(found)[0, 1])
    two = "across" if found["in_table"][0, 1] > 0 else "beyond"
    kind = "within" if found["same_language"][0, 1] > 0 else two
    with_vectors = VECTORS in found and f"{kind}+{VECTORS}" in shipped()
    weights = shipped()[f"{kind}+{VECTORS}" if with_vectors else kind]
    parts = [
        _part(name, float(found[name][0, 1]), weight, missing=enough - odds)
        for name, weight in weights.items()
        if name != "constant" and name in found
    ]
    return PairExplanation(
        probability=probability(odds),
        log_odds=odds,
        constant=weights["constant"],
        features=_ranked(parts),
    )


def _part(name: str, value: float, weight: float, *, missing: float) -> PairFeature:
    needed = value + missing / weight if weight else None
    if needed is not None and (needed < 0 or (name in _SHARES and needed > 1)):
        needed = None
    return PairFeature(name=name, value=value, weight=weight, adds=value * weight, needed=needed)


def _ranked(parts: Sequence[PairFeature]) -> tuple[PairFeature, ...]:
    return tuple(sorted(parts, key=lambda part: -abs(part.adds)))
