"""The world of the delivery bench: an outbox full of alerts, services that can be killed, a judge.

Each service is a process of its own, forked from one that has the program loaded already, so that two
hundred kills do not measure two hundred imports. The judge reads the Bot API server's ledger, which is
written before the bot gets its answer.
"""

from __future__ import annotations

import logging
import multiprocessing as mp
import os
import re
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from monitor.app import Service, steady_s
from monitor.app import serve as serve_service
from monitor.channels.telegram.channel import TelegramChannel
from monitor.core.delivery.plan import delivery_key
from monitor.core.message.alert import REPEAT_MARK
from monitor.logs import configure
from monitor.model import Alert, AlertTopic, Chat, Delivery
from monitor.model.job import ROLES
from monitor.ports import Store
from monitor.store import open_store
from tests.support.botapi.ledger import LedgerRow
from tests.support.botapi.server import TOKEN, BotApiServer

FAST = {
    "settle": "0s",
    "hourly_budget": 0,
    "per_second": 1000,
    "per_chat_per_second": 1000,
    "per_group_per_minute": 60_000,
}
READY = "service runs"
# The address of every world's store; "": a SQLite file in its folder.
DATABASE = ""
_NUMBER = re.compile(r"alert (\d+) of chat (-?\d+)")
FORKSERVER = mp.get_context("forkserver")
FORKSERVER.set_forkserver_preload(
    ["monitor.app", "monitor.bot", "monitor.channels.telegram.channel", "alembic"]
)


def serve(folder: str, log: str, environment: Mapping[str, str], clock: Clock, read_timeout_s: float) -> None:
    """What a service process runs. ``read_timeout_s`` stands in for the channel's own 30 seconds."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.environ.update(environment)
    defaults: Any = TelegramChannel.__init__.__kwdefaults__
    defaults["read_timeout_s"] = read_timeout_s
    configure(level=logging.INFO, json_lines=True)
    # A clock that runs fast is not one that is set again and again.
    steady = steady_s if clock.speed == 1 else clock.seconds
    roles = tuple(role for role in ROLES if role in environment.get("ROLES", ",".join(ROLES)))
    service = Service(Path(folder), clock=clock, steady=steady, roles=roles)
    serve_service(service, partial(service.run, once=bool(environment.get("ONCE"))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Runs ``speed`` times as fast from ``since`` (seconds since 1970) on."""

    since: float = 0.0
    speed: float = 1.0

    def __call__(self) -> datetime:
        """The present moment, aware UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def seconds(self) -> float:
        """The same in seconds since 1970."""
        real = time.time()
        return real if self.speed == 1 or real < self.since else self.since + (real - self.since) * self.speed


@dataclass(frozen=True, slots=True, kw_only=True)
class SteppedClock(Clock):
    """The real clock, set by as many seconds as a file says."""

    offset: Path

    def seconds(self) -> float:
        """The same in seconds since 1970."""
        return time.time() + float(self.offset.read_text() or "0")


@dataclass(slots=True)
class World:
    """A config folder with its store, and the service processes on it."""

    folder: Path
    base_url: str
    alerts: Mapping[str, object] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    read_timeout_s: float = 30.0
    topics: str = "topics:\n  - {id: ruler, query: Lukashenko, languages: [en]}\n"
    sources: str = ""
    fetch: str = "{}"
    process: mp.process.BaseProcess | None = None
    starts: int = 0
    database: str = ""
    more: str = ""
    processes: list[mp.process.BaseProcess] = field(default_factory=list)

    def __post_init__(self) -> None:
        config = self.folder / "config"
        (config / "topics").mkdir(parents=True)
        (config / "topics" / "t.yaml").write_text(self.topics)
        if self.sources:
            (config / "sources").mkdir()
            (config / "sources" / "s.yaml").write_text(self.sources)
        settings = FAST | {"unsure_resend_after_s": 0.2} | dict(self.alerts)
        listed = ", ".join(f"{key}: {value}" for key, value in settings.items())
        (config / "monitor.yaml").write_text(
            f"store: {self.url}\nalerts: {{{listed}}}\nfetch: {self.fetch}\n"
            f"telegram: {{base_url: '{self.base_url}', access: open}}\nweb: {{listen: 'off'}}\n{self.more}\n"
        )

    @property
    def url(self) -> str:
        """The store's address: a file in the folder unless ``database`` names another one."""
        return self.database or DATABASE or f"sqlite:///{self.folder}/monitor.db"

    @property
    def log(self) -> Path:
        """What the services said."""
        return self.folder / "service.log"

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, at the newest schema."""
        opened = open_store(self.url, now=self.clock)
        opened.admin.upgrade()
        try:
            yield opened
        finally:
            opened.admin.close()

    def fill(self, chats: Sequence[int], alerts: int, **changes: object) -> dict[int, list[int]]:
        """Chats, and ``alerts`` dealt out to them in turn. Returns chat → numbers, in order."""
        expected: dict[int, list[int]] = {chat: [] for chat in chats}
        with self.store() as store:
            for chat in chats:
                store.chats.save(_chat(chat, **changes), self.clock())
            batch = []
            for number in range(alerts):
                chat = chats[number % len(chats)]
                expected[chat].append(number)
                batch.append(alert(chat, number, self.clock()))
            store.outbox.add(batch, self.clock())
        return expected

    def start(self, **environment: str) -> mp.process.BaseProcess:
        """One more service process."""
        self.starts += 1
        given = {"MONITOR_TELEGRAM_TOKEN": TOKEN, **environment}
        arguments = (str(self.folder / "config"), str(self.log), given, self.clock, self.read_timeout_s)
        self.process = FORKSERVER.Process(target=serve, args=arguments)
        self.process.start()
        self.processes.append(self.process)
        return self.process

    def living(self) -> list[mp.process.BaseProcess]:
        """The service processes that run."""
        return [process for process in self.processes if process.is_alive()]

    def ups(self) -> int:
        """How many service processes came up so far."""
        return self.log.read_text(errors="replace").count(READY) if self.log.exists() else 0

    def wait_up(self, count: int, timeout_s: float = 300.0) -> None:
        """Wait until ``count`` services came up."""
        wait(lambda: self.ups() >= count, timeout_s, f"service {count} does not come up: {self.said()}")

    def said(self) -> str:
        """The end of what the services said."""
        return self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""

    def end(self, number: signal.Signals, process: mp.process.BaseProcess | None = None) -> float:
        """Send a signal and wait for the end. Returns the seconds that it took."""
        process = process or self.process
        assert process is not None
        assert process.pid is not None
        began = time.monotonic()
        os.kill(process.pid, number)
        process.join(120)
        assert process.exitcode is not None, "the service does not end"
        return time.monotonic() - began

    def open_count(self) -> int:
        """Deliveries that are not over."""
        with self.store() as store:
            return store.outbox.open_count()

    def in_flight(self) -> int:
        """Deliveries that a dead process left in ``sending``."""
        with self.store() as store:
            return len(store.outbox.list(states=("sending",), limit=100))

    def settle(self, timeout_s: float) -> None:
        """Wait until nothing is left to be sent."""
        wait(lambda: self.open_count() == 0, timeout_s, f"not all is sent: see {self.folder}", every_s=0.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the ledger says about what should have been said."""

    lost: int
    repeats: int
    unmarked: int
    order_breaks: int
    strangers: int


