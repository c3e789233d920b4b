"""Telling operators: events become one notice for each operator chat."""

from __future__ import annotations

from datetime import datetime

from monitor.core.message.chained_text import in_parts
from monitor.core.message.notice import notices
from monitor.ports import Store


def tell_operators(store: Store, *, now: datetime) -> int:
    """Bundle all untold events into one notice a chat (a long one in parts). Returns how many they were.

    ``now`` is the present moment, aware UTC.
    """
    untold = store.outbox.untold_events()
    if not untold:
        return 0
    deliveries = in_parts(notices([event for _, event in untold], store.chats.all(), now))
    store.outbox.told_events([number for number, _ in untold], deliveries, now)
    return len(untold)
