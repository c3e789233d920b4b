"""Runs tasks at fixed intervals: by the monotonic clock, each at most once at a time.

Not a scheduler of moments: those stand in the database. One that reckons with the wall clock (APScheduler
does) starts nothing for a day after that clock was set back a day.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import structlog

from monitor.errors import StoreError

_THREADS: Final = 4

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic:
    """A task and the seconds from the end of one run to the beginning of the next."""

    name: str
    every_s: float
    run: Callable[[], object]


class PeriodicTasks:
    """Runs all of them at once after ``start``, then each after its interval, until ``stop``."""

    def __init__(self, tasks: Iterable[Periodic], *, threads: int = _THREADS) -> None:
        self._due = dict.fromkeys(tasks, 0.0)
        self._busy: set[Periodic] = set()
        self._changed = threading.Condition()
        self._stopping = False
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="periodic")
        self._thread = threading.Thread(target=self._drive, name="periodic", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more; what runs is not waited for."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _drive(self) -> None:
        with self._changed:
            while not self._stopping:
                now = time.monotonic()
                idle = {task: at for task, at in self._due.items() if task not in self._busy}
                for task in (task for task, at in idle.items() if at <= now):
                    self._busy.add(task)
                    self._pool.submit(self._run, task)
                waits = [at - now for task, at in idle.items() if task not in self._busy]
                self._changed.wait(min(waits, default=None))

    def _run(self, task: Periodic) -> None:
        try:
            task.run()
        except StoreError as error:
            log.error("task failed, will be tried again", task=task.name, error=str(error))  # noqa: TRY400
        except Exception:  # a bug in one must not stop the others
            log.exception("task failed, will be tried again", task=task.name)
        finally:
            with self._changed:
                self._busy.discard(task)
                self._due[task] = time.monotonic() + task.every_s
                self._changed.notify_all()
