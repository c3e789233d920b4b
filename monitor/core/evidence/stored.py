"""Verifying the chain where it is stored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.core.evidence.links import moment
from monitor.core.evidence.packing import unpacked
from monitor.core.evidence.verifier import BEGINNING, Alteration, digest, first_change, record_hash
from monitor.model import EvidenceRecord


@dataclass(slots=True)
class ChainCheck:
    """Goes along the chain and says what was changed; ``n`` and ``hash`` are where it ended.

    ``pruned_through``: parts of records up to this number were deleted by the retention, says the chain.
    ``met``: the hash ``sought`` was met.
    """

    pruned_through: int = 0
    n: int = 0
    hash: str = BEGINNING
    sought: str = ""
    met: bool = False
    parts: int = 0

    def findings(self, records: Iterable[EvidenceRecord]) -> Iterator[Alteration]:
        """What was changed, in the order of the records."""
        for record in records:
            where = f"record {record.n}"
            if record.n != self.n + 1:
                yield Alteration(where, f"records {self.n + 1} to {record.n - 1} before it are missing")
            if record_hash(self.hash, digest(record.link)) != record.hash:
                yield Alteration(where, "its link, its hash or what it follows was changed")
            else:
                yield from self._content(record, where)
            self.n, self.hash = record.n, record.hash
            self.met = self.met or record.hash == self.sought

    def _content(self, record: EvidenceRecord, where: str) -> Iterator[Alteration]:
        try:
            link: Mapping[str, Any] = json.loads(record.link)
            stated_parts = {name: dict(stated) for name, stated in link["parts"].items()}
        except (KeyError, ValueError, TypeError, AttributeError):
            yield Alteration(where, "its link cannot be read: the chain was written by another program")
            return
        columns = (record.n, record.kind, record.article_id, moment(record.at), sorted(record.topics))
        if columns != tuple(link.get(name) for name in ("n", "kind", "article", "at", "topics")):
            yield Alteration(where, "what it is found by (kind, article, moment, topics) was changed")
        for name in sorted({*stated_parts, *record.packed}):
            stated, packed = stated_parts.get(name), record.packed.get(name)
            here = f"{where}, {name}"
            if stated is None:
                yield Alteration(here, "was added")
            elif packed is None:
                if record.n > self.pruned_through:
                    yield Alteration(here, "is missing, and no retention deleted it")
            else:
                self.parts += 1
                yield from _part(here, packed, record.blocks[name], stated)


def _part(where: str, packed: bytes, blocks: bytes, stated: Mapping[str, Any]) -> Iterator[Alteration]:
    if digest(blocks) != stated["blocks"]:
        yield Alteration(where, "the sums of its blocks were changed")
    if digest(packed) == stated["packed"]:
        return
    content = unpacked(packed, int(stated["length"]))
    if content is None:
        yield Alteration(where, "its packed bytes were changed: they cannot be unpacked any more")
        return
    spot = first_change(content, blocks, int(stated["length"]))
    yield Alteration(where, spot or "its packed bytes were changed (unpacked, they are the same)")
