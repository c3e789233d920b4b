"""What a process of the monitor is put together from: the way to the web, the channels."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from monitor import __version__
from monitor.app.opening import open_spool
from monitor.chores.allocator import give_back
from monitor.core.query.forms.dictionaries import unload
from monitor.core.rulebook import Rulebook
from monitor.errors import ChannelError
from monitor.http import HttpFetcher, OfflineDetector, RobotsFetcher
from monitor.inbox import Spool, fetching
from monitor.model import NetworkLoss
from monitor.plugins import channel_kinds
from monitor.ports import Channel, Clock, Fetcher

log = structlog.get_logger(__name__)


def unload_dictionaries() -> None:
    """Give dictionaries back: examples of topics are in many languages, what is read from now on in few."""
    unload()
    gc.collect()
    give_back()


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
