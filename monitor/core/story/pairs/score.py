"""The probability that two articles tell the same story, from their features by a logistic model.

Its weights were learnt on labelled pairs (bench/train_pairs.py, which wrote ``weights.json``). There is
one set for pairs in one language, one for pairs in two languages of the concept table and one for pairs in
two others, each with and without sentence vectors.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

import numpy as np

from monitor.core.loaded_once import loaded_once
from monitor.core.story.pairs.features import VECTORS, Features, Floats

Weights = Mapping[str, Mapping[str, float]]
"""By set (``within``, ``across``, ``beyond``, all also with ``+vectors``): a weight a feature, and
``constant``."""
CHANCE: Final = -2.0
FEWEST_ALIKE: Final = 2
"""Names and international words that two articles must share where no table joins their languages."""
MOST: Final = 8.0
"""Log-odds beyond this say nothing more."""


@loaded_once
def shipped() -> Weights:
    """The weights that come with the package."""
    found: Any = json.loads(files("monitor.core.story.pairs").joinpath("weights.json").read_text("utf-8"))
    return {name: dict(weights) for name, weights in found["weights"].items()}


def log_odds(found: Features, weights: Weights | None = None) -> Floats:
    """Of every pair: above 0 it is more likely than not that both tell one story."""
    known = weights or shipped()
    kind = "+vectors" if VECTORS in found and f"within+{VECTORS}" in known else ""
    within, across, beyond = (_sum(found, known[f"{name}{kind}"]) for name in ("within", "across", "beyond"))
    # A number, or one word that happens to sound alike, is no evidence by itself, however rare.
    if "alike" in found:  # labels kept by an earlier version lack it
        beyond = np.where(found["alike"] >= FEWEST_ALIKE, beyond, np.minimum(beyond, CHANCE))
    two = np.where(found["in_table"] > 0, across, beyond)
    return np.clip(np.where(found["same_language"] > 0, within, two), -MOST, MOST).astype(np.float32)


def probability(odds: float) -> float:
    """0–1, of log-odds."""
    return 1 / (1 + math.exp(-odds))


def odds_of(share: float) -> float:
    """The log-odds of a probability."""
    inside = min(max(share, 1e-4), 1 - 1e-4)
    return math.log(inside / (1 - inside))


def _sum(found: Features, weights: Mapping[str, float]) -> Floats:
    parts = [value * found[name] for name, value in weights.items() if name != "constant" and name in found]
    total: Floats = np.sum(parts, axis=0) + np.float32(weights["constant"])
    return total
