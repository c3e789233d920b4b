"""Further processes on this machine: started, started again when they die, drained at the end."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

import structlog

SHORTEST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 15.0
WELL_S: Final = 10.0
"""A process that lived for so long, or had come up, is started again at once when it ends."""

log = structlog.get_logger(__name__)


class ChildProcesses:
    """Keeps ``count`` processes of one command alive.

    ``ended`` is told the id of each that ends, and says whether it had come up: the pauses before one is
    started again grow for those that cannot start, not for those that somebody kills.
    """

    def __init__(
        self,
        command: Sequence[str],
        count: int,
        *,
        ended: Callable[[int], bool] = lambda _pid: False,
        shortest_pause_s: float = SHORTEST_PAUSE_S,
    ) -> None:
        self._command = tuple(command)
        self._count = count
        self._ended = ended
        self._shortest_pause_s = shortest_pause_s
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._keepers: list[threading.Thread] = []

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run now."""
        with self._lock:
            return tuple(sorted(child.pid for child in self._running))

    def start(self) -> None:
        """Begin; returns at once."""
        for number in range(self._count):
            keeper = threading.Thread(target=self._keep, name=f"child-{number}", daemon=True)
            keeper.start()
            self._keepers.append(keeper)

    def terminate(self) -> None:
        """Let all of them drain (SIGTERM) and start none again; returns at once."""
        with self._lock:
            self._stopping.set()
            for child in self._running:
                with suppress(ProcessLookupError):
                    child.send_signal(signal.SIGTERM)

    def stop(self, timeout_s: float = 30.0) -> None:
        """Drain them and return when they have ended; those that do not within ``timeout_s`` are killed."""
        self.terminate()
        deadline = time.monotonic() + timeout_s
        for keeper in self._keepers:
            keeper.join(max(0.0, deadline - time.monotonic()))
        with self._lock:
            late = tuple(self._running)
        for child in late:
            log.warning("a worker did not end in time and is killed", pid=child.pid)
            child.kill()
        for keeper in self._keepers:
            keeper.join(5.0)

    def _keep(self) -> None:
        pause_s = self._shortest_pause_s
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                child = self._begin()
            except OSError as error:  # no memory, no more processes: some day there are
                log.error("a worker cannot be started", error=str(error), pause_s=pause_s)  # noqa: TRY400
                self._stopping.wait(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
                continue
            if child is None:
                return
            code = child.wait()
            with self._lock:
                self._running.discard(child)
            was_up = self._tell(child.pid)
            if self._stopping.is_set():
                return
            if was_up or time.monotonic() - began > WELL_S:
                pause_s = self._shortest_pause_s
            log.error("a worker ended; another one is started", pid=child.pid, code=code, pause_s=pause_s)
            self._stopping.wait(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _begin(self) -> subprocess.Popen[bytes] | None:
        with self._lock:  # so that nothing is started behind the back of ``terminate``
            if self._stopping.is_set():
                return None
            child = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)  # noqa: S603  # our own command
            self._running.add(child)
            return child

    def _tell(self, pid: int) -> bool:
        try:
            return self._ended(pid)
        except Exception as error:  # noqa: BLE001 - it is found silent in a while
            log.warning("what a worker held cannot be given back now", pid=pid, error=str(error))
            return False
