"""The last line of a bench: one JSON object, and ``holds: true`` only where everything was measured."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping


def last_line(
    bench: str,
    *,
    ours: Mapping[str, object],
    peers: Mapping[str, object],
    ratios: Mapping[str, object],
    goals: Mapping[str, object],
    holds: bool,
    missing: Collection[str] = (),
    **more: object,
) -> str:
    """The bench's JSON object. ``missing`` names peers, data or figures of goals that were not to be had.

    A goal that was missed is ``false`` whatever is missing. Without a miss, ``holds`` is ``null`` (nobody
    knows) when there are no goals or when something is missing.
    """
    known = bool(goals) and not missing
    record: dict[str, object] = {
        "bench": bench,
        "ours": ours,
        "peers": peers,
        "ratios": ratios,
        "goals": goals,
        "holds": False if not holds else (True if known else None),
    }
    if missing:
        record["missing"] = sorted(missing)
    return json.dumps(record | more, ensure_ascii=False)


def skipped(bench: str, goals: Mapping[str, object], reason: str) -> str:
    """The JSON object of a bench that could not run: nothing measured, nothing claimed."""
    return last_line(
        bench, ours={}, peers={}, ratios={}, goals=goals, holds=True, missing=[reason], skipped=reason
    )
