"""The engine of one machine: periodic tasks look what is due, two bounded thread pools do the work.

The jobs table is the truth. This engine claims no more than it has free threads for, so work waits
in the database and not in memory, and a killed process loses nothing.
"""

from __future__ import annotations

import dataclasses
import itertools
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Protocol, cast

import structlog

from monitor.chores.notices import tell_operators
from monitor.chores.topic_volume import watch_volume
from monitor.chores.uptime import remind
from monitor.core.text.urls import host_key
from monitor.engines.commit_group import GroupedCommits
from monitor.engines.holding import Holding
from monitor.engines.job_order import JobOrder
from monitor.engines.periodic import Periodic, PeriodicTasks
from monitor.engines.silent_workers import SilentWorkers
from monitor.engines.worker_slots import SWEEP_S, WorkerSlots
from monitor.errors import StoreError, StoreUnavailable
from monitor.jobs.deliver import deliver, pace_of, resend_unsure, settle
from monitor.jobs.digests import collect_digests, make_reviews
from monitor.jobs.run import run_job
from monitor.model import Delivery, Job, Reclaimed
from monitor.model.job import JOB_KINDS, KINDS_OF_ROLE, ROLES, Role
from monitor.ports import LEASE_S, Jobs, Ports

TICK_S = 1.0
IDLE_S = 0.5
PACE_S = 0.02
GATHER_S = 0.03
LEASES_S = 5.0
RENEW_S = 60.0
SHORTEST_PATIENCE_S = 0.5
LONGEST_PATIENCE_S = 5.0
SEARCH_INDEX_S = 5.0
NOTICES_S = 5.0
SENDER_S = 1.0
DIGESTS_S = 5.0
REVIEWS_S = 30.0
VOLUME_S = 600.0
REMINDER_S = 600.0
PRUNE_S = 86_400.0
MARKS_SPARE = timedelta(days=1)
"""So much longer than needed are articles kept comparable: clocks of several machines differ."""
log = structlog.get_logger(__name__)


