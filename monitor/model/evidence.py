"""What is kept to prove later what an outlet published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePart:
    """A piece of a capture: ``facts``, ``text``, ``entry`` or a page.

    ``packed`` is its content under zstd; ``length`` and ``sha256`` are those of the content. ``blocks`` has
    the sums of each of its blocks, by which a changed byte is found (``core.evidence.verifier``).
    """

    name: str
    packed: bytes
    length: int
    sha256: str
    blocks: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What is kept of one reading of an article, to be appended to the chain."""

    article_id: str
    at: datetime
    topics: tuple[str, ...]
    parts: tuple[EvidencePart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRecord:
    """One link of the chain as it is stored, with the parts that are still there.

    ``link`` is what is hashed: canonical JSON with the number, the kind, the article, the moment, the topics
    and the hashes of the parts. ``kind``: ``capture``, or ``pruned``: a note that the parts of all records
    up to a number were deleted by the retention. ``packed`` and ``blocks`` go by the names of the parts.
    """

    n: int
    kind: str
    article_id: str
    at: datetime
    topics: tuple[str, ...]
    link: bytes
    hash: str
    packed: Mapping[str, bytes] = field(default_factory=dict)
    blocks: Mapping[str, bytes] = field(default_factory=dict)
