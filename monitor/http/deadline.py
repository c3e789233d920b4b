"""One exchange with the web and the watchdog that ends it at its deadline.

Socket timeouts start again with every byte, so a host that drips can hold a reader for hours. The
watchdog shuts the socket down from outside: whatever reads from it wakes at once.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field

from monitor.errors import Unreachable
from monitor.i18n.lazy import lazy


@dataclass(slots=True, kw_only=True, eq=False)
class Exchange:
    """All that belongs to one call: its policy, its deadline and the sockets it uses.

    ``ends`` is a ``time.monotonic()`` value; ``seconds`` is the whole allowance and ``host`` the
    host asked just now, both for messages. ``reused`` says that the last request went out over a
    connection kept from before. ``wire_bytes`` came of the present answer, ``body_bytes`` as its body.
    """

    host: str
    allow_private: bool
    seconds: float
    ends: float
    reused: bool = False
    wire_bytes: int = 0
    body_bytes: int = 0
    _handles: list[socket.socket] = field(default_factory=list)
    _opened: list[object] = field(default_factory=list)
    _cut: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def expired(self) -> bool:
        return self._cut or time.monotonic() >= self.ends

    def left(self) -> float:
        """Seconds until the deadline; raises ``Unreachable`` when there are none."""
        left = self.ends - time.monotonic()
        if self._cut or left <= 0:
            raise self.overdue()
        return left

    def overdue(self) -> Unreachable:
        """The error for an exchange that was cut, by its deadline or by the end of the service."""
        if time.monotonic() < self.ends:
            return Unreachable(
                lazy("the monitor stopped while reading {host}; it is asked again later", host=self.host)
            )
        return Unreachable(
            lazy(
                "no complete answer from {host} within {seconds} s; it is asked again later",
                host=self.host,
                seconds=f"{self.seconds:g}",
            )
        )

    def watch(self, sock: socket.socket, *, connection: object, fresh: bool) -> None:
        """Have ``sock`` shut at the deadline.

        A duplicate of the descriptor is kept: TLS takes the original socket over, and http.client
        closes it early, but shutting a duplicate ends the connection all the same.
        """
        if not fresh and any(connection is known for known in self._opened):
            return
        self.reused = not fresh
        self._opened.append(connection)
        handle = socket.socket(fileno=os.dup(sock.fileno()))
        with self._lock:
            self._handles.append(handle)
            late = self._cut
        if late:
            self.cut()

    def cut(self) -> None:
        """Shut every socket. Called by the watchdog from its own thread."""
        with self._lock:
            self._cut = True
            for handle in self._handles:
                with suppress(OSError):  # the other side was faster
                    handle.shutdown(socket.SHUT_RDWR)

    def finish(self) -> None:
        """Let go of the duplicates; the connections themselves stay with the pool."""
        with self._lock:
            for handle in self._handles:
                handle.close()
            self._handles.clear()


# How the connection classes, which urllib3 makes, learn whose exchange they serve.
CURRENT: ContextVar[Exchange] = ContextVar("exchange")


class Watchdog:
    """One daemon thread that cuts exchanges at their deadlines. Thread-safe."""

    def __init__(self) -> None:
        self._live: set[Exchange] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def guard(self, exchange: Exchange) -> None:
        """Cut ``exchange`` at its deadline, or at once when the watchdog is closed."""
        with self._changed:
            if self._closed:
                exchange.cut()
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="fetch-watchdog", daemon=True)
                self._thread.start()
            self._live.add(exchange)
            self._changed.notify()

    def release(self, exchange: Exchange) -> None:
        """The exchange is over."""
        with self._changed:
            self._live.discard(exchange)
        exchange.finish()

    def close(self) -> None:
        """Cut what still runs and end the thread."""
        with self._changed:
            self._closed = True
            running, thread = tuple(self._live), self._thread
            self._live.clear()
            self._changed.notify()
        for exchange in running:
            exchange.cut()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for exchange in [late for late in self._live if late.ends <= now]:
                    self._live.discard(exchange)
                    exchange.cut()
                soonest = min((live.ends for live in self._live), default=None)
                self._changed.wait(None if soonest is None else soonest - now)
