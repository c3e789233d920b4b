"""Learns the weights by which two articles are taken for one story, and judges them on what they never saw.

A logistic model with signs that its features must have (a shared name never speaks against one story), one
set of weights within a language, one across languages of the concept table and one across others, with and
without vectors. The last is learnt on the same pairs as if there were no table. The moments of half of
all pairs are drawn anew, so that it cannot lean on time alone. Writes ``weights.json`` in core/story/pairs.

    .venv/bin/python bench/train_pairs.py [--write] [--vectors]
"""

from __future__ import annotations

import argparse
import base64
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from parts.story_sets import CHOSEN_ON, ROOT, Labelled, sets
from parts.story_vectors import vectors_of
from scipy.optimize import minimize

from monitor.core.story.pairs.features import (
    ACROSS,
    BEYOND,
    VECTORS,
    WITHIN,
    Compared,
    features,
    hours_between,
    lateness,
    profile_of,
)
from monitor.core.story.pairs.rarity import weight_of
from monitor.core.story.terms import terms_of

WEIGHTS: Final = ROOT / "monitor" / "core" / "story" / "pairs" / "weights.json"
AGAINST: Final = {"names_missing", "headline_conflict", "outlet", "late"}
"""Features that may only speak against one story; the others only for it."""
EVENT_PAIRS: Final = 0.3
"""Pairs of one event weigh so much of what the others of their set weigh."""
MOST_OF_A_SET: Final = 1500
MOST_NEGATIVE: Final = 6000
RIDGE: Final = 1.0
HOURS: Final = 30.0
MORE_ACROSS, MORE_BEYOND = 0.3, 0.8
"""Added to the log-odds: groups are made by means over pairs, which one article seldom pulls up by chance."""
TABLE_PART: Final = 0.7
"""The rest is as if there were no concepts: their table was written beside the newsroom, and fits it best."""
Values = NDArray[np.float64]


@dataclass
class Pairs:
    """The labelled pairs of one set: a column for each feature."""

    names: list[str]
    families: tuple[NDArray[Any], NDArray[Any]]
    truth: NDArray[np.bool_]
    within: NDArray[np.bool_]
    columns: dict[str, Values]
    dated: bool
    odds: list[float] = field(default_factory=list)


def compared(rows: Sequence[Labelled], vectors: Mapping[str, Any] | None) -> list[Compared]:
    """The articles as the store would keep them, weighed by what came before each."""
    counts: Counter[str] = Counter()
    found = []
    means = language_means(rows, vectors) if vectors else {}
    for at, row in enumerate(rows):
        terms = terms_of(row.title, row.text, row.language)
        vector = None
        if vectors is not None:
            vector = vectors[row.id] - means[row.language]
            vector /= np.linalg.norm(vector)
        found.append(
            Compared(
                profile=profile_of(terms, weight_of(counts, at)),
                language=row.language,
                outlet=row.outlet,
                hours=hours_between(row.published.timestamp()) if row.published else 0.0,
                titled=bool(row.title),
                vector=vector,
            )
        )
        counts.update(term.key for term in terms if term.key[0] != "g")
    return found


def language_means(rows: Sequence[Labelled], vectors: Mapping[str, Any]) -> dict[str, Any]:
    """The mean vector of each language."""
    return {
        language: np.mean([vectors[row.id] for row in rows if row.language == language], axis=0)
        for language in {row.language for row in rows}
    }


def pairs_of(rows: Sequence[Labelled], vectors: Mapping[str, Any] | None) -> Pairs:
    """All pairs within a family, and of the others those that look most alike."""
    usable = [row for row in rows if not row.arguable]
    found = features(compared(usable, vectors))
    event = np.array([row.event for row in usable])
    family = np.array([row.family for row in usable])
    same = event[:, None] == event
    upper = np.triu(np.ones_like(same), 1).astype(bool)
    near = upper & (same | (family[:, None] == family))
    far = upper & ~near
    alike = found["words"] + 2 * found["international"] + found["names"]
    most = min(int(far.sum()), 3 * int(near.sum()) + 200)
    if most:
        far &= alike >= np.partition(alike[far], -most)[-most]
    chosen = np.argwhere(near | far)
    truth = same[chosen[:, 0], chosen[:, 1]]
    dice = np.random.default_rng(0)
    if len(chosen) > 2 * MOST_NEGATIVE:
        kept = np.concatenate(
            [np.flatnonzero(truth), dice.permutation(np.flatnonzero(~truth))[:MOST_NEGATIVE]]
        )
        chosen, truth = chosen[kept], truth[kept]
    one, other = chosen[:, 0], chosen[:, 1]
    return Pairs(
        names=[f"{usable[a].id} {usable[b].id}" for a, b in chosen],
        families=(family[one], family[other]),
        truth=truth,
        within=found["same_language"][one, other] > 0,
        columns={name: value[one, other].astype(float) for name, value in found.items()},
        dated=usable[0].published is not None,
    )