class LocalEngine:
    """Runs jobs and deliveries in this process. ``wake`` may be called from any thread.

    ``roles`` are the kinds of work that it does: a service has them all, a worker beside it some. With an
    ``intake`` it claims no jobs itself but takes over those that are handed to it.
    """

    def __init__(
        self,
        *,
        workers: int = 16,
        slow_workers: int = 240,
        senders: int = 4,
        roles: Collection[Role] = ROLES,
        intake: JobIntake | None = None,
    ) -> None:
        self._roles = frozenset(roles)
        kinds = {kind for role in self._roles for kind in KINDS_OF_ROLE.get(role, ())}
        self._kinds = tuple(kind for kind in JOB_KINDS if kind in kinds)
        self._places = WorkerSlots(workers, slow_workers)
        self._senders = senders
        self._running: list[_Loop] = []
        self._stopping = threading.Event()
        self._loops: list[threading.Thread] = []
        self._periodic: PeriodicTasks | None = None
        self._holding = Holding()
        self._renewed_at = 0.0
        self._order = JobOrder(self._kinds)
        self._intake = intake
        self._sends = threading.Event()
        self._drop_sender: Callable[[], None] = lambda: None
        self._hosts: tuple[str, dict[str, str]] = ("", {})

    def start(self, ports: Ports, tasks: Sequence[Periodic] = ()) -> None:
        """Take up what an earlier process left, then start ticking, working and sending.

        ``tasks`` are run beside the engine's own periodic tasks.
        """
        grouped = GroupedCommits(ports.store.jobs, lambda: self._places.active)
        ports = dataclasses.replace(
            ports,
            fetch=self._places.watching(ports.fetch),
            store=dataclasses.replace(ports.store, jobs=cast("Jobs", grouped)),
        )
        if "chores" in self._roles:
            ports.store.jobs.release(epoch=ports.epoch, now=ports.now())
            ports.store.outbox.recover(epoch=ports.epoch, now=ports.now())
        if "deliver" in self._roles:
            self._become_sender(ports)
            self._drop_sender = ports.store.workers.drop_sender
        self._running = list(self._loops_of(ports))
        for loop in self._running:
            thread = threading.Thread(target=self._drive, args=(loop,), name=f"{loop.name}-loop")
            thread.start()
            self._loops.append(thread)
        self._periodic = PeriodicTasks((*self._tasks(ports), *tasks))
        self._periodic.start()
        if self._intake is not None:
            self._intake.start(lambda *ticket: self._run_named(ports, *ticket))

    def wake(self) -> None:
        """Look for work now instead of at the next look-around."""
        for loop in self._running:
            loop.stirred.set()

    def stop(self, timeout_s: float = 30.0) -> None:
        """Claim nothing more, let what is in flight finish, return within ``timeout_s``."""
        self._stopping.set()
        if self._periodic is not None:
            self._periodic.stop()
        self.wake()
        deadline = time.monotonic() + timeout_s
        if self._intake is not None:
            self._intake.stop(timeout_s)
        for thread in self._loops:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                log.warning("stopped waiting for work in flight", loop=thread.name)
        self._drop_sender()

    def _loops_of(self, ports: Ports) -> Iterator[_Loop]:
        if self._kinds and self._intake is None:
            yield _Loop(
                self._places, "job", lambda free: self._claim_jobs(ports, free), lambda: IDLE_S, GATHER_S
            )
        if "deliver" in self._roles:
            yield _Loop(
                WorkerSlots(self._senders, 0),
                "send",
                lambda free: self._claim_deliveries(ports, free),
                lambda: _until_due(ports) if self._sends.is_set() else IDLE_S,
            )

    def _tasks(self, ports: Ports) -> tuple[Periodic, ...]:
        tasks: list[tuple[str, float, Callable[[], object]]] = [
            ("leases", LEASES_S, lambda: self._keep_leases(ports)),
            ("silent workers", LEASES_S, SilentWorkers(ports).look),
        ]
        if "deliver" in self._roles:
            tasks += [("sender", SENDER_S, lambda: self._become_sender(ports))]
        if "chores" in self._roles:
            tasks += self._chores(ports)
        return tuple(Periodic(name=name, every_s=every_s, run=run) for name, every_s, run in tasks)

    def _chores(self, ports: Ports) -> tuple[tuple[str, float, Callable[[], object]], ...]:
        return (
            ("tick", TICK_S, lambda: self._tick(ports)),
            ("resend", TICK_S, lambda: self._resend(ports)),
            ("settle", TICK_S, lambda: self._settle(ports)),
            ("digests", DIGESTS_S, lambda: collect_digests(ports)),
            ("reviews", REVIEWS_S, lambda: make_reviews(ports)),
            ("volume", VOLUME_S, lambda: watch_volume(ports.store, ports.rulebook(), now=ports.now())),
            (
                "notices",
                NOTICES_S,
                lambda: tell_operators(
                    ports.store, now=ports.now(), wait=ports.rulebook().settings.fetch.tell_together
                ),
            ),
            ("search index", SEARCH_INDEX_S, ports.store.articles.index),
            ("reminder", REMINDER_S, lambda: remind(ports.store, ports.rulebook(), now=ports.now())),
            ("prune", PRUNE_S, lambda: self._prune(ports)),
        )

    def _become_sender(self, ports: Ports) -> None:
        """One process sends at a time; the others with this role wait until it ends."""
        if not ports.store.workers.take_sender(ports.owner):
            self._sends.clear()
        elif not self._sends.is_set():
            self._sends.set()
            log.info("this process sends", owner=ports.owner)
            self.wake()

    def _keep_leases(self, ports: Ports) -> None:
        """Renew the leases of what is held, take back what nobody holds."""
        with self._holding.claiming_jobs, self._holding.claiming_deliveries:
            held = self._holding.held(owner=ports.owner, epoch=ports.epoch)
            reclaimed = ports.store.leases.reclaim(held, now=ports.now())
        if reclaimed != Reclaimed():
            log.warning(
                "work that nobody held was taken back",
                jobs=reclaimed.jobs,
                unsent=reclaimed.unsent,
                uncertain=reclaimed.uncertain,
            )
            self.wake()
        if time.monotonic() - self._renewed_at > RENEW_S:
            ports.store.leases.renew(held, until=ports.now() + timedelta(seconds=LEASE_S))
            self._renewed_at = time.monotonic()

    def _prune(self, ports: Ports) -> None:
        settings, store = ports.rulebook().settings, ports.store
        moment = ports.store.admin.deletion_moment(ports.now())

        def go_on() -> bool:
            return not self._stopping.is_set()

        store.admin.prune(moment - timedelta(days=settings.archive_days), go_on=go_on)
        store.admin.prune_marks(moment - settings.stories.compared - MARKS_SPARE, go_on=go_on)
        store.admin.retain(settings.retention, moment, go_on=go_on)
        old = moment - timedelta(days=settings.evidence.days)
        # What its chain notes is when it was done.
        store.evidence.prune(old, now=ports.now(), go_on=go_on)

    def _tick(self, ports: Ports) -> None:
        rulebook = ports.rulebook()
        if self._hosts[0] != rulebook.revision:
            sources = rulebook.sources.values()
            self._hosts = rulebook.revision, {one.id: host_key(one.url) for one in sources if one.enabled}
        if ports.store.sources.enqueue_due(self._hosts[1], ports.now(), limit=1000):
            self.wake()

    def _resend(self, ports: Ports) -> None:
        if resend_unsure(ports):
            self.wake()

    def _settle(self, ports: Ports) -> None:
        if settle(ports):
            self.wake()

    def _drive(self, loop: _Loop) -> None:
        """Keep a pool fed until told to stop, then drain it."""
        with ThreadPoolExecutor(loop.places.most_threads, thread_name_prefix=loop.name) as pool:
            while not self._stopping.is_set():
                # Cleared before the look, so that news that come during it are not slept through.
                loop.stirred.clear()
                if not loop.feed(pool):
                    loop.stirred.wait(loop.nap_s())
                    # A claim costs as much for one as for many: what ends in a moment is claimed for at once.
                    self._stopping.wait(loop.gather_s)

    def _claim_jobs(self, ports: Ports, free: int) -> list[Callable[[], None]]:
        with self._holding.claiming_jobs:
            claimed = ports.store.jobs.claim(
                now=ports.now(),
                owner=ports.owner,
                epoch=ports.epoch,
                limit=free,
                excluded_hosts=self._places.excluded(),
                first=self._order.first(),
                kinds=self._kinds,
                lease_s=LEASE_S,
                idle=self._holding.is_idle(),
            )
            self._holding.take(jobs=claimed)
        return [self._job_runner(job, ports) for job in claimed]

    def _run_named(self, ports: Ports, kind: str, key: str, owner: str, attempts: int) -> None:
        """Run a job that was handed over by name, in the caller's thread; one that is gone or taken: not."""
        patience = self._patience()
        with self._places.place():
            while True:
                try:
                    with self._holding.claiming_jobs:
                        job = ports.store.jobs.take_over(
                            kind,
                            key,
                            published_by=owner,
                            attempts=attempts,
                            owner=ports.owner,
                            now=ports.now(),
                        )
                        if job is not None:
                            self._holding.take(jobs=(job,))
                except StoreUnavailable as error:
                    # Its name is gone from the broker: given up, it would keep its host until the lease ends.
                    log.warning("the store does not hand over a job", kind=kind, key=key, error=str(error))
                    if patience():
                        continue
                    return
                break
            if job is not None:
                self._job_runner(job, ports)()

    def _job_runner(self, job: Job, ports: Ports) -> Callable[[], None]:
        def run() -> None:
            try:
                run_job(job, ports, patience=self._patience())
            finally:
                self._holding.end_job(job)

        return run

    def _claim_deliveries(self, ports: Ports, free: int) -> list[Callable[[], None]]:
        if not self._sends.is_set():
            return []
        with self._holding.claiming_deliveries:
            claimed = ports.store.outbox.claim(
                now=ports.now(),
                owner=ports.owner,
                epoch=ports.epoch,
                limit=free,
                lease_s=LEASE_S,
                pace=pace_of(ports),
            )
            self._holding.take(deliveries=claimed)
        return [self._sender(item, ports) for item in claimed]

    def _sender(self, delivery: Delivery, ports: Ports) -> Callable[[], None]:
        def send() -> None:
            finished = False
            try:
                deliver(delivery, ports, patience=self._patience())
                finished = True
            finally:
                self._holding.end_delivery(delivery, finished=finished)

        return send

    def _patience(self) -> Callable[[], bool]:
        """Waits longer each time, up to a bound: the store is asked soon after it is back. False: stop."""
        waits = itertools.chain((SHORTEST_PATIENCE_S, 1.0, 2.0), itertools.repeat(LONGEST_PATIENCE_S))
        return lambda: not self._stopping.wait(next(waits))


