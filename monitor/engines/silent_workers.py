"""Workers that say nothing are taken for dead, and what they held is given to others."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from monitor.ports import Ports

SILENT_S: Final = 15.0
"""A worker speaks every second; under load, or where its machine swaps, it is late."""
_CUT_OFF_S: Final = 10.0
_NEVER_S: Final = 1e9

log = structlog.get_logger(__name__)


class SilentWorkers:
    """Called every few seconds by every process. ``steady`` are seconds of a clock that nobody sets."""

    def __init__(
        self, ports: Ports, *, silent_s: float = SILENT_S, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._ports = ports
        self._silent_s = silent_s
        self._steady = steady
        self._looked_at: float | None = None
        self._since = 0.0

    def look(self) -> None:
        """Take away who was silent for too long.

        While the database was away nobody could speak: who has just found it again gives the others time.
        """
        ports = self._ports
        now = self._steady()
        if self._looked_at is None or now - self._looked_at > _CUT_OFF_S:
            self._since = now
        silent_s = self._silent_s if now - self._since >= self._silent_s else _NEVER_S
        rest = timedelta(seconds=ports.rulebook().settings.fetch.host_delay_s)
        gone = ports.store.workers.remove_silent(timedelta(seconds=silent_s), rest=rest)
        self._looked_at = now
        if gone:
            log.warning("workers fell silent; others take what they held", workers=list(gone))
            ports.wake()
