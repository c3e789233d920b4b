"""From the headers of an answer to a ``Fetched`` record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from w3lib.encoding import http_content_type_encoding

from monitor.model import Fetched

LONGEST_VALIDATOR = 1_000


def lower_names(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Headers by lower-case name. Cookies are left out: they are nobody's business here."""
    return MappingProxyType(
        {name.lower(): value for name, value in headers.items() if name.lower() != "set-cookie"}
    )


def fetched(
    url: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: datetime,
    moved_to: str | None,
) -> Fetched:
    """Build the record; ``headers`` have lower-case names, ``now`` is aware UTC."""
    content_type = headers.get("content-type", "")
    return Fetched(
        url=url,
        status=status,
        body=body,
        fetched_at=now,
        headers=headers,
        etag=validator(headers.get("etag")),
        last_modified=validator(headers.get("last-modified")),
        content_type=content_type.partition(";")[0].strip().lower(),
        charset=http_content_type_encoding(content_type),
        moved_to=moved_to,
    )


def validator(value: str | None) -> str | None:
    """An ETag or Last-Modified value that can be sent back, or None.

    Hosts send all sorts; what is no plain short line would only break the next request.
    """
    text = (value or "").strip()
    if not text or len(text) > LONGEST_VALIDATOR or not (text.isascii() and text.isprintable()):
        return None
    return text
