"""A service and its workers as processes on one PostgreSQL database, with rules made in memory."""

from __future__ import annotations

import json
import logging
import multiprocessing as mp
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from pydantic import BaseModel
from sqlalchemy import create_engine, text

from monitor.chores.allocator import freeze_heap
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.text.urls import host_key
from monitor.engines.broker.consumer import BrokerConsumer
from monitor.engines.broker.engine import BrokerEngine
from monitor.engines.broker.relay import Relay
from monitor.engines.local import LocalEngine
from monitor.http import HttpFetcher
from monitor.model import (
    AlertSettings,
    Chat,
    FetchSettings,
    Message,
    Receipt,
    Sent,
    Settings,
    Source,
    Subscription,
    Topic,
    WorkerProcess,
)
from monitor.model.job import WORKER_EPOCH, Role
from monitor.plugins import source_kinds
from monitor.ports import ChannelKind, Ports, Store
from monitor.store import open_store
from parts.scale_hosts import address

SERVER = Path(__file__).with_name("scale_hosts.py")
JOBS: tuple[Role, ...] = ("fetch", "process")
HERE: tuple[Role, ...] = ("deliver", "chores")
_PROCESSES = mp.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["parts.scale_world", "monitor.app"])


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How many sources on how many hosts, and where everything is."""

    database: str
    port: int
    sources: int
    hosts: int
    every: timedelta
    path: str
    broker: str = ""

    def rulebook(self) -> Rulebook:
        """The rules, made in memory: reading a hundred thousand sources from files is another measurement."""
        topics = (Topic(id="ruler", query="Lukashenko", languages=("en",)),)
        chat = Chat(
            id="null:1",
            channel="null",
            address="1",
            subscriptions=(Subscription(chat_id="null:1", topic_id="*"),),
        )
        return Rulebook(
            revision="scale",
            settings=Settings(
                fetch=FetchSettings(
                    host_delay_s=0, per_second=100_000, allow_private=True, robots="off", contact="bench"
                ),
                alerts=AlertSettings(settle=timedelta(0), hourly_budget=0),
            ),
            topics={topic.id: topic for topic in topics},
            sources={
                f"s{number}": Source(
                    id=f"s{number}",
                    name=f"Outlet {number}",
                    kind="feed",
                    url=f"http://{address(number % self.hosts)}:{self.port}/{self.path}/{number}",
                    every=self.every,
                    language="en",
                    allow_private=True,
                )
                for number in range(self.sources)
            },
            chats={chat.id: chat},
            matcher=Matcher.build(topics),
        )


class NullChannel:
    """Says that all went out."""

    def send(self, _chat: Chat, message: Message) -> Receipt:
        """At once."""
        return Sent(message_id=message.subject[:20])

    def close(self) -> None:
        """Nothing is open."""


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def ports_of(rulebook: Rulebook, store: Store, *, owner: str, epoch: int) -> Ports:
    """What every process of this world has."""
    channel = ChannelKind(
        name="null", options=BaseModel, open=lambda _rules: NullChannel(), is_group=lambda _address: False
    )
    return Ports(
        store=store,
        fetch=HttpFetcher(rulebook.settings.fetch, version="bench", now=now),
        kinds=source_kinds(),
        channels={"null": NullChannel()},
        channel_kinds={"null": channel},
        rulebook=lambda: rulebook,
        now=now,
        owner=owner,
        epoch=epoch,
    )


@dataclass(slots=True)
class Ticks:
    """Sources whose looks for what is due are timed."""

    inner: Any
    took_s: list[float] = field(default_factory=list)

    def enqueue_due(self, *given: Any, **named: Any) -> int:
        """As the store does."""
        began = time.perf_counter()
        found: int = self.inner.enqueue_due(*given, **named)
        self.took_s.append(time.perf_counter() - began)
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def work(world: World, number: int) -> None:
    """A worker process: until SIGTERM."""
    quiet()
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    rulebook = world.rulebook()
    freeze_heap()
    store = open_store(world.database, now=now)
    me = WorkerProcess(
        id=f"w{number}", roles=JOBS, host="bench", pid=os.getpid(), started_at=now(), heartbeat_at=now()
    )
    store.workers.join(me)
    workers = rulebook.settings.fetch.workers
    intake = BrokerConsumer(world.broker, roles=JOBS, threads=2 * workers) if world.broker else None
    engine = LocalEngine(workers=workers, roles=JOBS, intake=intake)
    ports = ports_of(rulebook, store, owner=me.id, epoch=WORKER_EPOCH)
    engine.start(replace(ports, wake=engine.wake))
    while not over.wait(1.0):
        store.workers.beat(me.id)
    engine.stop(10)
    store.workers.leave(me.id, rest=timedelta())
    store.admin.close()


def quiet() -> None:
    """No logs."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@dataclass(slots=True)
