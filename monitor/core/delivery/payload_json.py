"""Payloads of deliveries to JSON and back: the one place that knows what a stored row holds.

Reading is tolerant, so that rows of an earlier version still load: fields that are new have defaults,
fields that are gone are passed over. A row that still cannot be read becomes ``Unreadable``, and the
delivery fails alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from monitor.model import Alert, Delivery, Payload, Unreadable
from monitor.model.alert import DeliveryKind
from monitor.model.payloads import ChartFigures, Correction, DigestPart, NoticeText, PictureSet

P = TypeVar("P")

RECORDS: Mapping[DeliveryKind, type[Any]] = {
    "alert": Alert,
    "edit": Alert,
    "strike": Alert,
    "reply": Alert,
    "revision": Correction,
    "notice": NoticeText,
    "digest": DigestPart,
    "chart": ChartFigures,
    "pictures": PictureSet,
}
"""Kind of delivery → the record of its payload."""


def payload_json(payload: Payload) -> dict[str, Any]:
    """The payload as the outbox stores it and a webhook gets it (JSON types only)."""
    if isinstance(payload, Unreadable):
        return payload.stored if isinstance(payload.stored, dict) else {"stored": payload.stored}
    return {field.name: _plain(getattr(payload, field.name)) for field in dataclasses.fields(payload)}


def read_payload(kind: str, stored: object) -> Payload:
    """The inverse of ``payload_json``. Raises nothing."""
    record = RECORDS.get(kind)  # type: ignore[call-overload]
    if record is None:
        return Unreadable(stored=stored, why=f"{kind!r} is no kind of delivery")
    try:
        found: Payload = _reader(record).validate_python(stored)
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, item["loc"])) or item["type"] for item in error.errors()[:5])
        return Unreadable(stored=stored, why=f"its payload does not read as {record.__name__}: {wrong}")
    return found


def payload_of(delivery: Delivery, record: type[P]) -> P:
    """The payload as this record; raises ``ValueError`` when it is another, or could not be read."""
    if isinstance(delivery.payload, record):
        return delivery.payload
    why = delivery.payload.why if isinstance(delivery.payload, Unreadable) else "the payload of another kind"
    raise ValueError(f"{delivery.kind} {delivery.key}: {why}")


@cache
def _reader(record: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(record)


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case Mapping():
            return {str(name): _plain(item) for name, item in value.items()}
        case tuple() | list():
            return [_plain(item) for item in value]
        case str() | int() | float() | None:
            return value
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a payload")
