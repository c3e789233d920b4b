"""What a job would do, without doing it: what a source lists now, what a delivery would say now."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Final

from monitor.core.delivery.kinds import MessageContext, traits
from monitor.jobs.politeness import obeying
from monitor.model import Chat, Delivery, Fetched, FetchRequest, FetchSettings, Parsed, Source
from monitor.ports import Fetcher, SourceKind
from monitor.ports.outbox import Outbox

MOST_PARTS: Final = 10
"""Further addresses of one answer (a sitemap index) that are read along."""


def poll_once(source: Source, kind: SourceKind, fetcher: Fetcher, limits: FetchSettings) -> Parsed:
    """The source's entries with those of the parts that it points to. Raises ``FetchError`` and
    ``ParseError``."""
    answer = fetcher(obeying(kind.request(source, None), kind, limits))
    if not isinstance(answer, Fetched):  # an inbox in which nothing waits; a host was sent no validators
        return Parsed(kind=kind.name, title="", entries=())
    parsed = kind.parse(source, answer)
    entries = list(parsed.entries)
    for url in parsed.more[:MOST_PARTS]:
        if len(entries) >= limits.max_entries:
            break
        request = FetchRequest(url=url, allow_private=source.allow_private)
        part = fetcher(obeying(request, kind, limits))
        if isinstance(part, Fetched):
            entries.extend(kind.parse(source, part).entries)
    return dataclasses.replace(parsed, entries=tuple(entries[: limits.max_entries]))


def plain_text(delivery: Delivery, chat: Chat, outbox: Outbox, now: datetime) -> str:
    """A delivery's message as its chat would get it now, in plain words; "" when there is nothing to say."""
    about, kind = MessageContext(), traits(delivery)
    if kind.refers_to == "former":
        about = MessageContext(alert=outbox.get(delivery.after_key or ""))
    elif kind.refers_to == "story":
        about = MessageContext(alert=outbox.alert_of(chat.id, delivery.story_id or ""))
    message = kind.compose(delivery, chat, about, now)
    return message.plain if message is not None else ""
