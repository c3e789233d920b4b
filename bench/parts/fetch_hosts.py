"""Two thousand outlets on loopback for ``bench/fetch.py``: one process, one address each (127.1.x.y).

Run as ``python bench/parts/fetch_hosts.py HOSTS HANGING SLOW``: prints its port, serves until its
input ends, and answers the line ``count`` with how many requests came.
"""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import sys
from typing import Final

CHANGED_EVERY: Final = 10
ENTRIES: Final = 20
DRIP_S: Final = 0.5


def address(number: int) -> str:
    """The loopback address of host ``number``."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


class Hosts:
    """What each host lists, and how it behaves: the first ones hang, the next drip their headers."""

    def __init__(self, hanging: int, slow: int) -> None:
        self.hanging = hanging
        self.slow = slow
        self.asked = 0
        self._looks: dict[int, int] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name: str = writer.get_extra_info("sockname")[0]
        _, _, high, low = name.split(".")
        number = int(high) * 250 + int(low) - 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.asked += 1
                await self._answer(number, head, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, number: int, head: bytes, writer: asyncio.StreamWriter) -> None:
        if number < self.hanging:
            await asyncio.sleep(3_600)
        elif number < self.hanging + self.slow:
            writer.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                writer.write(b"X")
                await writer.drain()
                await asyncio.sleep(DRIP_S)
        look = self._looks[number] = self._looks.get(number, number % CHANGED_EVERY) + 1
        version = look // CHANGED_EVERY
        tag = b'"v%d"' % version
        if b"If-None-Match: " + tag in head:
            writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % tag)
            return
        body = feed(number, version)
        writer.write(b"HTTP/1.1 200 OK\r\nETag: %s\r\nContent-Length: %d\r\n\r\n%s" % (tag, len(body), body))


def feed(number: int, version: int) -> bytes:
    """Twenty entries with one new one on top; the others are one and the same, so that polls are measured
    and not the reading of two thousand outlets' archives."""
    items = "".join(
        f"<item><title>Outlet {number} reports number {entry}</title><link>/{entry}</link>"
        f"<description>The council of town {entry} met on Monday and spoke for an hour.</description></item>"
        for entry in [version, *[0] * (ENTRIES - 1)]
    )
    return f"<rss version='2.0'><channel><title>Outlet {number}</title>{items}</channel></rss>".encode()


async def main() -> None:
    count, hanging, slow = (int(text) for text in sys.argv[1:4])
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    hosts = Hosts(hanging, slow)
    first = socket.create_server((address(0), 0))
    port = first.getsockname()[1]
    listeners = [first, *(socket.create_server((address(n), port)) for n in range(1, count))]
    for listener in listeners:
        await asyncio.start_server(hosts.serve, sock=listener, backlog=64)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        sys.stdout.write(f"{hosts.asked}\n")
        sys.stdout.flush()
    os._exit(0)  # hosts that hang need not be waited for


if __name__ == "__main__":
    asyncio.run(main())
