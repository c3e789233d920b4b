"""Leases and fences: what nobody holds is taken back, and who lost the store takes nothing more."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from monitor.errors import NotOurs
from monitor.model import Chat, Delivery, Held, Job, NoticeText, Outcome
from monitor.ports import Store
from monitor.store import open_store

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ME = Held(owner="me", epoch=1)


def claimed(store: Store, *keys: str, owner: str = "me", epoch: int = 1) -> tuple[Job, ...]:
    store.jobs.add([Job(kind="poll", key=key, host_key=f"{key}.example") for key in keys], NOW)
    return store.jobs.claim(now=NOW, owner=owner, epoch=epoch, limit=9, lease_s=60)


def sending(store: Store, *keys: str, unsure: str = "resend") -> None:
    for key in keys:
        store.chats.save(Chat(id=f"screen:{key}", channel="screen", address=key, unsure=unsure), NOW)  # type: ignore[arg-type]
        store.outbox.add([letter(key)], NOW)
    assert len(store.outbox.claim(now=NOW, owner="me", epoch=1, limit=9, lease_s=60)) == len(keys)


def letter(key: str) -> Delivery:
    return Delivery(
        key=key,
        chat_id=f"screen:{key}",
        kind="notice",
        payload=NoticeText(text=key),
        created_at=NOW,
        not_before=NOW,
    )


def test_a_claim_whose_answer_was_lost_is_taken_back_and_its_host_is_asked_again(store: Store) -> None:
    claimed(store, "herald", "wire")
    held = dataclasses.replace(ME, jobs=frozenset({("poll", "wire")}))
    assert store.leases.reclaim(held, now=NOW).jobs == 1
    (again,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=9)
    assert again.key == "herald"


def test_what_an_engine_holds_is_left_to_it_however_long_it_takes(store: Store) -> None:
    (job,) = claimed(store, "herald")
    held = dataclasses.replace(ME, jobs=frozenset({("poll", "herald")}))
    assert store.leases.reclaim(held, now=NOW + timedelta(hours=5)).jobs == 0
    store.jobs.commit(job, Outcome(), now=NOW)
    assert store.jobs.open_count() == 0


def test_another_process_of_the_same_epoch_keeps_its_jobs_while_it_renews_them(store: Store) -> None:
    (job,) = claimed(store, "herald", owner="a worker")
    theirs = Held(owner="a worker", epoch=1, jobs=frozenset({("poll", "herald")}))
    store.leases.renew(theirs, until=NOW + 10 * MINUTE)
    assert store.leases.reclaim(ME, now=NOW + 5 * MINUTE).jobs == 0
    assert store.leases.reclaim(ME, now=NOW + 11 * MINUTE).jobs == 1
    with pytest.raises(NotOurs):
        store.jobs.commit(job, Outcome(), now=NOW)


def test_a_delivery_that_no_thread_was_given_is_sent_without_a_mark(store: Store) -> None:
    sending(store, "one")
    assert store.leases.reclaim(ME, now=NOW).unsent == 1
    (again,) = store.outbox.claim(now=NOW, owner="me", epoch=1, limit=9, lease_s=60)
    assert (again.key, again.uncertain_sends, again.attempts) == ("one", 0, 1)


def test_a_delivery_whose_thread_ended_without_a_word_is_of_unknown_outcome(store: Store) -> None:
    sending(store, "one")
    sending(store, "held", unsure="hold")
    ended = dataclasses.replace(ME, uncertain=frozenset({"one", "held"}))
    assert store.leases.reclaim(ended, now=NOW).uncertain == 2
    assert {item.key for item in store.outbox.list(states=("unsure",))} == {"one", "held"}
    assert [event.subject for _, event in store.outbox.untold_events()] == ["screen:held"]


def test_who_lost_the_store_claims_nothing_more(store: Store) -> None:
    first = store.admin.acquire_service()
    store.admin.release_service()
    store.jobs.add([Job(kind="poll", key="herald")], NOW)
    store.chats.save(Chat(id="screen:one", channel="screen", address="one"), NOW)
    store.outbox.add([letter("one")], NOW)
    second = store.admin.acquire_service()
    for epoch, found in ((first, 0), (second, 1)):
        jobs = store.jobs.claim(now=NOW, owner="x", epoch=epoch, limit=9)
        sends = store.outbox.claim(now=NOW, owner="x", epoch=epoch, limit=9, lease_s=60)
        assert (len(jobs), len(sends)) == (found, found)


def test_who_lost_the_store_takes_nothing_back_from_the_new_owner(store: Store) -> None:
    store.admin.acquire_service()
    store.admin.release_service()
    store.admin.acquire_service()
    claimed(store, "herald", owner="new", epoch=2)
    assert store.leases.reclaim(Held(owner="old", epoch=1), now=NOW + timedelta(days=1)).jobs == 0


@pytest.fixture
def two(store_url: str) -> Iterator[tuple[Store, Store]]:
    """Two services' views of one store."""
    stores = tuple(open_store(store_url, now=lambda: NOW) for _ in range(2))
    yield stores[0], stores[1]
    for opened in stores:
        opened.admin.close()


def drop_lock_session(url: str) -> None:
    """As an administrator, a failover or a firewall would."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_service_whose_lock_was_dropped_steps_down_for_the_one_that_took_over(
    two: tuple[Store, Store], store_url: str
) -> None:
    first, second = two
    epoch = first.admin.acquire_service()
    assert first.admin.holds_service(epoch)
    drop_lock_session(store_url)
    assert second.admin.acquire_service() == epoch + 1
    assert not first.admin.holds_service(epoch)
    assert second.admin.holds_service(epoch + 1)


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_service_whose_lock_was_dropped_goes_on_when_nobody_took_over(
    two: tuple[Store, Store], store_url: str
) -> None:
    first, second = two
    epoch = first.admin.acquire_service()
    drop_lock_session(store_url)
    assert first.admin.holds_service(epoch)
    assert second.admin.service_alive()
    store = first
    store.jobs.add([Job(kind="poll", key="herald")], NOW)
    assert store.jobs.claim(now=NOW, owner="x", epoch=epoch, limit=9)


def test_a_lock_that_another_service_took_and_left_does_not_count_as_ours(two: tuple[Store, Store]) -> None:
    """Between two heartbeats everything may have happened: the epoch tells."""
    first, second = two
    epoch = first.admin.acquire_service()
    first.admin.release_service()  # the session broke
    second.admin.acquire_service()
    second.admin.release_service()
    assert not first.admin.holds_service(epoch)
    assert not first.admin.service_alive()


def test_pruning_ends_when_the_service_is_told_to_stop(store: Store) -> None:
    assert store.admin.prune(NOW, go_on=lambda: False) == 0