def learn(
    parts: Sequence[Pairs], names: Sequence[str], *, within: bool, without: frozenset[str] = frozenset()
) -> dict[str, float]:
    """Weights from all pairs but those of the families in ``without``."""
    rows, truths, shares = [], [], []
    dice = np.random.default_rng(0)
    for part in parts:
        if any(name not in part.columns for name in names):
            continue
        ours = (part.within == within) & ~np.isin(part.families[0], list(without))
        ours &= ~np.isin(part.families[1], list(without))
        truth = part.truth[ours].astype(float)
        if not truth.any():
            continue
        table = np.stack([part.columns[name][ours] for name in names], axis=1)
        share = np.where(truth > 0, EVENT_PAIRS * max((1 - truth).sum(), 1) / truth.sum(), 1.0)
        share *= min(len(truth), MOST_OF_A_SET) / share.sum()
        anew = table.copy()
        anew[:, names.index("late")] = lateness(dice.uniform(0, HOURS, len(anew)))
        if part.dated:
            rows += [table, anew]
            truths += [truth, truth]
            shares += [share / 2, share / 2]
        else:
            rows.append(anew)
            truths.append(truth)
            shares.append(share)
    return _fit(np.concatenate(rows), np.concatenate(truths), np.concatenate(shares), names)


def _fit(table: Values, truth: Values, share: Values, names: Sequence[str]) -> dict[str, float]:
    middle = np.average(table, axis=0, weights=share)
    spread = np.sqrt(np.average((table - middle) ** 2, axis=0, weights=share))
    spread[spread < 1e-6] = 1
    scaled = (table - middle) / spread

    def loss(weights: Values) -> tuple[float, Values]:
        odds = scaled @ weights[1:] + weights[0]
        wrong = np.logaddexp(0, -odds) * truth + np.logaddexp(0, odds) * (1 - truth)
        slope = share * (1 / (1 + np.exp(-odds)) - truth)
        grown = np.concatenate([[slope.sum()], scaled.T @ slope + RIDGE * weights[1:]])
        return float((share * wrong).sum() + RIDGE * (weights[1:] ** 2).sum() / 2), grown

    bounds = [(None, None), *((None, 0) if name in AGAINST else (0, None) for name in names)]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    slopes = found[1:] / spread
    constant = float(found[0] - (slopes * middle).sum())
    return {"constant": constant, **dict(zip(names, map(float, slopes), strict=True))}


def all_weights(
    parts: Sequence[Pairs], *, vectors: bool, without: frozenset[str] = frozenset()
) -> dict[str, dict[str, float]]:
    """Every set of weights that the parts allow."""
    found: dict[str, dict[str, float]] = {}
    for kind, more in {"": (), f"+{VECTORS}": (VECTORS,)}.items():
        if more and not vectors:
            continue
        within, across, beyond = (
            learn(parts, (*names, *more), within=own, without=without)
            for names, own in ((WITHIN, True), (ACROSS, False), (BEYOND, False))
        )
        if not more:
            across["constant"] += MORE_ACROSS
            beyond["constant"] += MORE_BEYOND
            across = {
                name: TABLE_PART * weight + (1 - TABLE_PART) * beyond.get(name, 0.0)
                for name, weight in across.items()
            }
        found |= {f"within{kind}": within, f"across{kind}": across, f"beyond{kind}": beyond}
    return found


def main() -> None:
    """Print the weights; ``--write`` keeps them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--write", action="store_true", help="keep the weights in the package")
    arguments.add_argument("--vectors", action="store_true", help="also the weights with vectors")
    chosen = arguments.parse_args()
    parts: list[Any] = []
    means: dict[str, Any] = {}
    read = sets(CHOSEN_ON)
    for name, rows in read.items():
        # The documents of ECB+ are long and all English: their vectors would take minutes and say little.
        vectors = vectors_of(rows) if chosen.vectors and name != "ecbplus" else None
        parts.append(pairs_of(rows, vectors))
        if vectors:
            for language, mean in language_means(rows, vectors).items():
                means.setdefault(language, []).append(mean)
    weights = all_weights(parts, vectors=chosen.vectors)
    for name, found in weights.items():
        print(name, " ".join(f"{feature}={value:.2f}" for feature, value in found.items()))
    if chosen.write:
        rounded = {
            name: {key: round(value, 4) for key, value in row.items()} for name, row in weights.items()
        }
        packed = {
            language: base64.b64encode(np.mean(found, axis=0).astype("<f2").tobytes()).decode()
            for language, found in sorted(means.items())
        }
        content = {"learnt on": list(read), "weights": rounded, "language means": packed}
        Path(WEIGHTS).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
