"""A store stays small, copies of it are whole, a migration that was killed did not happen."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from monitor.chores.backups import Backups, copies
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.errors import StoreError
from monitor.model import (
    BackupSettings,
    Delivery,
    Event,
    Gap,
    Job,
    Outcome,
    RetentionSettings,
    Seen,
    Settings,
)
from monitor.ports import Ports, Store
from monitor.store import migrate, open_store
from monitor.store.database import open_database
from monitor.store.upkeep.backup import back_up
from tests.contract.test_store_articles import NOW, article, entry_of, put
from tests.support.records import delivery

LONG_AGO = NOW - timedelta(days=500)
OLD = {"passed_over_days": 365, "deliveries_days": 365, "events_days": 365, "gaps_days": 365}
NEVER = dict.fromkeys(OLD, 0)


def write(store: Store, outcome: Outcome) -> None:
    """What a job brought."""
    store.jobs.add([Job(kind="read", key="any")], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="me", epoch=1, limit=1)
    store.jobs.commit(job, outcome, now=NOW)


def gap(since: datetime, until: datetime | None = None, source_id: str = "a") -> Gap:
    return Gap(source_id=source_id, began_at=since, ended_at=until, reason="HTTP 503")


def waiting(key: str, at: datetime) -> Delivery:
    return delivery(key=key, created_at=at, state="pending")


def test_what_is_old_goes_and_what_is_open_or_young_stays(store: Store) -> None:
    over = gap(LONG_AGO, LONG_AGO + timedelta(hours=1))
    write(store, Outcome(gaps=(over, gap(NOW), gap(LONG_AGO, source_id="b"))))
    sent = [
        delivery(key=f"k{day}", created_at=NOW - timedelta(days=day), state="pending")
        for day in (1, 400, 500)
    ]
    store.outbox.add([*sent, waiting("open", LONG_AGO)], NOW)
    for item in sent:
        store.outbox.cancel(item.key, "done with")
    events = [Event(kind="broke", subject="s", text=f"{at}", at=at) for at in (LONG_AGO, NOW)]
    store.outbox.add_events(events)
    store.outbox.told_events([number for number, _ in store.outbox.untold_events()], [], LONG_AGO)
    store.outbox.add_events([replace(events[0], text="untold")])

    found = store.admin.retain(RetentionSettings(**OLD), NOW)

    assert found == {"deliveries": 2, "events": 2, "gaps": 1}
    assert {row.key for row in store.outbox.list(limit=9)} == {"k1", "open"}
    assert [event.text for event in store.lists.events(9)] == ["untold"]
    assert len(store.sources.gaps(LONG_AGO - timedelta(days=1))) == 2
    assert store.admin.retain(RetentionSettings(**OLD), NOW) == {}


def test_why_a_page_was_passed_over_goes_and_that_it_was_seen_stays(store: Store) -> None:
    passed = entry_of(article("passed"), seen_at=LONG_AGO)
    write(store, Outcome(entries=(passed,), seen=(Seen(entry_id=passed.id, reason="no word"),)))

    later = NOW + timedelta(days=366)
    assert store.admin.retain(RetentionSettings(**OLD), later) == {"traces": 1}
    assert store.articles.known([passed]) == {passed.id: "1"}

    assert store.admin.retain(RetentionSettings(**{**NEVER, "entries_days": 365}), later) == {"entries": 1}
    assert store.articles.known([passed]) == {}


def test_entries_go_only_after_their_articles(store: Store) -> None:
    old, young = article("old", at=LONG_AGO), article("young")
    for item in (old, young):
        write(store, Outcome(entries=(entry_of(item, seen_at=item.seen_at),)))
        put(store, item)
    settings = RetentionSettings(**{**NEVER, "entries_days": 365})
    assert store.admin.retain(settings, NOW) == {}
    store.admin.prune(NOW - timedelta(days=365))
    assert store.admin.retain(settings, NOW) == {"entries": 1, "placements": 1}
    assert store.articles.known([entry_of(old), entry_of(young)]) == {young.entry_id: "1"}
    assert store.articles.same_text(old.fingerprint.text_key) == ()
    assert store.articles.same_text(young.fingerprint.text_key) == (young.id,)


def test_retention_ends_when_the_service_is_told_to(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.upkeep.retention.AT_ONCE", 1)
    for number in range(4):
        store.outbox.add([waiting(f"k{number}", LONG_AGO)], NOW)
        store.outbox.cancel(f"k{number}", "done with")
    told = iter([True, True, True, False])
    settings = RetentionSettings(**{**NEVER, "deliveries_days": 365})
    assert store.admin.retain(settings, NOW, go_on=lambda: next(told)) == {"deliveries": 2}


def scheduled(store: Store, folder: Path, clock: list[datetime], **settings: object) -> Backups:
    chosen = Settings(backup=BackupSettings(**{"every": timedelta(days=1), "keep": 2, **settings}))  # type: ignore[arg-type]
    rulebook = Rulebook(revision="r", settings=chosen, matcher=Matcher.build([]))
    ports = Ports(
        store=store,
        fetch=lambda _: pytest.fail("no network"),
        kinds={},
        channels={},
        channel_kinds={},
        rulebook=lambda: rulebook,
        now=lambda: clock[0],
        owner="test",
    )
    return Backups(ports, folder)


def test_copies_are_made_when_due_read_back_and_rotated(store: Store, tmp_path: Path) -> None:
    clock = [NOW]
    put(store, article("kept"))
    backups = scheduled(store, tmp_path, clock)
    for hours in (0, 1, 23, 25, 26, 50):
        clock[0] = NOW + timedelta(hours=hours)
        backups.look()
    folder = tmp_path / "var" / "backups"
    assert sorted(at for at, _ in copies(folder)) == [NOW + timedelta(hours=25), NOW + timedelta(hours=50)]
    assert len(list(folder.iterdir())) == 2
    assert store.admin.last_backup() == NOW + timedelta(hours=50)
    for _, file in copies(folder):
        store.admin.verify_backup(str(file))
        assert file.stat().st_mode & 0o077 == 0


def test_what_killed_copies_left_is_taken_away(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "var/backups"
    folder.mkdir(parents=True)
    left = "monitor-20260101T000000Z.backup.making"
    for name in (left, f"{left}.making-journal"):
        (folder / name).touch()
    (folder / "monitor-mine.making").touch()
    scheduled(store, tmp_path, [NOW]).look()
    assert [file.name for file in sorted(folder.iterdir())][1:] == ["monitor-mine.making"]


KILLED = """
import sys
from pathlib import Path
from monitor.store.database import open_database
from monitor.store.upkeep.backup import back_up
back_up(open_database(f"sqlite:///{sys.argv[1]}"), sys.argv[2])
"""


def test_a_copy_that_is_killed_has_not_its_name_and_is_nobodys_to_read(tmp_path: Path) -> None:
    file, target = tmp_path / "large.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(300000000));")
    making = target.with_name("copy.db.making")
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(file), str(target)])
    deadline = time.monotonic() + 60
    while not (making.exists() and making.stat().st_size) and not target.exists():
        assert time.monotonic() < deadline, "it does not begin"
    process.kill()
    process.wait()
    assert not target.exists()
    assert making.stat().st_mode & 0o077 == 0
    back_up(open_database(f"sqlite:///{file}"), str(target))
    assert target.stat().st_size > 300_000_000
    assert not making.exists()


def test_no_copy_is_made_unless_wanted(store: Store, tmp_path: Path) -> None:
    scheduled(store, tmp_path, [NOW], every=timedelta()).look()
    assert list(tmp_path.glob("var")) == []


def test_a_copy_that_fails_is_told_once_and_tried_again_in_an_hour(store: Store, tmp_path: Path) -> None:
    clock, wall = [NOW], tmp_path / "var"
    wall.write_text("a file where the folder should be")
    backups = scheduled(store, tmp_path, clock)
    for minutes in (0, 1, 61, 62):
        clock[0] = NOW + timedelta(minutes=minutes)
        backups.look()
    (told,) = store.outbox.untold_events()
    assert "A backup failed" in str(told[1].text)
    wall.unlink()
    clock[0] += timedelta(hours=2)
    backups.look()
    assert [str(event.text) for _, event in store.outbox.untold_events()][1:] == ["Backups succeed again."]
    assert len(copies(wall / "backups")) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: whole[: len(whole) * 2 // 3],
        lambda whole: whole[:4096] + bytes(40_000) + whole[44_096:],
        lambda whole: b"nothing of ours" + whole,
        lambda _whole: b"",
    ],
    ids=["cut off", "a hole", "another file", "empty"],
)
def test_a_damaged_copy_is_known(store: Store, tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    for name in ("a", "b", "c"):
        put(store, article(name))
    target = tmp_path / "copy"
    store.admin.backup(str(target))
    store.admin.verify_backup(str(target))
    target.write_bytes(spoil(target.read_bytes()))
    with pytest.raises(StoreError, match=r"backup: "):
        store.admin.verify_backup(str(target))


NEXT = """
import os, signal
import sqlalchemy as sa
from alembic import op
revision, down_revision = "v0002", "v0001"

