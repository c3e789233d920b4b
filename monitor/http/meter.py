"""Bytes of an answer counted where they come in: at the socket, headers, chunk sizes and trailers included.

Limits on the body alone leave room for endless interim responses (RFC 9110 §15.2), trailers (RFC 9112
§7.1.2) and chunks of one byte, each of which costs CPU by the line.
"""

from __future__ import annotations

import io
import socket
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any, Final

from monitor.errors import TooLarge
from monitor.http.deadline import CURRENT, Exchange
from monitor.i18n.lazy import lazy

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# What may come beside the body: headers take a few thousand bytes, chunk sizes a few in a thousand.
MAX_BESIDE_BODY: Final = 262_144
_BUFFER: Final = 16_384


class Meter(io.RawIOBase):
    """A socket's bytes, counted. Raises ``TooLarge`` when most of what comes is no body."""

    def __init__(self, raw: socket.SocketIO, exchange: Exchange) -> None:
        super().__init__()
        self._raw = raw
        self._exchange = exchange
        exchange.wire_bytes = exchange.body_bytes = 0

    def readable(self) -> bool:
        """Reading is all that it does."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        """As the socket's; the body's own share is told by who reads it (``Exchange.body_bytes``)."""
        count = self._raw.readinto(buffer)
        exchange = self._exchange
        exchange.wire_bytes += count or 0
        if exchange.wire_bytes > MAX_BESIDE_BODY + 2 * exchange.body_bytes + _BUFFER:
            raise TooLarge(
                lazy(
                    "{host} sends more than {most} bytes beside the page itself "
                    "(interim answers, headers, chunk sizes or trailers)",
                    host=exchange.host,
                    most=f"{MAX_BESIDE_BODY:,}",
                )
            )
        return count

    def close(self) -> None:
        """Let go of the socket."""
        if not self.closed:
            self._raw.close()
        super().close()


class MeteredResponse(HTTPResponse):
    """The standard library's response over a ``Meter``; one is made for each request of a connection."""

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:  # noqa: ANN401  # as inherited
        super().__init__(sock, *args, **options)
        self.fp.close()
        self.fp = io.BufferedReader(Meter(sock.makefile("rb", buffering=0), CURRENT.get()), _BUFFER)
