"""A web server on loopback that misbehaves as told: it writes bytes, not proper answers."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came: path with query, headers by lower-case name."""

    path: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class Talk:
    """What a scripted reply is given. ``stop`` is set when the server shuts down."""

    sock: socket.socket
    asked: Asked
    stop: threading.Event

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def drip(self, data: bytes, *, every_s: float = 0.02) -> None:
        """Send byte by byte, over and over, until the other side has gone or the server stops."""
        while not self.stop.is_set():
            for byte in data:
                self.send(bytes([byte]))
                if self.stop.wait(every_s):
                    return

    def pour(self, data: bytes) -> None:
        """Send ``data`` again and again for as long as anybody takes it."""
        while not self.stop.is_set():
            self.send(data)

    def reset(self) -> None:
        """Close with a reset instead of an end."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


# Bytes leave the connection open for the next request; a function's end closes it.
Reply = bytes | Callable[[Talk], None]


def answer(body: bytes = b"", *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A proper answer with Content-Length (or a false one, when ``length`` is given)."""
    size = len(body) if length is None else length
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {size}", *headers))
    return head.encode("latin-1") + HEAD_END + body


@dataclass(slots=True, eq=False)
class HostileServer:
    """Serves ``replies`` by path (query cut off) on 127.0.0.1 until closed; keeps what was asked."""

    replies: dict[str, Reply]
    tls: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _open: list[socket.socket] = field(default_factory=list)
    _listener: socket.socket = field(init=False)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._spawn(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in list(self._open):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def _spawn(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            self._spawn(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self.tls:
                sock = self.tls.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            with suppress(OSError):
                while self._turn(sock):
                    pass
        except (ssl.SSLError, OSError):
            pass  # the client gave up, as it often should
        finally:
            sock.close()

    def _turn(self, sock: socket.socket) -> bool:
        """Answer one request; False when the connection is to be closed."""
        asked = _read_request(sock)
        if asked is None:
            return False
        self.asked.append(asked)
        reply = self.replies.get(asked.path.partition("?")[0], answer(status="404 Not Found"))
        if isinstance(reply, bytes):
            sock.sendall(reply)
            return True
        reply(Talk(sock, asked, self._stop))
        return False


def _read_request(sock: socket.socket) -> Asked | None:
    head = b""
    while HEAD_END not in head:
        more = sock.recv(65_536)
        if not more:
            return None
        head += more
    first, *lines = head.partition(HEAD_END)[0].decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return Asked(first.split(" ")[1], {name.lower(): value.strip() for name, _, value in pairs})
