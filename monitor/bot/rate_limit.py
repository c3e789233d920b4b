"""How often one person may ask, and who was already told that the circle is closed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

KEPT = 10_000

Verdict = Literal["go", "slow down", "silence"]


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime
    told: bool = False


class RateLimiter:
    """A leaky bucket for each person. Thread-safe; the longest unheard are forgotten.

    Args:
        burst: so many at once.
        every: and one more after each such while.
    """

    def __init__(self, *, burst: int, every: timedelta) -> None:
        self._burst = burst
        self._every = every
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, who: Hashable, now: datetime) -> Verdict:
        """``slow down`` once when there is too much, then ``silence`` until there is room again."""
        with self._lock:
            bucket = self._buckets.setdefault(who, _Bucket(self._burst, now))
            self._buckets.move_to_end(who)
            while len(self._buckets) > KEPT:
                self._buckets.popitem(last=False)
            bucket.left = min(self._burst, bucket.left + max((now - bucket.at) / self._every, 0))
            bucket.at = now
            if bucket.left >= 1:
                bucket.left -= 1
                bucket.told = False
                return "go"
            verdict: Verdict = "silence" if bucket.told else "slow down"
            bucket.told = True
            return verdict

    def forget(self, who: Hashable) -> None:
        """Drop what is remembered of somebody."""
        with self._lock:
            self._buckets.pop(who, None)


class Once:
    """Remembers who was told something. Thread-safe; the longest ago are forgotten."""

    def __init__(self) -> None:
        self._told: OrderedDict[Hashable, None] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, who: Hashable) -> bool:
        """Whether this is the first time."""
        with self._lock:
            if who in self._told:
                return False
            self._told[who] = None
            while len(self._told) > KEPT:
                self._told.popitem(last=False)
            return True
