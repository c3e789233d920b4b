"""The jobs against a real SQLite store, with a scripted web and clock."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import BaseModel

from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.text.fingerprint import entry_id, entry_stamp
from monitor.errors import CostlyPage, HttpStatus, ParseError, Unreachable
from monitor.jobs.deliver import deliver, resend_unsure, settle
from monitor.jobs.run import MOST_CLAIMS, MOST_CLAIMS_OF_WORKERS, SEVERAL_IN_DOUBT, run_job
from monitor.model import (
    AlertSettings,
    Chat,
    Entry,
    Extracted,
    Fetched,
    FetchRequest,
    FetchSettings,
    Job,
    Message,
    NotModified,
    Outcome,
    Parsed,
    Quarantined,
    Receipt,
    Sent,
    Settings,
    Snapshot,
    SnapshotQuery,
    Source,
    Subscription,
    Topic,
    Unsure,
)
from monitor.model.job import WORKER_EPOCH
from monitor.ports import ChannelKind, Ports, SourceKind, Store
from monitor.store import open_store

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BODY = "Alexander Lukashenko received an envoy in Minsk on Monday and spoke about trade for two hours. " * 8
MINE = "A mine in Soligorsk lowered its price by a tenth, the director told Lukashenko, who frowned. " * 8


class NoOptions(BaseModel):
    """Nothing to set."""


class World:
    """The web, the clock and one chat's screen."""

    def __init__(self) -> None:
        self.moment = START
        self.listed: list[Entry] = []
        self.pages: dict[str, str | Exception] = {}
        self.asked: list[str] = []
        self.broken: Exception | None = None
        self.receipts: list[Receipt] = []
        self.screen: list[Message] = []

    def now(self) -> datetime:
        return self.moment

    def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        self.asked.append(request.url)
        if request.url.endswith("/rss"):
            if self.broken is not None:
                raise self.broken
            return Fetched(url=request.url, status=200, body=b"feed", fetched_at=self.moment)
        page = self.pages[request.url]
        if isinstance(page, Exception):
            raise page
        return Fetched(url=request.url, status=200, body=page.encode(), fetched_at=self.moment)

    def parse(self, _source: Source, _fetched: Fetched) -> Parsed:
        return Parsed(kind="scripted", title="Herald", entries=tuple(self.listed))

    def send(self, _chat: Chat, message: Message) -> Receipt:
        self.screen.append(message)
        return self.receipts.pop(0) if self.receipts else Sent(message_id=str(len(self.screen)))

    def close(self) -> None:
        """Nothing is open."""

    def list_entry(
        self, number: int, title: str, *, source: str = "herald", body: str = BODY, age_h: float = 0.5
    ) -> Entry:
        url = f"https://{source}.example/{number}"
        published = START - timedelta(hours=age_h)
        entry = Entry(
            id=entry_id(source, url, url, title),
            source_id=source,
            guid=url,
            url=url,
            title=title,
            published=published,
            stamp=entry_stamp(title, "", body, published),
        )
        self.listed.append(entry)
        self.pages[url] = (
            f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>"
            f"<p>{body}</p></article></body></html>"
        )
        return entry


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ports(world: World) -> Iterator[Ports]:
    store = open_store("sqlite://", now=world.now)
    store.admin.upgrade()
    chat = Chat(
        id="screen:1",
        channel="screen",
        address="1",
        operator=True,
        subscriptions=(Subscription(chat_id="screen:1", topic_id="*"),),
    )
    topics = (Topic(id="ruler", query="Lukashenko", languages=("en",), hashtag="Ruler"),)
    sources = {
        name: Source(id=name, name=name.title(), kind="scripted", url=f"https://{name}.example/rss")
        for name in ("herald", "wire")
    }
    rulebook = Rulebook(
        revision="r1",
        settings=Settings(
            fetch=FetchSettings(quarantine_after=2),
            alerts=AlertSettings(unsure_resend_after_s=30, settle=timedelta(0)),
        ),
        topics={topic.id: topic for topic in topics},
        sources=sources,
        chats={chat.id: chat},
        matcher=Matcher.build(topics),
    )
    store.sources.sync(tuple(sources.values()), START)
    store.chats.sync((chat,), START)
    kind = SourceKind(
        name="scripted",
        options=NoOptions,
        request=lambda source, _state: FetchRequest(url=source.url),
        parse=world.parse,
        sniff=lambda _fetched: 0.0,
    )
    channel = ChannelKind(
        name="screen", options=NoOptions, open=lambda _rulebook: world, is_group=lambda _address: False
    )
    yield Ports(
        store=store,
        fetch=world.fetch,
        kinds={"scripted": kind},
        channels={"screen": world},
        channel_kinds={"screen": channel},
        rulebook=lambda: rulebook,
        now=world.now,
        owner="test",
        epoch=store.admin.acquire_service(),
    )
    store.admin.close()


