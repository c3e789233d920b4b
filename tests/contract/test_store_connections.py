"""PostgreSQL takes sessions away: what a store notices of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import create_engine, text

from monitor.errors import StoreUnavailable
from monitor.model import Job
from monitor.ports import Store
from monitor.store import database, open_store

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
SESSIONS = 4

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)]


@pytest.fixture
def used(store_url: str) -> Iterator[Store]:
    """A store several of whose connections have been used."""
    store = open_store(store_url, now=lambda: NOW)
    together = Barrier(SESSIONS)

    def use(_number: int) -> None:
        together.wait(10)
        for _ in range(20):
            store.jobs.open_count()

    with ThreadPoolExecutor(SESSIONS) as pool:
        list(pool.map(use, range(SESSIONS)))
    yield store
    store.admin.close()


def sessions(url: str, what: str) -> list[object]:
    """Of each other session of the database."""
    engine = create_engine(url)
    others = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    asked = text(f"SELECT {what} FROM pg_stat_activity WHERE {others}")  # noqa: S608 - the tests' own words
    with engine.begin() as connection:
        found = connection.execute(asked).scalars().all()
    engine.dispose()
    return list(found)


def test_sessions_that_were_dropped_while_nothing_was_asked_are_not_noticed(
    used: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PING_AFTER_S", 0.0)
    dropped = sessions(store_url, "pg_terminate_backend(pid)")
    assert dropped
    for number in range(2 * len(dropped)):
        used.jobs.add([Job(kind="poll", key=str(number))], NOW)
    assert used.jobs.open_count() == 2 * len(dropped)


def test_a_session_that_was_dropped_this_moment_is_noticed_once_whatever_others_there_were(
    used: Store, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PING_AFTER_S", 3_600.0)
    assert sessions(store_url, "pg_terminate_backend(pid)")
    with pytest.raises(StoreUnavailable):
        used.jobs.open_count()
    for _ in range(2 * SESSIONS):
        assert used.jobs.open_count() == 0


def test_reading_leaves_no_transaction_open(used: Store, store_url: str) -> None:
    used.jobs.open_count()
    states = sessions(store_url, "state")
    assert states
    assert set(states) == {"idle"}
    last = {str(query).strip() for query in sessions(store_url, "query")}
    assert not last & {"BEGIN", "ROLLBACK", "COMMIT"}, "a read takes one answer, not three"
