"""Twenty thousand outlets on loopback for ``bench/scale.py``: one process, an address each (127.x.y.z).

Run as ``python bench/parts/scale_hosts.py ARTICLES RELEVANT_PERCENT``: prints its port, serves until its
input ends, and answers each line with a JSON object: requests so far, the most at once to one host.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

TAG: Final = '"v"'
TOOK_S: Final = 0.004
_SYLLABLES: Final = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("n", "r", "st", "k", "")]
_MENU: Final = "".join(f'<li><a href="/section/{n}">Section number {n}</a></li>' for n in range(150))


def address(number: int) -> str:
    """The loopback address of host ``number``."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"


class Outlets:
    """Feeds ``/f/SOURCE`` that have not changed, lists ``/l/SOURCE`` of articles, pages ``/a/NUMBER``."""

    def __init__(self, articles: int, relevant_percent: int) -> None:
        self.articles = articles
        self.relevant_percent = relevant_percent
        self.asked = 0
        self.most_at_once = 0
        self._now: Counter[str] = Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        host: str = writer.get_extra_info("sockname")[0]
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.asked += 1
                self._now[host] += 1
                self.most_at_once = max(self.most_at_once, self._now[host])
                try:
                    await asyncio.sleep(TOOK_S)
                    writer.write(self._answer(head))
                finally:
                    self._now[host] -= 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, head: bytes) -> bytes:
        _, kind, number = head.split(b" ", 2)[1].decode().split("/")
        if kind == "f" and TAG.encode() in head:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {TAG}\r\n\r\n".encode()
        body = self._list(number) if kind in {"f", "l"} else page(int(number), self.relevant_percent)
        found = f"HTTP/1.1 200 OK\r\nETag: {TAG}\r\nContent-Type: text/html; charset=utf-8\r\n"
        return f"{found}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def _list(self, source: str) -> bytes:
        at = (datetime.now(UTC) - timedelta(minutes=5)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        first = int(source) * self.articles
        items = "".join(
            f"<item><title>{headline(number, self.relevant_percent)}</title><link>/a/{number}</link>"
            f"<pubDate>{at}</pubDate></item>"
            for number in range(first, first + self.articles)
        )
        return f"<rss version='2.0'><channel><title>Outlet {source}</title>{items}</channel></rss>".encode()


def words(number: int, count: int) -> list[str]:
    """Words of an event of its own."""
    dice = random.Random(number)
    return [dice.choice(_SYLLABLES) + dice.choice(_SYLLABLES) for _ in range(count)]


@cache
def headline(number: int, relevant_percent: int) -> str:
    """What the article is called; the relevant ones bear the topic's word."""
    about = "Lukashenko" if number % 100 < relevant_percent else "The council"
    return f"{about} on {' '.join(words(number, 4))}"


def page(number: int, relevant_percent: int) -> bytes:
    """A page of some 20 kB, a fifth of it the article."""
    title, told = headline(number, relevant_percent), words(number, 500)
    paragraphs = "".join(f"<p>{' '.join(told[at : at + 50]).capitalize()}.</p>" for at in range(0, 500, 50))
    return (
        f"<html lang=en><head><title>{title}</title></head><body><nav><ul>{_MENU}</ul></nav>"
        f"<article><h1>{title}</h1>{paragraphs}</article><footer><ul>{_MENU}</ul></footer></body></html>"
    ).encode()


async def main() -> None:
    """Serve until the input ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    del soft
    outlets = Outlets(int(sys.argv[1]), int(sys.argv[2]))
    server = await asyncio.start_server(outlets.serve, "0.0.0.0", 0, backlog=4096)  # noqa: S104 - all of 127/8
    print(server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps({"asked": outlets.asked, "most_at_once": outlets.most_at_once}), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