def work(ports: Ports, world: World, *, sources: tuple[str, ...] = ("herald",)) -> None:
    """Poll the sources, then run everything that follows, as an engine would, without waiting."""
    hosts = dict.fromkeys(sources, "")
    ports.store.sources.enqueue_due(hosts, world.moment, limit=10)
    for _ in range(300):
        jobs = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=1)
        deliveries = ports.store.outbox.claim(
            now=world.moment, owner="test", epoch=ports.epoch, limit=1, lease_s=60
        )
        for job in jobs:
            run_job(job, ports)
        for delivery in deliveries:
            deliver(delivery, ports)
        if not jobs and not deliveries:
            if not ports.store.jobs.open_count():
                return
            world.moment += timedelta(seconds=5)
    pytest.fail("the work does not end")


def later(world: World, **span: float) -> None:
    world.moment += timedelta(**span)


def titles(world: World) -> list[str]:
    return [message.subject for message in world.screen if message.data["kind"] == "alert"]


def test_a_matching_entry_becomes_one_alert(ports: Ports, world: World) -> None:
    world.list_entry(1, "Lukashenko meets an envoy from overseas")
    world.list_entry(2, "A quiet day in the parks of the city", body="Nothing happened at all. " * 30)
    work(ports, world)
    assert titles(world) == ["Lukashenko meets an envoy from overseas"]
    assert "<b>Lukashenko</b>" in world.screen[0].html
    later(world, hours=1)
    work(ports, world)
    assert len(world.screen) == 1


def test_first_contact_stores_old_entries_and_does_not_alert_them(ports: Ports, world: World) -> None:
    entry = world.list_entry(1, "Lukashenko met an envoy a week ago", age_h=24 * 7)
    work(ports, world)
    assert titles(world) == []
    stored = ports.store.articles.article(entry.url)
    assert stored is not None
    assert [match.topic_id for match in ports.store.articles.matches(stored.id)] == ["ruler"]
    ((_, event),) = ports.store.outbox.untold_events()
    assert event.text.startswith("Herald: first read, 1 entry stored, 1 of them older")


def test_a_copy_is_silent_and_named_in_an_edit(ports: Ports, world: World) -> None:
    world.list_entry(1, "Lukashenko meets an envoy from overseas")
    work(ports, world)
    world.listed.clear()
    world.list_entry(1, "Another headline for the very same words", source="wire")
    work(ports, world, sources=("wire",))
    assert len(titles(world)) == 1
    later(world, minutes=1)
    work(ports, world, sources=())
    assert world.screen[-1].edit_of == "1"
    assert world.screen[-1].html.endswith("also in: Wire · first: Herald 11:30")


def test_a_revision_is_stored_and_not_told_as_new(ports: Ports, world: World) -> None:
    world.list_entry(1, "Lukashenko meets an envoy from overseas")
    work(ports, world)
    world.listed.clear()
    later(world, hours=1)
    changed = world.list_entry(1, "Lukashenko met two envoys from overseas", body=BODY + "Two came.")
    changed = dataclasses.replace(changed, id=changed.id)
    work(ports, world)
    assert len(titles(world)) == 1
    stored = ports.store.articles.article(changed.url)
    assert stored is not None
    assert stored.title == "Lukashenko met two envoys from overseas"


