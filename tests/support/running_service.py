"""A whole service as a process, against the newsroom and the Bot API server on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import create_engine, text

from monitor.demo.newsroom.seeds import bundled
from monitor.demo.newsroom.service import Newsroom, NewsroomArticle
from tests.support.botapi.server import TOKEN, BotApiServer

CHATS = (100, -200)  # a person and a group
MAX_AGE_HOURS = 6
UP = "service runs"


@dataclass(slots=True)
class Running:
    """A ``monitor run`` process that can be killed and started again."""

    config: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    command: list[str] = field(default_factory=lambda: [sys.executable, "-m", "monitor", "run"])

    environment: dict[str, str] = field(default_factory=dict)
    starts: int = 0

    def start(self) -> None:
        self.starts = self.said().count(UP) + 1 if self.log.exists() else 1
        own = {"MONITOR_TELEGRAM_TOKEN": TOKEN, "MONITOR_WEB_LISTEN": "off"}
        environment = {**os.environ, **own, **self.environment}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "--config", str(self.config)], stderr=log, stdout=log, env=environment
            )

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.wait()

    def wait(self, timeout_s: float = 30.0) -> int:
        assert self.process is not None
        return self.process.wait(timeout_s)

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def up(self) -> bool:
        """Whether the process that was started last owns the store by now."""
        return self.said().count(UP) >= self.starts

    def busy(self) -> bool:
        """Whether the store holds entries to be read or alerts to be sent."""
        reads = "SELECT 1 FROM jobs WHERE kind = 'read' AND state != 'quarantined'"
        alerts = "SELECT 1 FROM deliveries WHERE kind = 'alert' AND state IN ('pending', 'sending', 'unsure')"
        return any(self.rows(query) for query in (reads, alerts))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What its store answers."""
        address = self.environment.get("MONITOR_STORE", f"sqlite:///{self.config / 'monitor.db'}")
        engine = create_engine(address)
        with engine.connect() as database:
            found = [tuple(row) for row in database.execute(text(query))]
        engine.dispose()
        return found

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


def outlets_in(languages: Collection[str], folder: Path) -> Path:
    """A newsroom's seeds with only the outlets in these languages: half the articles, a third of the time."""
    whole = bundled("seeds/newsroom")
    manifest = YAML(typ="safe").load(whole / "manifest.yaml")
    outlets = [row for row in manifest["outlets"] if row["language"] in languages]
    there = {row["id"] for row in outlets}
    articles = [row for row in manifest["articles"] if row["outlet"] in there]
    folder.mkdir()
    (folder / "articles").symlink_to(whole / "articles")
    with (folder / "manifest.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump({**manifest, "outlets": outlets, "articles": articles}, file)
    return folder


in_two_languages = pytest.mark.parametrize("newsroom", [("en", "ru")], indirect=True, ids=["en ru"])
"""For a test to which it does not matter how much news there is."""


def settled(running: Running, botapi: BotApiServer, *, calm_s: float = 3.0, timeout_s: float = 90.0) -> None:
    """Wait until nothing was to do and the ledger has not grown for ``calm_s`` seconds."""
    deadline = time.monotonic() + timeout_s
    count, since = -1, time.monotonic()
    while time.monotonic() < deadline:
        if not running.alive():
            pytest.fail(f"the service ended by itself: {running.said()[-2000:]}")
        now_there = len(botapi.ledger)
        if now_there != count or not running.up() or running.busy():
            count, since = now_there, time.monotonic()
        elif time.monotonic() - since > calm_s and count:
            return
        time.sleep(0.1)
    pytest.fail(f"the ledger still grows or stays empty after {timeout_s} s: {count} rows")


def until(condition: Callable[[], bool], *, timeout_s: float = 20.0) -> None:
    """Wait until ``condition`` holds; fail when it does not."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {timeout_s} s: {condition}")
        time.sleep(0.05)


def told(botapi: BotApiServer, newsroom: Newsroom, chat: int) -> list[NewsroomArticle]:
    """The articles that a chat was alerted of, in the order of the messages (edits and replies left out)."""
    by_address = {article.url: article for article in newsroom.articles if article.revision_of is None}
    found = []
    for row in botapi.ledger:
        if (
            row.chat_id == chat
            and row.method == "sendMessage"
            and row.reply_to is None
            and "href=" in row.html
        ):
            address = row.html.split('href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
            address = address.split("?", 1)[0].replace("/amp/", "/")
            found.append(by_address[address])
    return found


def placed(running: Running, newsroom: Newsroom) -> dict[str, str]:
    """Family → the story that the service placed it in."""
    stories = {}
    query = (
        "SELECT p.story_id, e.url FROM placements p "
        "JOIN articles a ON a.id = p.article_id JOIN entries e ON e.id = a.entry_id"
    )
    rows = {url.split("?", 1)[0].replace("/amp/", "/"): story for story, url in running.rows(query)}
    for article in newsroom.articles:
        if article.revision_of is None and article.url in rows:
            stories[article.family] = rows[article.url]
    return stories


def joined(running: Running) -> int:
    """How many stories turned out to be another one after both were told."""
    return int(running.rows("SELECT count(*) FROM stories WHERE told_with IS NOT NULL")[0][0])


def families(newsroom: Newsroom) -> tuple[set[str], set[str]]:
    """(families that must be told, families that must not) by the manifest."""
    must, must_not = set(), set()
    for article in newsroom.articles:
        if article.revision_of is not None:
            continue
        related = [other for other in newsroom.articles if other.family == article.family]
        old = all(
            other.age is not None and other.age.total_seconds() > MAX_AGE_HOURS * 3600 for other in related
        )
        if old or not (article.must or _open(article)):
            must_not.add(article.family)
        elif article.must:
            must.add(article.family)
    return must, must_not


def _open(article: NewsroomArticle) -> bool:
    """Whether the manifest leaves open if some topic matches."""
    topics = {
        "belarus",
        "lukashenko",
        "potash-sanctions",
        "political-prisoners",
        "us-belarus",
        "banks-sanctions",
    }
    return article.must_not != topics


def check_stories(running: Running, newsroom: Newsroom, botapi: BotApiServer, *, repeats: int = 0) -> None:
    """Every story that the manifest wants told was told once in each chat; nothing else was."""
    must, must_not = families(newsroom)
    stories = placed(running, newsroom)
    assert len(must) > 10
    for chat in CHATS:
        heard = [article.family for article in told(botapi, newsroom, chat)]
        counts = Counter(stories[family] for family in heard)
        assert {stories[family] for family in must} - set(counts) == set(), "lost"
        assert set(heard) & must_not == set(), "told though the manifest says no"
        extra = sum(counts.values()) - len(counts)
        assert extra <= repeats + joined(running), counts.most_common(5)
        answers = [row for row in botapi.ledger if row.chat_id == chat and row.reply_to]
        replies = Counter(row.reply_to for row in answers if " changed" not in row.text)
        assert max(replies.values(), default=0) <= 3 * (1 + repeats)
