"""Outlets with real pages for ``bench/way.py``: one process, one loopback address a feed (127.1.x.y).

Run as ``python -m parts.way_pages FEEDS PAGES``: prints its port, then obeys lines of its input:
``publish FROM TO RELEVANT_PER_CENT`` publishes articles of these numbers, round and round the feeds, and
``count`` tells how many feeds and pages were asked for. Each article is one of the captured pages in
which seven words of ten are words of other pages, so that no two have one text.
"""

from __future__ import annotations

import asyncio
import gzip
import html
import json
import random
import re
import resource
import socket
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final

PEOPLE: Final = [
    "Lukashenko", "Tsikhanouskaya", "Kalesnikava", "Bialiatski", "Karankevich",
    "Belaruskali", "Grodnoazot", "Naftan", "Belneftekhim", "Svetlogorsk",
    "Baranovichi", "Soligorsk", "Vitebsk", "Mogilev", "Grodno",
    "Brest-Litovsk", "Kochanova", "Golovchenko", "Volfovich", "Khrenin",
]  # fmt: skip
"""What the topics ask for, one each; no captured page holds any of them."""
SYLLABLES: Final = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
_PIECES = re.compile(r"(<script.*?</script>|<style.*?</style>|<[^>]*>)", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]{5,}")


def address(number: int) -> str:
    """The loopback address of feed ``number``."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


@dataclass(frozen=True, slots=True)
class Captured:
    """A page cut into markup and text (odd places and even ones), and the words of its article."""

    pieces: list[str]
    words: list[str]


def captured(folder: Path) -> list[Captured]:
    """The captured pages that say which words are theirs."""
    truth = json.loads((folder / "truth.json").read_text())
    found = []
    for name, facts in sorted(truth.items()):
        text = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()).decode("utf-8", "replace")
        words = sorted({word for word in _WORD.findall(facts["articleBody"]) if word.islower()})
        found.append(Captured(_PIECES.split(text), words))
    return found


def made_up(chance: random.Random) -> str:
    """A name of four syllables."""
    return "".join(chance.choices(SYLLABLES, k=4))


def all_words(pages: list[Captured]) -> list[str]:
    """Every word of the captured articles, once a page: new articles use old words, as news does."""
    return [word for page in pages for word in page.words]


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its headline, its page and when it was published."""

    number: int
    headline: str
    page: bytes
    at: datetime


def article(number: int, pages: list[Captured], words: list[str], *, relevant: bool) -> Article:
    """Article ``number`` of the captured pages, about one of ``PEOPLE`` when ``relevant``."""
    base, chance = pages[number % len(pages)], random.Random(number)
    changed = {word: chance.choice(words) for word in base.words if chance.random() < 0.7}

    def other(text: str) -> str:
        return _WORD.sub(lambda found: changed.get(found[0], found[0]), text)

    person = PEOPLE[number // 20 % len(PEOPLE)] if relevant else made_up(chance).capitalize()
    about = " ".join(made_up(chance) for _ in range(5))
    headline = f"{person} on {about} number {number}"
    pieces = [other(piece) if place % 2 == 0 else piece for place, piece in enumerate(base.pieces)]
    text = "".join(pieces)

    def title(found: re.Match[str]) -> str:
        return f"{found[1]}{html.escape(headline)}{found[3]}"

    text = re.sub(r"(<title[^>]*>)(.*?)(</title>)", title, text, count=1, flags=re.DOTALL | re.IGNORECASE)
    text = re.sub(r"(<h1[^>]*>)(.*?)(</h1>)", title, text, count=1, flags=re.DOTALL | re.IGNORECASE)
    lead = f"<p>{person} spoke of {chance.choice(words)} in {made_up(chance).capitalize()} on case {number}, "
    text = re.sub(r"<p[^>]*>", lambda found: lead + "it was told.</p>" + found[0], text, count=1)
    return Article(number, headline, text.encode(), datetime.now(UTC))


class Outlets:
    """What each feed lists, and how often feeds and pages were asked for."""

    def __init__(self, feeds: int, pages: list[Captured]) -> None:
        self.feeds = feeds
        self.pages = pages
        self.words = all_words(pages)
        self.listed: dict[int, list[Article]] = defaultdict(list)
        self.asked = {"feeds": 0, "pages": 0}
        self.port = 0

    def publish(self, first: int, last: int, per_cent: int) -> None:
        every = 100 // per_cent
        for number in range(first, last):
            made = article(number, self.pages, self.words, relevant=number % every == 0)
            self.listed[number % self.feeds].append(made)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, _, high, low = writer.get_extra_info("sockname")[0].split(".")
        feed = int(high) * 250 + int(low) - 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self._answer(feed, head.split(b" ", 2)[1].decode(), head))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, feed: int, path: str, head: bytes) -> bytes:
        if path.startswith("/feed"):
            self.asked["feeds"] += 1
            tag = b'"v%d"' % len(self.listed[feed])
            if b"If-None-Match: " + tag in head:
                return b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % tag
            return _ok(self._feed(feed), b"application/rss+xml", b"ETag: %s\r\n" % tag)
        if path.startswith("/a/"):
            self.asked["pages"] += 1
            number = int(path[3:])
            page = next(one for one in self.listed[feed] if one.number == number).page
            return _ok(page, b"text/html; charset=utf-8")
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    def _feed(self, feed: int) -> bytes:
        items = "".join(
            f"<item><title>{html.escape(one.headline)}</title>"
            f"<link>http://{address(feed)}:{self.port}/a/{one.number}</link><guid>{one.number}</guid>"
            f"<pubDate>{format_datetime(one.at)}</pubDate></item>"
            for one in self.listed[feed][-50:]
        )
        channel = f"<channel><title>Feed {feed}</title><link>x</link>{items}</channel>"
        return f"<rss version='2.0'>{channel}</rss>".encode()


def _ok(body: bytes, kind: bytes, more: bytes = b"") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n" % (kind, len(body), more)
    return head + body


async def main() -> None:
    feeds, folder = int(sys.argv[1]), Path(sys.argv[2])
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    outlets = Outlets(feeds, captured(folder))
    first = socket.create_server((address(0), 0))
    outlets.port = first.getsockname()[1]
    for listener in [first, *(socket.create_server((address(n), outlets.port)) for n in range(1, feeds))]:
        await asyncio.start_server(outlets.serve, sock=listener, backlog=64)
    _say(outlets.port)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        match line.split():
            case ["publish", *numbers]:
                outlets.publish(*map(int, numbers))
        _say(json.dumps(outlets.asked))


def _say(what: Any) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
