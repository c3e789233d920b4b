"""A desk over real HTTP on loopback, its store filled as jobs fill it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from monitor.app import load_rulebook
from monitor.config import written
from monitor.core.decide import analyse
from monitor.core.page.extract import article as article_of
from monitor.core.page.extract import extract_entry
from monitor.core.rulebook import Rulebook
from monitor.errors import Unreachable
from monitor.jobs.undecided import Undecided, outcome_of
from monitor.metrics import MetricsListener, ServiceMetrics
from monitor.model import (
    DeskRole,
    Entry,
    Fetched,
    FetchRequest,
    Job,
    Outcome,
    Placed,
    SourceState,
    WebSettings,
)
from monitor.plugins import channel_kinds, source_kinds
from monitor.ports import Fetcher, Ports, Store
from monitor.store import open_store
from monitor.store.admin import StoredAdmin
from monitor.store.database import Database
from monitor.web.identity import account_of
from monitor.web.server import DeskServer

PASSWORD = "correct horse battery"
SOURCES = """\
sources:
  - {id: herald, name: The Herald, kind: feed, url: "https://herald.example/rss", language: en, country: GB}
  - {id: wire, name: Wire, kind: feed, url: "https://wire.example/rss", language: en, tier: wire}
  - {id: quiet, name: Quiet Times, kind: feed, url: "https://quiet.example/rss", language: en, tier: state}
"""
TOPICS = """\
# The operator's own words: comments stay.
topics:
  - id: potash
    title: Potash sanctions
    query: potash AND (sanction* OR embargo) AND NOT tomato  # why not: the pizza case
    languages: [en]
    must_match: [Sanctions on potash stay]
  - id: minsk
    title: Minsk
    query: Minsk
    languages: [en]
"""
CHATS = """\
chats:
  - {id: "console:main", subscriptions: [potash]}
