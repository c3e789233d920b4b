"""The lock that makes one process the service of a store, dropped by whoever outlives it."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from monitor.store.database import LOCK_SPACE, Database

_PATIENCE_S = 0.5
_ALIVE = text("SELECT 1")
_TAKE = text("SELECT pg_try_advisory_lock(:space, hashtext(current_schema() || :name))")
_DROP = text("SELECT pg_advisory_unlock(:space, hashtext(current_schema() || :name))")
# pg_locks shows the halves of the lock's name unsigned.
_HELD = text(
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted "
    "AND objsubid = 2 AND classid::bigint = :space "
    "AND objid::bigint = (hashtext(current_schema() || :name)::bigint & 4294967295) "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


class ServiceLock(Protocol):
    """Taken by one process at a time."""

    def take(self) -> bool: ...
    def drop(self) -> None: ...
    def is_held(self) -> bool:
        """By any process, this one included."""

    def is_ours(self) -> bool:
        """Whether this process holds it still. One that was lost is taken again if nobody has it."""


def service_lock(database: Database) -> ServiceLock:
    """The kind of lock that fits the database."""
    if not database.is_sqlite:
        return ServerLock(database, " service")
    return MemoryLock() if database.file is None else FileLock(Path(f"{database.file}.lock"))


def sender_lock(database: Database) -> ServiceLock:
    """The lock of the one process that sends; where a store has one process it has the sender too."""
    return MemoryLock() if database.is_sqlite else ServerLock(database, " sender")


@dataclass(slots=True)
class FileLock:
    """flock on a file beside the database: the kernel drops it with the process, SIGKILL included.

    Not a POSIX record lock: that one is lost when the process closes any handle of the file.
    """

    path: Path
    _held: IO[str] | None = None

    def take(self) -> bool:
        if self._held is not None:
            return True
        deadline = time.monotonic() + _PATIENCE_S
        while not self._try():
            # Somebody may only be asking (``is_held``).
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def drop(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    def is_held(self) -> bool:
        if self._held is not None:
            return True
        if not self.path.exists():
            return False
        with self._open() as handle:
            return not _flock(handle, fcntl.LOCK_SH)

    def is_ours(self) -> bool:
        """The kernel keeps the lock; but somebody may have put another file in the place of ours."""
        if self._held is None:
            return self.take()
        try:
            there = self.path.stat()
        except FileNotFoundError:
            there = None
        ours = os.fstat(self._held.fileno())
        if there is not None and (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino):
            return True
        self.drop()
        return self.take()

    def _try(self) -> bool:
        handle = self._open()
        if _flock(handle, fcntl.LOCK_EX):
            self._held = handle
            return True
        handle.close()
        return False

    def _open(self) -> IO[str]:
        return os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")


def _flock(handle: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@dataclass(slots=True)
class ServerLock:
    """A session's advisory lock: the server drops it when the connection breaks."""

    database: Database
    name: str
    _session: Connection | None = None
    _open: ExitStack = field(default_factory=ExitStack)

    @property
    def _key(self) -> dict[str, object]:
        return {"space": LOCK_SPACE, "name": self.name}

    def take(self) -> bool:
        if self._session is not None:
            return True
        with self.database.translated(), ExitStack() as opening:
            session = opening.enter_context(self.database.outside_transaction())
            if not session.execute(_TAKE, self._key).scalar_one():
                return False
            self._session, self._open = session, opening.pop_all()
        return True

    def drop(self) -> None:
        if self._session is None:
            return
        try:
            self._session.execute(_DROP, self._key)
        except SQLAlchemyError:  # the connection is broken, and with it the lock is gone
            self._session.invalidate()
        self._close()

    def is_ours(self) -> bool:
        """A heartbeat on the session that holds it: the server drops the lock with the session."""
        if self._session is None:
            return self.take()
        try:
            self._session.execute(_ALIVE)
        except SQLAlchemyError:
            self._session.invalidate()
            self._close()
        # The server may still be about to end the session that is lost, and with it the lock.
        deadline = time.monotonic() + _PATIENCE_S
        while not self.take():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def _close(self) -> None:
        self._session = None
        self._open.close()

    def is_held(self) -> bool:
        with self.database.read() as connection:
            return bool(connection.execute(_HELD, self._key).scalar_one())


@dataclass(slots=True)
class MemoryLock:
    """Nobody else can reach an in-memory database."""

    _held: bool = field(default=False)

    def take(self) -> bool:
        self._held = True
        return True

    def drop(self) -> None:
        self._held = False

    def is_held(self) -> bool:
        return self._held

    def is_ours(self) -> bool:
        return self._held
