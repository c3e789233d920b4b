"""The database itself: schema, service lock, backup, pruning, counts."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Table, delete, func, select, text

from monitor.errors import StoreBusy, StoreError, StoreReplaced
from monitor.model import KeptRulebook, RetentionSettings
from monitor.ports import Clock, StoreTrouble
from monitor.store import migrate
from monitor.store.database import Database, Turn, chunks, insert_into
from monitor.store.leases import newer_epoch
from monitor.store.partitions import drop_partitions, make_partitions
from monitor.store.processes.service_lock import ServiceLock
from monitor.store.queries.search import forget
from monitor.store.tables.schema import (
    article_revisions,
    articles,
    chats,
    deliveries,
    entries,
    events,
    jobs,
    looks,
    matches,
    meta,
    sources,
    stories,
    traces,
)
from monitor.store.tables.stories import prints
from monitor.store.upkeep.backup import back_up, verify
from monitor.store.upkeep.own_file import OwnFile
from monitor.store.upkeep.retention import retain
from monitor.store.writes import rulebooks
from monitor.store.writes.clock_correction import correct_back, correct_forward
from monitor.store.writes.features import forget_marks

PRUNED_AT_ONCE = 200
"""Articles a transaction: others wait meanwhile, and a service that is told to stop."""
DELETION_STEP = timedelta(hours=36)
"""What is old is looked for once a day and at each start: one look moves the moment on by no more."""
CATCHING_UP = 1.5
"""Nor by more than so much of the time since the look before: who was away for weeks catches up by half a day
each day, and restarts in a row add nothing."""
PROOF_BYTES = 256_000
"""More than the outcome of a job takes, as a rule."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAdmin:
    """``monitor.ports.Admin`` for a database."""

    database: Database
    lock: ServiceLock
    now: Clock

    def upgrade(self) -> None:
        """Two programs that start at once upgrade once: the second waits and finds nothing to do."""
        with self.database.read() as connection:
            at = migrate.current(connection)
        if at == migrate.newest():
            return
        if at is not None:
            migrate.check(at, f"store {self.database.name}")
            self._back_up_before(at)
        with self.database.write(Turn.MIGRATE) as connection:
            migrate.upgrade(connection)

    def check_version(self) -> None:
        with self.database.read() as connection:
            at = migrate.current(connection)
        if at is not None and at != migrate.newest():
            migrate.check(at, f"store {self.database.name}")

    def is_current(self) -> bool:
        with self.database.read() as connection:
            return migrate.current(connection) == migrate.newest()

    def acquire_service(self) -> int:
        if not self.lock.take():
            raise StoreBusy(
                f"store {self.database.name} belongs to another service: {self._holder()}; this one stands by"
            )
        host, process = socket.gethostname(), os.getpid()
        since = self.now().isoformat(timespec="seconds")
        try:
            with self.database.write() as connection:
                epoch = int(_get(connection, "epoch") or "0") + 1
                _set(connection, "epoch", str(epoch))
                _set(connection, "service", f"process {process} on {host} since {since}")
                _set(connection, "service_since", self.now().isoformat())
        except StoreError:
            self.lock.drop()
            raise
        return epoch

    def holds_service(self, epoch: int) -> bool:
        if self.database.own is not None and not self.database.own.is_there():
            self._put_back(self.database.own)
        if not self.lock.is_ours():
            return False
        with self.database.read() as connection:
            taken = newer_epoch(connection, epoch)
        if taken:
            self.lock.drop()
        return not taken

    def _put_back(self, own: OwnFile) -> None:
        """Write a deleted file anew from what is open. Raises ``StoreReplaced`` when another one stands
        there, another ``StoreError`` to be asked again."""
        if not own.is_missing():
            raise StoreReplaced(
                f"store {own.path}: another file was put in its place while the service ran; what it wrote "
                "since is lost. Start it again: it goes on with that file (`monitor restore` marks repeats)"
            )
        copy = own.path.with_name(f"{own.path.name}.{secrets.token_hex(4)}")
        with self.database.lock:  # nobody writes until new connections have the new file
            back_up(self.database, str(copy))
            own.put_back(copy)
            self.database.engine.dispose()
        log.error("the file of the store was deleted and is written anew: %s", own.path)

    def release_service(self) -> None:
        self.database.health.rest()
        self.lock.drop()

    def heartbeat(self, now: datetime) -> None:
        # A refusal stands until a large write goes through: the heartbeat itself may find room in the log.
        if self.database.health.refusals:
            self.prove_writing()
        with self.database.write(durable=False) as connection:
            _set(connection, "heartbeat", now.isoformat())
        self.database.health.beat()

    def prove_writing(self) -> None:
        refusals = self.database.health.refusals
        with self.database.write() as connection:
            _set(connection, "proof", secrets.token_hex(PROOF_BYTES // 2))
        with self.database.write(durable=False) as connection:
            connection.execute(delete(meta).where(meta.c.name == "proof"))
        self.database.health.proven(refusals)

    def trouble(self) -> StoreTrouble | None:
        return self.database.health.trouble()

    def last_heartbeat(self) -> datetime | None:
        return self._moment("heartbeat")

    def service_since(self) -> datetime | None:
        return self._moment("service_since")

    def correct_times(self, step: timedelta, now: datetime, *, again: bool = False) -> None:
        with self.database.write(Turn.CLAIM_JOBS) as connection:
            if step < timedelta():
                correct_back(connection, step, now, again=again)
            else:
                correct_forward(connection, step, now)
            since = _get(connection, "service_since")
            if since is not None and datetime.fromisoformat(since) > now:
                _set(connection, "service_since", now.isoformat())
            _set(connection, "heartbeat", now.isoformat())

    def service_alive(self) -> bool:
        return self.lock.is_held()

    def status(self) -> Mapping[str, object]:
        with self.database.read() as connection:
            health = sources.c.listed.is_(True)
            grouped = {
                "sources": dict(
                    connection.execute(
                        select(sources.c.health, func.count()).where(health).group_by(sources.c.health)
                    ).all()
                ),
                "jobs": _by_state(connection, jobs),
                "deliveries": _by_state(connection, deliveries),
                "chats": _by_state(connection, chats),
            }
            counted = {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (entries, articles, stories, matches)
            }
            untold = select(func.count()).where(events.c.told_at.is_(None))
            only_seen = select(func.count()).select_from(traces).where(traces.c.verdict == "seen")
            more = {
                "seen": connection.execute(only_seen).scalar_one(),
                "untold_events": connection.execute(untold).scalar_one(),
                "epoch": int(_get(connection, "epoch") or "0"),
            }
        return {**grouped, **counted, **more, "service": self._holder() if self.service_alive() else None}

    def sizes(self) -> Mapping[str, int]:
        file = self.database.file
        if file is not None:
            parts = {"file": file, "wal": file.with_name(f"{file.name}-wal")}
            return {name: path.stat().st_size for name, path in parts.items() if path.exists()}
        with self.database.read() as connection:
            size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            if not self.database.is_sqlite:
                size = "SELECT pg_database_size(current_database())"
            return {"database": int(connection.execute(text(size)).scalar_one())}

    def backup(self, path: str) -> None:
        back_up(self.database, path)

    def verify_backup(self, path: str) -> None:
        verify(path)

    def backed_up(self, now: datetime) -> None:
        with self.database.write() as connection:
            _set(connection, "backed_up_at", now.isoformat())

    def last_backup(self) -> datetime | None:
        return self._moment("backed_up_at")

    def retain(
        self, settings: RetentionSettings, now: datetime, *, go_on: Callable[[], bool] = lambda: True
    ) -> Mapping[str, int]:
        return retain(self.database, settings, now, go_on=go_on)

    def prune(self, before: datetime, *, go_on: Callable[[], bool] = lambda: True) -> int:
        """Entries, placements, fingerprint keys, stories and deliveries stay: they prevent repeats.
        Entries lose their summaries."""
        return self._in_handfuls(_prune_some, before, go_on)

    def deletion_moment(self, now: datetime) -> datetime:
        with self.database.write() as connection:
            looked_at, moment = _former_deletion(connection, now)
            since = now - looked_at
            if since < timedelta():  # the clock was ahead then, or is behind now: nobody knows which
                kept, used = moment, min(now, moment)
            else:
                kept = used = min(now, moment + min(since * CATCHING_UP, DELETION_STEP))
            _set(connection, _DELETION, f"{now.isoformat()} {kept.isoformat()}")
        return used

    def prune_marks(self, before: datetime, *, go_on: Callable[[], bool] = lambda: True) -> int:
        return self._in_handfuls(_prune_some_marks, before, go_on)

    def _in_handfuls(
        self, some: Callable[[Connection, datetime], int], before: datetime, go_on: Callable[[], bool]
    ) -> int:
        pruned = 0
        with self.database.write(Turn.PLACE) as connection:
            make_partitions(connection)
            drop_partitions(connection, _first_kept(connection, before))
        while go_on():
            with self.database.write(Turn.PLACE) as connection:
                handful = some(connection, before)
            pruned += handful
            if not handful:
                break
        return pruned

    def keep_rulebook(self, revision: str, content: str, now: datetime) -> None:
        with self.database.write() as connection:
            rulebooks.keep(connection, revision, content, now)

    def rulebook_revision(self) -> str | None:
        with self.database.read() as connection:
            return rulebooks.newest(connection)

    def rulebooks(self, limit: int) -> tuple[KeptRulebook, ...]:
        with self.database.read() as connection:
            return rulebooks.latest(connection, limit)

    def accept_rulebook(self, revision: str) -> None:
        with self.database.write() as connection:
            _set(connection, "accepted_rulebook", revision)

    def accepted_rulebook(self) -> str | None:
        with self.database.read() as connection:
            return _get(connection, "accepted_rulebook")

    def close(self) -> None:
        self.lock.drop()
        self.database.engine.dispose()

    def _moment(self, name: str) -> datetime | None:
        with self.database.read() as connection:
            stored = _get(connection, name)
        return datetime.fromisoformat(stored) if stored else None

    def _holder(self) -> str:
        with self.database.read() as connection:
            return _get(connection, "service") or "it did not leave its name"

    def _back_up_before(self, revision: str) -> None:
        if not self.database.is_sqlite:
            log.warning(
                "store %s is migrated from revision %s; a backup of PostgreSQL (pg_dump) is the operator's",
                self.database.name,
                revision,
            )
        elif self.database.file is not None:
            stamp = self.now().strftime("%Y%m%dT%H%M%S%fZ")
            target = f"{self.database.file}.before-{revision}-{stamp}.backup"
            self.backup(target)
            log.info("store %s was copied to %s before its migration", self.database.name, target)


EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def _get(connection: Connection, name: str) -> str | None:
    return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar_one_or_none()


def _set(connection: Connection, name: str, value: str) -> None:
    statement = insert_into(connection, meta).values(name=name, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=[meta.c.name], set_={"value": value}))


def _by_state(connection: Connection, table: Table) -> dict[str, int]:
    state = table.c["state"]
    return dict(connection.execute(select(state, func.count()).group_by(state)).all())


_DELETION = "deletion"
"""The row of ``meta`` that says when what is old was looked for last, and by what moment."""


def _former_deletion(connection: Connection, now: datetime) -> tuple[datetime, datetime]:
    """When was looked last and by what moment; where that cannot be told, as of the newest article."""
    try:
        looked_at, moment = map(datetime.fromisoformat, (_get(connection, _DELETION) or "").split())
        if looked_at.tzinfo and moment.tzinfo and EARLIEST < moment < LATEST:
            return looked_at, moment
    except ValueError:
        pass
    newest: datetime = connection.execute(_NEWEST_SEEN).scalar() or now
    return newest, newest


_NEWEST_SEEN = select(prints.c.seen_at).order_by(prints.c.number.desc()).limit(1)


def _first_kept(connection: Connection, before: datetime) -> int:
    """The lowest number of a print that a prune leaves; articles are numbered as they are stored."""
    kept = select(func.min(prints.c.number)).where(prints.c.seen_at >= before)
    highest = select(func.max(prints.c.number))
    lowest: int | None = connection.execute(kept).scalar_one()
    return lowest if lowest is not None else (connection.execute(highest).scalar_one() or 0)


def _prune_some_marks(connection: Connection, before: datetime) -> int:
    old = select(prints.c.article_id).where(prints.c.seen_at < before)
    ids = connection.execute(old.order_by(prints.c.seen_at, prints.c.number).limit(PRUNED_AT_ONCE)).scalars()
    return forget_marks(connection, ids.all())


def _prune_some(connection: Connection, before: datetime) -> int:
    rows = connection.execute(
        select(
            articles.c.id,
            articles.c.entry_id,
            articles.c.number,
            articles.c.title,
            articles.c.text,
            articles.c.indexed,
        )
        .where(articles.c.seen_at < before)
        .order_by(articles.c.seen_at, articles.c.number)
        .limit(PRUNED_AT_ONCE)
    ).all()
    forget(connection, [(row.number, row.title, row.text) for row in rows if row.indexed])
    for ids in chunks([row.id for row in rows]):
        forget_marks(connection, ids)
        readings = select(traces.c.entry_id).where(traces.c.article_id.in_(ids))
        connection.execute(
            entries.update().where(entries.c.id.in_(readings)).values(summary="", content="", pictures=[])
        )
        for column in (
            matches.c.article_id,
            article_revisions.c.article_id,
            looks.c.article_id,
            traces.c.article_id,
            articles.c.id,
        ):
            connection.execute(delete(column.table).where(column.in_(ids)))
    return len(rows)
