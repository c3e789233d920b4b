"""The relay: claims jobs that may run now and publishes their names."""

from __future__ import annotations

import threading
import time
from typing import Final

import structlog

from monitor.engines.broker.application import QUEUE_OF_KIND, TASK, application, dead_letters, queues
from monitor.engines.broker.refusals import BROKER_ERRORS, BrokerState
from monitor.engines.job_order import JobOrder
from monitor.errors import StoreError
from monitor.model import Held, Job
from monitor.model.job import RELAY
from monitor.ports import Ports

DISPATCH_LEASE_S: Final = 60.0
"""A name that no worker took up within this time is published once more."""
FULL_S: Final = 0.03
IDLE_S: Final = 0.5
BROKER_PAUSE_S: Final = 2.0
WORKERS_S: Final = 5.0
AHEAD: Final = 2
"""How many jobs a thread of a worker may have waiting: what waits in the broker keeps its host closed."""

log = structlog.get_logger(__name__)


class Relay:
    """Publishes after the claim is committed; the broker never holds more than the workers do soon."""

    def __init__(self, url: str, *, threads: int, dispatch_lease_s: float = DISPATCH_LEASE_S) -> None:
        self._app = application(url)
        self._broker = BrokerState(url)
        self._threads = threads
        self._lease_s = dispatch_lease_s
        self._stop = threading.Event()
        self._stirred = threading.Event()
        self._thread: threading.Thread | None = None
        self._workers = 1
        self._counted_at = 0.0
        self._order = JobOrder()

    def start(self, ports: Ports) -> None:
        """Begin; returns at once."""
        self._thread = threading.Thread(target=self._run, args=(ports,), name="relay", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look for jobs now."""
        self._stirred.set()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Publish nothing more."""
        self._stop.set()
        self._stirred.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
        self._app.close()

    def _run(self, ports: Ports) -> None:
        ready = False
        while not self._stop.is_set():
            self._stirred.clear()
            try:
                if not ready:
                    self._declare()
                    ready = True
                    # Nobody knows what the broker still has: all that no worker took up is published anew.
                    self._take_back(ports)
                    self._broker.answers()
                nap_s = self._relay(ports)
            except StoreError as error:
                log.error("the store does not answer", error=str(error))  # noqa: TRY400 - a sentence is enough
                nap_s = BROKER_PAUSE_S
            except BROKER_ERRORS as error:
                self._broker.failed(error)
                ready = False
                nap_s = BROKER_PAUSE_S
            except Exception:
                log.exception("relaying failed, will be tried again")
                ready = False
                nap_s = BROKER_PAUSE_S
            if nap_s == IDLE_S:
                self._stirred.wait(nap_s)
            else:
                self._stop.wait(nap_s)

    def _declare(self) -> None:
        with self._app.connection_for_write() as connection:
            for queue in (dead_letters(), *queues(("fetch", "process"))):
                queue(connection.default_channel).declare()

    def _take_back(self, ports: Ports) -> None:
        held = Held(owner=relay_owner(ports.owner), epoch=ports.epoch)
        if count := ports.store.leases.reclaim(held, now=ports.now()).jobs:
            log.warning("jobs that no worker took up are published anew", jobs=count)

    def _relay(self, ports: Ports) -> float:
        """Publish as many as there is room for; seconds until the next look."""
        room = self._window(ports) - ports.store.jobs.dispatched(relay_owner(ports.owner))
        if room <= 0:
            return FULL_S
        claimed = ports.store.jobs.claim(
            now=ports.now(),
            owner=relay_owner(ports.owner),
            epoch=ports.epoch,
            limit=room,
            first=self._order.first(),
            lease_s=self._lease_s,
        )
        try:
            self._publish(claimed)
        except BROKER_ERRORS:
            self._take_back(ports)
            raise
        return FULL_S if claimed else IDLE_S

    def _window(self, ports: Ports) -> int:
        if time.monotonic() - self._counted_at > WORKERS_S:
            self._workers = max(1, len(ports.store.workers.all()))
            self._counted_at = time.monotonic()
        return AHEAD * self._threads * self._workers

    def _publish(self, jobs: tuple[Job, ...]) -> None:
        if not jobs:
            return
        with self._app.producer_or_acquire() as producer:
            for job in jobs:
                self._app.send_task(
                    TASK,
                    args=[job.kind, job.key, job.owner, job.attempts],
                    queue=QUEUE_OF_KIND[job.kind],
                    producer=producer,
                    retry=False,
                    ignore_result=True,
                )


def relay_owner(owner: str) -> str:
    """Under what name the relay of a service claims."""
    return f"{owner}{RELAY}"
