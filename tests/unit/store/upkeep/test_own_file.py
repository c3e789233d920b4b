"""The file of a SQLite store is deleted, or another one put in its place, while a service runs on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import StoreReplaced, StoreUnavailable
from monitor.ports import Store
from monitor.store import open_store
from monitor.store.admin import StoredAdmin

NOW = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monitor.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{file}", now=lambda: NOW)
    store.admin.upgrade()
    yield store
    store.admin.close()


def several_connections(store: Store) -> ExitStack:
    """More than are open already: some would be made anew."""
    assert isinstance(store.admin, StoredAdmin)
    with ExitStack() as opened:
        for _ in range(4):
            opened.enter_context(store.admin.database.read())
        return opened.pop_all()


def test_a_deleted_file_is_written_anew_with_all_that_it_held(store: Store, file: Path) -> None:
    epoch = store.admin.acquire_service()
    store.admin.keep_rulebook("before", "b", NOW)
    for path in file.parent.glob("monitor.db*"):
        if not path.name.endswith(".lock"):
            path.unlink()
    with pytest.raises(StoreUnavailable, match="not the one that was opened"):
        several_connections(store)
    assert not file.exists()
    store.admin.keep_rulebook("between", "b", NOW)
    assert store.admin.holds_service(epoch)
    with several_connections(store):
        store.admin.keep_rulebook("after", "b", NOW)
    other = open_store(f"sqlite:///{file}", now=lambda: NOW)
    assert {kept.revision for kept in other.admin.rulebooks(9)} == {"before", "between", "after"}
    other.admin.close()
    assert file.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in file.parent.iterdir() if "-" not in path.name) == [
        "monitor.db",
        "monitor.db.lock",
    ]


def test_a_service_ends_when_another_file_is_put_in_the_place_of_its_own(store: Store, file: Path) -> None:
    """It would go on with a file that has no name, and all that it told since would be told again."""
    epoch = store.admin.acquire_service()
    store.admin.backup(str(file.with_name("copy.db")))
    shutil.move(file.with_name("copy.db"), file)
    with pytest.raises(StoreUnavailable, match="not the one that was opened"):
        several_connections(store)
    with pytest.raises(StoreReplaced, match="another file was put in its place"):
        store.admin.holds_service(epoch)
