"""A store that takes small writes and refuses those that matter is not called well."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from monitor.errors import StoreError, StoreUnavailable
from monitor.ports import Store
from monitor.store import open_store
from monitor.store.admin import StoredAdmin
from monitor.store.upkeep.write_health import LONGEST_SILENCE_S, WriteHealth

NOW = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path}/monitor.db", now=lambda: NOW)
    store.admin.upgrade()
    yield store
    store.admin.close()


@contextmanager
def full_disk(store: Store) -> Iterator[None]:
    """No page more for the file, as on a disk that is full; what overwrites pages goes through."""
    assert isinstance(store.admin, StoredAdmin)
    engine = store.admin.database.engine
    most = {"pages": 0}

    def limited(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={most['pages']}")  # type: ignore[attr-defined]

    with engine.connect() as connection:
        most["pages"] = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    event.listen(engine, "checkout", limited)
    try:
        yield
    finally:
        most["pages"] = 1_000_000


def test_a_damaged_file_is_known_by_its_first_page_that_makes_no_sense_and_stays_so(tmp_path: Path) -> None:
    """The heartbeat's own page is whole, so that writing goes on: articles are lost all the same."""
    store = open_store(f"sqlite:///{tmp_path}/monitor.db", now=lambda: NOW)
    store.admin.upgrade()
    assert isinstance(store.admin, StoredAdmin)
    with store.admin.database.outside_transaction() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = 'rulebooks'"
        ).scalar_one()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    store.admin.close()
    with (tmp_path / "monitor.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    store = open_store(f"sqlite:///{tmp_path}/monitor.db", now=lambda: NOW)
    store.admin.heartbeat(NOW)
    assert store.admin.trouble() is None
    with pytest.raises(StoreError, match="damaged; restore a backup"):
        store.admin.rulebooks(1)
    store.admin.heartbeat(NOW)
    trouble = store.admin.trouble()
    assert trouble is not None
    assert trouble.damaged
    assert "restore a backup" in trouble.reason
    store.admin.close()


def test_a_store_that_takes_the_heartbeat_alone_is_in_trouble_until_a_large_write_goes_through(
    store: Store,
) -> None:
    store.admin.heartbeat(NOW)
    assert store.admin.trouble() is None
    with full_disk(store):
        store.admin.heartbeat(NOW)
        with pytest.raises(StoreUnavailable, match="the disk is full"):
            store.admin.keep_rulebook("r", random.Random(1).randbytes(500_000).hex(), NOW)
        for _ in range(3):
            with pytest.raises(StoreUnavailable, match="the disk is full"):
                store.admin.heartbeat(NOW)
        trouble = store.admin.trouble()
        assert trouble is not None
        assert "the disk is full" in trouble.reason
        assert not trouble.silent
    store.admin.heartbeat(NOW)
    assert store.admin.trouble() is None


def test_a_large_write_leaves_nothing_behind(store: Store) -> None:
    store.admin.prove_writing()
    before = store.admin.sizes()["file"]
    for _ in range(5):
        store.admin.prove_writing()
    assert store.admin.sizes()["file"] - before < 1_000_000


def test_a_heartbeat_that_stays_away_is_trouble_though_nothing_was_refused() -> None:
    moment = 100.0
    health = WriteHealth(lambda: moment)
    assert health.trouble() is None, "nobody has promised a heartbeat"
    health.beat()
    moment += LONGEST_SILENCE_S + 1
    trouble = health.trouble()
    assert trouble is not None
    assert trouble.silent
    health.rest()
    assert health.trouble() is None


def test_a_refusal_during_the_proof_is_not_forgotten() -> None:
    health = WriteHealth()
    health.refused("full")
    before = health.refusals
    health.refused("full again")
    health.proven(before)
    trouble = health.trouble()
    assert trouble is not None
    assert trouble.reason == "full again"
