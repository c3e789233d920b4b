"""Source and channel kinds, found by entry points; built-ins register the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar

from monitor.errors import ConfigError, Problem
from monitor.ports import ChannelKind, SourceKind

Kind = TypeVar("Kind", SourceKind, ChannelKind)


def source_kinds() -> Mapping[str, SourceKind]:
    """Every installed source kind by name (group ``monitor.sources``), loaded when it is asked for."""
    return _Kinds("monitor.sources", SourceKind)


def channel_kinds() -> Mapping[str, ChannelKind]:
    """Every installed channel kind by name (group ``monitor.channels``), loaded when it is asked for: a
    config without Telegram chats costs no client of it."""
    return _Kinds("monitor.channels", ChannelKind)


class _Kinds(Mapping[str, Kind], Generic[Kind]):
    """Kinds by name. Raises ``ConfigError`` for one that cannot be loaded or is no record of its group."""

    def __init__(self, group: str, record: type[Kind]) -> None:
        self._record: type[Kind] = record
        self._points: dict[str, EntryPoint] = {point.name: point for point in _sorted(group)}
        self._loaded: dict[str, Kind] = {}

    def __getitem__(self, name: str) -> Kind:
        if name not in self._loaded:
            self._loaded[name] = self._load(self._points[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._points)

    def __len__(self) -> int:
        return len(self._points)

    def __contains__(self, name: object) -> bool:
        return name in self._points

    def _load(self, point: EntryPoint) -> Kind:
        try:
            kind: object = point.load()
        except (ImportError, AttributeError) as error:
            raise _wrong(point, f"plugin {point.name!r} cannot be loaded: {error}") from error
        if not isinstance(kind, self._record):
            raise _wrong(point, f"plugin {point.name!r} is no {self._record.__name__}")
        return kind


def _sorted(group: str) -> list[EntryPoint]:
    return sorted(entry_points(group=group), key=lambda item: item.name)


def _wrong(point: EntryPoint, message: str) -> ConfigError:
    problem = Problem(file=point.value, line=0, column=0, message=message, hint="reinstall or remove it")
    return ConfigError((problem,))
