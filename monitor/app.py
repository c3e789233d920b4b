"""Composition root: the only module that knows the concrete classes, the clock and the environment."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import structlog

from monitor import __version__
from monitor.chores.crash_points import fate, watched_channels, watched_store
from monitor.chores.uptime import zone_of
from monitor.config import Loaded, load, watch
from monitor.core.message.notice import refused_edit, refused_topic
from monitor.core.rulebook import Rulebook, with_watches
from monitor.core.source.offline import network_event
from monitor.core.text.urls import host_key
from monitor.engines.local import LocalEngine
from monitor.engines.page_workers import PageWorkers
from monitor.errors import ChannelError, ConfigError, Problem, StoreBusy, StoreError
from monitor.http import HttpFetcher, OfflineDetector, RobotsFetcher
from monitor.inbox import MOST, Receiver, Spool, Subscriber, fetching
from monitor.model import Event, Job, NetworkLoss, ReceiverSettings
from monitor.plugins import channel_kinds, source_kinds
from monitor.ports import Channel, Clock, Fetcher, Ports, Store
from monitor.store import Restored, open_store, restore

STANDBY_S = 1.0
DRAIN_S = 25.0

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The present moment, aware UTC."""
    return datetime.now(UTC)


def load_rulebook(folder: Path, env: Mapping[str, str] | None = None) -> Rulebook:
    """The rulebook of a config folder with all installed kinds; raises ConfigError."""
    return _loaded(folder, env, None).rulebook


def _loaded(folder: Path, env: Mapping[str, str] | None, previous: Rulebook | None) -> Loaded:
    loaded = load(
        folder,
        env=os.environ if env is None else env,
        kinds=source_kinds(),
        channel_kinds=channel_kinds(),
        previous=previous,
    )
    for warning in loaded.warnings:
        log.warning("config", problem=str(warning))
    return loaded


def open_rulebook_store(rulebook: Rulebook, folder: Path, clock: Clock = utc_now) -> Store:
    """The store that the rulebook names; relative SQLite paths are taken from the config's parent."""
    return open_store(store_url(rulebook.settings.store, folder), now=clock)


def restore_store(rulebook: Rulebook, folder: Path, backup: Path) -> Restored:
    """Put a backup in the place of the rulebook's SQLite store; raises StoreError."""
    return restore(backup, url=store_url(rulebook.settings.store, folder), now=utc_now())


def store_url(url: str, folder: Path) -> str:
    """An absolute database URL; the folder of a SQLite file is made when missing.

    Raises StoreError when it cannot be made.
    """
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url == prefix:
        return url
    path = Path(url.removeprefix(prefix))
    if not path.is_absolute():
        path = folder.resolve().parent / path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent}: cannot be made for the database: {error.strerror}") from error
    return f"{prefix}{path}"


def open_spool(rulebook: Rulebook, folder: Path, *, peek: bool = False) -> Spool:
    """The folders of the rulebook's inboxes; ``peek`` looks without taking anything."""
    root = folder.resolve().parent / rulebook.settings.receiver.folder
    most = min(MOST, rulebook.settings.fetch.max_entries)
    return Spool(root=root, now=utc_now, most=most, peek=peek)


