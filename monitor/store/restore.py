"""Making a backup the store again, so that nothing is lost and no repeat is silent."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from monitor.errors import StoreBusy, StoreError
from monitor.store import migrate
from monitor.store.database import Database, open_database
from monitor.store.processes.service_lock import service_lock
from monitor.store.upkeep.backup import put_back, read_dump
from monitor.store.writes.inserts import RESTORED_AT

_COMPANIONS = ("", "-wal", "-shm")
# Alerts and edits alike: an edit that is made twice shows the same message.
_DOUBTFUL = "UPDATE deliveries SET state = 'sending', owner = NULL, epoch = -1 WHERE state = 'pending'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """``doubtful`` deliveries were open when the backup was made and may have been sent since then.

    ``aside`` is where the store that stood there before lies now; None when there was none.
    """

    doubtful: int
    aside: Path | None


def restore(backup: Path, *, url: str, now: datetime) -> Restored:
    """Make ``backup`` (a file of ``Admin.backup``) the store ``url``.

    A SQLite file that stood there is moved aside, never deleted; a PostgreSQL database must be empty.
    Deliveries that were open in the backup become ``sending`` rows of no living owner: the next start
    treats them as of unknown outcome, by each chat's policy (marked repeat, or held), and so it does
    alerts planned from then on about articles that came out before: the lost part of the store may have
    told them. Raises ``StoreBusy`` when a service runs on the store and ``StoreError`` when the backup is
    damaged or newer than this program, or the database not empty.
    """
    stood = Path(make_url(url).database or "").is_file()  # opening a store makes its file
    database = open_database(url)
    lock = service_lock(database)
    try:
        if database.file is not None:
            _check(backup)
        if not lock.take():
            raise StoreBusy(f"restore: a service runs on {database.name}; stop it first")
        if database.file is None:
            return Restored(doubtful=_into_empty(database, backup, now), aside=None)
        database.engine.dispose()
        fresh = database.file.with_name(f"{database.file.name}.restoring")
        doubtful = _prepare(backup, fresh, now)
        aside = _move_aside(database.file, now) if stood else None
        fresh.replace(database.file)
        return Restored(doubtful=doubtful, aside=aside)
    except OSError as error:
        raise StoreError(f"restore: {error.filename or backup}: {error.strerror or error}") from error
    finally:
        lock.drop()
        database.engine.dispose()


def _check(backup: Path) -> None:
    """Refuse what is no whole store of a revision that this program knows."""
    if not backup.is_file():
        raise StoreError(f"restore: there is no file {backup}")
    try:
        with closing(
            sqlite3.connect(f"file:{backup.absolute()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"restore: {backup} is no backup of a store: {error}") from error
    if verdict != "ok":
        raise StoreError(f"restore: {backup} is damaged ({verdict}); take an older backup")
    if not found:
        raise StoreError(f"restore: {backup} is no backup of a store: it names no schema revision")
    migrate.check(found[0], f"restore: {backup}")


def _into_empty(database: Database, backup: Path, now: datetime) -> int:
    dump = read_dump(backup)
    migrate.check(dump.revision, f"restore: {backup}")
    with database.read() as connection:
        there = connection.execute(text(_ANY_TABLE)).scalar()
        if there is not None:
            raise StoreError(
                f"restore: {database.name} is not empty (it has a table {there}); make a database "
                "(createdb), name it in monitor.yaml (`store:`) and restore into that"
            )
        schema = connection.execute(text("SELECT current_schema()")).scalar()
        if schema != dump.schema:
            raise StoreError(
                f"restore: the tables of {backup} are in the schema {dump.schema}, "
                f"and the address leads to {schema}"
            )
    deliveries, meta = (f'"{dump.schema}".{name}' for name in ("deliveries", "meta"))
    doubtful = _DOUBTFUL.replace("deliveries", deliveries)
    row = f"INSERT INTO {meta} (name, value) VALUES ('{RESTORED_AT}', '{now.isoformat()}')"  # noqa: S608 - ours
    put_back(
        database.engine.url,
        dump,
        f"{doubtful};\n{row} ON CONFLICT (name) DO UPDATE SET value = excluded.value;",
    )
    with database.read() as connection:
        found: int = connection.execute(text(_COUNTED)).scalar_one()
    return found


_COUNTED = "SELECT count(*) FROM deliveries WHERE state = 'sending' AND owner IS NULL AND epoch = -1"
_ANY_TABLE = (
    "SELECT table_name FROM information_schema.tables "
    "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_name LIMIT 1"
)


def _prepare(backup: Path, fresh: Path, now: datetime) -> int:
    fresh.unlink(missing_ok=True)
    shutil.copyfile(backup, fresh)
    fresh.chmod(0o600)
    with closing(sqlite3.connect(fresh)) as connection, connection:
        connection.execute("PRAGMA synchronous=FULL")
        doubtful = connection.execute(_DOUBTFUL).rowcount
        # What is found from now on and came out before this moment may have been told already.
        connection.execute(
            "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (RESTORED_AT, now.isoformat())
        )
    descriptor = os.open(fresh, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return doubtful


def _move_aside(file: Path, now: datetime) -> Path:
    aside = file.with_name(f"{file.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
    for ending in _COMPANIONS:
        part = file.with_name(file.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
    return aside
