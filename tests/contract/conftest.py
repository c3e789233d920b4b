"""One store of each kind, empty and at the newest schema, for the contract suites."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from monitor.ports import Store
from monitor.store import open_store
from tests.support.postgres import own_database

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[URL]:
    """A database of this session's own."""
    with own_database() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_database: URL) -> str:
    url = postgres_database.render_as_string(hide_password=False)
    store = open_store(url, now=lambda: NOW)
    store.admin.upgrade()
    store.admin.close()
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if request.param == "sqlite":
        file = tmp_path / "store.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        return f"sqlite:///{file}"
    url = str(request.getfixturevalue("postgres_template"))
    _empty(url)
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, whose clock stands at 2026-05-04 09:30 UTC."""
    opened = open_store(store_url, now=lambda: NOW)
    yield opened
    opened.admin.close()


def _empty(url: str) -> None:
    # Deleting a handful of rows is far quicker than TRUNCATE, which makes every table's file anew.
    engine = create_engine(url)
    tables = text(
        "SELECT quote_ident(tablename) FROM pg_tables "
        "WHERE schemaname = current_schema() AND tablename != 'alembic_version'"
    )
    with engine.begin() as connection:
        for name in connection.execute(tables).scalars().all():
            connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608 – the schema's own names
    engine.dispose()
