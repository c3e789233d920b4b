"""An HTTP server that strangers may talk to: bounded in time, size and number of clients."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Protocol, Self
from urllib.parse import urlsplit

import structlog

DEADLINE_S: Final = 15.0
MOST_AT_ONCE: Final = 32
_DIGITS: Final = 12

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered: a status code (RFC 9110 §15) and a text."""

    status: int
    text: str
    kind: str = "text/plain"

    @classmethod
    def json(cls, status: int, **body: object) -> Self:
        """An object as JSON."""
        return cls(status=status, text=json.dumps(body, ensure_ascii=False), kind="application/json")


class Gate(Protocol):
    """Who decides what is answered. Called from several threads at once."""

    @property
    def limit(self) -> int: ...
    def get(self, path: str, query: str) -> Answer: ...
    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer: ...


class BoundedServer(ThreadingHTTPServer):
    """One thread a request, at most 32 at once, 15 seconds each.

    When all places are taken, the client that has been sending its request for longest is cut for the new
    one: requests that are opened and left half said shut nobody out.
    """

    daemon_threads = True
    request_queue_size = 128
    block_on_close = False  # a client that hangs must not hold the service's end

    def __init__(self, address: tuple[str, int], gate: Gate) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.gate = gate
        self._reading: dict[Any, None] = {}
        self._answering: set[Any] = set()
        self._lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # as inherited
        """Take a place, if need be that of the client that has been sending for longest, or hang up."""
        with self._lock:
            full = len(self._reading) + len(self._answering) >= MOST_AT_ONCE
            slowest = next(iter(self._reading), None) if full else None
            if slowest is not None:
                del self._reading[slowest]
                with suppress(OSError):
                    slowest.shutdown(socket.SHUT_RDWR)
            if not full or slowest is not None:
                self._reading[request] = None
        if full and slowest is None:
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def is_read(self, request: Any) -> bool:  # noqa: ANN401  # a socket, or what wraps one
        """Note that a request has come whole; False when its place was given to another one."""
        with self._lock:
            if request not in self._reading:
                return False
            del self._reading[request]
            self._answering.add(request)
            return True

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401  # as inherited
        """Give the place back: this is called at the end of each request, whatever happens."""
        with self._lock:
            self._reading.pop(request, None)
            self._answering.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002
        """Clients break off; that is no news."""
        log.debug("receiver: a client broke off", client=str(client_address))


class _Handler(BaseHTTPRequestHandler):
    server: BoundedServer
    server_version = "CoverageMonitor"
    sys_version = ""
    timeout = DEADLINE_S

    def setup(self) -> None:
        # The socket's timeout bounds one read; this bounds the whole request, however it drips.
        self._cut = threading.Timer(DEADLINE_S, self._hang_up)
        self._cut.daemon = True
        self._cut.start()
        super().setup()

    def finish(self) -> None:
        self._cut.cancel()
        with suppress(OSError):
            super().finish()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def do_GET(self) -> None:
        if self.server.is_read(self.request):
            parts = urlsplit(self.path)
            self._answer(self.server.gate.get(parts.path, parts.query))

    def do_POST(self) -> None:
        announced = self.headers.get("Content-Length", "")
        if not announced.isdecimal() or len(announced) > _DIGITS:
            self._answer(Answer.json(411, error="the post does not say its length"))
            return
        limit = self.server.gate.limit
        if int(announced) > limit:
            self._answer(Answer.json(413, error=f"the post is larger than {limit:,} bytes"))
            return
        body = self.rfile.read(int(announced))
        if len(body) == int(announced) and self.server.is_read(self.request):
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._answer(self.server.gate.post(urlsplit(self.path).path, headers, body))

    def _answer(self, answer: Answer) -> None:
        data = answer.text.encode("utf-8", "replace")
        self.send_response(answer.status, HTTPStatus(answer.status).phrase)
        self.send_header("Content-Type", f"{answer.kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Paths may hold tokens: nothing of a request is logged here."""
