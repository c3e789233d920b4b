"""A further process on the service's store: it takes jobs beside it, and may die at any time."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Collection
from datetime import timedelta
from pathlib import Path

import structlog

from monitor.app.assembly import open_channels, open_intake, open_web, part_of, unload_dictionaries
from monitor.app.opening import open_rulebook_store, rulebook_to_begin_with, utc_now
from monitor.app.service import Service
from monitor.chores.allocator import freeze_heap, give_back, limit_arenas
from monitor.config import read_kept, restored
from monitor.core.rulebook import with_watches
from monitor.engines.local import LocalEngine
from monitor.engines.page_workers import PageWorkers
from monitor.engines.periodic import Periodic
from monitor.errors import StoreError, StoreUnavailable
from monitor.metrics import MetricsListener, ServiceMetrics, observed_store
from monitor.model import NetworkLoss, Settings, Watch, WorkerProcess
from monitor.model.job import WORKER_EPOCH, Role
from monitor.plugins import channel_kinds, source_kinds
from monitor.ports import Clock, Ports

BEAT_S = 1.0
FOLLOW_S = 2.0
WAIT_S = 1.0
DRAIN_S = 20.0
GIVE_BACK_S = 60.0
CHORES: tuple[Role, ...] = ("chores",)

log = structlog.get_logger(__name__)


class Worker:
    """``monitor worker``: some of the service's roles, on the rules that the service has in force.

    The rules come from the store, so that every process takes an edit that the service took, and none that
    it holds or refuses; this machine's files and environment give the store's address and the secrets.
    ``parent`` is the process that started it: when that one is gone, the worker drains and ends.
    """

    def __init__(
        self,
        folder: Path,
        *,
        roles: Collection[Role],
        parent: int | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._folder = folder
        self._roles = frozenset(roles)
        self._parent = parent
        self._clock = clock
        self._stop = threading.Event()
        self._over = threading.Event()
        self._changing = threading.Lock()
        self._pages = PageWorkers()
        own = rulebook_to_begin_with(folder)
        self._own: Settings = own.settings
        self._own_chats = own.chats
        if self._own.store.startswith("sqlite"):
            raise StoreError(
                f"store {self._own.store}: several processes need PostgreSQL; SQLite has one writer, and the "
                "service is it"
            )
        self._revision = ""
        self._watches: tuple[Watch, ...] = ()
        self._operators = self._rulebook = own
        self._metrics = ServiceMetrics()
        store = open_rulebook_store(own, folder, clock, observer=self._metrics)
        self.store = observed_store(store, self._metrics)
        self._chores = Service(folder, roles=CHORES, clock=clock) if "chores" in self._roles else None

    def stop(self) -> None:
        """Ask a running worker to drain and return (from any thread or signal handler)."""
        self._stop.set()
        self._over.set()
        if self._chores is not None:
            self._chores.stop()

    def run(self, *, ready: Callable[[], None] | None = None) -> None:
        """Work until ``stop``. Raises ``StoreError`` where the store is not for several processes."""
        keeper = self._begin_chores()
        try:
            while not self._stop.is_set() and not self._is_orphan():
                try:
                    if self._rules_there():
                        self._serve(ready)
                except StoreUnavailable as error:
                    log.warning("the store does not answer", error=str(error))
                self._stop.wait(WAIT_S)
        finally:
            self._pages.close()
            self.store.admin.close()
            if keeper is not None:
                keeper.join(DRAIN_S)

    def _begin_chores(self) -> threading.Thread | None:
        if self._chores is None:
            return None
        keeper = threading.Thread(target=self._chores.run, name="chores", daemon=True)
        keeper.start()
        return keeper

    def _rules_there(self) -> bool:
        """Whether a service of this version has kept its rules in the store; they are taken."""
        self.store.admin.check_version()
        if not self.store.admin.is_current() or self.store.admin.rulebook_revision() is None:
            log.warning("waiting for the service: the store holds no rules yet, start `monitor run`")
            return False
        self._follow()
        unload_dictionaries()
        return True

    def _serve(self, ready: Callable[[], None] | None) -> None:
        """Work under one id until ``stop``, or until this worker was taken for dead."""
        self._over = threading.Event()
        if self._stop.is_set():
            return
        limit_arenas()  # before there are threads
        me = self._identity()
        rulebook = self._rulebook if self._parent is None else part_of(self._rulebook)
        fetch = rulebook.settings.fetch
        web = open_web(rulebook, self._folder, self._clock, tell=_network)
        roles = self._roles - {"chores"}
        by_broker = self._rulebook.settings.engine == "celery" and roles & {"fetch", "process"}
        engine = LocalEngine(
            workers=fetch.workers,
            slow_workers=fetch.slow_workers,
            senders=self._rulebook.settings.alerts.concurrency,
            roles=roles,
            intake=open_intake(self._rulebook.settings, roles) if by_broker else None,
        )
        ports = Ports(
            store=self.store,
            fetch=web.fetch,
            kinds=source_kinds(),
            channels=open_channels(self._rulebook) if "deliver" in self._roles else {},
            channel_kinds=channel_kinds(),
            rulebook=lambda: self._rulebook,
            now=self._clock,
            owner=me.id,
            epoch=WORKER_EPOCH,
            extract=self._pages,
            wake=engine.wake,
            refresh=self._refresh,
            metrics=self._metrics.text,
        )
        # One place to listen at: where a service started this process, it has it.
        figures = MetricsListener(ports, self._metrics, "" if self._parent else self._own.metrics.listen)
        self.store.workers.join(me)
        try:
            figures.start()
            engine.start(
                ports,
                (
                    Periodic(name="memory", every_s=GIVE_BACK_S, run=give_back),
                    Periodic(name="rules", every_s=FOLLOW_S, run=self._follow),
                ),
            )
            threading.Thread(target=self._live, args=(me.id, self._over), name="beat", daemon=True).start()
            if ready is not None:
                ready()
            log.info("worker runs", worker=me.id, roles=list(me.roles), rulebook=self._rulebook.revision)
            self._over.wait()
        finally:
            self._over.set()
            engine.stop(DRAIN_S)
            figures.stop()
            for channel in ports.channels.values():
                channel.close()
            web.close()
            self._leave(me.id, timedelta(seconds=fetch.host_delay_s))

    def _identity(self) -> WorkerProcess:
        host, pid, now = socket.gethostname(), os.getpid(), self._clock()
        return WorkerProcess(
            id=f"{host}:{pid}:{secrets.token_hex(3)}",
            roles=tuple(sorted(self._roles)),
            host=host,
            pid=pid,
            started_at=now,
            heartbeat_at=now,
        )

    def _live(self, worker_id: str, over: threading.Event) -> None:
        """Say every second that this process lives; stop when it was taken for dead, or its parent is."""
        while not over.wait(BEAT_S):
            if self._is_orphan():
                self.stop()
                return
            try:
                lives = self.store.workers.beat(worker_id)
            except StoreError as error:
                log.warning("this worker cannot be heard now", error=str(error))
                continue
            if not lives:
                log.error("this worker was taken for dead and begins anew", worker=worker_id)
                over.set()

    def _is_orphan(self) -> bool:
        """Whether the service that started this worker is gone; asked without a store, too."""
        gone = self._parent is not None and os.getppid() != self._parent
        if gone:
            log.warning("the process that started this worker is gone", parent=self._parent)
        return gone

    def _leave(self, worker_id: str, rest: timedelta) -> None:
        try:
            self.store.workers.leave(worker_id, rest=rest)
        except StoreError as error:
            log.warning("others will find out that this worker ended", error=str(error))

    def _follow(self) -> None:
        """Take the rules that the service has in force now, and the subscribers' own topics."""
        revision = self.store.admin.rulebook_revision()
        if revision is not None and revision != self._revision:
            (kept,) = self.store.admin.rulebooks(1)
            operators = restored(read_kept(kept.content), self._own, self._own_chats)
            self._revision, self._operators, self._watches = kept.revision, operators, ()
            self._refresh(anew=True)
            freeze_heap()
            log.info("rules taken", rulebook=kept.revision)
        else:
            self._refresh()

    def _refresh(self, *, anew: bool = False) -> None:
        with self._changing:
            watches = self.store.watches.all()
            if anew or watches != self._watches:
                self._rulebook = with_watches(self._operators, watches, self._rulebook)
                self._watches = watches


def _network(loss: NetworkLoss) -> None:
    """The service tells operators; a worker's own way to the web is in its log."""
    log.warning("the network came back" if loss.back else "no host answers", hosts=loss.hosts)
