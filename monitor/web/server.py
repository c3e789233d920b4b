"""Listens for the desk, and loads it when the first browser comes."""

from __future__ import annotations

import re
import select
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from monitor.errors import StoreError
from monitor.model import WebSettings
from monitor.ports import Ports

if TYPE_CHECKING:
    import uvicorn

STOP_S: Final = 5.0
MOST_AT_ONCE: Final = 64
MOST_HEADER_BYTES: Final = 32_768
_LOOPBACK: Final = re.compile(r"localhost|127(?:\.\d{1,3}){3}|\[?::1\]?")

log = structlog.get_logger(__name__)


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, False)
    """
    return _LOOPBACK.fullmatch(host) is not None


class DeskServer:
    """Serves the desk in a thread of its own until ``stop``.

    It never keeps the service from running: a port that is taken, or a place that others reach while there
    is no account, is told in the log and the service goes on without pages.
    """

    def __init__(self, ports: Ports, folder: Path, settings: WebSettings) -> None:
        self._ports = ports
        self._folder = folder
        self._settings = settings
        self._socket: socket.socket | None = None
        self._wake: tuple[socket.socket, socket.socket] | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    @property
    def port(self) -> int:
        """The port that is listened on; 0 when there is none."""
        return int(self._socket.getsockname()[1]) if self._socket is not None else 0

    def start(self) -> None:
        """Listen; the first connection loads the rest."""
        host, _, port = self._settings.listen.rpartition(":")
        try:
            if not is_loopback(host) and not self._ports.store.accounts.exist():
                log.error(
                    "the desk is not served: others can reach this place, and there is no account yet; "
                    "make one with `monitor web adduser NAME`, or listen on 127.0.0.1",
                    listen=self._settings.listen,
                )
                return
            self._socket = _listening(host.strip("[]"), int(port))
        except (OSError, OverflowError, StoreError) as error:
            log.warning("the desk is not served", listen=self._settings.listen, error=str(error))
            return
        self._wake = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, name="desk", daemon=True)
        self._thread.start()
        log.info("desk", address=f"http://{host}:{self.port}/")

    def stop(self) -> None:
        """Stop listening; requests that run have a moment to end."""
        self._stopping.set()
        if self._server is not None:
            self._server.should_exit = True
        if self._wake is not None:
            with suppress(OSError):
                self._wake[1].send(b"\0")
        if self._thread is not None:
            self._thread.join(STOP_S)
        for each in (self._socket, *(self._wake or ())):
            if each is not None:
                each.close()

    def _serve(self) -> None:
        assert self._socket is not None
        assert self._wake is not None
        select.select([self._socket, self._wake[0]], [], [])
        if self._stopping.is_set():
            return
        try:
            self._run(self._socket)
        except Exception:  # the desk may fail; the service goes on
            log.exception("the desk ended")

    def _run(self, listening: socket.socket) -> None:
        # Half a second of imports: paid by the first who looks, not by each start of the service.
        import uvicorn  # noqa: PLC0415

        from monitor.web.application import application  # noqa: PLC0415

        host = self._settings.listen.rpartition(":")[0]
        config = uvicorn.Config(
            application(self._ports, self._folder, self._settings, loopback=is_loopback(host)),
            log_config=None,
            access_log=False,
            lifespan="off",
            proxy_headers=False,  # the guard believes listed proxies only
            server_header=False,
            http="h11",
            ws="none",
            loop="asyncio",
            limit_concurrency=MOST_AT_ONCE,
            h11_max_incomplete_event_size=MOST_HEADER_BYTES,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        if self._stopping.is_set():
            return
        self._server.run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens on ``host``; raises OSError when the place is not free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made
