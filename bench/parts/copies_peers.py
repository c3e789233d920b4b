"""The peers of ``bench/copies.py``: each signs a text and finds the stored texts that it takes for copies."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from monitor.core.text.fingerprint import words_of

PERMUTATIONS = 128
BANDS = {"16x8": 8, "32x4": 4}


class Peer(Protocol):
    """What a peer must be able to do."""

    def sign(self, text: str) -> object: ...
    def find(self, text: str) -> set[int]: ...


def shingles(text: str) -> list[str]:
    """Runs of three words."""
    words = words_of(text)
    return [" ".join(words[at : at + 3]) for at in range(max(len(words) - 2, 1))]


class Datasketch:
    """MinHashLSH in memory at Jaccard .5, 128 permutations, as its pages show."""

    def __init__(self, whole: Sequence[str]) -> None:
        self._package: Any = importlib.import_module("datasketch")
        self._index = self._package.MinHashLSH(threshold=0.5, num_perm=PERMUTATIONS)
        for at, text in enumerate(whole):
            self._index.insert(at, self.sign(text))

    def sign(self, text: str) -> Any:
        made = self._package.MinHash(num_perm=PERMUTATIONS)
        made.update_batch([each.encode() for each in shingles(text)])
        return made

    def find(self, text: str) -> set[int]:
        return set(self._index.query(self.sign(text)))


class Rensa:
    """rensa's RMinHash in bands of ``rows``: candidates, without any verification."""

    def __init__(self, whole: Sequence[str], rows: int) -> None:
        self._package: Any = importlib.import_module("rensa")
        self._rows = rows
        self._bands: dict[tuple[int, ...], set[int]] = {}
        for at, text in enumerate(whole):
            for band in self._cut(text):
                self._bands.setdefault(band, set()).add(at)

    def sign(self, text: str) -> Any:
        made = self._package.RMinHash(PERMUTATIONS, 42)
        made.update(shingles(text))
        return made

    def find(self, text: str) -> set[int]:
        return set().union(*(self._bands.get(band, set()) for band in self._cut(text)))

    def _cut(self, text: str) -> list[tuple[int, ...]]:
        digest = self.sign(text).digest()
        return [(at, *digest[at : at + self._rows]) for at in range(0, PERMUTATIONS, self._rows)]


class SimHash:
    """64 bits over the same shingles, at most three of them different."""

    def __init__(self, whole: Sequence[str]) -> None:
        self._package: Any = importlib.import_module("simhash")
        self._index = self._package.SimhashIndex(
            [(str(at), self.sign(text)) for at, text in enumerate(whole)], k=3
        )

    def sign(self, text: str) -> Any:
        return self._package.Simhash(shingles(text))

    def find(self, text: str) -> set[int]:
        return {int(at) for at in self._index.get_near_dups(self.sign(text))}


PEERS: Mapping[str, tuple[str, Callable[[Sequence[str]], Peer]]] = {
    "datasketch LSH": ("datasketch", Datasketch),
    "rensa 16x8": ("rensa", lambda whole: Rensa(whole, BANDS["16x8"])),
    "rensa 32x4": ("rensa", lambda whole: Rensa(whole, BANDS["32x4"])),
    "simhash": ("simhash", SimHash),
}
