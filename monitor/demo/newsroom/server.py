"""One outlet's web server on loopback: conditional GET, gzip, counters, faults on demand."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.server
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Literal

from monitor.demo.newsroom.feeds import Body

ServerFault = Literal["500", "hang", "challenge", "empty"]
FAULTS: tuple[ServerFault, ...] = ("500", "hang", "challenge", "empty")
GZIP_FROM = 400
CHALLENGE = b"""<!DOCTYPE html><html><head><title>Just a moment</title></head><body>
<noscript>Please switch JavaScript on.</noscript><form id="challenge-form" action="/check" method="post">
</form><script>document.forms[0].submit()</script></body></html>"""


class Site:
    """Serves one outlet. ``answer`` gives the body of a path, None when there is no such page.

    ``asked`` is called once a request with its path and whether the answer was 304.
    """

    def __init__(self, *, answer: Callable[[str], Body | None], asked: Callable[[str, bool], None]) -> None:
        self.answer = answer
        self.asked = asked
        self.fault: ServerFault | None = None
        self._mended = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        )

    @property
    def port(self) -> int:
        """The port that the operating system gave."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, drop open connections, free the port."""
        self._server.shutdown()
        self._thread.join()
        self.hint()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            # The client may have closed it a moment ago.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def break_(self, fault: ServerFault) -> None:
        """Answer every request with this fault from now on."""
        self._mended.clear()
        self.fault = fault

    def hint(self) -> None:
        """Answer properly again; requests that hang are dropped."""
        self.fault = None
        self._mended.set()

    def wait_for_mend(self) -> None:
        """Return once the fault is mended."""
        self._mended.wait()

    def opened(self, connection: socket.socket) -> None:
        """Remember a connection, so that ``stop`` can end it."""
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        with self._lock:
            self._open.discard(connection)


class _Server(http.server.ThreadingHTTPServer):
    # Non-daemon threads are joined by server_close: nothing outlives stop().
    daemon_threads = False
    request_queue_size = 128
    site: Site

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Newsroom"
    sys_version = ""
    timeout = 30
    wbufsize = -1  # headers and body leave in one packet
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.site.opened(self.connection)

    def finish(self) -> None:
        self.server.site.closed(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Requests are counted, not printed."""

    def do_GET(self) -> None:
        site = self.server.site
        path = self.path.split("?", 1)[0]
        fault = site.fault
        if fault is not None:
            site.asked(path, False)
            self._misbehave(fault)
            return
        body = site.answer(path)
        if body is None:
            site.asked(path, False)
            self._send(HTTPStatus.NOT_FOUND, b"<!DOCTYPE html><title>404</title><p>404</p>", {})
            return
        tag = f'W/"{hashlib.sha256(body.data).hexdigest()[:20]}"'
        headers = {
            "Content-Type": body.content_type,
            "ETag": tag,
            "Last-Modified": _http_date(body.changed),
            "Cache-Control": "max-age=0, must-revalidate",
            "Vary": "Accept-Encoding",
        }
        unchanged = self._holds(tag, body.changed)
        site.asked(path, unchanged)
        if unchanged:
            self._send(HTTPStatus.NOT_MODIFIED, b"", headers)
            return
        data = body.data
        if self._takes_gzip() and len(data) >= GZIP_FROM and body.content_type != "application/gzip":
            data = gzip.compress(data, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self._send(HTTPStatus.OK, data, headers)

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def _misbehave(self, fault: ServerFault) -> None:
        html = {"Content-Type": "text/html; charset=utf-8"}
        if fault == "hang":
            self.server.site.wait_for_mend()
            self.close_connection = True
        elif fault == "500":
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, b"<!DOCTYPE html><p>Server error</p>", html)
        else:
            self._send(HTTPStatus.OK, CHALLENGE if fault == "challenge" else b"", html)

    def _holds(self, tag: str, changed: datetime) -> bool:
        """Whether the client has this version already (RFC 9110 §13: the tag outweighs the date)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            weak = {part.strip().removeprefix("W/") for part in tags.split(",")}
            return bool(weak & {tag.removeprefix("W/"), "*"})
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return changed.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):  # an unreadable or zoneless date is ignored
            return False

    def _takes_gzip(self) -> bool:
        return "gzip" in self.headers.get("Accept-Encoding", "")

    def _send(self, status: HTTPStatus, data: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)
