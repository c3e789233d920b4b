"""Prints: which passages of a text stand in another one, however little of either they are.

Words become shingles of three, hashed. Every window of shingles keeps its smallest hash (winnowing:
Schleimer, Wilkerson, Aiken, SIGMOD 2003; a MinHash of each window): two texts that share a run of words
longer than a window share such an *anchor*, wherever the run stands in either. Anchors are the rows that
are looked up. A fixed half of all shingles is the *sketch*, from which is told how much of one text the
other holds. A MinHash of the whole text can do neither for a short report inside a long piece
(bench/copies.py measures both).
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.text.fingerprint import words_of
from monitor.model import Print

VERSION: Final = 1
SHINGLE_WORDS: Final = 3
WINDOW: Final = 32
"""A shared run of 34 words is sure to share an anchor. 16 doubles the rows and finds no more of our edits."""
FEWEST_WINDOWS: Final = 6
"""A short text has smaller windows, so that it too has some anchors."""
MOST_WORDS: Final = 6_000
"""Words of a text that are looked at."""
MOST_ANCHORS: Final = 200

_MIX_1: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_2: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_3: Final = np.uint64(0x94D049BB133111EB)
_Hashes = NDArray[np.uint64]


def print_of(title: str, text: str) -> Print:
    """The print of a text; a headline that the text repeats at its start does not count."""
    words, head = words_of(text)[: MOST_WORDS + 40], words_of(title)
    if head and words[: len(head)] == head:
        words = words[len(head) :]
    hashes = shingles(words[:MOST_WORDS])
    return Print(words=len(words), anchors=_anchors(hashes), sketch=_sketch(hashes))


def shingles(words: list[str]) -> _Hashes:
    """One 64-bit hash for each run of three words, in order."""
    if len(words) < SHINGLE_WORDS:
        return np.empty(0, dtype=np.uint64)
    codes = np.fromiter(map(_code, words), dtype=np.uint64, count=len(words))
    with np.errstate(over="ignore"):
        mixed = codes[:-2] * _MIX_1
        mixed = (mixed ^ (mixed >> np.uint64(29))) + codes[1:-1]
        mixed *= _MIX_2
        mixed = (mixed ^ (mixed >> np.uint64(31))) + codes[2:]
        mixed *= _MIX_3
        return mixed ^ (mixed >> np.uint64(32))


def shingle_names(words: list[str]) -> bytes:
    """The shingles of a few words that a sketch would sample, as it names them."""
    return _sketch(shingles(words))


def names_of(sketch: bytes) -> frozenset[int]:
    """The sampled shingles that a sketch names."""
    return frozenset(np.frombuffer(sketch, dtype="<u2").tolist())


def containment(inner: Print, outer: Print, *, without: frozenset[int] = frozenset()) -> tuple[float, int]:
    """How much of ``inner`` stands in ``outer`` (0–1), and on how many sampled shingles that rests.

    ``without``: sampled shingles that do not count, being what an outlet puts around every text.
    """
    mine = sampled(inner) - without
    if not mine:
        return 0.0, 0
    return len(mine & sampled(outer)) / len(mine), len(mine)


@lru_cache(maxsize=512)
def sampled(text: Print) -> frozenset[int]:
    """The shingles of a print's sketch."""
    return names_of(text.sketch)


@lru_cache(maxsize=12_000)
def _code(word: str) -> int:
    raw = word.encode("utf-8", "surrogatepass")
    return zlib.crc32(raw) << 16 ^ zlib.adler32(raw)


def _sketch(hashes: _Hashes) -> bytes:
    # One bit chooses, sixteen others name: a chance meeting costs a thousandth of a containment.
    kept = hashes[(hashes >> np.uint64(17)) & np.uint64(1) == 0]
    named: bytes = np.unique((kept & np.uint64(0xFFFF)).astype("<u2")).tobytes()
    return named


def _anchors(hashes: _Hashes) -> tuple[int, ...]:
    """The smallest hash of every window, as signed 64-bit numbers, in order of appearance."""
    count = len(hashes)
    if not count:
        return ()
    width = min(max(count // FEWEST_WINDOWS, 2), WINDOW, count)
    windows = np.lib.stride_tricks.sliding_window_view(hashes, width)
    smallest = windows.min(axis=1)
    changed = np.concatenate(([True], smallest[1:] != smallest[:-1]))
    found = dict.fromkeys(smallest[changed].astype(np.int64).tolist())
    return tuple(found)[:MOST_ANCHORS]
