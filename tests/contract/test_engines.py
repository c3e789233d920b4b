"""One suite for every engine on every store that it runs on: all is done, once, politely, whatever breaks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest

from monitor.engines.broker.consumer import BrokerConsumer
from monitor.engines.broker.relay import relay_owner
from monitor.model import Job
from monitor.model.job import WORKER_EPOCH, Role
from monitor.store import open_store
from tests.support.engines import Outlets, now, running, titles, worker
from tests.support.rabbitmq import VirtualHost, own_virtual_host

postgres = pytest.mark.postgres
EVERY = [
    pytest.param("local", "sqlite", id="local-sqlite"),
    pytest.param("local", "postgresql", id="local-postgresql", marks=postgres),
    pytest.param("workers", "postgresql", id="workers", marks=postgres),
    pytest.param("celery", "postgresql", id="celery", marks=postgres),
]
every_engine = pytest.mark.parametrize(("engine", "store_url"), EVERY, indirect=["store_url"])
by_celery = pytest.mark.parametrize(("engine", "store_url"), EVERY[-1:], indirect=["store_url"])


@pytest.fixture(scope="module")
def host() -> Iterator[VirtualHost]:
    """One for all tests: names that a test left behind are of jobs that nobody has any more."""
    with own_virtual_host() as found:
        yield found


@pytest.fixture
def broker(engine: str, request: pytest.FixtureRequest) -> str:
    """Where an engine that uses a broker finds it."""
    if engine != "celery":
        return ""
    found: VirtualHost = request.getfixturevalue("host")
    return found.url


@every_engine
def test_all_is_read_and_told_once_and_hosts_are_asked_one_at_a_time(
    engine: str, store_url: str, broker: str
) -> None:
    outlets = Outlets(hosts=6, articles=18, delay_s=0.05)
    with running(engine, store_url, outlets, broker=broker) as service:
        service.until_done(18)
        assert service.store.jobs.quarantined() == ()
    assert dict(outlets.told()) == dict.fromkeys(titles(18), 1)
    assert outlets.met == [], "no host was asked twice at once"
    assert outlets.shortest_pause_s() >= 0.045, "each rested after each request"


@every_engine
def test_two_processes_that_read_the_same_story_tell_it_once(
    engine: str, store_url: str, broker: str
) -> None:
    outlets = Outlets(hosts=8, articles=16, twins=True, took_s=0.02)
    with running(engine, store_url, outlets, broker=broker) as service:
        service.until_done(8)
        deadline = time.monotonic() + 60
        while service.store.jobs.open_count() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert service.store.jobs.open_count() == 0
        time.sleep(0.3)
    assert dict(outlets.told()) == dict.fromkeys(titles(8), 1)


@every_engine
def test_an_error_that_nobody_expected_stops_nothing_else(engine: str, store_url: str, broker: str) -> None:
    outlets = Outlets(hosts=4, articles=12)

    def bug(url: str) -> None:
        if url.endswith("/5"):
            raise RuntimeError("a bug")

    outlets.before = bug
    with running(engine, store_url, outlets, broker=broker) as service:
        service.until_done(11)
    assert set(outlets.told()) == set(titles(12)) - {Outlets.title(5)}


@every_engine
def test_what_was_under_way_when_it_stopped_is_done_by_the_next_one(
    engine: str, store_url: str, broker: str
) -> None:
    outlets = Outlets(hosts=8, articles=16, took_s=0.02)
    with running(engine, store_url, outlets, broker=broker) as service:
        service.until_done(3)
    with running(engine, store_url, outlets, broker=broker) as service:
        service.until_done(16)
    assert dict(outlets.told()) == dict.fromkeys(titles(16), 1)


@pytest.mark.parametrize(("engine", "store_url"), EVERY[2:3], indirect=["store_url"])
def test_a_worker_that_hangs_loses_its_jobs_to_others(engine: str, store_url: str, broker: str) -> None:
    """It is taken for dead in the middle of a request; what it fetched then is not written."""
    outlets = Outlets(hosts=4, articles=12)
    hangs, gone = threading.Event(), threading.Event()

    def hang(url: str) -> None:
        if url.endswith("/3") and not hangs.is_set():
            hangs.set()
            gone.wait(20)

    outlets.before = hang
    rulebook = outlets.rulebook()
    with running(engine, store_url, outlets, broker=broker, workers=1) as service:
        assert hangs.wait(20)
        holder = service.store.workers.all()[0]
        with worker(store_url, outlets, rulebook, 7):
            if holder.in_flight:
                service.store.workers.leave(holder.id, rest=timedelta())
            gone.set()
            service.until_done(12)
    assert dict(outlets.told()) == dict.fromkeys(titles(12), 1)


@by_celery
def test_the_broker_holds_quorum_queues_with_their_flags_and_nothing_else(
    engine: str, store_url: str, broker: str, host: VirtualHost
) -> None:
    outlets = Outlets(hosts=2, articles=4)
    with running(engine, store_url, outlets, broker=broker) as service:
        service.until_done(4)
        queues = {row["name"]: row for row in host.listed("name", "type", "durable", "arguments", "policy")}
        consumers = host.listed("queue_name", "ack_required", "prefetch_count", what="consumers")
        exchanges = {row["name"] for row in host.listed("name", what="exchanges")}
    assert set(queues) == {"monitor.fetch", "monitor.process", "monitor.dead"}, "no event or control queues"
    assert {row["type"] for row in queues.values()} == {"quorum"}
    assert {row["durable"] for row in queues.values()} == {"true"}
    for name in ("monitor.fetch", "monitor.process"):
        assert '{"x-delivery-limit",5}' in queues[name]["arguments"]
        assert '{"x-dead-letter-exchange","monitor.dead"}' in queues[name]["arguments"]
    assert {row["queue_name"] for row in consumers} == {"monitor.fetch", "monitor.process"}
    assert {row["ack_required"] for row in consumers} == {"true"}
    assert {int(row["prefetch_count"]) for row in consumers} == {8}, "as many as threads"
    ours = {name for name in exchanges if name and not name.startswith("amq.")}
    assert ours == {"monitor.fetch", "monitor.process", "monitor.dead"}, "no exchanges for delays"


@by_celery
def test_the_broker_may_be_wiped_at_any_time(
    engine: str, store_url: str, broker: str, host: VirtualHost
) -> None:
    outlets = Outlets(hosts=8, articles=24, took_s=0.02)
    with running(engine, store_url, outlets, broker=broker) as service:
        service.until_done(5)
        host.wipe()
        # A name that the broker lost comes back when its claim's minute is over.
        service.until_done(24, timeout_s=100.0)
    assert dict(outlets.told()) == dict.fromkeys(titles(24), 1)
    assert outlets.met == []


@by_celery
def test_a_consumer_that_ended_by_itself_is_started_again(
    engine: str, store_url: str, broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = BrokerConsumer._make
    failures = iter([lambda: None, lambda: 1 / 0] * 2)

    def flaky(self: BrokerConsumer) -> object:
        failing = next(failures, None)
        return made(self) if failing is None else SimpleNamespace(start=failing)

    monkeypatch.setattr(BrokerConsumer, "_make", flaky)
    outlets = Outlets(hosts=4, articles=8, took_s=0.02)
    with running(engine, store_url, outlets, broker=broker) as service:
        service.until_done(8)
    assert dict(outlets.told()) == dict.fromkeys(titles(8), 1)
    assert next(failures, None) is None, "each consumer failed first"


@by_celery
def test_a_name_that_comes_twice_is_taken_over_once(engine: str, store_url: str, broker: str) -> None:
    del engine, broker
    store = open_store(store_url, now=now)
    with worker(store_url, Outlets(hosts=1, articles=1), Outlets(hosts=1, articles=1).rulebook(), 1) as me:
        store.jobs.add([Job(kind="recheck", key="later", not_before=now() + timedelta(hours=1))], now())
        later, relay = now() + timedelta(hours=2), relay_owner("service")
        (job,) = store.jobs.claim(now=later, owner=relay, epoch=0, limit=9)
        assert store.jobs.dispatched(relay) == 1
        ticket = {"published_by": relay, "owner": me, "now": later}
        assert store.jobs.take_over("recheck", "later", attempts=7, **ticket) is None  # type: ignore[arg-type]
        taken = store.jobs.take_over("recheck", "later", attempts=job.attempts, **ticket)  # type: ignore[arg-type]
        assert taken is not None
        assert (taken.owner, taken.epoch, taken.attempts) == (me, WORKER_EPOCH, 1)
        assert store.jobs.take_over("recheck", "later", attempts=job.attempts, **ticket) is None  # type: ignore[arg-type]
        assert store.jobs.dispatched(relay) == 0
        time.sleep(0)
    store.admin.close()


def test_a_virtual_host_that_is_not_there_is_said_once_and_taken_up_when_it_is(
    host: VirtualHost, capsys: pytest.CaptureFixture[str]
) -> None:
    late = VirtualHost(f"{host.name}_late")
    fetch: tuple[Role, ...] = ("fetch",)
    consumer = BrokerConsumer(late.url, roles=fetch, threads=1)
    consumer.start(lambda *_: None)
    try:
        time.sleep(4.0)
        late.make()
        deadline = time.monotonic() + 30
        while not late.listed("queue_name", what="consumers"):
            assert time.monotonic() < deadline, "it does not begin"
            time.sleep(0.5)
    finally:
        consumer.stop()
        late.drop()
    said = "".join(capsys.readouterr())
    assert said.count(f"rabbitmqctl add_vhost {late.name}") == 1
    assert "Traceback" not in said
