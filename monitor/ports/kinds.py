"""Kinds of sources and channels: the records that plugins are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import BaseModel

from monitor.core.rulebook import Rulebook
from monitor.model import Chat, Entry, Fetched, FetchRequest, Message, Parsed, Receipt, Source, SourceState


class Channel(Protocol):
    """A transport. ``send`` never raises for what the other side does: it answers a receipt.

    ``message.edit_of`` set: change that message; channels that cannot edit answer ``Sent`` with
    the same id and say nothing.
    """

    def send(self, chat: Chat, message: Message) -> Receipt: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind:
    """A way of listing entries; plugins of the entry point group ``monitor.sources`` are such records.

    ``options`` validates the source's ``options:`` mapping. ``request`` builds the first request.
    ``parse`` reads one answer; it raises ``ParseError`` when what came is not of this kind, and
    never anything else. ``sniff`` scores 0–1 how likely a body is of this kind (``monitor parse``).
    ``offered``: what is asked for is meant for programs (a feed, a sitemap, an API), so a host's rules
    for robots do not hold for it unless the operator wants them to.
    ``has_page`` tells whether an entry's page may say more than the entry does; a post's does not.
    """

    name: str
    options: type[BaseModel]
    request: Callable[[Source, SourceState | None], FetchRequest]
    parse: Callable[[Source, Fetched], Parsed]
    sniff: Callable[[Fetched], float]
    has_page: Callable[[Entry], bool] = field(default=lambda _entry: True)
    offered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """A transport; plugins of the entry point group ``monitor.channels`` are such records.

    ``options`` validates a chat's ``options:``. ``open`` makes the channel from the rulebook's
    settings; raises ``ChannelError`` when it cannot (no token). ``paced`` channels have Telegram's
    limits (overall, a chat, a group); ``is_group`` tells whether an address is a group or channel.
    ``is_address`` tells whether an address can be one at all, ``addressed`` how it looks, for people.
    """

    name: str
    options: type[BaseModel]
    open: Callable[[Rulebook], Channel]
    is_group: Callable[[str], bool]
    paced: bool = False
    is_address: Callable[[str], bool] = bool
    addressed: str = "any name"
