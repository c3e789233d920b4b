"""Source and channel kinds, found by entry points; built-ins register the same way."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import TypeVar

from monitor.errors import ConfigError, Problem
from monitor.ports import ChannelKind, SourceKind

Kind = TypeVar("Kind", SourceKind, ChannelKind)


def source_kinds() -> Mapping[str, SourceKind]:
    """Every installed source kind by name (group ``monitor.sources``)."""
    return _load("monitor.sources", SourceKind)


def channel_kinds() -> Mapping[str, ChannelKind]:
    """Every installed channel kind by name (group ``monitor.channels``)."""
    return _load("monitor.channels", ChannelKind)


def _load(group: str, record: type[Kind]) -> Mapping[str, Kind]:
    """Raises ConfigError when a plugin cannot be loaded or is no record of its group."""
    found: dict[str, Kind] = {}
    problems = []
    for point in sorted(entry_points(group=group), key=lambda item: item.name):
        try:
            kind = point.load()
        except (ImportError, AttributeError) as error:
            problems.append(_problem(point.value, f"plugin {point.name!r} cannot be loaded: {error}"))
            continue
        if isinstance(kind, record):
            found[point.name] = kind
        else:
            problems.append(_problem(point.value, f"plugin {point.name!r} is no {record.__name__}"))
    if problems:
        raise ConfigError(tuple(problems))
    return found


def _problem(place: str, message: str) -> Problem:
    return Problem(file=place, line=0, column=0, message=message, hint="reinstall or remove it")
