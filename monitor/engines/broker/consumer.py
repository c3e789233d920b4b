"""The worker's end: takes names from the broker and runs their jobs in threads."""

from __future__ import annotations

import logging
import threading
import time
import warnings
from collections.abc import Callable, Collection
from typing import Any, ClassVar, Final

import structlog
from celery.exceptions import CPendingDeprecationWarning
from celery.worker import WorkController, state
from celery.worker.consumer import Consumer
from celery.worker.state import maybe_shutdown

from monitor.engines.broker.application import TASK, application
from monitor.engines.broker.refusals import BROKER_ERRORS, BrokerState
from monitor.model.job import Role

log = structlog.get_logger(__name__)
# A line for each message says nothing that the jobs do not say themselves.
logging.getLogger("celery").setLevel(logging.WARNING)

Run = Callable[[str, str, str, int], None]
"""Runs the job of a kind and key that an owner published at its so-manieth claim."""
LOOK_S: Final = 0.02
AGAIN_S: Final = 1.0
BROKER_PAUSE_S: Final = 2.0
_LEFT_OUT: Final = ("DelayedDelivery", "Agent")


class PlainConsumer(Consumer):  # type: ignore[misc]  # celery has no types
    """Only takes messages: without delay queues (the database holds the future), gossip and the like."""

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc]
        """The steps that are left."""

        default_steps = tuple(
            step for step in Consumer.Blueprint.default_steps if not str(step).endswith(_LEFT_OUT)
        )

    broker: ClassVar[BrokerState]

    def ensure_connected(self, conn: Any) -> Any:  # noqa: ANN401 - kombu has no types
        """Wait for the broker as long as it takes.

        Celery's own waiting ends the worker at a refused login, and asks five times a second for a virtual
        host that is not there, with a traceback.
        """
        while True:
            maybe_shutdown()
            try:
                conn.connect()
            except BROKER_ERRORS as error:
                self.broker.failed(error)
                self._rest()
            else:
                break
        self.broker.answers()
        self.first_connection_attempt = False
        return conn

    def on_connection_error_before_connected(self, exc: BaseException) -> None:
        """What is wrong is said by us."""
        self.broker.failed(exc)

    def _rest(self) -> None:
        until = time.monotonic() + BROKER_PAUSE_S
        while time.monotonic() < until:
            maybe_shutdown()
            time.sleep(0.1)


class BrokerConsumer:
    """A Celery worker inside this process; ``threads`` jobs at a time."""

    def __init__(self, url: str, *, roles: Collection[Role], threads: int) -> None:
        self._app = application(url, roles)
        self._consumer = type("PlainConsumer", (PlainConsumer,), {"broker": BrokerState(url)})
        self._threads = threads
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, run: Run) -> None:
        """Begin; returns at once. A broker that is away is waited for."""

        def run_job(kind: str, key: str, owner: str, attempts: int) -> None:
            run(kind, key, owner, attempts)

        self._app.task(name=TASK, shared=False, ignore_result=True, acks_late=True)(run_job)
        self._app.finalize()
        # The threads of its pool look for the task in the process's default application.
        self._app.set_default()
        self._thread = threading.Thread(target=self._consume, name="broker consumer", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 30.0) -> None:
        """Take nothing more and let what runs finish; what waits goes back to the broker."""
        if self._thread is None:
            return
        self._stopping.set()
        state.should_stop = 0
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            log.warning("stopped waiting for jobs in flight")
        state.should_stop = None
        self._app.close()

    def _consume(self) -> None:
        # What celery would do on a lost connection in a later version concerns no job of ours; where warnings
        # are errors, it would end the consumer.
        warnings.simplefilter("ignore", CPendingDeprecationWarning)
        while True:
            try:
                self._make().start()
            except Exception:
                log.exception("the broker consumer failed")
            if self._stopping.is_set():
                break
            # It lives on as a worker, so nobody would start another one.
            log.error("the broker consumer ended by itself and is started again")
            self._stopping.wait(AGAIN_S)
        log.info("broker consumer ended")

    def _make(self) -> WorkController:
        options: dict[str, Any] = {
            "pool": "threads",
            "concurrency": self._threads,
            "consumer_cls": self._consumer,
            "without_gossip": True,
            "without_mingle": True,
            "without_heartbeat": True,
            "ready_callback": _look_often,
        }
        return WorkController(app=self._app, **options)


def _look_often(consumer: Consumer) -> None:
    """Celery's loop sleeps until something comes from the broker; threads that acknowledge do not wake it."""
    consumer.hub.call_repeatedly(LOOK_S, lambda: None)
