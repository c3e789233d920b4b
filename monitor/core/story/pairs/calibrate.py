"""Thresholds of an installation's own, from the pairs that its operators joined and parted.

The weights stay as shipped: a few dozen labels say too little about each. What an installation may differ in
is how sure the model has to be, within a language and across languages; both are settings. The threshold is
the one under which the labels are likeliest, drawn towards the present one as if by ``PRIOR`` pairs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from monitor.core.story.pairs.score import log_odds, odds_of
from monitor.model import StoryLabel, StorySettings

FEWEST: Final = 12
FEWEST_OF_EACH: Final = 4
"""Fewer pairs, or fewer of those that are one story or of those that are two, say nothing."""
PRIOR: Final = 4.0
_STEPS: Final = tuple(step / 100 for step in range(5, 96))

Setting = Literal["same", "across"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One setting before and after: how many labelled pairs it judges, and how many of them rightly.

    ``after`` is ``before`` where the labels are too few (``enough`` False) or no other value is better.
    """

    setting: Setting
    pairs: int
    enough: bool
    before: float
    after: float
    right_before: int
    right_after: int


def calibrated(labels: Sequence[StoryLabel], settings: StorySettings) -> tuple[Threshold, Threshold]:
    """``stories.same`` and ``stories.across`` as the labels would have them."""
    within = [item for item in labels if item.features["same_language"] > 0]
    across = [item for item in labels if not item.features["same_language"] > 0]
    return _threshold("same", within, settings.same), _threshold("across", across, settings.across)


def _threshold(setting: Setting, labels: Sequence[StoryLabel], before: float) -> Threshold:
    odds = [_odds(item) for item in labels]
    truth = [item.same for item in labels]
    enough = len(labels) >= FEWEST and FEWEST_OF_EACH <= sum(truth) <= len(truth) - FEWEST_OF_EACH
    after = min(_STEPS, key=lambda step: _loss(odds, truth, step, before)) if enough else before
    if _right(odds, truth, after) <= _right(odds, truth, before):
        after = before
    return Threshold(
        setting=setting,
        pairs=len(labels),
        enough=enough,
        before=before,
        after=after,
        right_before=_right(odds, truth, before),
        right_after=_right(odds, truth, after),
    )


def _odds(label: StoryLabel) -> float:
    pair = {name: np.array([value], dtype=np.float32) for name, value in label.features.items()}
    return float(log_odds(pair)[0])


def _loss(odds: Sequence[float], truth: Sequence[bool], share: float, before: float) -> float:
    enough = odds_of(share)
    wrong = sum(
        math.log1p(math.exp(-(value - enough) if same else value - enough))
        for value, same in zip(odds, truth, strict=True)
    )
    return wrong + PRIOR * (enough - odds_of(before)) ** 2 / 2


def _right(odds: Sequence[float], truth: Sequence[bool], share: float) -> int:
    return sum((value >= odds_of(share)) == same for value, same in zip(odds, truth, strict=True))
