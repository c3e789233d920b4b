"""A candidate as the record of a sources file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from monitor.sources.discovery.records import Discovery, SourceCandidate

_TAIL = re.compile(
    r"(?<!\s)\s*+(?:[»|·•–—-]\s*+)?(?:rss|atom|feed|новости rss)\s*+$|^\s*+(?:rss|feed)\s*+[:»|-]\s*+",
    re.IGNORECASE,
)


def as_source(
    candidate: SourceCandidate, found: Discovery, given: Mapping[str, str], *, allow_private: bool
) -> dict[str, object]:
    """What is written of a candidate; ``given``: ``id``, ``name``, ``language``, ``country`` and ``tier`` as
    an operator wants them, "" for what the site says itself."""
    parts = urlsplit(found.url)
    named = candidate.title if candidate.kind == "feed" and candidate.title else found.title
    record: dict[str, object] = {
        "id": given["id"],
        "name": given["name"] or _TAIL.sub("", named).strip() or parts.hostname or candidate.url,
        "kind": candidate.kind,
        "url": candidate.url,
        "site": f"{parts.scheme}://{parts.netloc}",
        "language": given["language"] or candidate.language or found.language or "",
        "country": given["country"],
        "tier": given["tier"],
        "options": {name: value for name, value in candidate.options.items() if value},
        "allow_private": allow_private,
    }
    return {key: value for key, value in record.items() if value not in ("", {}, False)}
