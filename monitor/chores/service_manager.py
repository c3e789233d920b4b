"""Tells systemd that the service is ready, lives and stops (sd_notify); silent where nothing listens.

The protocol is a datagram with ``NAME=value`` lines to the socket that NOTIFY_SOCKET names. The kept package
for it (systemd-watchdog) reckons its beats by the wall clock, raises where the manager is busy and cannot say
that the service stops.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import structlog

SOCKET: Final = "NOTIFY_SOCKET"
WATCHDOG: Final = "WATCHDOG_USEC"
BEATS: Final = 6
"""In one of the manager's intervals: a beat that is lost, or a busy second, does no harm."""

log = structlog.get_logger(__name__)


class ServiceManager:
    """Between ``with`` and its end it beats as long as the service moves.

    ``idle_s`` says for how long what must move (the tick, the sender) has stood still; 0 while there is
    nothing to move. From half of the manager's interval on, no beat is sent, and the manager starts the
    service again.
    """

    def __init__(self, env: Mapping[str, str], *, idle_s: Callable[[], float]) -> None:
        name = env.get(SOCKET, "")
        self._address = f"\0{name[1:]}" if name.startswith("@") else name
        self._interval_s = int(env[WATCHDOG]) / 1e6 if env.get(WATCHDOG, "").isdecimal() else 0.0
        self._idle_s = idle_s
        self._over = threading.Event()
        self._silent = False

    def __enter__(self) -> Self:
        if self._address and self._interval_s:
            threading.Thread(target=self._beat, name="service manager", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self.say("STOPPING=1")

    def ready(self, status: str) -> None:
        """The start is over; ``status`` is what ``systemctl status`` shows."""
        self.say(f"READY=1\nSTATUS={status}")

    def say(self, text: str) -> None:
        """Send lines of the protocol. Never raises: nobody listens, or the manager is busy."""
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as talk:
            talk.setblocking(False)
            talk.sendto(text.encode(), self._address)

    def _beat(self) -> None:
        while not self._over.wait(self._interval_s / BEATS):
            idle_s = self._idle_s()
            if idle_s < self._interval_s / 2:
                self.say("WATCHDOG=1")
            elif not self._silent:
                self._silent = True
                log.error("the service stands still: its manager will start it again", idle_s=round(idle_s))
                self.say(f"STATUS=stands still for {idle_s:.0f} s")
