"""An editor adds outlets from the chat: a site is looked at over HTTP, the operator's files are written."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app import load_rulebook
from monitor.bot import Bot
from monitor.bot.additions import SourceAdditions
from monitor.http.fetcher import HttpFetcher
from monitor.model import FetchSettings, Person, TelegramSettings
from monitor.ports import Store
from monitor.store import open_store
from tests.support.botapi.server import BotApiServer
from tests.support.sites import Shape, served

ADMIN, EDITOR, READER = 900, 601, 602
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FEED = """<rss version="2.0"><channel><title>El Diario - RSS</title>
<item><title>La mina abre</title><link>{site}/mina</link></item>
<item><title>El mercado cumple</title><link>{site}/mercado</link></item></channel></rss>"""
FRONT = """<html lang="es"><head><title>El Diario</title>
<link rel="alternate" type="application/rss+xml" href="/feed.xml"></head>
<body><h1>El Diario</h1></body></html>"""
OPML = """<?xml version="1.0"?><opml version="2.0"><body>
<outline text="One &amp; only" xmlUrl="https://one.example/rss"/>
<outline text="Two" xmlUrl="https://two.example/rss"/>
<outline text="Odd" xmlUrl="ftp://odd.example/"/></body></opml>"""
SITE = Shape(
    name="diario",
    about="a small outlet",
    start="/",
    expect={},
    routes={
        "/": {"type": "text/html", "body": FRONT},
        "/feed.xml": {"type": "application/rss+xml", "body": FEED},
        "/list.opml": {"type": "text/x-opml", "body": OPML},
    },
)


@dataclasses.dataclass
class Desk:
    server: BotApiServer
    store: Store
    folder: Path

    def said(self, text: str, *, user: int = ADMIN, file: tuple[str, bytes] | None = None) -> str:
        before = len(self.server.ledger)
        self.server.say(user, text, file=file)
        return self.server.wait(lambda rows: len(rows) > before)[-1].text

    def tapped(self, text: str, *, user: int = ADMIN) -> str:
        before = len(self.server.ledger)
        self.server.tap(user, text)
        return self.server.wait(lambda rows: len(rows) > before)[-1].text

    @property
    def written(self) -> str:
        path = self.folder / "sources" / "chat.yaml"
        return path.read_text(encoding="utf-8") if path.exists() else ""


@contextmanager
def bot(folder: Path, server: BotApiServer, store: Store) -> Iterator[None]:
    settings = TelegramSettings(
        token=server.token, base_url=server.base_url, access="invite", admins=(ADMIN,)
    )
    rulebook = load_rulebook(folder, env={})
    changed = dataclasses.replace(rulebook.settings, telegram=settings)
    inforce = dataclasses.replace(rulebook, settings=changed)
    web = FetchSettings(allow_private=True, host_delay_s=0.0)
    fetcher = HttpFetcher(web, version="0", now=lambda: datetime.now(UTC))
    adds = SourceAdditions(folder, fetch=fetcher, rulebook=lambda: inforce, now=lambda: NOW)
    made = Bot(store=store, rulebook=lambda: inforce, now=lambda: NOW, settings=settings, additions=adds)
    made.start()
    try:
        yield
    finally:
        made.stop()
        fetcher.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "config"
    (folder / "topics").mkdir(parents=True)
    (folder / "topics" / "a.yaml").write_text("topics: [{id: metal, query: lithium}]\n", encoding="utf-8")
    store = open_store(f"sqlite:///{tmp_path / 'monitor.db'}", now=lambda: NOW)
    store.admin.upgrade()
    store.people.save(Person(user_id=EDITOR, role="editor", invited_with="", since=NOW))
    store.people.save(Person(user_id=READER, role="subscriber", invited_with="", since=NOW))
    with BotApiServer() as server, bot(folder, server, store):
        yield Desk(server, store, folder)
    store.admin.close()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_site_is_looked_at_and_what_it_offers_is_written_into_the_files(desk: Desk) -> None:
    with served(SITE) as site:
        offered = desk.said(f"/add {site}/", user=EDITOR)
        assert "El Diario (feed)" in offered
        assert "• La mina abre" in offered
        assert desk.written == "", "nothing is written before somebody agrees"
        assert "Added: El Diario" in desk.tapped("El Diario (feed)", user=EDITOR)
        assert f"url: {site}/feed.xml" in desk.written
        added = load_rulebook(desk.folder, env={}).sources
        assert [(source.name, source.language) for source in added.values()] == [("El Diario", "es")]


def test_a_list_of_a_feed_reader_is_added_by_its_address_or_as_a_file(desk: Desk) -> None:
    with served(SITE) as site:
        offered = desk.said(f"/add {site}/list.opml")
    assert "1 entry is no source." in offered
    assert "2 outlets are new:" in offered
    assert "One & only" in offered
    assert "Added: One & only, Two" in desk.tapped("Add all")
    assert desk.written.count("url:") == 2

    more = OPML.replace("one.example", "three.example").replace("two.example", "four.example")
    assert "2 outlets are new:" in desk.said("", file=("feeds.opml", more.encode()))
    assert "Added:" in desk.tapped("Add all")
    until(lambda: desk.written.count("url:") == 4)
    assert "no list of a feed reader" in desk.said("", file=("cat.opml", b"\x89PNG"))


def test_only_editors_add_and_what_cannot_be_read_is_said(desk: Desk) -> None:
    assert "for the editors of this bot" in desk.said("/add outlet.example", user=READER)
    assert "for the editors of this bot" in desk.said("", user=READER, file=("a.opml", OPML.encode()))
    assert "getFile" not in [call.method for call in desk.server.calls], "a stranger's file is not fetched"
    assert "/add outlet.example" in desk.said("/add")
    assert "127.0.0.1:9" in desk.said("/add http://127.0.0.1:9/")
    assert desk.written == ""
