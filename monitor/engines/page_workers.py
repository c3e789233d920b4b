"""Costly pages are read in a process of their own, which is killed when one takes too long.

Reading a page holds the interpreter's lock for most of its time: one that took a minute would stop alerts,
answers in chat and the stop signal. Nearly all pages are small and are read here; what a large one costs is
spent in the worker.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

import structlog

from monitor.core.page.extract import extract_light, light_page
from monitor.engines.page_worker import OUT_OF_MEMORY, read_frame, write_frame
from monitor.errors import CostlyPage
from monitor.model import Entry, Extracted, Recipe

# Of 102 captured pages the largest has 3,200 tags and, without its scripts, 205,000 characters.
MOST_TAGS_HERE: Final = 5_000
MOST_CHARS_HERE: Final = 300_000
CPU_S: Final = 5.0
WALL_S: Final = 60.0
MEMORY_MB: Final = 384
IDLE_S: Final = 60.0
_TRIES: Final = 2
_GRACE_S: Final = 2.0
COMMAND: Final = (sys.executable, "-m", "monitor.engines.page_worker")

log = structlog.get_logger(__name__)


class PageWorkers:
    """Reads pages: small ones in the calling thread, others in one worker process. Thread-safe.

    The worker is started when it is needed and ends after ``idle_s`` without work, since it holds as much
    memory as the service's own libraries. A page that takes more than ``cpu_s`` of CPU, ``wall_s`` in all or
    ``memory_mb`` raises ``CostlyPage``; the worker is killed then, and the next page gets a new one.
    """

    def __init__(
        self,
        *,
        cpu_s: float = CPU_S,
        wall_s: float = WALL_S,
        memory_mb: int = MEMORY_MB,
        idle_s: float = IDLE_S,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._cpu_s = cpu_s
        self._wall_s = wall_s
        self._memory_mb = memory_mb
        self._idle_s = idle_s
        self._command = tuple(command)
        self._worker: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._idle: threading.Timer | None = None
        self._closed = False

    @property
    def worker_pid(self) -> int | None:
        """The worker that runs now."""
        worker = self._worker
        return worker.pid if worker is not None and worker.poll() is None else None

    def __call__(
        self,
        html: bytes | str,
        *,
        url: str,
        fetched_at: datetime,
        charset: str | None = None,
        entry: Entry | None = None,
        language_hint: str | None = None,
        recipe: Recipe | None = None,
    ) -> Extracted:
        """As ``core.page.extract.extract``; raises ``CostlyPage``."""
        options = {
            "url": url,
            "fetched_at": fetched_at,
            "entry": entry,
            "language_hint": language_hint,
            "recipe": recipe,
        }
        light = light_page(html, charset=charset)
        if len(light) <= MOST_CHARS_HERE and light.count("<") <= MOST_TAGS_HERE:
            return extract_light(light, **options)  # type: ignore[arg-type]  # as given
        with self._turn:
            self._stay()
            try:
                return self._read((light, options, self._cpu_s, self._memory_mb))
            finally:
                self._leave_later()

    def close(self) -> None:
        """End the worker; what it reads now is not read."""
        self._closed = True
        worker = self._worker
        if worker is not None:
            worker.kill()
        with self._turn:
            self._stay()
            self._end()

    def _read(self, order: tuple[object, ...]) -> Extracted:
        for _ in range(_TRIES):
            if self._closed:
                break
            worker = self._running()
            ends = time.monotonic() + self._wall_s
            # From outside: a worker that hangs may not even take its order.
            alarm = threading.Timer(self._wall_s, worker.kill)
            alarm.daemon = True
            alarm.start()
            found = None
            try:
                write_frame(worker.stdin, order)
                found = read_frame(worker.stdout)
            except OSError:  # it had ended before
                pass
            finally:
                alarm.cancel()
            if found is OUT_OF_MEMORY:
                self._end()
                raise CostlyPage(f"its page took more than {self._memory_mb} MB to read")
            if isinstance(found, Extracted):
                return found
            with suppress(subprocess.TimeoutExpired):  # its output has ended, so it is at its end
                worker.wait(_GRACE_S)
            code, late = self._end(), time.monotonic() >= ends
            if late or code == -signal.SIGXCPU:
                raise CostlyPage(f"its page took more than {self._cpu_s:g} s to read")
            log.warning("page worker ended", code=code)  # killed from outside: once more
        raise CostlyPage("its page could not be read: the process that reads large pages ended")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._worker is None:
            self._worker = subprocess.Popen(  # noqa: S603  # our own module
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._worker

    def _end(self) -> int | None:
        """Kill the worker and take its end, so that no zombie stays; how it ended."""
        worker, self._worker = self._worker, None
        if worker is None:
            return None
        worker.kill()  # one that ended by itself keeps its own code
        for pipe in (worker.stdin, worker.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        return worker.wait()

    def _stay(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _leave_later(self) -> None:
        if self._worker is not None and not self._closed:
            self._idle = threading.Timer(self._idle_s, self._leave)
            self._idle.daemon = True
            self._idle.start()

    def _leave(self) -> None:
        if self._turn.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._turn.release()
