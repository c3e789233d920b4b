"""Telling operators: events become one notice for each operator chat."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.core.message.chained_text import in_parts
from monitor.core.message.notice import notices, told_now
from monitor.ports import Store


def tell_operators(store: Store, *, now: datetime, wait: timedelta = timedelta(0)) -> int:
    """Bundle untold events into one notice a chat (a long one in parts). Returns how many they were.

    ``now`` is the present moment, aware UTC. Sources that break or recover are told ``wait`` after the first
    of them: those of one host seldom do so in one poll.
    """
    found = store.outbox.untold_events()
    due = {id(event) for event in told_now([event for _, event in found], now, wait)}
    untold = [(number, event) for number, event in found if id(event) in due]
    if not untold:
        return 0
    deliveries = in_parts(notices([event for _, event in untold], store.chats.all(), now))
    store.outbox.told_events([number for number, _ in untold], deliveries, now)
    return len(untold)