def test_a_page_that_fails_is_tried_again_then_the_entry_itself_is_matched(
    ports: Ports, world: World
) -> None:
    entry = world.list_entry(1, "Lukashenko meets an envoy from overseas")
    world.pages[entry.url] = Unreachable("herald.example does not answer")
    for _ in range(4):
        work(ports, world)
        later(world, minutes=5)
    assert world.asked.count(entry.url) == 3
    assert titles(world) == ["Lukashenko meets an envoy from overseas"]


def test_an_entry_without_a_page_is_read_as_it_stands(ports: Ports, world: World) -> None:
    entry = world.list_entry(1, "Lukashenko meets an envoy from overseas")
    posts = dataclasses.replace(ports.kinds["scripted"], has_page=lambda _entry: False)
    work(dataclasses.replace(ports, kinds={"scripted": posts}), world)
    assert entry.url not in world.asked
    assert titles(world) == ["Lukashenko meets an envoy from overseas"]


def test_a_refused_page_is_not_asked_twice(ports: Ports, world: World) -> None:
    entry = world.list_entry(1, "Lukashenko meets an envoy from overseas")
    world.pages[entry.url] = HttpStatus("refused", status=403)
    work(ports, world)
    assert world.asked.count(entry.url) == 1
    assert len(titles(world)) == 1


@pytest.mark.parametrize("error", [Unreachable("no answer"), ParseError("a challenge page came")])
def test_operators_hear_once_that_a_source_broke_and_once_that_it_recovered(
    ports: Ports, world: World, error: Exception
) -> None:
    world.broken = error
    for _ in range(4):
        work(ports, world)
        later(world, days=1)
    world.broken = None
    work(ports, world)
    kinds = [event.kind for _, event in ports.store.outbox.untold_events()]
    assert kinds == ["broke", "recovered"]


def test_a_bug_in_one_article_sets_only_that_job_aside(ports: Ports, world: World) -> None:
    bad = world.list_entry(1, "Lukashenko breaks the reader")
    world.list_entry(2, "Lukashenko meets an envoy from overseas", body=BODY + "Unlike the other.")
    world.pages[bad.url] = ZeroDivisionError("a bug")
    for _ in range(8):
        work(ports, world)
        later(world, hours=1)
    ((job, error),) = ports.store.jobs.quarantined()
    assert job.key == bad.id
    assert "ZeroDivisionError" in error
    assert len(titles(world)) == 1
    assert "quarantined" in [event.kind for _, event in ports.store.outbox.untold_events()]


def test_a_job_that_kills_the_process_is_set_aside(ports: Ports, world: World) -> None:
    entry = world.list_entry(1, "Lukashenko meets an envoy from overseas")
    ports.store.sources.enqueue_due({"herald": ""}, world.moment, limit=10)
    (poll,) = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=5)
    run_job(poll, ports)
    for epoch in range(ports.epoch + 1, ports.epoch + 20):  # as many starts, each killed while reading
        ports.store.jobs.release(epoch=epoch, now=world.moment)
        later(world, minutes=6)
        jobs = ports.store.jobs.claim(now=world.moment, owner="test", epoch=epoch, limit=5)
    assert [job.attempts for job in jobs] == [19]
    run_job(jobs[0], ports)
    ((job, error),) = ports.store.jobs.quarantined()
    assert job.key == entry.id
    assert "never ended" in error


def test_a_neighbour_stored_meanwhile_makes_the_decision_new(ports: Ports, world: World) -> None:
    """Two copies read at the same moment by two processes: the second commit sees the first, a copy."""
    world.list_entry(1, "Lukashenko meets an envoy from overseas")
    world.list_entry(2, "The same words under another headline here", source="wire")
    ports.store.sources.enqueue_due({"herald": ""}, world.moment, limit=10)
    (poll,) = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=5)
    run_job(poll, ports)
    later(world, seconds=2)
    first, second = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=5)
    elsewhere = dataclasses.replace(ports, turn=threading.Lock())
    between = _runs_before_commit(ports.store, lambda: run_job(second, elsewhere))
    run_job(first, dataclasses.replace(ports, store=between))
    work(ports, world, sources=())
    assert len(titles(world)) == 1
    assert len(world.asked) == 3  # the feed and each page once: deciding again asks nobody


