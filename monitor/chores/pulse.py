"""Signs of life of the service, kept in memory: the watchdog looks at them without asking the store."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from monitor.model import Chat


class Pulse:
    """When the store last took a write, which sources wait too long, whom to tell. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answered_at = time.monotonic()
        self._damage = ""
        self._overdue: tuple[str, ...] = ()
        self._late: frozenset[str] = frozenset()
        self._operators: tuple[Chat, ...] = ()

    def answered(self) -> None:
        """The store took a write just now."""
        with self._lock:
            self._answered_at = time.monotonic()

    @property
    def silent_s(self) -> float:
        """Seconds since the store last took a write."""
        with self._lock:
            return time.monotonic() - self._answered_at

    def damaged(self, reason: str) -> None:
        """Something in the store cannot be read any more."""
        with self._lock:
            self._damage = reason

    @property
    def damage(self) -> str:
        """What of the store cannot be read; "" when all can, as far as is known."""
        with self._lock:
            return self._damage

    def looked(self, *, overdue: Sequence[str], operators: Sequence[Chat]) -> None:
        """What the store said last: names of sources that wait too long, and the operators' chats.

        A machine that wakes finds every source late for a moment: who is late twice in a row is late.
        """
        with self._lock:
            self._overdue = tuple(name for name in overdue if name in self._late)
            self._late, self._operators = frozenset(overdue), tuple(operators)

    @property
    def overdue(self) -> tuple[str, ...]:
        """Names of the sources that were not asked for too long, the longest first."""
        with self._lock:
            return self._overdue

    @property
    def operators(self) -> tuple[Chat, ...]:
        """The operators' chats as the store last knew them."""
        with self._lock:
            return self._operators
