"""The shape of config/monitor.yaml, made from the records of ``monitor.model.settings``."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import AfterValidator, Field, create_model

from monitor.config.models.files import Shape
from monitor.config.models.places import no_place
from monitor.config.models.types import (
    Address,
    Database,
    Duration,
    Language,
    Pause,
    Zone,
    duration_text,
    wrong,
)
from monitor.model import Settings
from monitor.model.settings import SettingDescription, descriptions


def _listen(value: str) -> str:
    if value and (reason := no_place(value)):
        raise wrong(f"{value!r} is no place to listen: {reason}", "write host:port, e.g. 127.0.0.1:8787")
    return value


def _listen_or_off(value: str) -> str:
    return "off" if value in {"", "off"} else _listen(value)


def _broker(value: str) -> str:
    if not value or re.fullmatch(r"amqps?://\S+", value):
        return value
    raise wrong("that is no address of RabbitMQ", "write amqp://user@host:5672//")


_FORMS: Mapping[str, object] = {
    "address": Address,
    "address or nothing": Address | Literal[""],
    "broker": Annotated[str, AfterValidator(_broker)],
    "database": Database,
    "language": Language,
    "listen": Annotated[str, AfterValidator(_listen)],
    "listen or off": Annotated[str, AfterValidator(_listen_or_off)],
    "pause": Pause,
    "zone": Zone,
}
_SPANS: Mapping[object, object] = {timedelta: Duration, tuple[timedelta, ...]: tuple[Duration, ...]}


def written(value: object) -> object:
    """A setting's value as an operator writes it: time spans with their unit."""
    if isinstance(value, tuple):
        return [written(item) for item in value]
    return duration_text(value) if isinstance(value, timedelta) else value


def shape_of(record: type) -> type[Shape]:
    """The pydantic model that reads a section, or the whole file; without its secrets."""
    described, hints = descriptions(record), get_type_hints(record)
    fields: dict[str, Any] = {}
    for item in dataclasses.fields(record):
        if item.name in described:
            fields[item.name] = _leaf(hints[item.name], item.default, described[item.name])
        elif dataclasses.is_dataclass(hints[item.name]):
            section = shape_of(hints[item.name])
            fields[item.name] = (section, Field(default=section(), description=section.__doc__))
    made: type[Shape] = create_model(record.__name__, __base__=Shape, __doc__=record.__doc__, **fields)
    return made


def _leaf(kind: object, default: object, described: SettingDescription) -> tuple[object, object]:
    """A field's annotation and what pydantic is told of it."""
    bounds: dict[str, Any] = {
        "ge": described.ge,
        "gt": described.gt,
        "le": described.le,
        "max_length": described.most,
    }
    bounds = {name: bound for name, bound in bounds.items() if bound is not None}
    if kind is float:
        bounds["allow_inf_nan"] = False
    if kind in _SPANS:
        bounds["json_schema_extra"] = {"default": written(default)}
    form = (
        Literal[described.choices]
        if described.choices
        else _FORMS[described.form]
        if described.form
        else _SPANS.get(kind, kind)
    )
    return form, Field(default=default, description=described.doc, **bounds)


MonitorFile = shape_of(Settings)
"""config/monitor.yaml."""
