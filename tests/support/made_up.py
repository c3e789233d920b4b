"""Made-up texts: words that no language has, drawn by a seed."""

from __future__ import annotations

import random
from functools import cache

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("n", "r", "st", "k", "")]


@cache
def _names() -> list[str]:
    return [one + other for one in WORDS for other in WORDS]


def prose(words: int, seed: int) -> str:
    """A text out of few words: two of them have much in common, but in another order."""
    dice = random.Random(seed)
    return " ".join(dice.choice(WORDS) for _ in range(words))


def event(words: int, seed: int) -> str:
    """A text that shares hardly a word with one of another seed, as reports of two events do."""
    dice = random.Random(seed)
    return " ".join(dice.choice(_names()) for _ in range(words))
