"""Between the commands and the store: reads what an answer needs, writes what it changes."""

from __future__ import annotations

import threading
from collections.abc import Callable

from monitor.bot.commands import (
    Asked,
    Change,
    SaveChat,
    Subscribe,
    Unsubscribe,
    View,
    answer,
    may_talk,
)
from monitor.core.rulebook import Rulebook
from monitor.ports import Clock, Store

STRANGERS_KEPT = 10_000
TO_STRANGERS = (
    "Hello! This bot works for a closed circle. If you should be in it, ask its operator to add "
    "your user id <code>{user}</code>."
)


class Desk:
    """Answers commands. Thread-safe.

    Args:
        store: chats, articles and the counts.
        rulebook: gives the rulebook in force; who may talk is read from it at every command.
        now: the clock.
    """

    def __init__(self, store: Store, rulebook: Callable[[], Rulebook], now: Clock) -> None:
        self._store = store
        self._rulebook = rulebook
        self._now = now
        self._told: set[str] = set()
        self._lock = threading.Lock()

    def handle(self, asked: Asked) -> str | None:
        """The answer in Telegram's HTML; None for silence. Changes are written before it returns.

        A stranger gets one polite answer, then silence; a group of strangers one together.
        """
        rulebook = self._rulebook()
        if not may_talk(rulebook.settings.telegram, asked.user_id):
            if not self._first_time(asked.chat_id):
                return None
            return TO_STRANGERS.format(user=asked.user_id or "unknown")
        store = self._store
        view = View(
            rulebook=rulebook,
            chat=store.chats.chat(asked.chat_id),
            now=self._now(),
            latest=lambda topic_ids, limit: store.articles.latest(topic_ids=topic_ids, limit=limit),
            status=store.admin.status,
        )
        reply = answer(asked, view)
        for change in reply.changes:
            self._write(change)
        return reply.html

    def _write(self, change: Change) -> None:
        chats, now = self._store.chats, self._now()
        match change:
            case SaveChat():
                chats.save(change.chat, now)
            case Subscribe():
                chats.subscribe(change.subscription, now)
            case Unsubscribe():
                chats.unsubscribe(change.chat_id, change.topic_id, now)

    def _first_time(self, chat_id: str) -> bool:
        with self._lock:
            if chat_id in self._told:
                return False
            if len(self._told) >= STRANGERS_KEPT:
                self._told.clear()
            self._told.add(chat_id)
            return True