def test_readings_of_one_process_decide_one_after_the_other(ports: Ports, world: World) -> None:
    """Whoever decides beside another of the same event would decide in vain."""
    for number in (1, 2):
        world.list_entry(
            number, "Lukashenko meets an envoy from overseas", source=("herald", "wire")[number - 1]
        )
    ports.store.sources.enqueue_due({"herald": ""}, world.moment, limit=10)
    (poll,) = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=5)
    run_job(poll, ports)
    later(world, seconds=2)
    both = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=5)
    seen: list[str] = []
    looking = _notes_snapshots(ports.store, seen)
    threads = [
        threading.Thread(target=run_job, args=(job, dataclasses.replace(ports, store=looking)))
        for job in both
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(both) == 2
    assert len(seen) == 2, "one decision an article"
    assert len(titles(world)) <= 1


def _notes_snapshots(store: Store, seen: list[str]) -> Store:
    """Each look at what is stored takes a while, so that two that do not wait for each other meet."""
    inner = store.articles

    class Articles:
        def __getattr__(self, name: str) -> object:
            return getattr(inner, name)

        def snapshot(self, query: SnapshotQuery) -> Snapshot:
            found = inner.snapshot(query)
            seen.append(query.article.id)
            time.sleep(0.2)
            return found

    return dataclasses.replace(store, articles=Articles())  # type: ignore[arg-type]


def _runs_before_commit(store: Store, action: Callable[[], None]) -> Store:
    inner, todo = store.jobs, [action]

    class Jobs:
        def __getattr__(self, name: str) -> object:
            return getattr(inner, name)

        def commit(self, *args: object, **kwargs: object) -> None:
            if todo:
                todo.pop()()
            inner.commit(*args, **kwargs)  # type: ignore[arg-type]

    return dataclasses.replace(store, jobs=Jobs())  # type: ignore[arg-type]


def test_an_alert_waits_for_other_pages_of_the_minute_and_no_longer(ports: Ports, world: World) -> None:
    rulebook = ports.rulebook()
    alerts = dataclasses.replace(rulebook.settings.alerts, settle=timedelta(seconds=30))
    patient = dataclasses.replace(rulebook, settings=dataclasses.replace(rulebook.settings, alerts=alerts))
    ports = dataclasses.replace(ports, rulebook=lambda: patient)
    world.list_entry(1, "Lukashenko meets an envoy from overseas")
    world.list_entry(2, "Lukashenko opens a new mine in the south", body=MINE, source="wire")
    world.listed[-1] = dataclasses.replace(world.listed[-1], source_id="herald")
    ports.store.sources.enqueue_due({"herald": ""}, world.moment, limit=10)
    (poll,) = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=5)
    run_job(poll, ports)
    first, second = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=5)
    run_job(first, ports)
    assert settle(ports) == 0, "the other page is still being read"
    (waiting,) = ports.store.outbox.list(states=("pending",))
    assert waiting.not_before == world.moment + timedelta(seconds=30)
    run_job(second, ports)
    assert settle(ports) >= 1
    assert {item.not_before for item in ports.store.outbox.list(states=("pending",))} == {world.moment}


def test_a_clock_set_forward_makes_nothing_too_old_to_be_told(ports: Ports, world: World) -> None:
    """What a source listed between its last poll and the step looks a day old, and as if after an outage."""
    store = ports.store
    world.list_entry(1, "Lukashenko meets an envoy from overseas")
    work(ports, world)
    assert len(titles(world)) == 1
    store.admin.heartbeat(world.moment)
    world.list_entry(2, "Lukashenko opens a new mine in the south", body=MINE)
    world.moment += timedelta(days=1)
    store.sources.enqueue_due({"herald": ""}, world.moment, limit=10)
    for early in store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=5):
        run_job(early, ports)  # the watch has not seen the step yet
    store.admin.correct_times(timedelta(days=1), world.moment)
    work(ports, world)
    assert len(titles(world)) == 2


