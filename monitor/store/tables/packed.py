"""Long texts as the database keeps them: compressed where that makes them smaller."""

from __future__ import annotations

import json
import sys
from typing import Final

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from monitor.store.tables.columns import TEXT_CHARS, Json, storable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PLAIN: Final = b"\0"
ZSTD: Final = b"\1"
"""The first byte says how the others are to be read."""
LEVEL: Final = 3
SHORT: Final = 64
"""Bytes that a frame's own bytes would not make smaller."""


def packed(text: str) -> bytes:
    """A text as bytes; ``unpacked`` gives it back.

    A dictionary trained on the bundled articles would make a text of a thousand characters 8 % smaller at
    three times the time, and would have to be kept for ever.
    """
    plain = text.encode()
    if len(plain) > SHORT:
        frame = zstd.compress(plain, LEVEL)
        if len(frame) < len(plain):
            return ZSTD + frame
    return PLAIN + plain


def unpacked(stored: bytes) -> str:
    """The text of ``packed``."""
    body = bytes(stored[1:])
    return (zstd.decompress(body) if stored[:1] == ZSTD else body).decode()


class Packed(TypeDecorator[str]):
    """Text of at most a million characters; what cannot be stored is taken out on the way in."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        del dialect
        return None if value is None else packed(storable(value, TEXT_CHARS))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else unpacked(value)


class PackedJson(TypeDecorator[object]):
    """A JSON value that nothing asks the database about."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        plain = Json().process_bind_param(value, dialect)
        return packed(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> object:
        del dialect
        return None if value is None else json.loads(unpacked(value))
