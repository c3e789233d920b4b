"""The chats, messages and updates that the Bot API server knows. Thread-safe."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Json = dict[str, object]
ME: Json = {"id": 424242, "is_bot": True, "first_name": "Coverage", "username": "coverage_test_bot"}


class ApiError(Exception):
    """An answer with ``ok: false``; ``parameters`` as in the Bot API's ResponseParameters."""

    def __init__(self, status: int, description: str, parameters: Json | None = None) -> None:
        self.status = status
        self.description = description
        self.parameters = parameters
        super().__init__(f"{status} {description}")


@dataclass(slots=True, kw_only=True)
class ApiChat:
    """A chat that the bot can write to. ``members`` maps user ids to a ChatMember status."""

    id: int
    type: str
    title: str = ""
    threads: set[int] = field(default_factory=set)
    members: dict[int, str] = field(default_factory=dict)
    blocked: bool = False
    left: bool = False
    moved_to: int = 0

    def as_json(self) -> Json:
        """The Bot API's ``Chat``."""
        found: Json = {"id": self.id, "type": self.type}
        if self.type == "private":
            return found | {"first_name": self.title or f"User {self.id}"}
        if self.threads:
            found["is_forum"] = True
        return found | {"title": self.title or f"Group {self.id}"}


def chat_type_of(chat_id: int) -> str:
    """Telegram's numbering: people are positive, supergroups and channels start with -100."""
    if chat_id > 0:
        return "private"
    return "supergroup" if str(chat_id).startswith("-100") else "group"


class World:
    """All state of one server, behind one lock.

    ``files`` holds what was uploaded, by name; ``pressed`` the chat and message of each callback
    query that waits for its answer.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.chats: dict[int, ApiChat] = {}
        self.messages: dict[tuple[int, int], Json] = {}
        self.commands: dict[str, list[Json]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.webhook = ""
        self.files: dict[str, bytes] = {}
        self.pressed: dict[str, tuple[int, int]] = {}
        self._last_message: dict[int, int] = {}

    def add_chat(self, chat: ApiChat) -> ApiChat:
        """Make a chat known; one with this id stays as it is."""
        with self.lock:
            return self.chats.setdefault(chat.id, chat)

    def chat(self, chat_id: int | None) -> ApiChat:
        """The chat, or the error that Telegram answers."""
        with self.lock:
            chat = self.chats.get(chat_id) if chat_id is not None else None
            if chat is None:
                raise ApiError(400, "Bad Request: chat not found")
            if chat.moved_to:
                raise ApiError(
                    400,
                    "Bad Request: group chat was upgraded to a supergroup chat",
                    {"migrate_to_chat_id": chat.moved_to},
                )
            if chat.blocked:
                who = "blocked by the user" if chat.type == "private" else "kicked from the group"
                raise ApiError(403, f"Forbidden: bot was {who}")
            if chat.left:
                raise ApiError(403, "Forbidden: bot is not a member of the group chat")
            return chat

    def next_message_id(self, chat_id: int) -> int:
        """Message ids count up in each chat, as in supergroups."""
        with self.lock:
            self._last_message[chat_id] = self._last_message.get(chat_id, 0) + 1
            return self._last_message[chat_id]

    def message(self, chat_id: int, message_id: int, *, missing: str) -> Json:
        """A stored message, or a 400 that names what is ``missing``."""
        with self.lock:
            found = self.messages.get((chat_id, message_id))
            if found is None:
                raise ApiError(400, f"Bad Request: {missing} not found")
            return found


class Updates:
    """What getUpdates hands out; an update stays until a higher offset confirms it."""

    def __init__(self, stopping: Callable[[], bool]) -> None:
        self._changed = threading.Condition()
        self._stopping = stopping
        self._waiting: list[Json] = []
        self._last_id = 1000
        self._poll = 0

    def add(self, update: Json) -> int:
        """Queue an update; returns its id."""
        with self._changed:
            self._last_id += 1
            self._waiting.append({"update_id": self._last_id} | update)
            self._changed.notify_all()
            return self._last_id

    def next_id(self) -> int:
        """The id that the next update will get."""
        with self._changed:
            return self._last_id + 1

    def unconfirmed(self) -> list[Json]:
        """Updates that the bot has not confirmed yet."""
        with self._changed:
            return list(self._waiting)

    def clear(self) -> None:
        """Drop all that wait (``drop_pending_updates``)."""
        with self._changed:
            self._waiting.clear()

    def wake(self) -> None:
        """Let waiting polls look again whether the server stops."""
        with self._changed:
            self._changed.notify_all()

    def poll(self, *, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Confirm what lies below ``offset``, then wait for updates from there on.

        A newer poll ends this one with the 409 that two bots with one token get.
        """
        with self._changed:
            self._poll += 1
            mine = self._poll
            if offset > 0:
                self._waiting = [item for item in self._waiting if _id(item) >= offset]
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: bool(self._waiting) or self._poll != mine or self._stopping(), timeout_s
            )
            if self._poll != mine:
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
            return self._waiting[:limit]


def _id(update: Json) -> int:
    found = update["update_id"]
    assert isinstance(found, int)
    return found
