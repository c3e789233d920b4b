"""One running desk a module for what only looks, one a test for what changes something."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.ports import Store
from monitor.store import open_store
from tests.support.desk import TEXTS, DeskWorld, running, write_config


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    file = tmp_path_factory.mktemp("desk") / "store.db"
    store = opened(file)
    store.admin.upgrade()
    store.admin.close()
    return file


def opened(file: Path) -> Store:
    from datetime import UTC, datetime  # noqa: PLC0415

    return open_store(f"sqlite:///{file}", now=lambda: datetime.now(UTC))


@pytest.fixture
def world(tmp_path: Path, empty_file: Path) -> Iterator[DeskWorld]:
    """A desk of one's own, with three articles."""
    yield from _world(tmp_path, empty_file)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[DeskWorld]:
    """A desk that is only looked at."""
    yield from _world(tmp_path_factory.mktemp("seen"), empty_file)


def _world(folder: Path, empty_file: Path) -> Iterator[DeskWorld]:
    file = folder / "store.db"
    shutil.copyfile(empty_file, file)
    store = opened(file)
    try:
        with running(store, write_config(folder / "config")) as world:
            for name, text in TEXTS.items():
                world.keep(name, text)
            store.articles.index()
            yield world
    finally:
        store.admin.close()


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[DeskWorld]:
    """A desk with an account, asked by those who have none."""
    for world in _world(tmp_path_factory.mktemp("guarded"), empty_file):
        world.account("root", "admin")
        yield world
