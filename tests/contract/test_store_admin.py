"""Schema, migrations, service lock, backup, pruning, odd text, and errors told to people."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Inspector, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url

from monitor.errors import StoreBusy, StoreError
from monitor.model import Chat, Delivery, Entry, Event, Job, NoticeText, Outcome, Source
from monitor.ports import Store
from monitor.store import migrate, open_store
from monitor.store.database import Turn, open_database
from monitor.store.partitions import PARTITIONED
from monitor.store.tables.schema import SEARCH_PREFIX, metadata

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)

HOLDER = """
import sys, time
from datetime import UTC, datetime
from monitor.store import open_store
store = open_store(sys.argv[1], now=lambda: datetime(2026, 5, 4, tzinfo=UTC))
print(store.admin.acquire_service(), flush=True)
time.sleep(60)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bare.db"
        return
    server: URL = request.getfixturevalue("postgres_database")
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA bare"))
    yield server.update_query_dict({"options": "-csearch_path=bare"}).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA bare CASCADE"))
    engine.dispose()


def reopened(url: str) -> Store:
    return open_store(url, now=lambda: NOW)


def fill(store: Store) -> None:
    store.sources.sync([Source(id="s", name="S", kind="feed", url="https://s.test/")], NOW)
    store.chats.sync([Chat(id="console:main", channel="console", address="main")], NOW)
    store.outbox.add(
        [
            Delivery(
                key="k",
                chat_id="console:main",
                kind="notice",
                payload=NoticeText(text="Бел"),
                created_at=NOW,
                not_before=NOW,
            )
        ],
        NOW,
    )


def test_migrations_make_exactly_the_schema(bare_url: str) -> None:
    """A fresh database that was migrated is the one that the tables describe, by name, type and key."""
    database = open_database(bare_url)
    with database.write(Turn.MIGRATE) as connection:
        metadata.create_all(connection)
        wanted = described(connection)
        metadata.drop_all(connection)
    with database.write(Turn.MIGRATE) as connection:
        migrate.upgrade(connection)
        assert described(connection) == wanted
    assert set(metadata.tables) <= set(wanted)
    database.engine.dispose()


def described(connection: Connection) -> dict[str, object]:
    """Every table's columns, key, indexes and, on SQLite, how its rows are kept."""
    seen = inspect(connection)
    apart = (SEARCH_PREFIX, "alembic_", *(f"{table}_" for table in PARTITIONED))
    names = [name for name in seen.get_table_names() if not name.startswith(apart)]
    found: dict[str, object] = {name: _table(seen, name) for name in sorted(names)}
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all()
        kept = {name: ("WITHOUT ROWID" in sql, "AUTOINCREMENT" in sql) for name, sql in rows if name in names}
        return found | {"rows": kept}
    return found


def _table(seen: Inspector, name: str) -> dict[str, object]:
    columns = {
        column["name"]: (repr(column["type"]), column["nullable"], column["default"])
        for column in seen.get_columns(name)
    }
    indexes = {
        index["name"]: (index["column_names"], bool(index["unique"])) for index in seen.get_indexes(name)
    }
    key = seen.get_pk_constraint(name)
    return {"columns": columns, "indexes": indexes, "key": (key["name"], key["constrained_columns"])}


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("0011", "made by a development version before 1.0 .*move it aside .*a new one is made"),
        ("v9999", "made by a newer monitor .schema v9999.; install that version"),
    ],
)
def test_a_store_of_another_time_is_refused_and_left_as_it_is(
    bare_url: str, revision: str, said: str
) -> None:
    store = reopened(bare_url)
    store.admin.upgrade()
    fill(store)
    database = open_database(bare_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})

    for look in (store.admin.upgrade, store.admin.check_version):
        with pytest.raises(StoreError, match=said):
            look()

    with database.read() as connection:
        assert migrate.current(connection) == revision
    assert store.outbox.open_count() == 1
    store.admin.close()
    database.engine.dispose()


