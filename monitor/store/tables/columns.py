"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
KEY_CHARS = 500
TEXT_CHARS = 1_000_000

# PostgreSQL takes neither NUL nor half of a surrogate pair, SQLite's driver not the latter.
_UNSTORABLE = dict.fromkeys(range(0xD800, 0xE000), "\ufffd") | {0: None}

# A number that grows: 64 bits on PostgreSQL; SQLite wants the word INTEGER for its own row id.
Serial = BigInteger().with_variant(Integer(), "sqlite")


def storable(text: str, limit: int = TEXT_CHARS) -> str:
    r"""``text`` as both databases can hold it: no NUL, no lone surrogate, at most ``limit`` characters.

    >>> storable("a\x00b", 10)
    'ab'
    """
    if not text.isascii() or "\0" in text:
        text = text.translate(_UNSTORABLE) if _is_odd(text) else text
    return text[:limit]


def _is_odd(text: str) -> bool:
    # Encoding is far quicker than translating, and nearly every text passes.
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return "\0" in text


class Utc(TypeDecorator[datetime]):
    """A moment. Aware in (a naive one raises ``ValueError``), aware UTC out.

    SQLite has no type for it: whole microseconds since 1970 there, which sort and compare as they
    should. ``timestamptz`` on PostgreSQL.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = BigInteger()
        if dialect.name == "postgresql":
            kind = DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value.isoformat()}")
        if dialect.name == "postgresql":
            return value.astimezone(UTC)
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: datetime | int | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return EPOCH + value * MICROSECOND


class Clean(TypeDecorator[str]):
    """Text of at most ``limit`` characters; what cannot be stored is taken out on the way in."""

    impl = Text
    cache_ok = True

    def __init__(self, limit: int = TEXT_CHARS) -> None:
        self.limit = limit
        super().__init__()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else storable(value, self.limit)


class Json(TypeDecorator[object]):
    """A JSON value whose texts are storable."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> object:
        del dialect
        return _plain(value)


def _plain(value: object) -> object:
    match value:
        case str():
            return storable(value)
        case datetime():
            return value.isoformat()
        case Mapping():
            return {storable(str(key)): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted(storable(str(item)) for item in value)
        case _:
            return value
