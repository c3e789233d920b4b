"""Workers as rows: who lives, what the dead held, and which process sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, select, update

from monitor.errors import StoreError
from monitor.model import WorkerProcess
from monitor.ports import Clock
from monitor.store.database import Database, insert_into, insert_new, upsert
from monitor.store.leases import SENDER, end_sends_of, reopen_after_death
from monitor.store.processes.service_lock import ServiceLock
from monitor.store.tables.schema import deliveries, hosts, jobs, meta, workers

DEATHS_KEPT = 100
_DEATHS = "worker deaths"
"""The row of ``meta`` that says when workers were taken away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWorkers:
    """``monitor.ports.Workers`` in a database."""

    database: Database
    lock: ServiceLock
    now: Clock

    def join(self, worker: WorkerProcess) -> None:
        if self.database.is_sqlite:
            raise StoreError(
                f"store {self.database.name}: several processes need PostgreSQL; SQLite has one writer, and "
                "`monitor run` is it"
            )
        row = {
            "id": worker.id,
            "roles": list(worker.roles),
            "host": worker.host,
            "pid": worker.pid,
        }
        with self.database.write() as connection:
            at = self._moment(connection)
            row |= {"started_at": at, "heartbeat_at": at}
            connection.execute(upsert(connection.dialect.name, workers), row)

    def beat(self, worker_id: str) -> bool:
        with self.database.write(durable=False) as connection:
            mine = update(workers).where(workers.c.id == worker_id)
            lives = connection.execute(mine.values(heartbeat_at=self._moment(connection))).rowcount
        return lives > 0

    def leave(self, worker_id: str, *, rest: timedelta) -> None:
        with self.database.write() as connection:
            self._bury(connection, workers.c.id == worker_id, rest)

    def remove_silent(self, silent: timedelta, *, rest: timedelta) -> tuple[str, ...]:
        # A look first: nearly always all of them live, and a look takes no lock.
        with self.database.read() as connection:
            dead = workers.c.heartbeat_at < self._moment(connection) - silent
            if connection.execute(select(workers.c.id).where(dead).limit(1)).first() is None:
                return ()
        with self.database.write() as connection:
            return self._take_away(connection, dead, rest)

    def remove_ended(self, host: str, pid: int, *, rest: timedelta) -> tuple[str, ...]:
        with self.database.write() as connection:
            ended = and_(workers.c.host == host, workers.c.pid == pid)
            return self._take_away(connection, ended, rest)

    def deaths(self, lately: timedelta) -> int:
        with self.database.read() as connection:
            since = self._moment(connection) - lately
            return sum(at >= since for at in _deaths(connection))

    def all(self) -> tuple[WorkerProcess, ...]:
        running = select(func.count()).where(jobs.c.state == "running", jobs.c.owner == workers.c.id)
        sending = select(func.count()).where(
            deliveries.c.state == "sending", deliveries.c.owner == workers.c.id
        )
        in_flight = running.scalar_subquery() + sending.scalar_subquery()
        statement = select(workers, in_flight.label("in_flight")).order_by(workers.c.started_at, workers.c.id)
        with self.database.read() as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple(WorkerProcess(**{**row, "roles": tuple(row["roles"])}) for row in rows)

    def take_sender(self, owner: str) -> bool:
        if not (self.lock.take() and self.lock.is_ours()):
            return False
        with self.database.read() as connection:
            known = connection.execute(select(meta.c.value).where(meta.c.name == SENDER)).scalar_one_or_none()
        if known == owner:
            return True
        # The row follows the lock; whoever had it before claims nothing more once this is committed.
        with self.database.write() as connection:
            named = insert_into(connection, meta).values(name=SENDER, value=owner)
            mine = named.on_conflict_do_update(index_elements=[meta.c.name], set_={"value": owner})
            connection.execute(mine)
        return True

    def drop_sender(self) -> None:
        self.lock.drop()

    def _take_away(
        self, connection: Connection, dead: ColumnElement[bool], rest: timedelta
    ) -> tuple[str, ...]:
        gone = self._bury(connection, dead, rest)
        if gone:
            at = self._moment(connection)
            # So that there is a row to wait for.
            connection.execute(insert_new(connection.dialect.name, meta), {"name": _DEATHS, "value": ""})
            deaths = [*_deaths(connection, alone=True), *[at] * len(gone)][-DEATHS_KEPT:]
            row = {"name": _DEATHS, "value": " ".join(each.isoformat() for each in deaths)}
            connection.execute(upsert(connection.dialect.name, meta), row)
        return gone

    def _bury(self, connection: Connection, these: ColumnElement[bool], rest: timedelta) -> tuple[str, ...]:
        """Take their rows away and give back what they held, in the caller's transaction.

        The hosts that they were asking when they died rest: nobody knows when the last request was made.
        """
        gone = tuple(connection.execute(delete(workers).where(these).returning(workers.c.id)).scalars())
        now = self.now()
        lanes: set[str] = set()
        for worker in gone:
            lanes |= set(reopen_after_death(connection, jobs.c.owner == worker, now))
            end_sends_of(connection, worker, now)
        _let_rest(connection, sorted(filter(None, lanes)), now + rest)
        return gone

    def _moment(self, connection: Connection) -> datetime:
        """By the server's clock, which is one for all machines."""
        if self.database.is_sqlite:
            return self.now()
        at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return at


def _deaths(connection: Connection, *, alone: bool = False) -> list[datetime]:
    """When workers were taken away, oldest first; ``alone``: nobody else adds to them until the end."""
    kept = select(meta.c.value).where(meta.c.name == _DEATHS)
    found = connection.execute(kept.with_for_update() if alone else kept).scalar_one_or_none()
    try:
        return [datetime.fromisoformat(each).astimezone(UTC) for each in (found or "").split()]
    except ValueError:  # nobody must stay among the living for that
        return []


def _let_rest(connection: Connection, lanes: list[str], until: datetime) -> None:
    if not lanes:
        return
    resting = insert_into(connection, hosts)
    later = case((hosts.c.cooldown_until > until, hosts.c.cooldown_until), else_=until)
    connection.execute(
        resting.on_conflict_do_update(index_elements=[hosts.c.host_key], set_={"cooldown_until": later}),
        [{"host_key": lane, "cooldown_until": until} for lane in lanes],
    )
