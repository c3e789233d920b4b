"""Outlets on loopback for ``bench/memory.py``: many feeds on several ports of this process."""

from __future__ import annotations

import random
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMON = [
    "the",
    "envoy",
    "spoke",
    "with",
    "officials",
    "about",
    "trade",
    "and",
    "the",
    "price",
    "of",
    "letters",
    "while",
    "groups",
    "waited",
    "for",
    "an",
    "answer",
]
SYLLABLES = [
    "ba",
    "de",
    "fi",
    "go",
    "lu",
    "ma",
    "ne",
    "pi",
    "ro",
    "sa",
    "te",
    "vu",
    "zi",
    "ka",
    "lo",
    "mi",
    "nu",
    "ra",
    "so",
    "ti",
]
# Every article is an event of its own: its names and rare words are drawn from 8,000.
RARE = ["".join(SYLLABLES[n // 20**place % 20] for place in range(3)) for n in range(8000)]


@dataclass(slots=True)
class Published:
    """One article of the bench."""

    number: int
    at: datetime
    matching: bool

    @property
    def title(self) -> str:
        subject = "Lukashenko" if self.matching else "The council"
        one, two, three = (word.capitalize() for word in self._rare()[:3])
        return f"{subject} statement on {one} {two} number {self.number} was read out in {three}"

    def _rare(self) -> list[str]:
        return random.Random(self.number).sample(RARE, 60)

    def _words(self) -> Iterator[str]:
        dice, rare = random.Random(self.number), self._rare()
        for _ in range(450):
            yield dice.choice(rare if dice.random() < 0.4 else COMMON)

    def page(self) -> str:
        filler = " ".join(self._words())
        paragraphs = "".join(f"<p>{filler[i : i + 500]}.</p>" for i in range(0, len(filler), 500))
        menu = "".join(f"<li><a href='/s/{i}'>Section {i}</a></li>" for i in range(60))
        return (
            f"<html lang=en><head><title>{self.title}</title></head><body><nav><ul>{menu}</ul></nav>"
            f"<article><h1>{self.title}</h1><p>{self.title} in Minsk, case {self.number}.</p>"
            f"{paragraphs}</article>"
            f"<footer><ul>{menu}</ul></footer></body></html>"
        )


class Server(ThreadingHTTPServer):
    """One that says nothing of clients that were killed."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Outlets:
    """Many feeds on several ports of one process: each feed lists what was published in it."""

    def __init__(self, feeds: int, ports: int = 20) -> None:
        self._articles: dict[int, list[Published]] = defaultdict(list)
        self._lock = threading.Lock()
        outlets = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if not self.path.strip("/")[:1].isdigit():  # robots.txt: no rules
                    self.send_error(404)
                    return
                body, kind = outlets.answer(self.path)
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._servers = [Server(("127.0.0.1", 0), Handler) for _ in range(ports)]
        for server in self._servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.feeds = feeds

    def url(self, feed: int) -> str:
        server = self._servers[feed % len(self._servers)]
        return f"http://127.0.0.1:{server.server_address[1]}/{feed}"

    def publish(self, feed: int, number: int, *, matching: bool) -> None:
        with self._lock:
            self._articles[feed].append(Published(number=number, at=datetime.now(UTC), matching=matching))

    def answer(self, path: str) -> tuple[bytes, str]:
        feed, _, number = path.strip("/").partition("/")
        with self._lock:
            articles = list(self._articles[int(feed)])
        if number:
            page = next(item for item in articles if item.number == int(number))
            return page.page().encode(), "text/html; charset=utf-8"
        items = "".join(
            f"<item><title>{item.title}</title><link>{self.url(int(feed))}/{item.number}</link>"
            f"<guid>{item.number}</guid><pubDate>{format_datetime(item.at)}</pubDate></item>"
            for item in articles[-50:]
        )
        text = f"<rss version='2.0'><channel><title>Feed {feed}</title><link>x</link>{items}</channel></rss>"
        return text.encode(), "application/rss+xml"
