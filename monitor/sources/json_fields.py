"""Fields of JSON documents that nobody vouches for: what is of a wrong type counts as absent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from monitor.sources.body import without_illegal

_TRIPS: Final = (ValueError, RecursionError)
_LARGEST: Final = 10**15


def document(text: str) -> object:
    """The JSON value; None when the text is not JSON. Raw line ends in texts are let pass."""
    try:
        return json.loads(text, strict=False)
    except _TRIPS:
        return None


def word(record: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is a text with something in it, without illegal characters."""
    found = (record.get(name) for name in names)
    text = next((value for value in found if isinstance(value, str) and value.strip()), "")
    return without_illegal(text)


def words(record: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    """Those of these fields that hold a text or a whole number of seconds (dates come as both)."""
    texts = (_said(record.get(name)) for name in names)
    return tuple(text for text in texts if text.strip())


def _said(value: object) -> str:
    if isinstance(value, str):
        return without_illegal(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _LARGEST:
        return str(int(value))
    return ""


def rows(value: object) -> list[Mapping[str, Any]]:
    """The records of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def record_of(value: object) -> Mapping[str, Any]:
    """The value when it is a record, else an empty one."""
    return value if isinstance(value, dict) else {}