def test_down_and_up_again(bare_url: str) -> None:
    store = reopened(bare_url)
    store.admin.upgrade()
    fill(store)
    database = open_database(bare_url)

    with database.write(Turn.MIGRATE) as connection:
        migrate.downgrade(connection, "base")
        assert migrate.current(connection) is None
    with pytest.raises(StoreError, match="monitor db upgrade"):
        store.outbox.open_count()
    store.admin.upgrade()
    assert store.sources.states() == ()
    fill(store)
    assert store.outbox.open_count() == 1
    store.admin.close()
    database.engine.dispose()


def test_a_migration_that_fails_leaves_nothing_behind(bare_url: str) -> None:
    database = open_database(bare_url)

    def interrupted() -> None:
        with database.write(Turn.MIGRATE) as connection:
            migrate.upgrade(connection)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    with database.read() as connection:
        assert migrate.current(connection) is None
    with database.write(Turn.MIGRATE) as connection:
        migrate.upgrade(connection)
    database.engine.dispose()


def test_data_is_copied_before_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    store = reopened(url)
    store.admin.upgrade()
    fill(store)
    monkeypatch.setattr(migrate, "newest", lambda: "the next one")  # no second migration exists as yet

    store.admin.upgrade()
    store.admin.close()

    (copy,) = tmp_path.glob("store.db.before-v0001-*.backup")
    database = open_database(f"sqlite:///{copy}")
    with database.read() as connection:
        assert migrate.current(connection) == "v0001"
        assert connection.execute(text("SELECT count(*) FROM sources")).scalar_one() == 1
    database.engine.dispose()


def test_one_service_at_a_time(store: Store, store_url: str) -> None:
    other = reopened(store_url)
    assert not store.admin.service_alive()

    assert store.admin.acquire_service() == 1

    assert store.admin.service_alive()
    assert other.admin.service_alive()
    with pytest.raises(StoreBusy, match=r"process \d+ on .+ since 2026-05-04T09:30:00"):
        other.admin.acquire_service()
    assert store.admin.service_alive(), "asking takes nothing away"
    store.admin.release_service()
    assert not other.admin.service_alive()
    assert other.admin.acquire_service() == 2
    other.admin.close()


def test_a_killed_service_leaves_the_store_free(store: Store, store_url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, store_url], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "1\n"
        assert store.admin.service_alive()
        with pytest.raises(StoreBusy, match=f"process {holder.pid}"):
            store.admin.acquire_service()
        holder.send_signal(signal.SIGKILL)
        holder.wait()

    for _ in range(50):  # the server notices a broken connection a moment later
        if not store.admin.service_alive():
            break
        signal.sigtimedwait([], 0.05)
    assert store.admin.acquire_service() == 2


