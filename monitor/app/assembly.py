"""What a process of the monitor is put together from: the way to the web, the channels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from monitor import __version__
from monitor.app.opening import open_spool
from monitor.chores.allocator import freeze_heap
from monitor.core.query.forms.dictionaries import unload
from monitor.core.rulebook import Rulebook
from monitor.engines.local import JobIntake, LocalEngine
from monitor.errors import ChannelError, EngineError
from monitor.http import HttpFetcher, OfflineDetector, RobotsFetcher
from monitor.inbox import Spool, fetching
from monitor.model import NetworkLoss, Settings
from monitor.model.job import Role
from monitor.plugins import channel_kinds
from monitor.ports import Channel, Clock, Fetcher

if TYPE_CHECKING:
    from monitor.engines.broker.engine import BrokerEngine

log = structlog.get_logger(__name__)


def unload_dictionaries() -> None:
    """Give dictionaries back: examples of topics are in many languages, what is read from now on in few.
    What is left is there for long and is frozen for Python's collector."""
    unload()
    freeze_heap()


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """How pages are asked for in one turn of the service, and what it must be told."""

    fetch: Fetcher
    spool: Spool
    close: Callable[[], None]
    clock_was_set: Callable[[], None] = field(default=lambda: None)


def part_of(rulebook: Rulebook) -> Rulebook:
    """The rules of one of several processes: the requests a second of this machine are divided by them."""
    settings = rulebook.settings
    fetch = replace(settings.fetch, per_second=settings.fetch.per_second / settings.processes)
    return replace(rulebook, settings=replace(settings, fetch=fetch))


def open_web(
    rulebook: Rulebook, folder: Path, clock: Clock, *, tell: Callable[[NetworkLoss], None] | None
) -> Web:
    """The polite fetcher of a process. Without ``tell`` (a single pass) nothing waits for the network."""
    polite = HttpFetcher(rulebook.settings.fetch, version=__version__, now=clock)
    spool = open_spool(rulebook, folder)
    obedient = RobotsFetcher(polite, now=clock)
    if tell is None:
        return Web(fetch=fetching(spool, obedient), spool=spool, close=polite.close)
    connected = OfflineDetector(obedient, now=clock, tell=tell)

    def clock_was_set() -> None:
        obedient.forget()
        connected.forget()

    fetch = fetching(spool, connected)
    return Web(fetch=fetch, spool=spool, close=polite.close, clock_was_set=clock_was_set)


def check_broker(settings: Settings) -> None:
    """Raises ``EngineError`` when the settings want a broker and do not say where it is."""
    if settings.engine == "celery" and not settings.broker:
        raise EngineError(
            "engine: celery in monitor.yaml needs the address of RabbitMQ: set MONITOR_BROKER, or broker in "
            "monitor.yaml, e.g. amqp://user@host:5672//"
        )


def relayed(local: LocalEngine, settings: Settings) -> BrokerEngine:
    """The engine that gives the names of jobs to RabbitMQ. Raises ``EngineError``."""
    check_broker(settings)
    with _celery():
        from monitor.engines.broker.engine import BrokerEngine  # noqa: PLC0415  # an extra
        from monitor.engines.broker.relay import Relay  # noqa: PLC0415

        return BrokerEngine(local, Relay(settings.broker, threads=settings.fetch.workers))


def open_intake(settings: Settings, roles: Collection[Role]) -> JobIntake:
    """What takes the names of jobs from RabbitMQ. Raises ``EngineError``."""
    check_broker(settings)
    with _celery():
        from monitor.engines.broker.consumer import BrokerConsumer  # noqa: PLC0415  # an extra

        # Twice as many threads as work: the others wait for slow hosts.
        return BrokerConsumer(settings.broker, roles=roles, threads=2 * settings.fetch.workers)


@contextmanager
def _celery() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise EngineError(
            "engine: celery needs an extra: install coverage-monitor[celery], or set engine: local"
        ) from error


def open_channels(rulebook: Rulebook) -> dict[str, Channel]:
    """Every channel that opens. Those that chats of the config name must open."""
    needed = {chat.channel for chat in rulebook.chats.values()}
    opened: dict[str, Channel] = {}
    for name, kind in channel_kinds().items():
        try:
            opened[name] = kind.open(rulebook)
        except ChannelError as error:
            if name in needed:
                log.error("channel is not available", channel=name, error=str(error))  # noqa: TRY400
    return opened