class Running:
    """A service in this process and its workers."""

    store: Store
    ticks: Ticks
    workers: Sequence[mp.process.BaseProcess]

    def memory_mb(self) -> dict[str, int]:
        """Resident memory: of this process (service and bench) and of the largest worker."""
        found = {"service": rss_mb(os.getpid())}
        if self.workers:
            found["worker"] = max(rss_mb(worker.pid or 0) for worker in self.workers)
        return found

    def cpu_s(self) -> float:
        """Processor time of this process and of its workers so far."""
        return sum(cpu_s(pid) for pid in (os.getpid(), *(worker.pid or 0 for worker in self.workers)))


def cpu_s(pid: int, *, children: bool = False) -> float:
    """Processor time of a process; with ``children`` also of those that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(int(field) for field in fields[11 : 15 if children else 13]) / os.sysconf("SC_CLK_TCK")


def rss_mb(pid: int) -> int:
    """Resident memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    (line,) = (line for line in lines if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


@contextmanager
def running(world: World, rulebook: Rulebook, *, engine: str, processes: int) -> Iterator[Running]:
    """``local``: all in one process; ``workers``, ``celery``: so many processes beside the service."""
    quiet()
    freeze_heap()  # as a service does that has taken its rules
    with ExitStack() as stack:
        store = open_store(world.database, now=now)
        stack.callback(store.admin.close)
        ticks = Ticks(store.sources)
        store = replace(store, sources=ticks)
        ports = ports_of(rulebook, store, owner="service", epoch=store.admin.acquire_service())
        workers = [
            _PROCESSES.Process(target=work, args=(world, number))
            for number in range(processes if engine != "local" else 0)
        ]
        for worker in workers:
            worker.start()
            stack.callback(_end, worker)
        deadline = time.monotonic() + 60
        while len(store.workers.all()) < len(workers) and time.monotonic() < deadline:
            time.sleep(0.05)
        threads = rulebook.settings.fetch.workers
        local = LocalEngine(workers=threads) if engine == "local" else LocalEngine(roles=HERE)
        whole = BrokerEngine(local, Relay(world.broker, threads=threads)) if engine == "celery" else local
        whole.start(replace(ports, wake=whole.wake))
        stack.callback(whole.stop, 10)
        yield Running(store=store, ticks=ticks, workers=workers)


def _end(worker: mp.process.BaseProcess) -> None:
    worker.terminate()
    worker.join(20)
    worker.kill()


def prepare(world: World, rulebook: Rulebook, *, spread: bool) -> None:
    """Every source is in the store; ``spread``: asked before, and due some time within its interval."""
    store = open_store(world.database, now=now)
    store.admin.upgrade()
    store.sources.sync(tuple(rulebook.sources.values()), now())
    store.chats.sync(tuple(rulebook.chats.values()), now())
    if spread:
        engine = create_engine(world.database)
        with engine.begin() as connection:
            connection.execute(
                text(
                    "UPDATE sources SET etag = '\"v\"', first_read_at = now(), full_read_at = now(), "
                    "last_success_at = now(), "
                    "next_fetch_at = now() + random() * make_interval(secs => :every)"
                ),
                {"every": world.every.total_seconds()},
            )
        engine.dispose()
    store.admin.close()


def hosts_of(rulebook: Rulebook) -> int:
    """How many different hosts are asked."""
    return len({host_key(source.url) for source in rulebook.sources.values()})


@dataclass(slots=True)
class OutletServer:
    """The outlets' process."""

    process: subprocess.Popen[str]
    port: int

    def report(self) -> dict[str, int]:
        """What it counted."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("report\n")
        self.process.stdin.flush()
        found: dict[str, int] = json.loads(self.process.stdout.readline())
        return found


@contextmanager
def outlet_server(articles: int, relevant_percent: int) -> Iterator[OutletServer]:
    """Outlets on loopback until the end."""
    process = subprocess.Popen(
        [sys.executable, str(SERVER), str(articles), str(relevant_percent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield OutletServer(process=process, port=int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()
