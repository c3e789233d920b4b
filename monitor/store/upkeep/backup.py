"""Copies of a whole store, and whether a copy is whole.

SQLite copies itself while it is in use (``VACUUM INTO``). PostgreSQL is copied by its own ``pg_dump``, read
back by ``pg_restore``: nothing else knows all that a server of another version holds.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.engine import URL

from monitor.errors import StoreError
from monitor.store import migrate
from monitor.store.database import Database

MAKING: Final = ".making"
"""Ends the name of a copy that is not whole yet."""
LONGEST_S: Final = 3600.0
"""A dump that takes longer hangs."""
TABLES: Final = ("alembic_version", "articles", "entries", "deliveries", "sources")
"""Without one of these a dump is no store."""


def back_up(database: Database, path: str) -> None:
    """Copy the whole database into a new file while it is in use, readable by its owner only.

    The file has its name once all of it is on the disk: what is left of a copy that was killed ends with
    ``.making``. Raises ``StoreError`` when the file exists or cannot be written, or where pg_dump is missing.
    """
    target = Path(path).absolute()
    if target.exists():
        raise StoreError(f"backup: {target} exists already; choose another name")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"backup: {target.parent}: {error.strerror}") from error
    making = target.with_name(f"{target.name}{MAKING}")
    try:
        making.unlink(missing_ok=True)
        # Empty and private before anything is in it.
        os.close(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if database.is_sqlite:
            with database.outside_transaction() as connection:
                connection.execute(text("VACUUM INTO :making"), {"making": str(making)})
        else:
            _dump(database.engine.url, making)
        _bring_to_disk(making)
        making.rename(target)
        _bring_to_disk(target.parent)
    except (StoreError, OSError) as error:
        with suppress(OSError):
            making.unlink(missing_ok=True)
        raise StoreError(f"backup: {target} could not be written: {error}") from error


def _bring_to_disk(path: Path) -> None:
    """SQLite does not wait for the disk here: a power cut would leave a name with nothing behind it."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def verify(path: str) -> None:
    """Read a copy as a whole. Raises ``StoreError`` for one that is damaged, cut off, or no store of ours."""
    file = Path(path)
    head = _head(file)
    if head.startswith(b"SQLite format 3\0"):
        _verify_file(file)
    elif head.startswith(b"PGDMP"):
        _verify_dump(file)
    else:
        raise StoreError(f"backup: {file} is no copy of a store")


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(16)
    except OSError as error:
        raise StoreError(f"backup: {file}: {error.strerror}") from error


def _verify_file(file: Path) -> None:
    try:
        address = f"file:{file.absolute()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"backup: {file} cannot be read: {error}") from error
    if verdict != "ok" or not found:
        raise StoreError(
            f"backup: {file} is damaged ({verdict if verdict != 'ok' else 'no schema revision'})"
        )
    migrate.check(found[0], f"backup: {file}")


def _verify_dump(file: Path) -> None:
    # Every byte of data is read and unpacked; the list alone would also come from a file that was cut off.
    _run(["pg_restore", "--file=/dev/null", str(file)], {})
    listed = _run(["pg_restore", "--list", str(file)], {})
    missing = [name for name in TABLES if f" {name} " not in listed]
    if missing:
        raise StoreError(f"backup: {file} lacks the table {missing[0]}")


def _dump(url: URL, target: Path) -> None:
    address, own = _server(url)
    _run(["pg_dump", "--format=custom", f"--file={target}", f"--dbname={address}"], own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """A copy of a PostgreSQL store, by what it says of itself."""

    file: Path
    schema: str
    revision: str


def read_dump(file: Path) -> Dump:
    """Raise ``StoreError`` for what is no copy of a store."""
    if not _head(file).startswith(b"PGDMP"):
        raise StoreError(f"restore: {file} is no copy of a PostgreSQL store (`monitor backup` makes one)")
    listed = _run(["pg_restore", "--list", str(file)], {}, what="restore")
    schemas = {name: schema for schema, name in _TABLE.findall(listed)}
    if not schemas.keys() >= _NEEDED:
        raise StoreError(
            f"restore: {file} is no copy of a store: it has no table {min(_NEEDED - {*schemas})}"
        )
    only = ["--data-only", "--table=alembic_version", "--file=-"]
    lines = iter(_run(["pg_restore", *only, str(file)], {}, what="restore").splitlines())
    revision = next((next(lines, "") for line in lines if line.startswith("COPY ")), "")
    return Dump(file=file, schema=schemas["meta"], revision=revision)


_NEEDED = frozenset({"alembic_version", "articles", "deliveries", "meta"})
_TABLE = re.compile(r"^\d+; \d+ \d+ TABLE (\w+) (\w+) ", re.MULTILINE)


def put_back(url: URL, dump: Dump, last: str) -> None:
    """Write all that a dump holds into an empty PostgreSQL database and do what ``last`` says (SQL), in one
    transaction. Raises ``StoreError``; nothing is written then, nor when this process is killed.
    """
    address, own = _server(url)
    reading = [_program("pg_restore", "restore"), "--no-owner", "--no-privileges", "--file=-", str(dump.file)]
    writing = [_program("psql", "restore"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"]
    with tempfile.TemporaryFile() as read_said, tempfile.TemporaryFile() as write_said:
        # Not psql's own --single-transaction: it commits when its input ends, whatever has come so far.
        with (
            subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=read_said) as reader,  # noqa: S603
            subprocess.Popen(  # noqa: S603 - our own words and the operator's address
                [*writing, f"--dbname={address}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=write_said,
                env={**os.environ, **own},
            ) as writer,
        ):
            assert reader.stdout is not None
            assert writer.stdin is not None
            with suppress(BrokenPipeError):  # it says why
                writer.stdin.write(b"BEGIN;\n")
                shutil.copyfileobj(reader.stdout, writer.stdin)
                if reader.wait() == 0:
                    writer.stdin.write(f"\n{last}\nCOMMIT;\n".encode())
                writer.stdin.flush()
            with suppress(BrokenPipeError):
                writer.stdin.close()
            reader.stdout.close()
        for process, said, name in ((writer, write_said, "psql"), (reader, read_said, "pg_restore")):
            if process.returncode:
                said.seek(0)
                reason = " ".join(said.read().decode(errors="replace").split())[:300]
                raise StoreError(f"restore: {name}: {reason or f'ended with {process.returncode}'}")


def _server(url: URL) -> tuple[str, Mapping[str, str]]:
    """The address without its password, which other users of the machine could see, and where it goes."""
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    return address, {"PGPASSWORD": str(url.password)} if url.password else {}


def _program(name: str, what: str) -> str:
    program = shutil.which(name)
    if program is None:
        raise StoreError(f"{what}: {name} is not installed here; it comes with PostgreSQL's clients")
    return program


def _run(command: Sequence[str], env: Mapping[str, str], *, what: str = "backup") -> str:
    program = _program(command[0], what)
    try:
        done = subprocess.run(  # noqa: S603 - our own words and the operator's address
            [program, *command[1:]],
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_S,
            env={**os.environ, **env},
        )
    except subprocess.TimeoutExpired as error:
        raise StoreError(f"{what}: {command[0]} did not end within {LONGEST_S:.0f} s") from error
    if done.returncode:
        raise StoreError(f"{what}: {command[0]}: {' '.join(done.stderr.split())[:300]}")
    return done.stdout
