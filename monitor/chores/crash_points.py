"""Named points at which a test lets the process die: before and after every commit and every send.

``MONITOR_CRASH_AT=outbox.finish:after#3`` kills the process (SIGKILL, nothing is cleaned up) when it
comes to that point for the third time. ``MONITOR_CRASH_LOG=FILE`` writes down each point that is come
to, one a line, so that a test can find out which there are. Without these variables nothing is
wrapped: production pays nothing.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Protocol, cast

from monitor.ports import Channel, Store

AT, LOG = "MONITOR_CRASH_AT", "MONITOR_CRASH_LOG"
# What commits, by protocol. What only reads has no point: dying there is dying after the last commit.
COMMITS: Mapping[str, frozenset[str]] = {
    "admin": frozenset({"acquire_service", "deletion_moment", "prune", "prune_marks", "upgrade"}),
    "articles": frozenset({"index"}),
    "chats": frozenset({"sync"}),
    "jobs": frozenset({"add", "claim", "commit", "release"}),
    "outbox": frozenset(
        {"add", "add_events", "bundle", "claim", "collect", "finish", "rearm", "recover", "told_events"}
    ),
    "sources": frozenset({"enqueue_due", "sync"}),
}


class Watcher(Protocol):
    """Told of each point that is come to."""

    def __call__(self, point: str) -> None: ...


@dataclass(slots=True)
class Fate:
    """Dies at the ``nth`` coming to ``point``; writes every point to ``log``."""

    point: str = ""
    nth: int = 1
    log: Path | None = None
    _seen: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, point: str) -> None:
        with self._lock:
            self._seen[point] += 1
            if self.log is not None:
                with self.log.open("a", encoding="utf-8") as file:
                    file.write(f"{point}\n")
            if point == self.point and self._seen[point] == self.nth:
                os.kill(os.getpid(), signal.SIGKILL)


def fate(env: Mapping[str, str]) -> Fate | None:
    """The fate that the environment sets; None in production."""
    at, log = env.get(AT, ""), env.get(LOG, "")
    if not at and not log:
        return None
    point, _, nth = at.partition("#")
    return Fate(point=point, nth=int(nth or "1"), log=Path(log) if log else None)


def watched_store(store: Store, watcher: Watcher | None) -> Store:
    """The store with a point before and after everything that commits."""
    if watcher is None:
        return store
    parts = {
        part.name: _Watched(getattr(store, part.name), part.name, COMMITS[part.name], watcher)
        for part in fields(store)
        if part.name in COMMITS
    }
    return replace(store, **cast("dict[str, Any]", parts))


def watched_channels(channels: Mapping[str, Channel], watcher: Watcher | None) -> Mapping[str, Channel]:
    """The channels with a point before and after each send."""
    if watcher is None:
        return channels
    return {
        name: cast("Channel", _Watched(channel, "channel", frozenset({"send"}), watcher))
        for name, channel in channels.items()
    }


class _Watched:
    def __init__(self, inner: object, name: str, points: frozenset[str], watcher: Watcher) -> None:
        self._inner, self._name, self._points, self._watcher = inner, name, points, watcher

    def __getattr__(self, name: str) -> object:
        found = getattr(self._inner, name)
        return self._around(found, f"{self._name}.{name}") if name in self._points else found

    def _around(self, call: Callable[..., object], point: str) -> Callable[..., object]:
        def watched(*args: object, **kwargs: object) -> object:
            self._watcher(f"{point}:before")
            result = call(*args, **kwargs)
            self._watcher(f"{point}:after")
            return result

        return watched
