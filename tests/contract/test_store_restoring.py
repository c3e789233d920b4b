"""A backup becomes the store again: nothing lost, no silent repeat, the old file kept."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from monitor.errors import StoreBusy, StoreError
from monitor.model import Chat, Delivery
from monitor.ports import Store
from monitor.store import open_store, restore
from monitor.store.upkeep.backup import put_back, read_dump
from tests.contract.deciding import decided
from tests.contract.test_store_articles import article
from tests.support.made_up import prose
from tests.support.postgres import own_database
from tests.support.records import alert as said

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def delivery(key: str) -> Delivery:
    return Delivery(
        key=key,
        chat_id="console:main",
        kind="alert",
        payload=said(),
        created_at=NOW,
        not_before=NOW,
        story_id=key,
    )


def opened(file: Path) -> Store:
    store = open_store(f"sqlite:///{file}", now=lambda: NOW)
    store.admin.upgrade()
    return store


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> None:
    store = opened(tmp_path / "store.db")
    store.chats.sync([Chat(id="console:main", channel="console", address="main")], NOW)
    store.outbox.add([delivery("open when copied")], NOW)
    store.admin.backup(str(tmp_path / "copy.db"))
    store.outbox.add([delivery("after the copy")], NOW)
    store.admin.close()


def test_what_was_open_in_the_backup_is_of_unknown_outcome(tmp_path: Path) -> None:
    done = restore(tmp_path / "copy.db", url=f"sqlite:///{tmp_path / 'store.db'}", now=NOW)

    again = opened(tmp_path / "store.db")
    assert again.outbox.get("after the copy") is None
    epoch = again.admin.acquire_service()
    assert again.outbox.recover(epoch=epoch, now=NOW) == done.doubtful == 1
    found = again.outbox.get("open when copied")
    assert found is not None
    assert found.state == "unsure"
    again.admin.close()


def test_the_store_that_stood_there_is_kept(tmp_path: Path) -> None:
    done = restore(tmp_path / "copy.db", url=f"sqlite:///{tmp_path / 'store.db'}", now=NOW)

    assert done.aside is not None
    before = opened(done.aside)
    assert before.outbox.get("after the copy") is not None
    before.admin.close()


def test_a_backup_restores_into_an_empty_place(tmp_path: Path) -> None:
    done = restore(tmp_path / "copy.db", url=f"sqlite:///{tmp_path / 'new.db'}", now=NOW)

    assert done.aside is None
    fresh = opened(tmp_path / "new.db")
    assert fresh.outbox.get("open when copied") is not None
    fresh.admin.close()


def test_a_running_service_is_not_pulled_away(tmp_path: Path) -> None:
    running = opened(tmp_path / "store.db")
    running.admin.acquire_service()

    with pytest.raises(StoreBusy, match="stop it first"):
        restore(tmp_path / "copy.db", url=f"sqlite:///{tmp_path / 'store.db'}", now=NOW)

    running.admin.close()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda file: file.write_bytes(b"no database at all" * 99), "no backup of a store"),
        (lambda file: file.write_bytes(file.read_bytes()[:-20_000]), "damaged|no backup"),
        (lambda file: file.unlink(), "there is no file"),
    ],
    ids=["text", "cut short", "missing"],
)
def test_a_bad_backup_changes_nothing(tmp_path: Path, spoil: Callable[[Path], object], reason: str) -> None:
    spoil(tmp_path / "copy.db")

    with pytest.raises(StoreError, match=reason):
        restore(tmp_path / "copy.db", url=f"sqlite:///{tmp_path / 'store.db'}", now=NOW)

    untouched = opened(tmp_path / "store.db")
    assert untouched.outbox.get("after the copy") is not None
    untouched.admin.close()


def test_what_the_lost_part_may_have_told_comes_marked_or_waits_for_the_operator(tmp_path: Path) -> None:
    restore(tmp_path / "copy.db", url=f"sqlite:///{tmp_path / 'store.db'}", now=NOW)
    again = opened(tmp_path / "store.db")
    held = Chat(id="console:held", channel="console", address="held", unsure="hold")
    again.chats.sync([Chat(id="console:main", channel="console", address="main"), held], NOW)
    old, new = said(published=NOW - timedelta(hours=1)), said(published=NOW + timedelta(hours=1))
    again.outbox.add(
        [
            replace(delivery("old"), payload=old),
            replace(delivery("new"), payload=new),
            replace(delivery("held"), payload=old, chat_id="console:held"),
            replace(delivery("held too"), payload=old, chat_id="console:held"),
        ],
        NOW,
    )

    ends = {item.key: (item.state, item.uncertain_sends) for item in again.outbox.list(limit=9)}
    assert ends["old"] == ("pending", 1)
    assert ends["new"] == ("pending", 0)
    assert ends["held"] == ends["held too"] == ("unsure", 0)
    asked = [event for _, event in again.outbox.untold_events() if event.kind == "unsure"]
    assert [event.subject for event in asked] == ["console:held"], "once a chat"
    again.admin.close()


@pytest.mark.postgres
def test_a_postgresql_backup_goes_into_an_empty_database_and_repeats_nothing_unmarked(tmp_path: Path) -> None:
    dump = tmp_path / "copy.dump"
    with own_database() as first, own_database() as second:
        urls = [each.render_as_string(hide_password=False) for each in (first, second)]
        store = open_store(urls[0], now=lambda: NOW)
        store.admin.upgrade()
        store.chats.sync([Chat(id="console:main", channel="console", address="main")], NOW)
        store.outbox.add([delivery("open when copied")], NOW)
        store.admin.backup(str(dump))
        with pytest.raises(StoreError, match=r"is not empty .* make a database \(createdb\)"):
            restore(dump, url=urls[0], now=NOW)
        store.admin.close()

        done = restore(dump, url=urls[1], now=NOW)
        again = open_store(urls[1], now=lambda: NOW)
        assert again.admin.is_current()
        epoch = again.admin.acquire_service()
        assert again.outbox.recover(epoch=epoch, now=NOW) == done.doubtful == 1
        came_before = replace(delivery("found later"), payload=said(published=NOW - timedelta(hours=1)))
        again.outbox.add([came_before], NOW)
        planned = again.outbox.get("found later")
        assert planned is not None
        assert planned.uncertain_sends == 1, "the lost part of the store may have told it"
        again.admin.close()


@pytest.mark.postgres
def test_what_is_no_postgresql_backup_is_refused_and_nothing_written(tmp_path: Path) -> None:
    cut = tmp_path / "cut.dump"
    cut.write_bytes(b"PGDMP" + bytes(40))
    with own_database() as address:
        url = address.render_as_string(hide_password=False)
        with pytest.raises(StoreError, match="is no copy of a PostgreSQL store"):
            restore(tmp_path / "copy.db", url=url, now=NOW)
        with pytest.raises(StoreError, match="restore: pg_restore"):
            restore(cut, url=url, now=NOW)
        assert _tables(url) == []


@pytest.mark.postgres
@pytest.mark.parametrize("spoilt", ["another program's", "a newer one", "cut in its data"])
def test_a_postgresql_backup_that_cannot_be_the_store_leaves_the_database_empty(
    tmp_path: Path, spoilt: str
) -> None:
    dump = tmp_path / "copy.dump"
    with own_database() as first, own_database() as second:
        urls = [each.render_as_string(hide_password=False) for each in (first, second)]
        store = open_store(urls[0], now=lambda: NOW)
        engine = create_engine(urls[0], isolation_level="AUTOCOMMIT")
        said = "no table"
        with engine.connect() as connection:
            if spoilt == "another program's":
                connection.execute(text("CREATE TABLE customers (id int)"))
                call = ["pg_dump", "--format=custom", f"--file={dump}"]
                address = first.set(drivername="postgresql").render_as_string(hide_password=False)
                subprocess.run([*call, f"--dbname={address}"], check=True)
            else:
                store.admin.upgrade()
                store.articles.keep(decided(store, article("one", text=prose(9_000, 1))), now=NOW)
                if spoilt == "a newer one":
                    said = "newer monitor"
                    connection.execute(text("UPDATE alembic_version SET version_num = 'v9999'"))
                    call = ["pg_dump", "--format=custom", f"--file={dump}"]
                    address = first.set(drivername="postgresql").render_as_string(hide_password=False)
                    subprocess.run([*call, f"--dbname={address}"], check=True)
                else:
                    said = "restore: "
                    store.admin.backup(str(dump))
                    whole = dump.read_bytes()
                    dump.write_bytes(whole[: len(whole) * 2 // 3])
        engine.dispose()
        store.admin.close()
        with pytest.raises(StoreError, match=said):
            restore(dump, url=urls[1], now=NOW)
        assert _tables(urls[1]) == []


@pytest.mark.postgres
@pytest.mark.parametrize("last", ["SELECT 1 / 0;", "SELECT pg_terminate_backend(pg_backend_pid());"])
def test_a_postgresql_backup_whose_doubts_cannot_be_marked_is_not_there_at_all(
    tmp_path: Path, last: str
) -> None:
    with own_database() as first, own_database() as second:
        store = open_store(first.render_as_string(hide_password=False), now=lambda: NOW)
        store.admin.upgrade()
        store.admin.backup(str(tmp_path / "copy.dump"))
        store.admin.close()
        with pytest.raises(StoreError, match="restore: psql"):
            put_back(second, read_dump(tmp_path / "copy.dump"), last)
        assert _tables(second.render_as_string(hide_password=False)) == []


def _tables(url: str) -> list[str]:
    engine = create_engine(url)
    found = inspect(engine).get_table_names()
    engine.dispose()
    return found
