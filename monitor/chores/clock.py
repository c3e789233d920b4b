"""Watching the machine's clock, and the heartbeat that shows the store takes writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from monitor.chores.pulse import Pulse
from monitor.chores.uptime import zone_of
from monitor.core.clock_step import STEP_AT_LEAST, ClockReading, clock_step, step_event
from monitor.ports import Ports

HEARTBEAT_S: Final = 10.0
SETTLING_S: Final = 300.0
_BRACKET_S: Final = 1.0
_AGAIN_S: Final = 5.0
# Two machines that take turns may differ by so much.
_SKEW: Final = timedelta(seconds=30)

log = structlog.get_logger(__name__)


class ClockWatch:
    """``look`` is called about once a second, by one thread at a time.

    ``steady`` is a clock that is never set; ``on_step`` hears of each step after the store was corrected.
    """

    def __init__(
        self, ports: Ports, pulse: Pulse, *, steady: Callable[[], float], on_step: Callable[[], None]
    ) -> None:
        self._ports = ports
        self._pulse = pulse
        self._steady = steady
        self._on_step = on_step
        self._before: ClockReading | None = None
        self._pending = timedelta()
        self._last_back = timedelta()
        self._settles_at = 0.0
        self._next_beat = 0.0
        self._next_again = 0.0

    def look(self) -> None:
        """Find a step and correct the store, else write the heartbeat. Raises ``StoreError``: look again."""
        trouble = self._ports.store.admin.trouble()
        if trouble is not None and trouble.damaged:
            self._pulse.damaged(trouble.reason)
        reading = self._read()
        if reading is None:
            return
        if self._before is None:
            self._pending = self._since_last_run(reading)
        else:
            self._pending += clock_step(self._before, reading)
        self._before = reading
        if abs(self._pending) >= STEP_AT_LEAST:
            self._correct(reading)
        elif reading.steady_s < self._settles_at and reading.steady_s >= self._next_again:
            self._ports.store.admin.correct_times(self._last_back, reading.wall, again=True)
            self._next_again = reading.steady_s + _AGAIN_S
        if reading.steady_s >= self._next_beat:
            self._ports.store.admin.heartbeat(reading.wall)
            self._pulse.answered()
            self._next_beat = reading.steady_s + HEARTBEAT_S

    def _read(self) -> ClockReading | None:
        """Both clocks; None when this thread was held up between them."""
        before = self._steady()
        wall = self._ports.now()
        after = self._steady()
        return ClockReading(wall=wall, steady_s=after) if after - before < _BRACKET_S else None

    def _since_last_run(self, reading: ClockReading) -> timedelta:
        """The clock was set back while no service ran, if it shows less than at the last heartbeat."""
        last = self._ports.store.admin.last_heartbeat()
        back = reading.wall - last if last is not None else timedelta()
        return back if back < -_SKEW else timedelta()

    def _correct(self, reading: ClockReading) -> None:
        step, ports = self._pending, self._ports
        log.warning("the clock was set", by_s=round(step.total_seconds(), 1))
        ports.store.admin.correct_times(step, reading.wall)
        self._pending = timedelta()
        if step < timedelta():
            self._last_back = step
            self._settles_at = reading.steady_s + SETTLING_S
            self._next_again = reading.steady_s + 1.0
        ports.store.outbox.add_events([step_event(step, reading.wall, zone_of(ports.rulebook()))])
        self._on_step()
        ports.wake()
