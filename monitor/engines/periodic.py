"""Runs tasks at fixed intervals with APScheduler, each at most once at a time, whatever the clock does.

APScheduler reckons with the wall clock: set back by a day, it would start nothing for a day. So a thread
compares that clock with the monotonic one, and after a step every task's next run is reckoned anew.
Moments (when a source is due, when a digest goes out) do not stand here but in the database.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.errors import StoreError

_THREADS: Final = 4
_STEP_S: Final = 1.0
"""Clocks that part by more than this within a look have been set."""
_LOOK_S: Final = 0.5
_SHORTEST_S: Final = 0.01

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic:
    """A task and the seconds from the beginning of one run to that of the next."""

    name: str
    every_s: float
    run: Callable[[], object]


class PeriodicTasks:
    """Runs all of them at once after ``start``, then each after its interval, until ``stop``."""

    def __init__(self, tasks: Iterable[Periodic], *, threads: int = _THREADS) -> None:
        self._tasks = tuple(tasks)
        # A run that takes longer than its interval is no news: the next one waits for it.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(threads)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._stopped = threading.Event()
        self._guard = threading.Thread(target=self._watch_clock, name="clock guard", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        for task in self._tasks:
            self._scheduler.add_job(
                _run,
                "interval",
                args=(task,),
                seconds=max(task.every_s, _SHORTEST_S),
                next_run_time=datetime.now(UTC),
                name=task.name,
            )
        self._scheduler.start()
        self._guard.start()

    def stop(self) -> None:
        """Begin nothing more; what runs is not waited for."""
        self._stopped.set()
        self._scheduler.shutdown(wait=False)

    def _watch_clock(self) -> None:
        apart = time.time() - time.monotonic()
        while not self._stopped.wait(_LOOK_S):
            now_apart = time.time() - time.monotonic()
            if abs(now_apart - apart) > _STEP_S and not self._stopped.is_set():
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))
            apart = now_apart


def _run(task: Periodic) -> None:
    try:
        task.run()
    except StoreError as error:
        log.error("task failed, will be tried again", task=task.name, error=str(error))  # noqa: TRY400
    except Exception:  # a bug in one must not stop the others
        log.exception("task failed, will be tried again", task=task.name)
