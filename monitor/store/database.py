"""Connections and transactions: how each database is spoken to, and what its errors mean."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine, Table, TextClause, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    InternalError,
    InvalidatePoolError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from monitor.errors import StoreError, StoreUnavailable
from monitor.store.upkeep.own_file import OwnFile
from monitor.store.upkeep.write_health import WriteHealth

BUSY_S = 30.0
PING_AFTER_S = 0.2
# A server whose machine is gone says nothing: without these its silence lasts for a quarter of an hour.
_SERVER_ALIVE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_IN_CHUNK = 500
# Of a page that makes no sense any more: SQLite's results (without their details), PostgreSQL's states.
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, "XX001", "XX002"})
_SQLITE_RESULT = 0xFF
# First half of every advisory lock's name, so that ours meet nobody else's.
LOCK_SPACE = 0x6D6F6E


class Turn(IntEnum):
    """What only one PostgreSQL transaction does at a time. SQLite has one writer anyway."""

    PLACE = 1
    CLAIM_JOBS = 2
    CLAIM_DELIVERIES = 3
    MIGRATE = 4


class StoreObserver(Protocol):
    """Told how transactions that write go: for figures only."""

    def wrote(self, wait_s: float, held_s: float) -> None:
        """One ended: so long it waited to begin, so long it ran."""

    def store_failed(self, *, passes: bool) -> None:
        """The database refused or did not answer; ``passes``: it may well work later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """One database. ``file`` is the SQLite file, None for PostgreSQL and in-memory databases; ``own`` knows
    whether it is the one that was opened."""

    engine: Engine
    name: str
    file: Path | None
    one_connection: bool
    lock: threading.RLock
    observer: StoreObserver | None = None
    own: OwnFile | None = None
    health: WriteHealth = field(default_factory=WriteHealth)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading; raises ``StoreError`` for whatever the database says.

        On PostgreSQL each statement sees what was committed before it, in a transaction or not (READ
        COMMITTED): without one, nothing has to be begun and ended.
        """
        with self.translated(), self._alone(writes=False), self.engine.connect() as connection:
            yield connection if self.is_sqlite else connection.execution_options(**_NO_TRANSACTION)

    @contextmanager
    def write(self, turn: Turn | None = None, *, durable: bool = True) -> Iterator[Connection]:
        """One transaction: committed at the end, undone by any exception. Raises ``StoreError``.

        Without ``durable`` SQLite does not wait for the disk: killed processes lose nothing, but a power
        cut may undo the last such transactions. For what is harmless to do again.

        ``turn`` makes PostgreSQL let one such transaction in after the other. SQLite takes the
        write lock at once (BEGIN IMMEDIATE): a transaction that reads first and then writes would
        be refused without any waiting.
        """
        asked_at = time.monotonic()
        with (
            self._noted(),
            self.translated(),
            self._alone(writes=True),
            self.engine.connect().execution_options(monitor_begin="BEGIN IMMEDIATE") as connection,
        ):
            if self.is_sqlite:
                _wait_for_the_disk(connection, durable=durable)
            with connection.begin():
                if turn is not None and not self.is_sqlite:
                    _take_turn(connection, turn)
                began_at = time.monotonic()
                yield connection
        if self.observer is not None:
            self.observer.wrote(began_at - asked_at, time.monotonic() - began_at)

    @contextmanager
    def write_once(self) -> Iterator[Connection]:
        """As ``write`` for a single statement, which needs no transaction around it on PostgreSQL."""
        if self.is_sqlite:
            with self.write() as connection:
                yield connection
            return
        asked_at = time.monotonic()
        with self._noted(), self.outside_transaction() as connection:
            began_at = time.monotonic()
            yield connection
        if self.observer is not None:
            self.observer.wrote(began_at - asked_at, time.monotonic() - began_at)

    @contextmanager
    def outside_transaction(self) -> Iterator[Connection]:
        """A connection for the few statements that refuse to run inside a transaction."""
        with (
            self.translated(),
            self._alone(writes=False),
            self.engine.connect().execution_options(**_NO_TRANSACTION) as connection,
        ):
            yield connection

    def _alone(self, *, writes: bool) -> AbstractContextManager[object]:
        # Threads of one process queue here: fairer than SQLite's busy waiting.
        needed = self.one_connection or (writes and self.is_sqlite)
        return self.lock if needed else nullcontext()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except StoreUnavailable as error:
            if not _is_rivalry(error.__cause__):
                self.health.refused(str(error))
            raise

    @contextmanager
    def translated(self) -> Iterator[None]:
        """What the database says inside is raised as ``StoreError``; ``StoreUnavailable`` if it passes."""
        try:
            yield
        except SQLAlchemyError as error:
            kind = StoreUnavailable if _passes(error) else StoreError
            if self.observer is not None:
                self.observer.store_failed(passes=kind is StoreUnavailable)
            self._note_damage(error)
            raise kind(_sentence(error, self.name)) from error
        except sqlite3.Error as error:  # of a statement that went to the driver itself
            kind = StoreUnavailable if _will_pass(error) else StoreError
            self._note_damage(error)
            raise kind(_sentence(error, self.name)) from error
        except self._driver_error as error:  # of a session that the driver knows to be gone
            raise StoreUnavailable(_sentence(error, self.name)) from error

    @property
    def _driver_error(self) -> type[Exception]:
        found: type[Exception] = self.engine.dialect.loaded_dbapi.Error
        return found

    def _note_damage(self, error: SQLAlchemyError | sqlite3.Error) -> None:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = (getattr(cause, "sqlite_errorcode", 0) & _SQLITE_RESULT) or getattr(cause, "sqlstate", None)
        if code in _DAMAGE:
            self.health.damaged(_sentence(error, self.name))


_NO_TRANSACTION: Final[Mapping[str, Any]] = {"monitor_begin": "", "isolation_level": "AUTOCOMMIT"}


def _wait_for_the_disk(connection: Connection, *, durable: bool) -> None:
    """Whether commits of this connection wait; SQLite takes it outside a transaction alone. A later durable
    commit brings to the disk what earlier ones left."""
    info = connection.connection.info
    if info.get(_DURABLE, True) is not durable:
        raw = connection.connection.cursor()
        raw.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        raw.close()
        info[_DURABLE] = durable


_DURABLE = "monitor_durable"


def open_database(url: str) -> Database:
    """Prepare connections to ``url`` (``sqlite:///file``, ``sqlite://``, ``postgresql+psycopg://…``).

    Raises ``StoreError`` when the address is not understood or the file cannot be made. A server is
    asked only when it is needed.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed,
            pool_size=10,
            max_overflow=40,
            # What was asked last is not asked first whether it lives.
            pool_use_lifo=True,
            json_serializer=_dumps,
            connect_args={name: value for name, value in _SERVER_ALIVE.items() if name not in parsed.query},
        )
        _ping_rested(engine)
        return _database(engine, parsed, file=None, one_connection=False)
    if parsed.database in {None, "", ":memory:"}:
        engine = create_engine(
            "sqlite://",
            poolclass=StaticPool,
            json_serializer=_dumps,
            connect_args={"check_same_thread": False},
        )
        _prepare_sqlite(engine)
        return _database(engine, parsed, file=None, one_connection=True)
    file = Path(parsed.database or "").expanduser().absolute()
    _make_file(file)
    engine = create_engine(
        parsed.set(database=str(file)),
        pool_size=10,
        max_overflow=40,
        # The connection used last has the pages wanted next; in turn, each would fill a cache of its own.
        pool_use_lifo=True,
        json_serializer=_dumps,
        connect_args={} if "timeout" in parsed.query else {"timeout": BUSY_S},
    )
    _prepare_sqlite(engine)
    own = OwnFile(file)
    _refuse_another(engine, own)
    database = replace(_database(engine, parsed, file=file, one_connection=False), own=own)
    _turn_on_wal(database)
    return database


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the connection's dialect."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in this dialect."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@lru_cache(maxsize=64)
def insert_new(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that leaves rows be that are there already, and says how many were not. Made once a table."""
    # psycopg's figure is gone with its cursor unless it is asked for (SQLAlchemy, "preserve_rowcount").
    return insert_of(dialect, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@lru_cache(maxsize=64)
def of_each(dialect: str, statement: str) -> TextClause:
    """``statement`` with ``{each}`` as a query of one column ``value``: the numbers bound as ``each``.

    Hundreds of numbers are one parameter then, and one statement is prepared for however many.
    """
    found = (
        "SELECT value FROM unnest(CAST(:each AS bigint[])) AS value"
        if dialect == "postgresql"
        else "SELECT value FROM json_each(:each)"
    )
    return text(statement.format(each=found))


def each_of(dialect: str, numbers: Iterable[int]) -> object:
    """Numbers as ``of_each`` wants them bound."""
    return list(numbers) if dialect == "postgresql" else json.dumps(list(numbers))


@lru_cache(maxsize=64)
def upsert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT of whole rows that replaces what is there under the primary key.

    Made once a table: building such a statement costs more than running it.
    """
    statement = insert_of(dialect, table)
    keys = list(table.primary_key.columns)
    others = {column.name: statement.excluded[column.name] for column in table.c if column not in set(keys)}
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def chunks(items: list[str]) -> Iterator[list[str]]:
    """Cut ``items`` so that each part fits into one IN clause."""
    for start in range(0, len(items), _IN_CHUNK):
        yield items[start : start + _IN_CHUNK]


_dumps = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        known = parsed.get_backend_name() == "sqlite" or parsed.get_driver_name() == "psycopg"
    except (ArgumentError, SQLAlchemyError) as error:
        raise StoreError(f"store: {url!r} is no database address") from error
    if not known:
        raise StoreError(
            f"store: {parsed.drivername} is not supported; "
            "use sqlite:///var/monitor.db or postgresql+psycopg://user@host/name"
        )
    return parsed


def _ping_rested(engine: Engine) -> None:
    """Ask a connection that rested for a while whether the server is still there, before it is used.

    SQLAlchemy's ``pool_pre_ping`` asks before every use: a round trip for each transaction. What was used a
    moment ago and breaks now would have broken a moment later too.
    """

    def checked_in(connection: object, record: ConnectionPoolEntry) -> None:
        del connection
        record.info[_RESTED_AT] = time.monotonic()

    def checked_out(connection: DBAPIConnection, record: ConnectionPoolEntry, proxy: object) -> None:
        del proxy
        rested_at = record.info.get(_RESTED_AT)
        if rested_at is None or time.monotonic() - rested_at < PING_AFTER_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # The pool opens another in its stead, and lets go of all that are as old.
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", checked_in)
    event.listen(engine, "checkout", checked_out)


_RESTED_AT: Final = "monitor_rested_at"


def _database(engine: Engine, url: URL, *, file: Path | None, one_connection: bool) -> Database:
    return Database(
        engine=engine,
        name=str(file) if file else url.render_as_string(hide_password=True),
        file=file,
        one_connection=one_connection,
        lock=threading.RLock(),
    )


def _make_file(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Only its owner may read it: what people wrote to the bot is theirs.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(f"store: {file} cannot be opened: {error.strerror}") from error


def _prepare_sqlite(engine: Engine) -> None:
    def connected(connection: object, record: ConnectionPoolEntry) -> None:
        del record
        # The driver's own transaction control starts none before SELECT and none for DDL.
        connection.isolation_level = None  # type: ignore[attr-defined]
        for pragma in ("synchronous=FULL", "cache_size=-2000"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    def begun(connection: Connection) -> None:
        statement = connection.get_execution_options().get("monitor_begin", "BEGIN")
        if statement:
            # At the driver: a statement of no parameters and no rows costs twice as much through the engine.
            connection.connection.execute(statement)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


def _refuse_another(engine: Engine, own: OwnFile) -> None:
    """No connection to a file that is not the one of the others; SQLite would make it if there is none."""

    def connecting(*_: object) -> None:
        if not own.is_there():
            raise StoreUnavailable(f"store {own.path}: the file is not the one that was opened any more")

    event.listen(engine, "do_connect", connecting)


def _turn_on_wal(database: Database) -> None:
    # Switching a fresh file does not wait for another process that does the same: ask again.
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            with database.outside_transaction() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        except StoreError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _take_turn(connection: Connection, turn: Turn) -> None:
    lock = text("SELECT pg_advisory_xact_lock(:space, hashtext(current_schema()) # :turn)")
    connection.execute(lock, {"space": LOCK_SPACE, "turn": int(turn)})


def _passes(error: SQLAlchemyError) -> bool:
    """Whether the same statement may well succeed later: the error speaks of the database, not of it."""
    if isinstance(error, NoConnection):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return _will_pass(error.orig)
    return error.connection_invalidated or isinstance(
        error, OperationalError | InterfaceError | InternalError
    )


def _is_rivalry(cause: BaseException | None) -> bool:
    """Whether two transactions were in each other's way (PostgreSQL, class 40): no fault of the store."""
    state = getattr(getattr(cause, "orig", None), "sqlstate", None)
    return isinstance(state, str) and state.startswith("40")


def _will_pass(error: sqlite3.Error) -> bool:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    # Extended codes keep the primary one in their low byte.
    return code is not None and code & 0xFF in _SQLITE_PASSES


_SQLITE_PASSES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)


def _sentence(error: Exception, name: str) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    text = " ".join(str(cause).split())
    low = text.lower()
    for sign, meaning in _MEANINGS.items():
        if sign in low:
            return f"store {name}: {meaning} ({text})"
    return f"store {name}: {text}"


_MEANINGS = {
    "database is locked": "another program keeps it locked; end that program",
    "is full": "the disk is full; make room, nothing was written",
    "no space left": "the disk is full; make room, nothing was written",
    "readonly": "it may not be written; check the file's owner and rights",
    "disk i/o error": "it cannot be read or written; check the disk and the file",
    "malformed": "the file is damaged; restore a backup",
    "not a database": "the file is no SQLite database; check the address",
    "unable to open": "the file cannot be opened; check its folder and rights",
    "no such table": "its tables are missing; run `monitor db upgrade`",
    "no such column": "its tables are of another version; run `monitor db upgrade`",
    'fatal: database "': "there is no such database; make it (createdb) or check the address",
    'role "': "the server does not know that user; check the address",
    "does not exist": "something is missing there; check the address, run `monitor db upgrade`",
    "connection refused": "no server answers there; start it or check the address",
    "invalid response to ssl": "what answers there is no PostgreSQL server; check the host and the port",
    "timeout expired": "no server answers there; check the address and the network between",
    "authentication failed": "the server refuses the user or password",
    "failed to resolve": "its host name is unknown; check the address",
    "server closed the connection": "the server broke the connection",
}
