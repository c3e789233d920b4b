"""Every engine on a real store (and a real broker), with outlets, a screen and a record of requests."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.text.fingerprint import entry_id, entry_stamp
from monitor.engines.broker.consumer import BrokerConsumer
from monitor.engines.broker.engine import BrokerEngine
from monitor.engines.broker.relay import Relay
from monitor.engines.local import LocalEngine
from monitor.model import (
    AlertSettings,
    Chat,
    Entry,
    Fetched,
    FetchRequest,
    FetchSettings,
    Message,
    Parsed,
    Receipt,
    Sent,
    Settings,
    Source,
    Subscription,
    Topic,
    WorkerProcess,
)
from monitor.model.job import WORKER_EPOCH, Role
from monitor.ports import ChannelKind, Ports, SourceKind, Store
from monitor.store import open_store
from tests.support.made_up import event

CHAT = "screen:1"
JOBS: tuple[Role, ...] = ("fetch", "process")
HERE: tuple[Role, ...] = ("deliver", "chores")


def now() -> datetime:
    """The present moment: several engines share one clock."""
    return datetime.now(UTC)


class NoOptions(BaseModel):
    """Nothing to set."""


@dataclass
class Outlets:
    """Hosts with articles, each of an event of its own; thread-safe.

    ``twins``: each text stands at two hosts, word for word, at the same time.
    """

    hosts: int
    articles: int
    delay_s: float = 0.0
    took_s: float = 0.002
    twins: bool = False
    asked: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    at_once: Counter[str] = field(default_factory=Counter)
    met: list[str] = field(default_factory=list)
    screen: list[Message] = field(default_factory=list)
    before: Callable[[str], None] = field(default=lambda _url: None)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.listed: dict[str, list[Entry]] = defaultdict(list)
        for number in range(self.articles):
            source = f"o{number % self.hosts}"
            url = f"https://{source}.example/{number}"
            story = number // 2 if self.twins else number
            title = self.title(story)
            published = now() - timedelta(minutes=5)
            self.listed[source].append(
                Entry(
                    id=entry_id(source, url, url, title),
                    source_id=source,
                    guid=url,
                    url=url,
                    title=title,
                    published=published,
                    stamp=entry_stamp(title, "", "", published),
                )
            )
            body = f"Lukashenko {event(90, story)}."
            self.pages[url] = (
                f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>"
                f"<p>{body}</p></article></body></html>"
            )

    @staticmethod
    def title(number: int) -> str:
        """A headline of words that no other has."""
        words = event(90, number).split()
        return f"Lukashenko on {words[0]} {words[1]} {words[2]} {words[3]}"

    def fetch(self, request: FetchRequest) -> Fetched:
        """The page, after noting who else is asking its host."""
        host = request.url.split("/")[2]
        with self._lock:
            self.at_once[host] += 1
            if self.at_once[host] > 1:
                self.met.append(host)
        began = time.monotonic()
        try:
            self.before(request.url)
            time.sleep(self.took_s)
            body = b"feed" if request.url.endswith("/rss") else self.pages[request.url].encode()
            return Fetched(url=request.url, status=200, body=body, fetched_at=now())
        finally:
            with self._lock:
                self.at_once[host] -= 1
                self.asked[host].append((began, time.monotonic()))

    def parse(self, source: Source, _fetched: Fetched) -> Parsed:
        """What the outlet lists."""
        return Parsed(kind="scripted", title=source.name, entries=tuple(self.listed[source.id]))

    def send(self, _chat: Chat, message: Message) -> Receipt:
        """The screen of the one chat."""
        with self._lock:
            self.screen.append(message)
            return Sent(message_id=str(len(self.screen)))

    def close(self) -> None:
        """Nothing is open."""

    def shortest_pause_s(self) -> float:
        """The least time between the end of one request to a host and the beginning of the next."""
        pauses = [
            later[0] - earlier[1]
            for times in self.asked.values()
            for earlier, later in zip(sorted(times), sorted(times)[1:], strict=False)
        ]
        return min(pauses)

    def told(self) -> Counter[str]:
        """How often each headline was told."""
        return Counter(message.subject for message in self.screen if message.edit_of is None)

    def rulebook(self) -> Rulebook:
        """Every outlet is watched, one chat hears of everything."""
        topics = (Topic(id="ruler", query="Lukashenko", languages=("en",), hashtag="Ruler"),)
        chat = Chat(
            id=CHAT,
            channel="screen",
            address="1",
            subscriptions=(Subscription(chat_id=CHAT, topic_id="*"),),
        )
        names = [f"o{number}" for number in range(self.hosts)]
        return Rulebook(
            revision="r1",
            settings=Settings(
                fetch=FetchSettings(host_delay_s=self.delay_s, workers=4),
                alerts=AlertSettings(settle=timedelta(0), hourly_budget=0),
            ),
            topics={topic.id: topic for topic in topics},
            sources={
                name: Source(id=name, name=name, kind="scripted", url=f"https://{name}.example/rss")
                for name in names
            },
            chats={chat.id: chat},
            matcher=Matcher.build(topics),
        )


@dataclass
class Running:
    """Engines at work on one store."""

    store: Store
    outlets: Outlets
    stack: ExitStack

    def until_done(self, articles: int, *, timeout_s: float = 60.0) -> None:
        """Wait until so many headlines were told."""
        deadline = time.monotonic() + timeout_s
        while len(self.outlets.told()) < articles:
            assert time.monotonic() < deadline, f"{len(self.outlets.told())} of {articles} were told"
            time.sleep(0.02)

    def stop(self) -> None:
        """Drain all of them."""
        self.stack.close()


@contextmanager
def running(
    engine: str, url: str, outlets: Outlets, *, broker: str = "", workers: int = 2
) -> Iterator[Running]:
    """``local``: one engine; ``workers``: a service and workers; ``celery``: a broker between them."""
    rulebook = outlets.rulebook()
    with ExitStack() as stack:
        store = open_store(url, now=now)
        stack.callback(store.admin.close)
        epoch = store.admin.acquire_service()
        store.sources.sync(tuple(rulebook.sources.values()), now())
        store.chats.sync(tuple(rulebook.chats.values()), now())
        ports = _ports(store, outlets, rulebook, owner="service", epoch=epoch)
        if engine == "celery":
            local = LocalEngine(workers=4, roles=HERE)
            service: BrokerEngine | LocalEngine = BrokerEngine(local, Relay(broker, threads=4))
            workers = 1  # Celery's stop flag is one for a process
        else:
            service = local = LocalEngine(workers=4)
        service.start(dataclasses.replace(ports, wake=service.wake))
        stack.callback(_stop, service, local)
        if engine != "local":
            for number in range(workers):
                stack.enter_context(worker(url, outlets, rulebook, number, broker=broker))
        yield Running(store=store, outlets=outlets, stack=stack)


@contextmanager
def worker(url: str, outlets: Outlets, rulebook: Rulebook, number: int, *, broker: str = "") -> Iterator[str]:
    """A worker in this process, with connections of its own; its id."""
    store = open_store(url, now=now)
    me = WorkerProcess(
        id=f"worker-{number}", roles=JOBS, host="here", pid=number, started_at=now(), heartbeat_at=now()
    )
    store.workers.join(me)
    intake = BrokerConsumer(broker, roles=JOBS, threads=8) if broker else None
    engine = LocalEngine(workers=4, roles=JOBS, intake=intake)
    ports = _ports(store, outlets, rulebook, owner=me.id, epoch=WORKER_EPOCH)
    engine.start(dataclasses.replace(ports, wake=engine.wake))
    try:
        yield me.id
    finally:
        _stop(engine, engine)
        store.workers.leave(me.id, rest=timedelta())
        store.admin.close()


def _stop(engine: LocalEngine | BrokerEngine, local: LocalEngine) -> None:
    """Stop it and wait for its periodic tasks, which it leaves alone: they hold connections of the store."""
    periodic = local._periodic
    if periodic is not None:
        periodic._stopped.set()
        periodic._scheduler.shutdown(wait=True)
        local._periodic = None
    engine.stop()


def _ports(store: Store, outlets: Outlets, rulebook: Rulebook, *, owner: str, epoch: int) -> Ports:
    kind = SourceKind(
        name="scripted",
        options=NoOptions,
        request=lambda source, _state: FetchRequest(url=source.url),
        parse=outlets.parse,
        sniff=lambda _fetched: 0.0,
    )
    channel = ChannelKind(
        name="screen", options=NoOptions, open=lambda _rulebook: outlets, is_group=lambda _address: False
    )
    return Ports(
        store=store,
        fetch=outlets.fetch,
        kinds={"scripted": kind},
        channels={"screen": outlets},
        channel_kinds={"screen": channel},
        rulebook=lambda: rulebook,
        now=now,
        owner=owner,
        epoch=epoch,
    )


def titles(count: int) -> Sequence[str]:
    """The headlines that must be told."""
    return [Outlets.title(number) for number in range(count)]
