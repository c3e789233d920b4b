"""HTTP for the Bot API server: bodies in, JSON answers out, connections that can be cut."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of a multipart body."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """A request's fields. Form fields come as text, nested ones as JSON text; JSON bodies as is."""

    fields: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The field as text; "" when it is not there."""
        found = self.fields.get(name)
        return "" if found is None else str(found)

    def number(self, name: str) -> int | None:
        """The field as a whole number; None when it is not one."""
        try:
            return int(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """The field as true or false."""
        return self.text(name).lower() in {"true", "1"}

    def nested(self, name: str) -> Any:
        """The field decoded from JSON; None when it is not there or no JSON."""
        found = self.fields.get(name)
        if not isinstance(found, str):
            return found
        try:
            return json.loads(found)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back. ``cut`` closes the connection without an answer."""

    status: int = 200
    body: Mapping[str, object] = field(default_factory=dict)
    cut: bool = False


def read_params(content_type: str, body: bytes, query: str = "") -> Params:
    """The fields of a JSON, form or multipart body and of the query string."""
    fields: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" and body:
        return Params(fields=fields | json.loads(body))
    if kind == "multipart/form-data":
        return _read_multipart(fields, content_type, body)
    fields.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Params(fields=fields)


def _read_multipart(fields: dict[str, Any], content_type: str, body: bytes) -> Params:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parsed = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    uploads: dict[str, Upload] = {}
    for part in parsed.iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if (file_name := part.get_filename()) is None:
            fields[name] = content.decode("utf-8", "replace")
        else:
            uploads[name] = Upload(name=file_name, content=content)
    return Params(fields=fields, uploads=uploads)


Answerer = Callable[[str, str, Params], Answer]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes; waiting for the first one's receipt costs 40 ms each.
    disable_nagle_algorithm = True
    server: HttpServer

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: the ledger is the log."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        _, _, rest = address.path.partition("/bot")
        token, _, method = rest.rpartition("/")
        if address.path.startswith("/file/bot"):
            self._give_file(*unquote(rest).partition("/")[::2])
            return
        try:
            params = read_params(self.headers.get("Content-Type", ""), body, address.query)
        except ValueError:
            answer = Answer(status=400, body={"ok": False, "description": "Bad Request: body"})
        else:
            answer = self.server.answerer(token, method, params)
        if answer.cut:
            self.close_connection = True
            return
        content = json.dumps(answer.body).encode()
        try:
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True  # the bot hung up first

    def _give_file(self, token: str, path: str) -> None:
        """``/file/bot<token>/<path>``, where getFile sends the client."""
        content = self.server.file_of(token, path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")


class HttpServer(ThreadingHTTPServer):
    """Loopback HTTP that ends every open connection when it is closed."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(
        self, port: int, answerer: Answerer, file_of: Callable[[str, str], bytes | None] = lambda *_: None
    ) -> None:
        self.answerer = answerer
        self.file_of = file_of
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember a connection before its thread starts."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection and forget it when it ends."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._open.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Bots that hang up are no news; anything else is a fault of this server."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def cut_all(self) -> None:
        """Cut every open connection, so that its thread ends."""
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it went away by itself
