"""Groups of articles that tell one event, by how likely each pair of them does.

Two groups are joined when the mean over all pairs between them is enough: average linkage. One article that
is like two events does not make them one so, and what came first does not matter. What is enough depends on
the groups: two events of one kind share most of their words, but the articles of each are clearly more alike
among themselves than they are to those of the other.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

COHESIVE: Final = 2.0
"""What joins a group may be so much less alike (in log-odds) than its articles are among themselves."""
FEW: Final = 4
"""A smaller group may be alike by chance: more is allowed to join it."""
SLACK: Final = 2.0
MOST: Final = 5.0
"""Log-odds beyond this count as this much: no pair decides alone."""


def groups(odds: NDArray[np.floating]) -> NDArray[np.intp]:
    """For each article the number of its group. ``odds``: log-odds of every pair, 0 is just enough."""
    between = np.clip(odds, -MOST, MOST).astype(float)
    np.fill_diagonal(between, 0)
    count = len(between)
    size, needed = np.ones(count), np.zeros(count)
    label = np.arange(count)
    spare = between.copy()
    np.fill_diagonal(spare, -np.inf)
    for _ in range(count - 1):
        one, other = divmod(int(spare.argmax()), count)
        if spare[one, other] < 0:
            break
        _join(between, size, one, other)
        label[label == other] = one
        needed[one] = _needed(between[one, one], size[one])
        spare[other] = spare[:, other] = -np.inf
        left = np.flatnonzero(np.isfinite(spare[one]))
        found = between[one, left] / (size[one] * size[left]) - np.maximum(needed[one], needed[left])
        spare[one, left] = spare[left, one] = found
    return label


def _join(between: Floats, size: Floats, one: int, other: int) -> None:
    """Sums over pairs, ``between[k, k]`` those within a group, counted both ways."""
    between[one] += between[other]
    between[:, one] += between[:, other]
    size[one] += size[other]


def _needed(within: float, size: float) -> float:
    slack = SLACK / (size - 1) if size < FEW else 0.0
    return max(within / (size * (size - 1)) - COHESIVE - slack, 0.0)