def test_a_backup_is_a_whole_store(tmp_path: Path, sqlite_template: Path) -> None:
    store = reopened(f"sqlite:///{sqlite_template}")
    fill(store)
    target = tmp_path / "deep" / "copy.db"

    store.admin.backup(str(target))

    with pytest.raises(StoreError, match="exists already"):
        store.admin.backup(str(target))
    copy = reopened(f"sqlite:///{target}")
    assert copy.outbox.get("k") == store.outbox.get("k")
    assert target.stat().st_mode & 0o077 == 0
    copy.admin.close()
    with store_rows(sqlite_template) as connection:
        for table in ("deliveries", "sources", "chats"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 – names above
    store.admin.close()


def store_rows(file: Path):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return open_database(f"sqlite:///{file}").write()


@pytest.mark.postgres
def test_a_backup_of_postgresql_without_its_own_program_says_what_is_missing(
    postgres_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = reopened(postgres_template)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(StoreError, match="pg_dump is not installed"):
        store.admin.backup(str(tmp_path / "copy"))

    assert not (tmp_path / "copy").exists()
    store.admin.close()


def test_status_counts(store: Store) -> None:
    fill(store)
    store.jobs.add([Job(kind="read", key="e")], NOW)
    store.outbox.add_events([Event(kind="broke", subject="s", text="oh", at=NOW)])

    status = store.admin.status()

    assert status["sources"] == {"new": 1}
    assert status["jobs"] == {"pending": 1}
    assert status["deliveries"] == {"pending": 1}
    assert status["chats"] == {"active": 1}
    assert (status["articles"], status["untold_events"], status["service"]) == (0, 1, None)


def test_a_store_in_memory(tmp_path: Path) -> None:
    del tmp_path
    store = reopened("sqlite://")
    store.admin.upgrade()
    fill(store)

    assert store.admin.acquire_service() == 1
    assert store.outbox.open_count() == 1
    store.admin.close()


@given(
    title=st.text(st.characters(codec=None), max_size=30),
    moment=st.datetimes(
        min_value=datetime(1900, 1, 1),  # noqa: DTZ001 – the strategy adds the zone
        max_value=datetime(2200, 1, 1),  # noqa: DTZ001
        timezones=st.integers(-720, 720).map(lambda m: timezone(timedelta(minutes=m))),
    ),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_and_moment_can_be_stored(store: Store, title: str, moment: datetime) -> None:
    event = Event(kind="broke", subject=title, text=title, at=moment)
    store.outbox.add_events([event])

    untold = store.outbox.untold_events()

    store.outbox.told_events([number for number, _ in untold], [], NOW)
    ((_, stored),) = untold
    expected = "".join("\ufffd" if 0xD800 <= ord(char) < 0xE000 else char for char in title if char != "\0")
    assert (stored.text, stored.subject) == (expected, expected)
    assert stored.at == moment
    assert stored.at.tzinfo is UTC


def test_over_long_and_odd_values_are_cut_to_fit(store: Store) -> None:
    entry = Entry(
        id="e" * 900,
        source_id="s",
        guid="g\0" * 900,
        url="https://s.test/",
        title="t" * 1_100_000,
        authors=("A\0nn", "\ud800"),
        stamp="1",
    )
    store.jobs.add([Job(kind="poll", key="s")], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=1)

    store.jobs.commit(job, Outcome(entries=(entry,)), now=NOW)

    stored = store.articles.entry(entry.id)
    assert stored is not None
    assert (len(stored.id), len(stored.guid), len(stored.title)) == (500, 500, 1_000_000)
    assert stored.authors == ("Ann", "\ufffd")


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 5, 4)  # noqa: DTZ001 – the mistake that is tested

    with pytest.raises(StoreError, match="without a time zone"):
        store.outbox.add_events([Event(kind="broke", subject="s", text="oh", at=naive)])


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://x/y", "not supported"),
        ("nonsense", "no database address"),
        ("sqlite:////proc/none/store.db", "cannot be opened"),
        ("sqlite:////dev/null", "cannot be read or written"),
    ],
)
def test_an_address_that_cannot_be_opened(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        reopened(url).admin.upgrade()


def test_a_server_that_does_not_answer() -> None:
    store = reopened("postgresql+psycopg://me:secret@127.0.0.1:1/none")

    with pytest.raises(StoreError, match="no server answers") as caught:
        store.admin.upgrade()

    assert "secret" not in str(caught.value)
    store.admin.close()


def test_errors_are_sentences(tmp_path: Path, sqlite_template: Path) -> None:
    file = tmp_path / "store.db"
    file.write_bytes(sqlite_template.read_bytes())
    store = reopened(f"sqlite:///{file}?timeout=0.05")
    other = open_database(f"sqlite:///{file}")

    with other.write(), pytest.raises(StoreError, match="another program keeps it locked"):
        fill(store)
    with other.read() as connection:
        full = make_url(f"sqlite:///{file}")
        assert connection.engine.url.database == full.database
    other.engine.dispose()
    file.with_name("text.db").write_text("This is no database." * 100)
    with pytest.raises(StoreError, match=r"text\.db.*no SQLite database"):
        reopened(f"sqlite:///{file.with_name('text.db')}")
    store.admin.close()


def test_a_full_disk_writes_nothing(tmp_path: Path, sqlite_template: Path) -> None:
    file = tmp_path / "store.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = open_database(f"sqlite:///{file}")

    def overflow() -> None:
        with database.write() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            for name in range(100):
                connection.exec_driver_sql("INSERT INTO meta VALUES (?, ?)", (str(name), "x" * 9999))

    with pytest.raises(StoreError, match="the disk is full"):
        overflow()

    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM meta")).scalar_one() == 0
    database.engine.dispose()


def test_a_store_never_shows_its_password() -> None:
    store = reopened("postgresql+psycopg://me:secret@127.0.0.1:1/none")

    assert "secret" not in repr(store)
    store.admin.close()