def upgrade():
    with op.batch_alter_table("articles") as table:
        table.add_column(sa.Column("shout", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT number, title FROM articles ORDER BY number")).all()
    for done, (number, title) in enumerate(rows, start=1):
        shout = sa.text("UPDATE articles SET shout = :t WHERE number = :n")
        connection.execute(shout, {"t": title.upper(), "n": number})
        if done == int(os.environ.get("KILL_AT", "0")):
            os.kill(os.getpid(), signal.SIGKILL)
"""
UPGRADE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from monitor.store import migrate, open_store
migrate._FOLDER = Path(sys.argv[2])
store = open_store(sys.argv[1], now=lambda: datetime.now(UTC))
store.admin.upgrade()
"""


def test_a_migration_of_data_that_is_killed_midway_recovers(
    store: Store, store_url: str, tmp_path: Path
) -> None:
    for name in ("one", "two", "three"):
        put(store, article(name, title=name))
    folder = tmp_path / "migrations"
    shutil.copytree(migrate._FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "v0002_next.py").write_text(NEXT, encoding="utf-8")
    stored = store.articles.article(article("two").id)
    assert stored is not None
    command = [sys.executable, "-c", UPGRADE, store_url, str(folder)]
    for kill_at in ("1", "3"):
        killed = subprocess.run(command, env={"KILL_AT": kill_at}, check=False, capture_output=True)
        assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
        assert store.admin.is_current()
        assert store.articles.article(stored.id) == stored
    try:
        subprocess.run(command, env={}, check=True, capture_output=True)
        engine = create_engine(store_url)
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT title, shout FROM articles ORDER BY number")).all()
        engine.dispose()
        assert [tuple(row) for row in rows] == [("one", "ONE"), ("two", "TWO"), ("three", "THREE")]
        if store_url.startswith("sqlite"):
            assert len(list(tmp_path.glob("store.db.before-v0001-*.backup"))) == 3, "one before each try"
    finally:
        database = open_database(store_url)
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'v0001'"))
            connection.execute(text("ALTER TABLE articles DROP COLUMN shout"))
        database.engine.dispose()


@pytest.mark.postgres
@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_dump_of_postgresql_gives_its_rows_back(store: Store, tmp_path: Path) -> None:
    """The other database's way back is `monitor restore` (test_store_restoring)."""
    put(store, article("kept"))
    dump = tmp_path / "dump"
    store.admin.backup(str(dump))
    shown = subprocess.run(
        ["pg_restore", "--file=-", "--data-only", "--table=articles", str(dump)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert article("kept").id in shown


def test_a_copy_of_another_revision_is_told(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}", now=lambda: datetime.now(UTC))
    store.admin.upgrade()
    store.admin.backup(str(tmp_path / "copy"))
    engine = create_engine(f"sqlite:///{tmp_path / 'copy'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'v9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="newer monitor"):
        store.admin.verify_backup(str(tmp_path / "copy"))
    store.admin.close()


def test_a_clock_that_runs_ahead_moves_the_moment_of_deletion_by_a_day_and_a_half_at_most(
    store: Store,
) -> None:
    ahead, day = timedelta(days=400), timedelta(days=1)
    assert store.admin.deletion_moment(NOW) == NOW, "an empty store has nothing to lose"
    found = [
        store.admin.deletion_moment(NOW + ahead + number * timedelta(minutes=1)) for number in range(300)
    ]
    assert max(found) < NOW + 2 * day, "three hundred starts in a row do no more than one"
    # Right again: by itself a look back deletes by its own moment, and each day after it by the day.
    assert store.admin.deletion_moment(NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)
    for number in range(3, 60):
        assert store.admin.deletion_moment(NOW + number * day) == NOW + number * day


def test_a_clock_that_was_far_behind_does_not_keep_what_is_old(store: Store) -> None:
    put(store, article("one", at=NOW))
    store.admin.deletion_moment(NOW)
    assert store.admin.deletion_moment(datetime(1970, 1, 1, tzinfo=UTC)) < NOW - timedelta(days=10_000)
    assert store.admin.deletion_moment(NOW + timedelta(days=1)) == NOW + timedelta(days=1)


def test_a_service_that_was_away_catches_up_by_half_a_day_a_day(store: Store) -> None:
    store.admin.deletion_moment(NOW)
    back = NOW + timedelta(days=50)
    behind = [
        back + timedelta(days=number) - store.admin.deletion_moment(back + timedelta(days=number))
        for number in range(110)
    ]
    assert behind[0] == timedelta(days=48.5)
    assert behind == sorted(behind, reverse=True)
    assert behind[-1] == timedelta()


@pytest.mark.parametrize(
    "value", ["", "x", "2026-05-04T00:00:00 2026-05-04T00:00:00", "9999-12-31T00:00:00+00:00 " * 2]
)
def test_a_moment_of_deletion_that_cannot_be_read_is_as_none(
    store: Store, store_url: str, value: str
) -> None:
    store.admin.deletion_moment(NOW)
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE meta SET value = :value WHERE name = 'deletion'"), {"value": value})
    engine.dispose()
    assert store.admin.deletion_moment(NOW) == NOW


def test_a_store_that_was_never_looked_at_is_as_old_as_its_newest_article(store: Store) -> None:
    put(store, article("one", at=NOW))
    assert store.admin.deletion_moment(NOW + timedelta(days=500)) == NOW + timedelta(hours=36)
