"""Sentence vectors of the labelled articles, embedded once and kept in the folder for temporary files."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from monitor.core.story.embeddings import Embedder, embedder, vector_of
from parts.story_sets import Labelled

FILE = Path(tempfile.gettempdir()) / "coverage-monitor-vectors.npz"


class Kept:
    """An embedder that remembers."""

    def __init__(self, embed: Embedder) -> None:
        self._embed = embed
        self._known: dict[str, Any] = dict(np.load(FILE)) if FILE.exists() else {}
        self._written = len(self._known)

    def __call__(self, texts: Sequence[str]) -> Sequence[Any]:
        """The texts' vectors."""
        return [self._one(text) for text in texts]

    def save(self) -> None:
        """Keep what is new for the next run."""
        if len(self._known) > self._written:
            np.savez(FILE, **self._known)
            self._written = len(self._known)

    def _one(self, text: str) -> Any:
        name = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        if name not in self._known:
            self._known[name] = np.asarray(self._embed([text])[0], dtype=np.float32)
        return self._known[name]


@cache
def kept_embedder() -> Kept | None:
    """The installed embedder, with memory; None without the extra ``semantic``."""
    embed = embedder()
    return Kept(embed) if embed else None


def vectors_of(rows: Sequence[Labelled]) -> dict[str, Any] | None:
    """Each article's vector by its id; None without the extra ``semantic``."""
    embed = kept_embedder()
    if embed is None:
        return None
    found = {
        row.id: np.frombuffer(vector_of(row.title, row.text, embed), dtype="<f2").astype(np.float32)
        for row in rows
    }
    embed.save()
    return found
