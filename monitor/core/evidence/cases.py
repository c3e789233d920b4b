"""A case: what was asked for, and its records unpacked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.core.evidence.packing import unpacked
from monitor.model import EvidenceRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What was asked for, in words, and when; ``head`` is the chain's when it was answered."""

    asked: Sequence[str]
    since: str
    until: str
    made_at: str
    head: tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A record of a case with its parts as they were stored; ``missing``: deleted by the retention."""

    n: int
    link: str
    hash: str
    parts: Mapping[str, bytes]
    missing: tuple[str, ...]

    @property
    def facts(self) -> dict[str, Any]:
        """The facts as JSON holds them; empty when they are gone or were changed."""
        try:
            found = json.loads(self.parts.get("facts", b"{}"))
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def unpacked_record(record: EvidenceRecord) -> Unpacked:
    """A stored record with its parts unpacked; one that cannot be is left out, and verifying says so."""
    try:
        stated = json.loads(record.link)["parts"]
    except (ValueError, KeyError, TypeError):
        stated = {}
    found = {
        name: unpacked(packed, int(stated[name]["length"]))
        for name, packed in record.packed.items()
        if name in stated
    }
    return Unpacked(
        n=record.n,
        link=record.link.decode("ascii", "replace"),
        hash=record.hash,
        parts={name: content for name, content in found.items() if content is not None},
        missing=tuple(sorted(set(stated) - set(record.packed))),
    )
