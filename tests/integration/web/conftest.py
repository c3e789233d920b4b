"""One running desk a module for what only looks, one a test for what changes something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import DeskWorld, filled, migrated


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    return migrated(tmp_path_factory.mktemp("desk") / "store.db")


@pytest.fixture
def world(tmp_path: Path, empty_file: Path) -> Iterator[DeskWorld]:
    """A desk of one's own, with three articles."""
    with filled(tmp_path, empty_file) as world:
        yield world


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[DeskWorld]:
    """A desk that is only looked at."""
    with filled(tmp_path_factory.mktemp("seen"), empty_file) as world:
        yield world


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[DeskWorld]:
    """A desk with an account, asked by those who have none."""
    with filled(tmp_path_factory.mktemp("guarded"), empty_file) as world:
        world.account("root", "admin")
        yield world
