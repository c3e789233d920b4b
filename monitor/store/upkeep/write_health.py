"""Whether the store takes what is written, as this process saw it last; in memory, so that who asks waits for
nobody.

That a small write goes through says little: SQLite finds room for it in the log that it has already, a server
on a page that is half empty, while every outcome of a job is refused.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from monitor.ports import StoreTrouble

LONGEST_SILENCE_S: Final = 30.0
"""The service writes a heartbeat every ten seconds, and tries a refused one again each second."""


class WriteHealth:
    """Thread-safe. ``steady`` is a clock that is never set."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._lock = threading.Lock()
        self._refusals = 0
        self._reason = ""
        self._damage = ""
        self._beat_at: float | None = None

    def refused(self, reason: str) -> None:
        """A transaction could not be written, and not for a fault of its own."""
        with self._lock:
            self._refusals += 1
            self._reason = reason

    def damaged(self, reason: str) -> None:
        """Something in the store cannot be read. That does not pass: it stands until this process ends."""
        with self._lock:
            self._damage = self._damage or reason

    @property
    def refusals(self) -> int:
        """How many there were that no proof came after; 0 when the store is well."""
        with self._lock:
            return self._refusals

    def proven(self, refusals: int) -> None:
        """A large write went through that began after so many refusals."""
        with self._lock:
            if self._refusals == refusals:
                self._refusals, self._reason = 0, ""

    def beat(self) -> None:
        """The service wrote its heartbeat: the next one is expected soon."""
        with self._lock:
            self._beat_at = self._steady()

    def rest(self) -> None:
        """No heartbeat is expected any more."""
        with self._lock:
            self._beat_at = None

    def trouble(self) -> StoreTrouble | None:
        """What is wrong; None when nothing is known to be."""
        with self._lock:
            silent_s = 0.0 if self._beat_at is None else self._steady() - self._beat_at
            silent = silent_s > LONGEST_SILENCE_S
            if not (silent or self._refusals or self._damage):
                return None
            reason = self._damage or self._reason or f"nothing was written for {silent_s:.0f} s"
            return StoreTrouble(reason=reason, silent=silent, damaged=bool(self._damage))
