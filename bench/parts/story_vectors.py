"""Sentence vectors of the labelled articles, embedded once and kept in the folder for temporary files."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from monitor.core.story.embeddings import embedder, vector_of
from parts.story_sets import Labelled

FILE = Path(tempfile.gettempdir()) / "coverage-monitor-vectors.npz"


def vectors_of(rows: Sequence[Labelled]) -> dict[str, Any] | None:
    """Each article's vector by its id; None without the extra ``semantic``."""
    embed = embedder()
    if embed is None:
        return None
    kept = dict(np.load(FILE)) if FILE.exists() else {}
    found = {}
    fresh = False
    for row in rows:
        name = hashlib.sha256(f"{row.title}\n{row.text}".encode()).hexdigest()
        if name not in kept:
            kept[name] = np.frombuffer(vector_of(row.title, row.text, embed), dtype="<f2")
            fresh = True
        found[row.id] = kept[name].astype(np.float32)
    if fresh:
        np.savez(FILE, **kept)
    return found
