"""A machine without a network: nobody is blamed, nothing is given up, all is read when it is back."""

from __future__ import annotations

import dataclasses
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.source.uptime import gap_text
from monitor.http import HttpFetcher, OfflineDetector, RobotsFetcher
from monitor.jobs.run import run_job
from monitor.model import FetchSettings, NetworkLoss, ReadingSettings, Settings, Source
from monitor.model.search import Wanted
from monitor.plugins import source_kinds
from monitor.ports import Ports
from monitor.store import open_store

HOSTS = 8
START = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
PAGE = "<html><body><article><h1>Strike at the harbour</h1><p>{}</p></article></body></html>".format(
    "Dockers of the northern harbour began a strike on Friday and asked for talks. " * 12
)


class Outlet(BaseHTTPRequestHandler):
    """A feed with one entry, and its page."""

    def do_GET(self) -> None:
        body = PAGE if self.path == "/1" else FEED
        data = body.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Silent."""


FEED = (
    "<rss version='2.0'><channel><title>Outlet</title><item><title>Strike at the harbour</title>"
    "<link>/1</link><pubDate>Sat, 21 Nov 2026 12:00:00 GMT</pubDate></item></channel></rss>"
)


@dataclasses.dataclass(slots=True)
class World:
    """Eight sources, each on a port of its own, their clock, and what the operator hears."""

    ports: Ports
    moment: list[datetime]
    heard: list[NetworkLoss]
    listening: list[int]

    @contextmanager
    def online(self) -> Iterator[None]:
        """The hosts answer."""
        with ExitStack() as stack:
            for port in self.listening:
                server = ThreadingHTTPServer(("127.0.0.1", port), Outlet)
                stack.callback(server.server_close)
                threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
                stack.callback(server.shutdown)
            yield

    def go_on(self, **span: float) -> None:
        """Time passes; then everything that is due is done."""
        self.moment[0] += timedelta(**span)
        store, now = self.ports.store, self.moment[0]
        store.sources.enqueue_due({f"s{number}": f"h{number}" for number in range(1, HOSTS + 1)}, now, 99)
        while claimed := store.jobs.claim(now=now, owner="t", epoch=self.ports.epoch, limit=9):
            for job in claimed:
                run_job(job, self.ports)


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        held = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in held]


@pytest.fixture
def world() -> Iterator[World]:
    moment, heard = [START], list[NetworkLoss]()

    def now() -> datetime:
        return moment[0]

    ports_there = free_ports(HOSTS)
    sources = [
        Source(
            id=f"s{number}",
            name=f"Outlet {number}",
            kind="feed",
            url=f"http://127.0.0.1:{port}/rss",
            every=timedelta(minutes=15),
            allow_private=True,
        )
        for number, port in enumerate(ports_there, 1)
    ]
    settings = Settings(
        fetch=FetchSettings(host_delay_s=0.0, per_second=1000.0), reading=ReadingSettings(first_look=False)
    )
    rulebook = Rulebook(
        revision="r",
        settings=settings,
        topics={},
        sources={source.id: source for source in sources},
        matcher=Matcher.build(()),
    )
    store = open_store("sqlite://", now=now)
    store.admin.upgrade()
    store.sources.sync(sources, START)
    polite = HttpFetcher(settings.fetch, version="t", now=now)
    ports = Ports(
        store=store,
        fetch=OfflineDetector(RobotsFetcher(polite, now=now), now=now, tell=heard.append),
        kinds=source_kinds(),
        channels={},
        channel_kinds={},
        rulebook=lambda: rulebook,
        now=now,
        owner="t",
        epoch=store.admin.acquire_service(),
    )
    yield World(ports=ports, moment=moment, heard=heard, listening=ports_there)
    polite.close()
    store.admin.close()


def test_a_weekend_without_a_network_harms_nothing(world: World) -> None:
    store = world.ports.store
    with world.online():
        world.go_on(seconds=0)
    assert {state.health for state in store.sources.states()} == {"fresh"}

    world.go_on(minutes=13)
    for _ in range(40):  # they are due one after the other
        world.go_on(seconds=10)
    for _ in range(60):
        world.go_on(hours=1)

    assert len(world.heard) == 1, "told once"
    assert world.heard[0].back is None
    states = store.sources.states()
    assert max(state.failures for state in states) <= 1, "no source is blamed"
    assert not [state for state in states if state.told_at], "and none is reported"
    assert max(state.next_fetch_at for state in states) <= world.moment[0] + timedelta(minutes=20)

    with world.online():
        world.go_on(minutes=20)
        world.go_on(minutes=5)
    assert len(world.heard) == 2
    assert world.heard[1].back is not None
    assert {state.health for state in store.sources.states()} == {"fresh"}
    gaps = store.sources.gaps(START)
    assert all(gap.ended_at for gap in gaps)
    assert {gap.source_id for gap in gaps} == {f"s{number}" for number in range(1, HOSTS + 1)}
    assert any(gap_text(gap, UTC).startswith("no network here 20 Nov") for gap in gaps)


def test_a_page_that_waits_for_the_network_is_read_in_full_afterwards(world: World) -> None:
    store = world.ports.store
    with world.online():
        store.sources.enqueue_due({"s1": "h1"}, world.moment[0], 9)
        (poll,) = store.jobs.claim(now=world.moment[0], owner="t", epoch=world.ports.epoch, limit=1)
        run_job(poll, world.ports)
    (read,) = store.jobs.claim(now=world.moment[0], owner="t", epoch=world.ports.epoch, limit=1)
    run_job(read, world.ports)  # the host is silent: one try of three, since it may be the host
    for _ in range(60):
        world.go_on(minutes=30)
    assert store.jobs.open_count(), "neither given up nor read by its headline alone"
    assert not store.jobs.quarantined()

    with world.online():
        world.go_on(minutes=30)
    assert not store.jobs.open_count()
    store.articles.index()
    assert "s1" in {
        article.source_id for article in store.articles.search(Wanted(kind="word", words=("dockers",)))
    }, "its text, not its title"


def test_one_dead_host_among_living_ones_is_its_own_fault(world: World) -> None:
    with world.online():
        world.go_on(seconds=0)
    ports = world.ports
    rulebook = ports.rulebook()
    (nobody,) = free_ports(1)
    gone = dataclasses.replace(rulebook.sources["s1"], url=f"http://127.0.0.1:{nobody}/rss")
    changed = dataclasses.replace(rulebook, sources={**rulebook.sources, "s1": gone})
    world.ports = dataclasses.replace(ports, rulebook=lambda: changed)
    with world.online():
        for _ in range(12):
            world.go_on(hours=1)
    states = {state.source_id: state for state in ports.store.sources.states()}
    assert states["s1"].failures > 3
    assert states["s1"].health == "failing"
    assert not world.heard
