"""The links of the chain: what of a record is hashed and stays for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from monitor.core.evidence.verifier import digest
from monitor.model import Capture

CAPTURE, PRUNED = "capture", "pruned"


def capture_link(n: int, capture: Capture) -> bytes:
    """The link of a capture: its hashes, nothing of its content."""
    parts = {
        part.name: {
            "length": part.length,
            "sha256": part.sha256,
            "packed": digest(part.packed),
            "blocks": digest(part.blocks),
        }
        for part in capture.parts
    }
    stated = {"article": capture.article_id, "topics": sorted(set(capture.topics)), "parts": parts}
    return canonical({"n": n, "kind": CAPTURE, "at": moment(capture.at), **stated})


def pruned_link(n: int, *, through: int, now: datetime) -> bytes:
    """The link that says that the parts of all records up to ``through`` were deleted by the retention."""
    stated = {"article": "", "topics": [], "parts": {}, "through": through}
    return canonical({"n": n, "kind": PRUNED, "at": moment(now), **stated})


def canonical(value: Mapping[str, object]) -> bytes:
    """JSON with one spelling a value: ASCII, sorted, without spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def moment(at: datetime) -> str:
    """A moment in UTC to the microsecond, in one spelling."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