"""
TEXTS = {
    "potash": "Sanctions on potash stay. The ministry said that sanctions on potash exports stay in force. "
    "Buyers in four countries asked for a date, and none was given to them by the office.",
    "talks": "Envoys meet in Minsk. Envoys of both countries met in Minsk to speak of trade and borders. "
    "They agreed to meet again in the spring, when the ice on the river has gone.",
    "final": "Football final ends in a draw. The teams shared the points after ninety dull minutes. "
    "Neither keeper had to stretch, and the crowd left before the whistle.",
}


@dataclass(slots=True)
class DeskClient:
    """A browser: one base address, its cookies, what a browser says of where a form comes from."""

    base: str
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, **kwargs: Any) -> requests.Response:
        return self.session.get(self.base + path, timeout=30, **kwargs)

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> requests.Response:
        headers = {"Origin": self.base, "Sec-Fetch-Site": "same-origin", **kwargs.pop("headers", {})}
        return self.session.post(self.base + path, data=data or {}, headers=headers, timeout=30, **kwargs)

    def sign_in(self, name: str, password: str = PASSWORD) -> requests.Response:
        return self.post("/sign-in", {"name": name, "password": password}, allow_redirects=False)


@dataclass(slots=True)
class DeskWorld:
    """A running desk with what stands behind it."""

    store: Store
    config: Path
    server: DeskServer
    ports: Ports
    at: datetime
    in_force: list[Rulebook]

    @property
    def database(self) -> Database:
        """What the store stands on, to break it."""
        assert isinstance(self.store.admin, StoredAdmin)
        return self.store.admin.database

    @contextmanager
    def away(self) -> Iterator[None]:
        """The store answers nothing, not even a question."""

        def broken(_connection: object) -> None:
            raise OperationalError("BEGIN", {}, sqlite3.OperationalError("disk I/O error"))

        event.listen(self.database.engine, "begin", broken)
        try:
            yield
        finally:
            event.remove(self.database.engine, "begin", broken)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def client(self) -> DeskClient:
        return DeskClient(self.base)

    def take(self, rulebook: Rulebook) -> None:
        """Have the service go by other rules from now on."""
        self.in_force[0] = rulebook

    @property
    def rulebook(self) -> Rulebook:
        return self.ports.rulebook()

    def account(self, name: str, role: DeskRole) -> DeskClient:
        """An account of this role, signed in."""
        self.store.accounts.save(account_of(name, PASSWORD, role, self.at))
        client = self.client()
        assert client.sign_in(name).status_code == 303
        return client

    def keep(
        self,
        name: str,
        text: str,
        *,
        source: str = "herald",
        ago: timedelta = timedelta(hours=1),
        **entry: Any,
    ) -> str:
        """One article as the read job stores and announces it; its id."""
        seen, rulebook = self.at - ago, self.rulebook
        outlet = rulebook.sources[source]
        listed = Entry(
            **{
                "id": name,
                "source_id": source,
                "guid": name,
                "url": f"https://{source}.example/{name}",
                "title": text.partition(". ")[0],
                "summary": text,
                "published": seen - timedelta(minutes=5),
                "seen_at": seen,
                **entry,
            }
        )
        extracted = extract_entry(listed, url=listed.url, language_hint="en")
        item = article_of(extracted, entry=listed, source=outlet, seen_at=seen)
        analysis = analyse(item, rulebook, trace={"extracted_by": "entry", "score": 0.9})
        then = replace(self.ports, now=lambda: seen)
        kept: list[Placed] = []

        def finish(placed: Placed) -> Outcome:
            kept.append(placed)
            return Outcome(entries=(listed,), placed=(placed,))

        self.store.jobs.add([Job(kind="read", key=name, host_key=source)], seen)
        (claimed,) = self.store.jobs.claim(now=seen, owner="test", epoch=self.ports.epoch, limit=1)
        work = Undecided(analysis=analysis, rulebook=rulebook, finish=finish)
        self.store.jobs.commit(claimed, outcome_of(work, then), now=seen)
        return kept[-1].placement.article_id

    def poll(self, source: str, **state: Any) -> None:
        """A poll of a source that ended so."""
        self.store.jobs.add([Job(kind="poll", key=source, host_key=source)], self.at)
        claimed = self.store.jobs.claim(
            now=self.at, owner="test", epoch=self.ports.epoch, limit=1, first="poll"
        )
        made = SourceState(source_id=source, next_fetch_at=self.at + timedelta(minutes=10), **state)
        self.store.jobs.commit(claimed[0], Outcome(source_state=made), now=self.at)


def no_network(request: FetchRequest) -> Fetched:
    raise Unreachable(f"{request.url}: no test of the desk asks an outlet unless it says so")


def write_config(folder: Path) -> Path:
    """A config with three sources, two topics and a chat."""
    for name, text in (("topics/mine.yaml", TOPICS), ("sources/mine.yaml", SOURCES), ("chats.yaml", CHATS)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@contextmanager
def running(
    store: Store, config: Path, *, fetch: Fetcher = no_network, settings: WebSettings | None = None
) -> Iterator[DeskWorld]:
    """The desk of a service that took the files of ``config``; the service's clock stands still."""
    at = datetime.now(UTC).replace(microsecond=0)
    rulebook = load_rulebook(config, env={})
    in_force = [rulebook]
    store.sources.sync(list(rulebook.sources.values()), at)
    store.chats.sync(list(rulebook.chats.values()), at)
    store.admin.keep_rulebook(rulebook.revision, written(rulebook), at)
    epoch = store.admin.acquire_service()
    metrics = ServiceMetrics()
    ports = Ports(
        store=store,
        fetch=fetch,
        kinds=source_kinds(),
        channels={},
        channel_kinds=channel_kinds(),
        rulebook=lambda: in_force[0],
        now=lambda: at,
        owner="test",
        epoch=epoch,
        metrics=metrics.text,
    )
    figures = MetricsListener(ports, metrics)
    figures.start()
    server = DeskServer(ports, config, settings or WebSettings(listen="127.0.0.1:0"))
    server.start()
    try:
        yield DeskWorld(store=store, config=config, server=server, ports=ports, at=at, in_force=in_force)
    finally:
        server.stop()
        figures.stop()
        store.admin.release_service()


def migrated(file: Path) -> Path:
    """An empty store at the newest schema, to be copied."""
    store = _opened(file)
    store.admin.upgrade()
    store.admin.close()
    return file


@contextmanager
def filled(folder: Path, empty_file: Path) -> Iterator[DeskWorld]:
    """A running desk with three articles that can be searched; its files lie in ``folder``."""
    shutil.copyfile(empty_file, folder / "store.db")
    store = _opened(folder / "store.db")
    try:
        with running(store, write_config(folder / "config")) as world:
            for name, text in TEXTS.items():
                world.keep(name, text)
            store.articles.index()
            yield world
    finally:
        store.admin.close()


def _opened(file: Path) -> Store:
    return open_store(f"sqlite:///{file}", now=lambda: datetime.now(UTC))
