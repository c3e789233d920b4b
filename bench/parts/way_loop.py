"""The loop that people write, as ``bench/way.py`` compares with it.

requests for the feed and its pages, feedparser, trafilatura in its fast mode, a regular expression a
keyword, one row of SQLite for each article that matches. It knows no copies, no stories, no chats.

Run as ``python -m parts.way_loop PORT FEEDS PASSES FILE``: asks every feed once and tells
``{"cpu_s": …, "articles": …}``; at each further line of its input it asks all of them PASSES times more.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import time
from typing import Any

import feedparser
import requests
import trafilatura

from parts.way_pages import PEOPLE, address


class Loop:
    """Asks feeds, reads what it has not read, keeps what matches."""

    def __init__(self, port: int, feeds: int, file: str) -> None:
        self._urls = [f"http://{address(feed)}:{port}/feed" for feed in range(feeds)]
        self._session = requests.Session()
        self._tags: dict[str, str] = {}
        self._patterns = [re.compile(rf"\b{re.escape(name)}\w*", re.IGNORECASE) for name in PEOPLE]
        self._database = sqlite3.connect(file)
        self._database.execute(
            "CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, text TEXT, topics TEXT)"
        )
        self._seen: set[str] = set()
        self.articles = self.kept = 0

    def ask_all(self) -> None:
        """One pass over the feeds."""
        for url in self._urls:
            tag = self._tags.get(url)
            answer = self._session.get(url, headers={"If-None-Match": tag} if tag else {}, timeout=10)
            if answer.status_code == requests.codes.not_modified:
                continue
            self._tags[url] = answer.headers.get("ETag", "")
            for entry in feedparser.parse(answer.content).entries:
                if entry.id + url not in self._seen:
                    self._seen.add(entry.id + url)
                    self._read(entry)

    def _read(self, entry: Any) -> None:
        self.articles += 1
        page = self._session.get(entry.link, timeout=10).content
        text = trafilatura.extract(page, fast=True) or ""
        whole = f"{entry.title}\n{text}"
        topics = [pattern.pattern for pattern in self._patterns if pattern.search(whole)]
        if topics:
            self.kept += 1
            row = (entry.link, entry.title, text, ",".join(topics))
            with self._database:
                self._database.execute("INSERT OR IGNORE INTO articles VALUES (?, ?, ?, ?)", row)


def main() -> None:
    port, feeds, passes, file = sys.argv[1:5]
    loop = Loop(int(port), int(feeds), file)
    trafilatura.extract(
        "<html><body><p>Once, for what is loaded once a process.</p></body></html>", fast=True
    )
    loop.ask_all()
    while True:
        told = {"cpu_s": time.process_time(), "articles": loop.articles, "kept": loop.kept}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        if not sys.stdin.readline():
            return
        for _ in range(int(passes)):
            loop.ask_all()


if __name__ == "__main__":
    main()
