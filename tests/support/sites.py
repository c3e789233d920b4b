"""Whole small sites from ``tests/data/discovery``, served on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

SHAPES = Path(__file__).parents[1] / "data" / "discovery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A page shape: what it is about, what is served, where to start, what is to be found."""

    name: str
    about: str
    start: str
    expect: Mapping[str, Any]
    routes: Mapping[str, Mapping[str, Any]]


def shapes() -> list[Shape]:
    """Every shape, in the order of the file names."""
    yaml = YAML(typ="safe")
    return [Shape(name=path.stem, **yaml.load(path)) for path in sorted(SHAPES.glob("*.yaml"))]


@contextmanager
def served(shape: Shape) -> Iterator[str]:
    """The shape on loopback; gives ``http://127.0.0.1:port``. Its ``www`` host is ``localhost``."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = (self.headers["Host"] or "").partition(":")[0]
            path = self.path if self.path in shape.routes else self.path.partition("?")[0]
            key = f"www:{path}" if host == "localhost" else path
            given = shape.routes.get(key) or shape.routes.get("*") or {"status": 404, "body": "none"}
            self._give(given)

        def _give(self, given: Mapping[str, Any]) -> None:
            port = server.server_port
            names = {"{site}": f"http://127.0.0.1:{port}", "{www}": f"http://localhost:{port}"}
            body, target = str(given.get("body", "")), str(given.get("redirect", ""))
            for name, address in names.items():
                body, target = body.replace(name, address), target.replace(name, address)
            data = body.encode(given.get("charset", "utf-8"))
            self.send_response(given.get("status", 200))
            self.send_header("Content-Type", given.get("type", "text/plain"))
            self.send_header("Content-Length", str(len(data)))
            if target:
                self.send_header("Location", target)
            for name, value in given.get("headers", {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