class Companion(Protocol):
    """Something that lives as long as the service does, such as the bot."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


Attach = Callable[[Ports], Companion | None]


class Service:
    """The whole background service in one process.

    ``attach`` makes a companion from the service's ports, or None when it is not configured.
    ``clock`` tells the time.
    """

    def __init__(self, folder: Path, *, attach: Attach | None = None, clock: Clock = utc_now) -> None:
        self._folder = folder
        self._clock = clock
        self._fate = fate(os.environ)
        self._attach = attach
        self._operators = load_rulebook(folder)
        self._rulebook = self._operators
        self._changing = threading.Lock()
        self._stop = threading.Event()
        self._pages = PageWorkers()
        store = open_rulebook_store(self._rulebook, folder, clock)
        self.store = watched_store(store, self._fate)

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook in force."""
        return self._rulebook

    def stop(self) -> None:
        """Ask a running service to drain and return (from any thread or signal handler)."""
        self._stop.set()

    def run(self, *, once: bool = False, ready: Callable[[], None] | None = None) -> bool:
        """Serve until ``stop``; with ``once`` until every source was polled and all was delivered.

        Stands by while another service owns the store (with ``once``: raises StoreBusy). Returns
        whether it ever became the owner.
        """
        self.store.admin.upgrade()
        epoch = self.store.admin.acquire_service() if once else self._stand_by()
        if epoch is None:
            return False
        settings = self._rulebook.settings
        engine = LocalEngine(
            workers=settings.fetch.workers,
            slow_workers=settings.fetch.slow_workers,
            senders=settings.alerts.concurrency,
        )
        fetcher = HttpFetcher(settings.fetch, version=__version__, now=self._clock)
        spool = open_spool(self._rulebook, self._folder)
        ports = self._ports(engine, epoch, self._asking(fetcher, spool, once=once))
        self._sync(self._rulebook)
        self._refresh()
        companions: list[Companion | None] = [self._attach(ports) if self._attach else None]
        if settings.receiver.listen and not once:
            companions += _receiving(ports, spool, settings.receiver)
        watcher = threading.Thread(target=self._watch, name="config-watch", daemon=True)
        try:
            if once:
                _make_all_due(ports)
            engine.start(ports)
            for companion in filter(None, companions):
                companion.start()
            if not once:
                watcher.start()
            if ready is not None:
                ready()
            log.info("service runs", owner=ports.owner, epoch=epoch, rulebook=self._rulebook.revision)
            self._wait(ports, once=once)
        finally:
            self._stop.set()
            for companion in filter(None, companions):
                companion.stop()
            engine.stop(DRAIN_S)
            for channel in ports.channels.values():
                channel.close()
            fetcher.close()
            self._pages.close()
            self.store.admin.release_service()
            self.store.admin.close()
        return True

    def _asking(self, fetcher: Fetcher, spool: Spool, *, once: bool) -> Fetcher:
        obedient = RobotsFetcher(fetcher, now=self._clock)
        if once:  # one pass does not wait until the network is back
            return fetching(spool, obedient)
        return fetching(spool, OfflineDetector(obedient, now=self._clock, tell=self._network))

    def _stand_by(self) -> int | None:
        told = False
        while not self._stop.is_set():
            try:
                return self.store.admin.acquire_service()
            except StoreBusy as error:
                if not told:
                    log.warning("standing by", reason=str(error))
                    told = True
                self._stop.wait(STANDBY_S)
        return None

    def _wait(self, ports: Ports, *, once: bool) -> None:
        if not once:
            self._stop.wait()
            return
        while not self._stop.wait(0.2):
            if not ports.store.jobs.open_count() and not ports.store.outbox.open_count():
                return

    def _ports(self, engine: LocalEngine, epoch: int, fetcher: Fetcher) -> Ports:
        kinds = channel_kinds()
        return Ports(
            store=self.store,
            fetch=fetcher,
            kinds=source_kinds(),
            channels=watched_channels(self._channels(), self._fate),
            channel_kinds=kinds,
            rulebook=lambda: self._rulebook,
            now=self._clock,
            owner=f"{socket.gethostname()}:{os.getpid()}",
            epoch=epoch,
            extract=self._pages,
            wake=engine.wake,
            refresh=self._refresh,
        )

    def _channels(self) -> dict[str, Channel]:
        """Every channel that opens. Those that chats of the config name must open."""
        needed = {chat.channel for chat in self._rulebook.chats.values()}
        opened: dict[str, Channel] = {}
        for name, kind in channel_kinds().items():
            try:
                opened[name] = kind.open(self._rulebook)
            except ChannelError as error:
                if name in needed:
                    log.error("channel is not available", channel=name, error=str(error))  # noqa: TRY400
        return opened

    def _sync(self, rulebook: Rulebook) -> None:
        now = self._clock()
        self.store.sources.sync([source for source in rulebook.sources.values() if source.enabled], now)
        self.store.chats.sync(list(rulebook.chats.values()), now)

    def _watch(self) -> None:
        watch(self._folder, self._stop, self._reload)

    def _reload(self) -> None:
        try:
            loaded = _loaded(self._folder, None, self._operators)
        except ConfigError as error:
            self._refuse(refused_edit(error.problems), error.problems)
            return
        if loaded.refused:
            self._refuse(refused_topic(loaded.refused), loaded.refused)
        rulebook = loaded.rulebook
        if rulebook.revision == self._operators.revision:
            return
        self._sync(rulebook)
        self._refresh(rulebook)
        log.info("config edit taken", rulebook=rulebook.revision)

    def _refresh(self, operators: Rulebook | None = None) -> None:
        """Put the operator's rulebook with the subscribers' own topics in force, in one step."""
        with self._changing:
            self._operators = operators or self._operators
            self._rulebook = with_watches(self._operators, self.store.watches.all(), self._rulebook)

    def _refuse(self, text: str, problems: Sequence[Problem]) -> None:
        log.error("config edit refused", problems=[str(item) for item in problems])
        event = Event(kind="config", subject=str(self._folder), text=text, at=self._clock())
        self.store.outbox.add_events([event])

    def _network(self, loss: NetworkLoss) -> None:
        event = network_event(loss, zone_of(self._rulebook))
        log.warning("the network came back" if loss.back else "no host answers", hosts=loss.hosts)
        try:
            self.store.outbox.add_events([event])
        except StoreError as error:
            log.error("an event could not be written down", event=event.text, error=str(error))  # noqa: TRY400


def _receiving(ports: Ports, spool: Spool, settings: ReceiverSettings) -> list[Companion]:
    """The receiver, and whoever asks hubs to call it when they can."""
    if not settings.public_url:
        return [Receiver(ports, spool, settings)]
    hub = Subscriber(ports, settings.public_url)
    return [Receiver(ports, spool, settings, hub=hub), hub]


def serve(service: Service, *, once: bool = False) -> bool:
    """Run a service in the main thread; SIGTERM and SIGINT drain it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())
    return service.run(once=once)


def _make_all_due(ports: Ports) -> None:
    now = ports.now()
    jobs = [
        Job(kind="poll", key=source.id, host_key=host_key(source.url), not_before=now)
        for source in ports.rulebook().sources.values()
        if source.enabled
    ]
    ports.store.jobs.add(jobs, now)
