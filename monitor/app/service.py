"""The whole background service in one process."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog

from monitor.app.assembly import (
    Web,
    check_broker,
    open_channels,
    open_web,
    part_of,
    relayed,
    unload_dictionaries,
)
from monitor.app.opening import (
    loaded_folder,
    open_rulebook_store,
    rulebook_to_begin_with,
    steady_s,
    utc_now,
)
from monitor.chores.allocator import freeze_heap, give_back, limit_arenas
from monitor.chores.backups import Backups
from monitor.chores.clock import ClockWatch
from monitor.chores.crash_points import fate, watched_channels, watched_store
from monitor.chores.flood import flood
from monitor.chores.pulse import Pulse
from monitor.chores.service_manager import ServiceManager
from monitor.chores.uptime import zone_of
from monitor.chores.watchdog import OperatorAlarm, note_overdue
from monitor.config import stamps, watch, written
from monitor.core.message.notice import held_edit, refused_edit, refused_topic
from monitor.core.rulebook import Rulebook, emptied, takes_away, unsettled, with_watches
from monitor.core.source.offline import network_event
from monitor.core.text.urls import host_key
from monitor.engines.child_processes import ChildProcesses
from monitor.engines.local import LocalEngine
from monitor.engines.page_workers import PageWorkers
from monitor.engines.periodic import Periodic
from monitor.errors import ConfigError, Problem, StoreBusy, StoreError, StoreReplaced, StoreUnavailable
from monitor.inbox import receiving
from monitor.metrics import MetricsListener, ServiceMetrics, observed_store
from monitor.model import Event, Job, NetworkLoss, Settings
from monitor.model.job import ROLES, Role
from monitor.plugins import channel_kinds, source_kinds
from monitor.ports import Clock, Fetcher, Ports, Store

# What the service does itself when a broker hands out the jobs.
HERE: tuple[Role, ...] = ("deliver", "chores")
STANDBY_S = 1.0
HEARTBEAT_S = 1.0
CLOCK_S = 1.0
OVERDUE_S = 30.0
GIVE_BACK_S = 60.0
BACKUP_S = 60.0
STORE_PAUSE_S = 2.0
ACCEPTANCE_S = 5.0
REMOVAL_S = 3.0
"""So long an edit that takes chats or topics away must stand before it is taken."""
DRAIN_S = 25.0

log = structlog.get_logger(__name__)


class ServiceEngine(Protocol):
    """What runs the jobs of the service, or has them run."""

    def start(self, ports: Ports, tasks: Sequence[Periodic] = ()) -> None: ...
    def wake(self) -> None: ...
    def stop(self, timeout_s: float = 30.0) -> None: ...


class Companion(Protocol):
    """Something that lives as long as the service does, such as the bot."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


Attach = Callable[[Ports], Companion | None]


