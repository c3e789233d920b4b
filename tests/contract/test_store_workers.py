"""Workers beside the service: what they hold is theirs while they live, and given back when they do not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from monitor.errors import NotOurs, StoreError
from monitor.model import Chat, Delivery, Held, Job, NoticeText, Outcome, WorkerProcess
from monitor.model.job import WORKER_EPOCH
from monitor.ports import Store
from monitor.store import open_store
from monitor.store.processes import workers as processes

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
SILENT, REST = timedelta(seconds=15), timedelta(seconds=2)
on_postgres = pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)


def worker(name: str, *, pid: int = 1) -> WorkerProcess:
    return WorkerProcess(
        id=name, roles=("fetch", "process"), host="a", pid=pid, started_at=NOW, heartbeat_at=NOW
    )


def claim(store: Store, owner: str, **asked: object) -> tuple[Job, ...]:
    return store.jobs.claim(now=NOW, owner=owner, epoch=WORKER_EPOCH, **{"limit": 9, **asked})  # type: ignore[arg-type]


def polls(store: Store, *keys: str) -> None:
    store.jobs.add([Job(kind="poll", key=key, host_key=f"{key}.example") for key in keys], NOW)


def fall_silent(url: str, name: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        silent = "UPDATE workers SET heartbeat_at = heartbeat_at - interval '1 minute' WHERE id = :id"
        connection.execute(text(silent), {"id": name})
    engine.dispose()


def letter(key: str) -> Delivery:
    return Delivery(
        key=key,
        chat_id=f"screen:{key}",
        kind="notice",
        payload=NoticeText(text=key),
        created_at=NOW,
        not_before=NOW,
    )


@pytest.fixture
def two(store_url: str) -> Iterator[tuple[Store, Store]]:
    """Two processes' views of one store."""
    stores = tuple(open_store(store_url, now=lambda: NOW) for _ in range(2))
    yield stores[0], stores[1]
    for opened in stores:
        opened.workers.drop_sender()
        opened.admin.close()


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_sqlite_has_no_workers_and_says_why(store: Store) -> None:
    with pytest.raises(StoreError, match="need PostgreSQL"):
        store.workers.join(worker("w"))
    polls(store, "herald")
    assert claim(store, "w") == ()
    assert store.workers.take_sender("anybody")


def test_a_claim_takes_only_the_kinds_that_are_asked_for(store: Store) -> None:
    polls(store, "herald")
    store.jobs.add([Job(kind="read", key="entry"), Job(kind="recheck", key="article")], NOW)
    found = store.jobs.claim(now=NOW, owner="x", epoch=0, limit=9, kinds=("read", "recheck"))
    assert [job.kind for job in found] == ["read", "recheck"]


@pytest.mark.postgres
@on_postgres
def test_the_service_leaves_to_a_worker_what_it_holds_and_restarts_meanwhile(store: Store) -> None:
    store.workers.join(worker("w"))
    polls(store, "herald")
    (job,) = claim(store, "w", lease_s=1)
    later = NOW + timedelta(hours=1)
    assert store.jobs.release(epoch=7, now=later) == 0
    assert store.leases.reclaim(Held(owner="service", epoch=7), now=later).jobs == 0
    store.jobs.commit(job, Outcome(), now=later)
    assert store.jobs.open_count() == 0


@pytest.mark.postgres
@on_postgres
def test_what_a_silent_worker_held_is_done_by_others_and_its_hosts_rest(store: Store, store_url: str) -> None:
    store.workers.join(worker("dead"))
    store.workers.join(worker("well", pid=2))
    polls(store, "herald")
    (job,) = claim(store, "dead")
    assert store.workers.remove_silent(SILENT, rest=REST) == ()
    fall_silent(store_url, "dead")
    assert store.workers.remove_silent(SILENT, rest=REST) == ("dead",)
    assert not store.workers.beat("dead"), "it learns that it is taken for dead"
    with pytest.raises(NotOurs):
        store.jobs.commit(job, Outcome(), now=NOW)
    assert claim(store, "dead") == (), "it claims nothing more"
    assert claim(store, "well") == (), "the host that it was asking rests"
    (again,) = store.jobs.claim(now=NOW + REST, owner="well", epoch=WORKER_EPOCH, limit=9)
    assert (again.key, again.attempts) == ("herald", 2)


@pytest.mark.postgres
@on_postgres
def test_a_worker_that_ends_gives_back_what_it_holds_at_once(store: Store) -> None:
    store.workers.join(worker("one", pid=41))
    store.workers.join(worker("two", pid=42))
    polls(store, "herald")
    claim(store, "one")
    assert {each.id: each.in_flight for each in store.workers.all()} == {"one": 1, "two": 0}
    assert store.workers.remove_ended("a", 41, rest=timedelta()) == ("one",)
    (again,) = claim(store, "two")
    store.workers.leave("two", rest=timedelta())
    assert store.workers.all() == ()
    with pytest.raises(NotOurs):
        store.jobs.commit(again, Outcome(), now=NOW)