class JobIntake(Protocol):
    """Where names of jobs come from: kind, key, who published it, at which of its claims."""

    def start(self, run: Callable[[str, str, str, int], None]) -> None: ...
    def stop(self, timeout_s: float = 30.0) -> None: ...


class _Loop:
    """A bounded pool's places and where its work comes from.

    ``nap_s`` says how long to sleep when there was nothing to claim; ``stirred`` ends the sleep, and
    ``gather_s`` later it looks again.
    """

    def __init__(
        self,
        places: WorkerSlots,
        name: str,
        claim: Callable[[int], list[Callable[[], None]]],
        nap_s: Callable[[], float],
        gather_s: float = 0.0,
    ) -> None:
        self.places = places
        self.name = name
        self.stirred = threading.Event()
        self._claim = claim
        self._nap_s = nap_s
        self.gather_s = gather_s

    def nap_s(self) -> float:
        """Seconds to sleep now; a full pool waits for one of its own to end or to become slow."""
        if not self.places.free():
            return SWEEP_S
        try:
            return self._nap_s()
        except StoreError:
            return IDLE_S
        except Exception:
            log.exception("the next moment cannot be found", loop=self.name)
            return IDLE_S

    def feed(self, pool: ThreadPoolExecutor) -> bool:
        """Start as much claimed work as there are free places; whether there may be more to claim."""
        free = self.places.free()
        if free <= 0:
            return False
        try:
            work = self._claim(free)
        except StoreError as error:
            log.error("the store does not answer", error=str(error))  # noqa: TRY400 - a sentence is enough
            return False
        except Exception:  # whatever it was: without its loop the service would stand still for ever
            log.exception("claiming failed, will be tried again", loop=self.name)
            return False
        for task in work:
            self.places.begin()
            pool.submit(task).add_done_callback(self._ended)
        # What is left after a claim that got less than it asked for waits for what runs, or for its time.
        return len(work) == free

    def _ended(self, done: Future[None]) -> None:
        self.places.end()
        error = done.exception()
        if error is not None:
            log.error("work ended with an error", loop=self.name, error=str(error))
        self.stirred.set()


def _until_due(ports: Ports) -> float:
    """Seconds until something may be sent, at most ``IDLE_S``: new rows may come meanwhile.

    Something that is due already waits for the pace of its channel: look again in a moment.
    """
    now = ports.now()
    moment = ports.store.outbox.next_due(now)
    if moment is None:
        return IDLE_S
    return min(max((moment - now).total_seconds(), PACE_S), IDLE_S)
