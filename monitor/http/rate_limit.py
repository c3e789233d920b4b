"""How many requests a second this machine makes, all hosts together."""

from __future__ import annotations

import math
import threading
import time

BURST_S = 1.0


class RateLimit:
    """Lets callers through ``per_second`` at most, with bursts of one second's worth. Thread-safe."""

    def __init__(self, per_second: float) -> None:
        self._spacing_s = 1.0 / per_second
        self._burst_s = max(BURST_S, self._spacing_s)
        self._turn = -math.inf  # not 0: a machine that has just started counts from there
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def wait(self) -> None:
        """Return when it is the caller's turn, or at once when the budget is closed."""
        with self._lock:
            now = time.monotonic()
            self._turn = max(self._turn, now - self._burst_s) + self._spacing_s
            pause_s = self._turn - now
        if pause_s > 0:
            self._closed.wait(pause_s)

    def close(self) -> None:
        """Let everybody through who waits."""
        self._closed.set()