def judge(ledger: Sequence[LedgerRow], expected: Mapping[int, Sequence[int]]) -> Verdict:
    """Compare what each chat saw with what it should have seen, in order."""
    seen: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for row in ledger:
        for found in _NUMBER.finditer(row.text):
            seen[row.chat_id].append((int(found[1]), REPEAT_MARK in row.text))
    lost = repeats = unmarked = breaks = strangers = 0
    for chat, numbers in expected.items():
        first: dict[int, None] = {}
        for number, marked in seen.pop(chat, []):
            if number in first:
                repeats += 1
                unmarked += not marked
            first.setdefault(number, None)
        lost += len(set(numbers) - set(first))
        strangers += len(set(first) - set(numbers))
        told = list(first)
        breaks += sum(after < before for before, after in pairwise(told))
    strangers += sum(len(rest) for rest in seen.values())
    return Verdict(lost=lost, repeats=repeats, unmarked=unmarked, order_breaks=breaks, strangers=strangers)


def alert(chat: int, number: int, now: datetime) -> Delivery:
    """An alert whose text says which it is."""
    said = Alert(
        story_id=f"story-{number}",
        article_id=f"article-{number}",
        headline=f"This is alert {number} of chat {chat}",
        url=f"https://outlet.example/{number}",
        outlet="The Outlet",
        tier="independent",
        language="en",
        published=now,
        seen_at=now,
        excerpt="The envoy spoke with officials about payments, trade and the families of prisoners. " * 3,
        highlights=((0, 9),),
        headline_highlights=(),
        topics=(AlertTopic(id="ruler", title="Ruler", hashtag="Ruler"),),
    )
    return Delivery(
        key=delivery_key(str(chat), str(number), "alert"),
        chat_id=f"telegram:{chat}",
        kind="alert",
        payload=said,
        created_at=now,
        not_before=now,
        story_id=said.story_id,
        article_id=said.article_id,
    )


def _chat(number: int, **changes: object) -> Chat:
    return Chat(id=f"telegram:{number}", channel="telegram", address=str(number), **changes)  # type: ignore[arg-type]


def wait(condition: Callable[[], bool], timeout_s: float, otherwise: str, *, every_s: float = 0.02) -> None:
    """Wait until ``condition()`` holds; raises ``TimeoutError`` with ``otherwise``."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(every_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One row of the table."""

    figures: Mapping[str, object]
    holds: bool


def server_for(chats: Iterable[int], **options: Any) -> BotApiServer:
    """A Bot API server that knows these chats."""
    server = BotApiServer(**options)
    for chat in chats:
        server.add_chat(chat)
    return server