def test_many_reports_of_one_event_at_once_are_all_stored_and_told_once(
    ports: Ports, world: World, tmp_path: Path
) -> None:
    """Each stored one makes all others decide anew; none is put off for it, and none holds the others up."""
    count = 20
    for number in range(count):
        title, own = "Lukashenko meets an envoy from overseas", f"Outlet {number} had a reporter there. " * 3
        entry = world.list_entry(number, title, source=f"outlet{number}", body=BODY + own)
        world.listed[-1] = dataclasses.replace(entry, source_id="herald")
    store = open_store(f"sqlite:///{tmp_path}/monitor.db", now=world.now)
    store.admin.upgrade()
    rulebook = ports.rulebook()
    store.sources.sync(tuple(rulebook.sources.values()), START)
    store.chats.sync(tuple(rulebook.chats.values()), START)
    ports = dataclasses.replace(ports, store=store, epoch=store.admin.acquire_service())
    store.sources.enqueue_due({"herald": ""}, world.moment, limit=10)
    (poll,) = store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=5)
    run_job(poll, ports)
    jobs = store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=count)
    assert len(jobs) == count
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(lambda job: run_job(job, ports), jobs))
    left = store.jobs.claim(now=world.moment + timedelta(minutes=1), owner="test", epoch=1, limit=count)
    assert [job for job in left if job.kind == "read"] == []
    alerts = [item for item in store.outbox.list(states=("pending",)) if item.kind == "alert"]
    assert len(alerts) == 1
    store.admin.close()


def test_an_edit_that_waits_for_more_copies_holds_up_no_alert(ports: Ports, world: World) -> None:
    world.list_entry(1, "Lukashenko meets an envoy from overseas")
    work(ports, world)
    world.listed.clear()
    world.list_entry(1, "Another headline for the very same words", source="wire")
    world.list_entry(2, "Potash prices fall, says Lukashenko", source="wire", body=MINE)
    began = world.moment
    work(ports, world, sources=("wire",))
    assert len(titles(world)) == 2
    assert world.moment - began < timedelta(seconds=20)


def test_an_unknown_outcome_is_sent_once_more_and_marked(ports: Ports, world: World) -> None:
    world.list_entry(1, "Lukashenko meets an envoy from overseas")
    world.receipts = [Unsure(reason="no answer"), Sent(message_id="9")]
    work(ports, world)
    assert resend_unsure(ports) == 0
    later(world, seconds=31)
    assert resend_unsure(ports) == 1
    work(ports, world, sources=())
    assert len(world.screen) == 2
    assert "possibly sent twice" in world.screen[1].plain
    (sent,) = ports.store.outbox.list(states=("sent",))
    assert (sent.uncertain_sends, sent.message_id) == (1, "9")


def test_a_source_that_left_the_rulebook_ends_quietly(ports: Ports, world: World) -> None:
    world.list_entry(1, "Lukashenko meets an envoy from overseas")
    empty: Mapping[str, Source] = {}
    gone = dataclasses.replace(ports.rulebook(), sources=empty)
    work(dataclasses.replace(ports, rulebook=lambda: gone), world)
    assert world.screen == []


def test_a_break_and_its_end_are_told_with_what_was_recovered(world: World, ports: Ports) -> None:
    world.list_entry(1, "An old headline of the Herald")
    work(ports, world)
    world.broken = HttpStatus("herald.example refuses us (HTTP 403)", status=403)
    for _ in range(2):
        later(world, minutes=70)
        work(ports, world)
    state = ports.store.sources.state("herald")
    assert state is not None
    assert (state.health, state.gap_reason) == ("quarantined", "HTTP 403")
    world.broken = None
    world.list_entry(2, "The Herald speaks again of trade", age_h=-1.5)
    later(world, hours=7)
    work(ports, world)

    (gap,) = ports.store.sources.gaps(START)
    assert (gap.reason, gap.recovered, gap.complete) == ("HTTP 403", 1, True)
    events = [event for _, event in ports.store.outbox.untold_events()]
    told = [event.text for event in events if event.kind in {"broke", "recovered"}]
    assert len(told) == 2
    assert told[0].startswith("Herald is broken: herald.example refuses us (HTTP 403) (2 failed polls since")
    assert told[1].startswith("Herald works again: HTTP 403 ")
    assert told[1].endswith(", 1 article recovered.")


