"""Scripted faults and Telegram's sending limits for the Bot API server."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "bad_request",
    "blocked",
    "throttled",
    "migrate",
    "error",
    "bad_gateway",
    "accept_delay",
    "accept_hang",
    "accept_drop",
    "accept_bad_gateway",
]
STATUS: dict[str, tuple[int, str]] = {
    "bad_request": (400, "Bad Request: chat not found"),
    "blocked": (403, "Forbidden: bot was blocked by the user"),
    "throttled": (429, "Too Many Requests: retry after {retry_after}"),
    "migrate": (400, "Bad Request: group chat was upgraded to a supergroup chat"),
    "error": (500, "Internal Server Error"),
    "bad_gateway": (502, "Bad Gateway"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How a request goes wrong.

    The first six kinds refuse it (400, 403, 429, 400 with a new chat id, 500, 502) and no user sees
    anything. The ``accept_`` kinds take it, write the ledger, and then answer ``seconds`` later,
    hang for ``seconds``, close the connection, or answer 502.
    """

    kind: FaultKind
    description: str = ""
    retry_after: int = 1
    migrate_to: int = 0
    seconds: float = 60.0

    @property
    def accepts(self) -> bool:
        """Whether a user sees the message all the same."""
        return self.kind.startswith("accept_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Telegram's documented limits: messages a second overall, a second a chat (with a short
    burst), and a minute a group."""

    per_second: int = 30
    per_chat_per_second: float = 1.0
    chat_burst: int = 3
    per_group_per_minute: int = 20


class FaultScript:
    """Faults to come, by chat and method; None stands for any."""

    def __init__(self) -> None:
        self.rule: Callable[[int | None, str], Fault | None] | None = None
        self._lock = threading.Lock()
        self._planned: dict[tuple[int | None, str | None], deque[Fault]] = {}

    def add(self, chat_id: int | None, fault: Fault, *, times: int, method: str | None) -> None:
        """The next ``times`` requests that fit go wrong like this."""
        with self._lock:
            self._planned.setdefault((chat_id, method), deque()).extend([fault] * times)

    def take(self, chat_id: int | None, method: str, *, sends: bool) -> Fault | None:
        """The fault for this request, if one is planned. A plan without a method means sends."""
        names = (method, None) if sends else (method,)
        with self._lock:
            for chat in dict.fromkeys((chat_id, None)):
                for name in names:
                    if planned := self._planned.get((chat, name)):
                        return planned.popleft()
        return self.rule(chat_id, method) if self.rule and sends else None


class Pace:
    """Counts sends against the limits. Seconds come in as an argument."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._overall: deque[float] = deque()
        self._groups: dict[int, deque[float]] = {}
        self._chats: dict[int, tuple[float, float]] = {}

    def refusal(self, chat_id: int, *, group: bool, now: float, messages: int = 1) -> int:
        """Whole seconds to wait before this chat may be written to; 0 counts the send as made.

        An album is as many ``messages`` as it holds; it may take a chat's burst into debt, as nothing
        else would let a long one pass.
        """
        with self._lock:
            minute = self._groups.setdefault(chat_id, deque())
            waits = [_wait(self._overall, self._limits.per_second - messages, 1.0, now)]
            if group:
                waits.append(_wait(minute, self._limits.per_group_per_minute - messages, 60.0, now))
            tokens = self._tokens(chat_id, now)
            if tokens < 1:
                waits.append((1 - tokens) / self._limits.per_chat_per_second)
            wait = max(waits)
            if wait > 0:
                return max(1, math.ceil(wait))
            self._overall.extend([now] * messages)
            minute.extend([now] * messages)
            self._chats[chat_id] = (tokens - messages, now)
            return 0

    def _tokens(self, chat_id: int, now: float) -> float:
        tokens, at = self._chats.get(chat_id, (float(self._limits.chat_burst), now))
        grown = tokens + (now - at) * self._limits.per_chat_per_second
        return min(float(self._limits.chat_burst), grown)


def _wait(sent: deque[float], room: int, window: float, now: float) -> float:
    """Seconds until no more than ``room`` (an album that is too long for any: none) lie in the window."""
    while sent and sent[0] <= now - window:
        sent.popleft()
    room = max(room, 0)
    return sent[len(sent) - room - 1] + window - now if len(sent) > room else 0.0