class Service:
    """The whole background service in one process.

    ``attach`` make companions from the service's ports, or None when they are not configured.
    ``roles`` are all, or those of a part of it. ``child_options`` are given to the workers that it starts
    on this machine. ``clock`` tells the time, ``steady`` the seconds of a clock that is never set.
    """

    def __init__(
        self,
        folder: Path,
        *,
        attach: Sequence[Attach] = (),
        roles: Collection[Role] = ROLES,
        child_options: Sequence[str] = (),
        clock: Clock = utc_now,
        steady: Callable[[], float] = steady_s,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._steady = steady
        self._fate = fate(os.environ)
        self._attach = attach
        self._roles = roles
        self._child_options = child_options
        self._read = stamps(folder)
        self._operators = rulebook_to_begin_with(folder)
        unload_dictionaries()
        self._rulebook = self._operators
        self._held: str | None = None
        self._replaced: StoreReplaced | None = None
        self._changing = threading.Lock()
        self._stop = threading.Event()
        self._over = threading.Event()
        self._pages = PageWorkers()
        self._metrics = ServiceMetrics()
        store = open_rulebook_store(self._rulebook, folder, clock, observer=self._metrics)
        self.store = watched_store(observed_store(store, self._metrics), self._fate)
        # One voice speaks to systemd: that of the whole service, not of a worker's part of it.
        heard = os.environ if set(roles) == set(ROLES) else {}
        self._manager = ServiceManager(heard, idle_s=self._metrics.idle_s)

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook in force."""
        return self._rulebook

    def stop(self) -> None:
        """Ask a running service to drain and return (from any thread or signal handler)."""
        self._stop.set()
        self._over.set()

    def run(self, *, once: bool = False, ready: Callable[[], None] | None = None) -> bool:
        """Serve until ``stop``; with ``once`` until every source was polled and all was delivered.

        Stands by while another service owns the store (with ``once``: raises StoreBusy), and again when
        it lost the store to one. Returns whether it ever became the owner.
        """
        if not once:
            check_broker(self._rulebook.settings)
        with self._manager:
            return self._run(once=once, ready=ready)

    def _run(self, *, once: bool, ready: Callable[[], None] | None) -> bool:
        owned = False
        try:
            self.store.admin.upgrade()
            while not self._stop.is_set():
                epoch = self.store.admin.acquire_service() if once else self._stand_by(patient=owned)
                if epoch is None:
                    break
                owned = True
                try:
                    self._serve(epoch, once=once, ready=ready)
                except StoreUnavailable as error:  # it went away while this turn began
                    if once:
                        raise
                    log.warning("the service could not begin", error=str(error))
                    self._stop.wait(STANDBY_S)
                if once:
                    break
        finally:
            self._pages.close()
            self.store.admin.close()
        if self._replaced is not None:
            raise self._replaced
        return owned

    def _serve(self, epoch: int, *, once: bool, ready: Callable[[], None] | None) -> None:
        """Work as the owner of the store until ``stop``, or until it belongs to another service."""
        self._over = threading.Event()
        if self._stop.is_set():
            self._over.set()
        settings = self._rulebook.settings
        limit_arenas()  # before there are threads
        pulse = Pulse()
        web = open_web(
            part_of(self._rulebook), self._folder, self._clock, tell=None if once else self._network
        )
        engine = self._engine(settings, once=once)
        ports = self._ports(engine, epoch, web.fetch)
        companions = [attach(ports) for attach in self._attach]
        companions.append(MetricsListener(ports, self._metrics, "" if once else settings.metrics.listen))
        if not once:
            companions.append(OperatorAlarm(ports, pulse))
        if settings.receiver.listen and not once:
            companions += receiving(ports, web.spool, settings.receiver)
        children = self._children(0 if once else _children_of(settings))
        started: list[Companion] = []
        try:
            self._sync(self._rulebook)
            self._refresh()
            if once:
                self._rulebook = unsettled(self._rulebook)
                _make_all_due(ports)
            engine.start(ports, () if once else self._signs_of_life(ports, pulse, web))
            for companion in filter(None, companions):
                companion.start()
                started.append(companion)
            children.start()
            if not once:
                self._begin_watching(epoch)
            if ready is not None:
                ready()
            self._metrics.began_turn()
            self._manager.ready(f"runs, rules {self._rulebook.revision}")
            log.info("service runs", owner=ports.owner, epoch=epoch, rulebook=self._rulebook.revision)
            self._wait(ports, once=once)
        finally:
            self._over.set()
            self._metrics.began_turn(over=True)
            children.terminate()
            engine.stop(DRAIN_S)
            children.stop()
            for companion in started:
                companion.stop()
            for channel in ports.channels.values():
                channel.close()
            web.close()
            self.store.admin.release_service()

    def _engine(self, settings: Settings, *, once: bool) -> ServiceEngine:
        """A single pass needs no broker."""
        by_broker = settings.engine == "celery" and not once
        local = LocalEngine(
            workers=settings.fetch.workers,
            slow_workers=settings.fetch.slow_workers,
            senders=settings.alerts.concurrency,
            roles=[role for role in self._roles if role in HERE] if by_broker else self._roles,
        )
        return relayed(local, settings) if by_broker else local

    def _children(self, count: int) -> ChildProcesses:
        """Workers on this machine: what one that died held is given back at once."""
        command = (sys.executable, "-m", "monitor", "worker", "--config", str(self._folder.absolute()))
        options = ("--roles", "fetch,process", "--parent", str(os.getpid()), *self._child_options)
        rest = timedelta(seconds=self._rulebook.settings.fetch.host_delay_s)
        return ChildProcesses(
            (*command, *options),
            count if "process" in self._roles else 0,
            ended=lambda pid: _given_back(self.store, pid, rest),
        )

    def _signs_of_life(self, ports: Ports, pulse: Pulse, web: Web) -> tuple[Periodic, ...]:
        """Tasks that look after the clock, the store and the sources, for the watchdog."""
        clock = ClockWatch(ports, pulse, steady=self._steady, on_step=web.clock_was_set)
        root = self._folder.resolve().parent
        return (
            Periodic(name="clock", every_s=CLOCK_S, run=clock.look),
            Periodic(name="memory", every_s=GIVE_BACK_S, run=give_back),
            Periodic(name="backup", every_s=BACKUP_S, run=Backups(ports, root).look),
            Periodic(name="overdue", every_s=OVERDUE_S, run=lambda: note_overdue(ports, pulse)),
        )

    def _begin_watching(self, epoch: int) -> None:
        over = self._over
        tasks: tuple[tuple[str, Callable[[], None]], ...] = (
            ("config-watch", lambda: self._watch(over)),
            ("heartbeat", lambda: self._keep_ownership(epoch, over)),
            ("held-edit", lambda: self._look_for_acceptance(over)),
        )
        for name, run in tasks:
            threading.Thread(target=run, name=name, daemon=True).start()

    def _watch(self, over: threading.Event) -> None:
        """Look for edits until the end of this turn, also when the folder is away as it begins."""
        while not over.is_set():
            try:
                watch(self._folder, over, self._reload, since=self._read)
            except ConfigError as error:
                log.warning("the config cannot be watched now", problem=str(error))
                over.wait(STORE_PAUSE_S)

    def _keep_ownership(self, epoch: int, over: threading.Event) -> None:
        """Look every second whether the store is ours still; when it is not, end this turn at once."""
        while not over.wait(HEARTBEAT_S):
            try:
                ours = self.store.admin.holds_service(epoch)
            except StoreReplaced as error:
                log.error("the service ends", error=str(error))  # noqa: TRY400 - no fault of ours
                self._replaced = error
                self.stop()
                return
            except StoreError as error:  # nobody can claim anything while the store does not answer
                log.warning("whether the store is ours cannot be known now", error=str(error))
                continue
            if not ours:
                log.error("the store belongs to another service now: this one stands by", epoch=epoch)
                over.set()

    def _stand_by(self, *, patient: bool) -> int | None:
        """The epoch of this service once it owns the store. ``patient``: waits for a store that is away."""
        notified = False
        while not self._stop.wait(STANDBY_S if notified else 0.0):
            try:
                return self.store.admin.acquire_service()
            except StoreBusy as error:
                reason, patient = str(error), True
            except StoreUnavailable as error:
                if not patient:
                    raise
                reason = str(error)
            if not notified:
                log.warning("standing by", reason=reason)
                self._manager.ready(f"stands by: {reason}")
                notified = True
        return None

    def _wait(self, ports: Ports, *, once: bool) -> None:
        if not once:
            self._over.wait()
            return
        while not self._over.wait(0.2):
            if not ports.store.jobs.open_count() and not ports.store.outbox.open_count():
                return

    def _ports(self, engine: ServiceEngine, epoch: int, fetcher: Fetcher) -> Ports:
        kinds = channel_kinds()
        return Ports(
            store=self.store,
            fetch=fetcher,
            kinds=source_kinds(),
            channels=watched_channels(open_channels(self._rulebook), self._fate),
            channel_kinds=kinds,
            rulebook=lambda: self._rulebook,
            now=self._clock,
            owner=f"{socket.gethostname()}:{os.getpid()}",
            epoch=epoch,
            extract=self._pages,
            wake=engine.wake,
            refresh=self._refresh,
            metrics=self._metrics.text,
        )

    def _sync(self, rulebook: Rulebook) -> None:
        now = self._clock()
        self.store.sources.sync([source for source in rulebook.sources.values() if source.enabled], now)
        self.store.chats.sync(list(rulebook.chats.values()), now)
        self.store.admin.keep_rulebook(rulebook.revision, written(rulebook), now)

    def _reload(self) -> None:
        """Take an edit. Whatever goes wrong with it, the next one is looked at again."""
        try:
            self._take_edit()
        except Exception as error:
            log.exception("a config edit was not taken")
            message = f"{type(error).__name__}: {error}"
            problem = Problem(file=str(self._folder), line=0, column=0, message=message)
            self._refuse(refused_edit((problem,)), (problem,))

    def _take_edit(self) -> None:
        self._read = stamps(self._folder)
        try:
            loaded = loaded_folder(self._folder, None, self._operators)
        except ConfigError as error:
            self._refuse(refused_edit(error.problems), error.problems)
            return
        if loaded.refused:
            self._refuse(refused_topic(loaded.refused), loaded.refused)
        rulebook = loaded.rulebook
        if rulebook.revision == self._operators.revision:
            self._held = None
            return
        if self._is_passing(rulebook) or self._leaves_nothing(rulebook) or self._is_flood(rulebook):
            return
        while True:
            try:
                self._sync(rulebook)
                self._refresh(rulebook)
            except StoreUnavailable as error:
                log.warning("the config edit waits for the store", error=str(error))
                if self._over.wait(STORE_PAUSE_S):
                    return
            else:
                break
        freeze_heap()
        log.info("config edit taken", rulebook=rulebook.revision)

    def _is_passing(self, rulebook: Rulebook) -> bool:
        """Whether an edit that takes chats or topics away was followed by another one at once: half a copy,
        a checkout, a file moved away and back. The watch tells of that one too."""
        if not takes_away(self._operators, rulebook):
            return False
        return self._over.wait(REMOVAL_S) or stamps(self._folder) != self._read

    def _leaves_nothing(self, rulebook: Rulebook) -> bool:
        """Whether an edit is refused because no topic or no source would be left; told."""
        gone = emptied(self._operators, rulebook)
        problems = tuple(_none_left(self._folder, name) for name in gone)
        if problems:
            self._refuse(refused_edit(problems), problems)
        return bool(problems)

    def _is_flood(self, rulebook: Rulebook) -> bool:
        """Whether an edit is held because of the alerts that it would bring; told once."""
        try:
            found = flood(self.store, self._operators, rulebook, self._clock())
        except StoreError as error:
            log.warning("what an edit would bring cannot be measured now", error=str(error))
            found = None
        if found is None:
            self._held = None
        elif self._held != rulebook.revision:
            self._held = rulebook.revision
            text = held_edit(found.alerts_before, found.alerts_after)
            log.warning("config edit held", rulebook=rulebook.revision, reason=text)
            self._note(Event(kind="config", subject=str(self._folder), text=text, at=self._clock()))
        return found is not None

    def _look_for_acceptance(self, over: threading.Event) -> None:
        """Take a held edit once an operator accepted it."""
        while not over.wait(ACCEPTANCE_S):
            try:
                if self._held is not None and self.store.admin.accepted_rulebook() == self._held:
                    self._reload()
            except StoreError as error:
                log.warning("whether an edit was accepted cannot be known now", error=str(error))

    def _refresh(self, operators: Rulebook | None = None) -> None:
        """Put the operator's rulebook with the subscribers' own topics in force, in one step."""
        with self._changing:
            self._operators = operators or self._operators
            self._rulebook = with_watches(self._operators, self.store.watches.all(), self._rulebook)

    def _refuse(self, text: str, problems: Sequence[Problem]) -> None:
        log.error("config edit refused", problems=[str(item) for item in problems])
        self._note(Event(kind="config", subject=str(self._folder), text=text, at=self._clock()))

    def _network(self, loss: NetworkLoss) -> None:
        event = network_event(loss, zone_of(self._rulebook))
        log.warning("the network came back" if loss.back else "no host answers", hosts=loss.hosts)
        self._note(event)

    def _note(self, event: Event) -> None:
        """Write an event down for the operators; in vain while the store does not answer."""
        try:
            self.store.outbox.add_events([event])
        except StoreError as error:
            log.error("an event could not be written down", event=event.text, error=str(error))  # noqa: TRY400


def _none_left(folder: Path, name: str) -> Problem:
    return Problem(
        file=str(folder / name),
        line=0,
        column=0,
        message=f"no {name} are left, as when a folder is not mounted",
        hint="if that is meant, start the service again",
    )


def _children_of(settings: Settings) -> int:
    """How many workers the service starts: where a broker hands out the jobs it does none itself."""
    return settings.processes if settings.engine == "celery" else settings.processes - 1


def _given_back(store: Store, pid: int, rest: timedelta) -> bool:
    """Whether it was a worker that had come up."""
    return bool(store.workers.remove_ended(socket.gethostname(), pid, rest=rest))


class Runnable(Protocol):
    """A service or a worker."""

    def run(self) -> object: ...
    def stop(self) -> None: ...


def serve(process: Runnable, run: Callable[[], object] | None = None) -> None:
    """Run it in the main thread, by ``run`` where that is not its own; SIGTERM and SIGINT drain it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: process.stop())
    (run or process.run)()


def _make_all_due(ports: Ports) -> None:
    now = ports.now()
    jobs = [
        Job(kind="poll", key=source.id, host_key=host_key(source.url), not_before=now)
        for source in ports.rulebook().sources.values()
        if source.enabled
    ]
    ports.store.jobs.add(jobs, now)
