"""Places for jobs: few that work, many that only wait for a slow host.

A job that has waited for its host for long gives its place back and takes another one before it works on.
So hosts that hang cost threads, which are cheap, and not the turn of the others; what costs CPU and
memory stays as many at a time as the operator said.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from monitor.core.text.urls import host_key
from monitor.model import Fetched, FetchRequest, NotModified
from monitor.ports import Fetcher

SLOW_AFTER_S: Final = 1.5
# A look-around while all places are taken: one may have become slow meanwhile.
SWEEP_S: Final = 0.25
_KEPT_LANES: Final = 10_000


class WorkerSlots:
    """Thread-safe. ``size`` jobs work at a time; up to ``most_slow`` more wait for slow hosts."""

    def __init__(self, size: int, most_slow: int, *, slow_after_s: float = SLOW_AFTER_S) -> None:
        self._size = size
        self._most_slow = most_slow
        self._slow_after_s = slow_after_s
        self._active = 0
        self._waiting: dict[int, float] = {}
        self._slow: set[int] = set()
        self._slow_lanes: OrderedDict[str, None] = OrderedDict()
        self._changed = threading.Condition()

    @property
    def most_threads(self) -> int:
        """How many jobs can be under way at once."""
        return self._size + self._most_slow

    @property
    def active(self) -> int:
        """How many jobs have a place now."""
        return self._active

    def free(self) -> int:
        """How many jobs may begin now."""
        with self._changed:
            self._give_slow_back()
            return max(self._size - self._active, 0)

    def begin(self) -> None:
        """A job takes a place (before its thread runs)."""
        with self._changed:
            self._active += 1

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for the caller's thread; waits until one is free."""
        with self._changed:
            while self._active >= self._size:
                self._changed.wait(SWEEP_S)
                self._give_slow_back()
            self._active += 1
        try:
            yield
        finally:
            self.end()

    def end(self) -> None:
        """The job is over."""
        with self._changed:
            self._active -= 1
            self._changed.notify_all()

    def excluded(self) -> tuple[str, ...]:
        """Lanes of which no job should begin: the slow ones, when no more slow jobs fit."""
        with self._changed:
            full = len(self._slow) >= self._most_slow
            return tuple(self._slow_lanes) if full else ()

    def watching(self, fetch: Fetcher) -> Fetcher:
        """``fetch`` that gives the caller's place back while a slow host is waited for."""

        def watched(request: FetchRequest) -> Fetched | NotModified:
            began, name = time.monotonic(), host_key(request.url)
            self._enter(name, began)
            try:
                return fetch(request)
            finally:
                self._leave(name, time.monotonic() - began)

        return watched

    def _enter(self, name: str, now: float) -> None:
        thread = threading.get_ident()
        with self._changed:
            self._waiting[thread] = now
            if name in self._slow_lanes:
                self._give_back(thread)
                self._changed.notify_all()

    def _leave(self, name: str, took_s: float) -> None:
        thread = threading.get_ident()
        with self._changed:
            del self._waiting[thread]
            if took_s > self._slow_after_s:
                self._slow_lanes[name] = None
                self._slow_lanes.move_to_end(name)
                if len(self._slow_lanes) > _KEPT_LANES:
                    self._slow_lanes.popitem(last=False)
            else:
                self._slow_lanes.pop(name, None)
            if thread in self._slow:
                self._slow.discard(thread)
                self._changed.wait_for(lambda: self._active < self._size)
                self._active += 1

    def _give_slow_back(self) -> None:
        now = time.monotonic()
        for thread, since in self._waiting.items():
            if now - since > self._slow_after_s:
                self._give_back(thread)

    def _give_back(self, thread: int) -> None:
        if thread not in self._slow and len(self._slow) < self._most_slow:
            self._slow.add(thread)
            self._active -= 1