@pytest.mark.postgres
@on_postgres
def test_workers_that_died_lately_are_counted_and_those_that_left_are_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "DEATHS_KEPT", 3)
    for pid in range(6):
        store.workers.join(worker(f"w{pid}", pid=pid))
    assert store.workers.deaths(timedelta(hours=1)) == 0
    store.workers.leave("w0", rest=timedelta())
    assert store.workers.remove_ended("a", 0, rest=timedelta()) == ()
    assert store.workers.deaths(timedelta(hours=1)) == 0
    for pid in range(1, 6):
        store.workers.remove_ended("a", pid, rest=timedelta())
        assert store.workers.deaths(timedelta(hours=1)) == min(pid, 3)
    assert store.workers.deaths(timedelta()) == 0


@pytest.mark.postgres
@on_postgres
def test_workers_that_die_at_once_are_all_counted(store: Store) -> None:
    for pid in range(8):
        store.workers.join(worker(f"w{pid}", pid=pid))
    together = threading.Barrier(8)

    def end(pid: int) -> None:
        together.wait(10)
        store.workers.remove_ended("a", pid, rest=timedelta())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(end, range(8)))
    assert store.workers.deaths(timedelta(hours=1)) == 8


@pytest.mark.postgres
@on_postgres
def test_sends_of_a_worker_that_died_are_of_unknown_outcome(store: Store) -> None:
    store.workers.join(worker("dead"))
    store.chats.save(Chat(id="screen:one", channel="screen", address="one", unsure="hold"), NOW)
    store.outbox.add([letter("one")], NOW)
    assert store.workers.take_sender("dead")
    claimed = store.outbox.claim(now=NOW, owner="dead", epoch=WORKER_EPOCH, limit=9, lease_s=60)
    assert len(claimed) == 1
    assert store.outbox.recover(epoch=3, now=NOW) == 0, "it lives"
    store.workers.leave("dead", rest=timedelta())
    assert [item.key for item in store.outbox.list(states=("unsure",))] == ["one"]
    assert [event.subject for _, event in store.outbox.untold_events()] == ["screen:one"]
    store.workers.drop_sender()


@pytest.mark.postgres
@on_postgres
def test_one_process_sends_and_the_next_one_fences_it_off(two: tuple[Store, Store], store_url: str) -> None:
    first, second = two
    first.workers.join(worker("first"))
    second.workers.join(worker("second"))
    first.chats.save(Chat(id="screen:one", channel="screen", address="one"), NOW)
    first.outbox.add([letter("one")], NOW)
    assert first.workers.take_sender("first")
    assert not second.workers.take_sender("second")
    assert first.workers.take_sender("first"), "asked every second"
    engine = create_engine(store_url)
    with engine.begin() as connection:  # a failover or a firewall ends the session that holds the lock
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    engine.dispose()
    for _ in range(100):
        if second.workers.take_sender("second"):
            break
        threading.Event().wait(0.05)
    claims = [
        len(store.outbox.claim(now=NOW, owner=name, epoch=WORKER_EPOCH, limit=9, lease_s=60))
        for store, name in ((first, "first"), (second, "second"))
    ]
    assert claims == [0, 1]
    assert not first.workers.take_sender("first")


@pytest.mark.postgres
@on_postgres
def test_many_processes_that_claim_at_once_never_take_two_jobs_of_a_host(store_url: str) -> None:
    stores = [open_store(store_url, now=lambda: NOW) for _ in range(4)]
    jobs = [
        Job(kind="read", key=f"{host}/{number}", host_key=f"{host}.example")
        for host in range(20)
        for number in range(5)
    ]
    stores[0].jobs.add(jobs, NOW)
    under_way: list[str] = []
    met: list[str] = []
    done: list[str] = []
    lock = threading.Lock()

    def work(store: Store, name: str) -> None:
        store.workers.join(worker(name))
        while len(done) < len(jobs):
            for job in claim(store, name, limit=3):
                with lock:
                    if job.host_key in under_way:
                        met.append(job.host_key)
                    under_way.append(job.host_key)
                with lock:  # before the commit, which lets the host go
                    under_way.remove(job.host_key)
                store.jobs.commit(job, Outcome(), now=NOW)
                done.append(job.key)

    threads = [
        threading.Thread(target=work, args=(store, f"w{number}")) for number, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for store in stores:
        store.admin.close()
    assert met == []
    assert sorted(done) == sorted(job.key for job in jobs)
