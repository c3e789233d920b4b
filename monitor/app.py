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
from monitor.config import Loaded, load, watch
from monitor.core.rulebook import Rulebook
from monitor.core.urls import lane
from monitor.engines.local import LocalEngine
from monitor.errors import ChannelError, ConfigError, Problem, StoreBusy, StoreError
from monitor.http.fetcher import PoliteFetcher
from monitor.model import Event, Job
from monitor.plugins import channel_kinds, source_kinds
from monitor.ports import Channel, Ports, Store
from monitor.store import open_store

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


def open_rulebook_store(rulebook: Rulebook, folder: Path) -> Store:
    """The store that the rulebook names; relative SQLite paths are taken from the config's parent."""
    return open_store(store_url(rulebook.settings.store, folder), now=utc_now)


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


class Companion(Protocol):
    """Something that lives as long as the service does, such as the bot."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


Attach = Callable[[Ports], Companion | None]


class Service:
    """The whole background service in one process.

    ``attach`` makes a companion from the service's ports, or None when it is not configured.
    """

    def __init__(self, folder: Path, *, attach: Attach | None = None) -> None:
        self._folder = folder
        self._attach = attach
        self._rulebook = load_rulebook(folder)
        self._stop = threading.Event()
        self.store = open_rulebook_store(self._rulebook, folder)

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
        engine = LocalEngine(workers=settings.fetch.workers, senders=settings.alerts.concurrency)
        fetcher = PoliteFetcher(settings.fetch, version=__version__, now=utc_now)
        ports = self._ports(engine, fetcher, epoch)
        self._sync(self._rulebook)
        companion = self._attach(ports) if self._attach else None
        watcher = threading.Thread(target=self._watch, name="config-watch", daemon=True)
        try:
            if once:
                _make_all_due(ports)
            engine.start(ports)
            if companion is not None:
                companion.start()
            if not once:
                watcher.start()
            if ready is not None:
                ready()
            log.info("service runs", owner=ports.owner, epoch=epoch, rulebook=self._rulebook.revision)
            self._wait(ports, once=once)
        finally:
            self._stop.set()
            if companion is not None:
                companion.stop()
            engine.stop(DRAIN_S)
            for channel in ports.channels.values():
                channel.close()
            fetcher.close()
            self.store.admin.release_service()
            self.store.admin.close()
        return True

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

    def _ports(self, engine: LocalEngine, fetcher: PoliteFetcher, epoch: int) -> Ports:
        kinds = channel_kinds()
        return Ports(
            store=self.store,
            fetch=fetcher,
            kinds=source_kinds(),
            channels=self._channels(),
            channel_kinds=kinds,
            rulebook=lambda: self._rulebook,
            now=utc_now,
            owner=f"{socket.gethostname()}:{os.getpid()}",
            epoch=epoch,
            wake=engine.wake,
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
        now = utc_now()
        enabled = [source for source in rulebook.sources.values() if source.enabled]
        self.store.sources.sync(enabled, now)
        self.store.chats.sync(list(rulebook.chats.values()), now)

    def _watch(self) -> None:
        watch(self._folder, self._stop, self._reload)

    def _reload(self) -> None:
        try:
            loaded = _loaded(self._folder, None, self._rulebook)
        except ConfigError as error:
            self._refuse("The edited config is not taken, the old one stays in force", error.problems)
            return
        if loaded.refused:
            self._refuse("An edited topic is not taken, its old form stays in force", loaded.refused)
        rulebook = loaded.rulebook
        if rulebook.revision == self._rulebook.revision:
            return
        self._sync(rulebook)
        self._rulebook = rulebook
        log.info("config edit taken", rulebook=rulebook.revision)

    def _refuse(self, what: str, problems: Sequence[Problem]) -> None:
        log.error("config edit refused", problems=[str(item) for item in problems])
        more = f" (and {len(problems) - 1} more: run `monitor check`)" if len(problems) > 1 else ""
        self._event(f"{what}: {problems[0]}{more}")

    def _event(self, text: str) -> None:
        event = Event(kind="config", subject=str(self._folder), text=text, at=utc_now())
        self.store.outbox.add_events([event])


def serve(service: Service, *, once: bool = False) -> bool:
    """Run a service in the main thread; SIGTERM and SIGINT drain it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())
    return service.run(once=once)


def _make_all_due(ports: Ports) -> None:
    now = ports.now()
    jobs = [
        Job(kind="poll", key=source.id, lane=lane(source.url), not_before=now)
        for source in ports.rulebook().sources.values()
        if source.enabled
    ]
    ports.store.jobs.add(jobs, now)