def test_a_host_that_asks_to_be_left_alone_rests_for_pages_too(world: World, ports: Ports) -> None:
    entry = world.list_entry(1, "A headline of the Herald", body="Short.")
    wish = world.moment + timedelta(hours=2)
    world.pages[entry.url] = HttpStatus("slow down (HTTP 429)", status=429, retry_at=wish)
    ports.store.sources.enqueue_due({"herald": "herald.example"}, world.moment, limit=10)
    for _ in range(20):
        for job in ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=1):
            run_job(job, ports)
        world.moment += timedelta(seconds=30)
    assert world.asked.count(entry.url) == 1
    later(world, hours=2)
    (job,) = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=1)
    assert job.key == entry.id


def test_a_page_that_takes_too_long_is_matched_by_its_entry_and_why_says_so(
    ports: Ports, world: World
) -> None:
    def costly(*_: object, **__: object) -> Extracted:
        raise CostlyPage("its page took more than 5 s to read")

    world.list_entry(1, "Lukashenko meets an envoy from overseas")
    bounded = dataclasses.replace(ports, extract=costly)
    work(bounded, world)
    assert titles(world) == ["Lukashenko meets an envoy from overseas"]
    (article,) = ports.store.articles.latest()
    assert "its page took more than 5 s to read" in str(ports.store.articles.trace(article.id))
    for _ in range(6):
        later(world, days=1)
        work(bounded, world)
    assert len(world.screen) == 1, "a look at the page that costs too much says nothing about the article"


def test_a_job_that_killed_its_worker_five_times_is_set_aside(ports: Ports, world: World) -> None:
    """The handler is not called any more: whatever it does, it ends the process."""
    ports.store.jobs.add([Job(kind="poll", key="herald")], world.moment)
    (job,) = ports.store.jobs.claim(now=world.moment, owner="w", epoch=ports.epoch, limit=1)
    ended: list[Outcome] = []

    def run(*, attempts: int, others: int, deaths: int = MOST_CLAIMS_OF_WORKERS) -> Outcome:
        jobs = SimpleNamespace(
            commit=lambda _job, outcome, now: ended.append(outcome),  # noqa: ARG005
            others_in_doubt=lambda _job: others,
        )
        workers = SimpleNamespace(deaths=lambda _lately: deaths)
        of_worker = dataclasses.replace(job, epoch=WORKER_EPOCH, attempts=attempts)
        store = dataclasses.replace(ports.store, jobs=jobs, workers=workers)
        run_job(of_worker, dataclasses.replace(ports, store=store))
        return ended.pop()

    outcome = run(attempts=MOST_CLAIMS_OF_WORKERS + 1, others=SEVERAL_IN_DOUBT - 1)
    assert isinstance(outcome.ending, Quarantined)
    assert "was begun 5 times and never ended" in str(outcome.ending.error)
    assert world.asked == []

    again = run(attempts=MOST_CLAIMS_OF_WORKERS + 1, others=SEVERAL_IN_DOUBT)
    assert not isinstance(again.ending, Quarantined), "something else kills, whatever runs"
    assert world.asked

    again = run(attempts=MOST_CLAIMS_OF_WORKERS + 1, others=0, deaths=2 * MOST_CLAIMS_OF_WORKERS + 1)
    assert not isinstance(again.ending, Quarantined), "most workers died while it did not run"

    assert isinstance(run(attempts=MOST_CLAIMS + 1, others=99).ending, Quarantined), "some day it ends"
