"""A chat that Telegram gives a new id, as a send finds out."""

from __future__ import annotations

from datetime import datetime

from monitor.ports import Store
from monitor.store.chats import StoredChats, move_chat


def move(store: Store, old_id: str, new_id: str, now: datetime) -> None:
    """What the end of a send does with the chat (``Decision.move_to``)."""
    assert isinstance(store.chats, StoredChats)
    with store.chats.database.write() as connection:
        move_chat(connection, old_id, new_id, now)
