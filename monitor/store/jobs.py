"""The jobs table and the one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any, assert_never

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Executable,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    not_,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from monitor.core.delivery.retry import CHANCE_KILLS
from monitor.errors import NotOurs
from monitor.model import Done, Ending, Entry, Job, Outcome, Quarantined, Retry
from monitor.model.job import JOB_KINDS, WORKER_EPOCH, JobKind
from monitor.ports import LEASE_S
from monitor.store.codec import entry_row, job
from monitor.store.database import Database, Turn, insert_of, upsert
from monitor.store.evidence.append import write_captures
from monitor.store.leases import DIED, fenced_off, of_worker, reopen_after_death, suspect
from monitor.store.queries.snapshot import check_basis
from monitor.store.sources import write_gaps, write_other_page, write_states
from monitor.store.tables.columns import Utc
from monitor.store.tables.schema import entries, hosts, jobs
from monitor.store.writes.inserts import post_deliveries, post_events, post_jobs
from monitor.store.writes.placed import write_placed, write_seen
from monitor.store.writes.polls import write_polls
from monitor.store.writes.revision import write_looks, write_vanished

# Stands among the lanes that are taken once a claim holds one that may kill its process.
_SUSPECTS = "(suspects)"
# So long it waits for a process in which nothing else runs; then it runs beside others.
SUSPECT_WAITS = timedelta(seconds=15)
# Most of these wait for days: oldest first would step over all of them.
_ORDERS: Mapping[JobKind, ColumnElement[Any]] = {"recheck": jobs.c.not_before}
# A first sight stays a first sight, and what must not alert stays so when it is edited.
_KEPT_OF_ENTRY = frozenset({"id", "seen_at", "late"})


@dataclass(frozen=True, slots=True)
class StoredJobs:
    """``monitor.ports.Jobs`` in a database."""

    database: Database

    def claim(
        self,
        *,
        now: datetime,
        owner: str,
        epoch: int,
        limit: int,
        excluded_hosts: Sequence[str] = (),
        first: JobKind = "read",
        kinds: Sequence[JobKind] = JOB_KINDS,
        lease_s: float = LEASE_S,
        idle: bool | None = None,
    ) -> tuple[Job, ...]:
        wanted = sorted(kinds, key=lambda kind: (kind != first, JOB_KINDS.index(kind)))
        with self.database.write(Turn.CLAIM_JOBS, durable=False) as connection:
            chosen = _claimable(connection, now, limit, excluded_hosts, wanted, idle=idle)
            if not chosen or fenced_off(connection, owner, epoch):
                return ()
            leased_until = now + timedelta(seconds=lease_s)
            mine = {"claimed_by": owner, "claimed_in": epoch, "leased_until": leased_until}
            rows = connection.execute(_claim(), {"chosen": chosen, **mine}).mappings()
            taken = {(row["kind"], row["key"]): job(row) for row in rows}
        return tuple(taken[name] for name in chosen if name in taken)

    def take_over(
        self,
        kind: str,
        key: str,
        *,
        published_by: str,
        attempts: int,
        owner: str,
        now: datetime,
        lease_s: float = LEASE_S,
    ) -> Job | None:
        published = and_(
            jobs.c.kind == kind,
            jobs.c.key == key,
            jobs.c.state == "running",
            jobs.c.owner == published_by,
            jobs.c.attempts == attempts,
        )
        mine = {"owner": owner, "epoch": WORKER_EPOCH, "lease_until": now + timedelta(seconds=lease_s)}
        with self.database.write(durable=False) as connection:
            if fenced_off(connection, owner, WORKER_EPOCH):
                return None
            taken = connection.execute(update(jobs).where(published).values(mine).returning(jobs))
            row = taken.mappings().one_or_none()
        return None if row is None else job(row)

    def dispatched(self, owner: str) -> int:
        held = select(func.count()).where(jobs.c.state == "running", jobs.c.owner == owner)
        with self.database.read() as connection:
            return connection.execute(held).scalar_one()

    def commit(self, job: Job, outcome: Outcome, *, now: datetime) -> None:
        turn = Turn.PLACE if outcome.placed or outcome.captures else None
        # A poll or reading that a power cut undoes is done again; what is to be told must be kept.
        durable = bool(outcome.deliveries or outcome.events)
        with self.database.write(turn, durable=durable) as connection:
            _check_ours(connection, job)
            for placed in outcome.placed:
                check_basis(connection, placed)
            _write(connection, [(job, outcome)], now)

    def commit_all(self, finished: Sequence[tuple[Job, Outcome]], *, now: datetime) -> Sequence[Job]:
        if any(not outcome.can_be_grouped for _, outcome in finished):
            raise ValueError("an outcome that tells or places something is committed alone")
        with self.database.write(durable=False) as connection:
            held = _ours_of(connection, [job for job, _ in finished])
            ours = [each for each in finished if _name_of(each[0]) in held]
            # In one order, whoever writes: transactions that wait for each other's rows would never end.
            _write(connection, sorted(ours, key=lambda each: _name_of(each[0])), now)
        return [each for each, _ in finished if _name_of(each) not in held]

    def add(self, jobs: Sequence[Job], now: datetime) -> int:
        with self.database.write() as connection:
            return post_jobs(connection, jobs, now)

    def release(self, *, epoch: int, now: datetime) -> int:
        """A new epoch is enough to tell the dead from the living: jobs of ``epoch`` stay running."""
        others = or_(jobs.c.epoch != epoch, jobs.c.owner.is_(None))
        with self.database.write() as connection:
            return len(reopen_after_death(connection, and_(others, not_(of_worker(jobs))), now))

    def open_count(self) -> int:
        with self.database.read() as connection:
            open_ones = and_(jobs.c.state.in_(("pending", "running")), jobs.c.kind != "recheck")
            return connection.execute(select(func.count()).select_from(jobs).where(open_ones)).scalar_one()

    def more_to_read(self, since: datetime, now: datetime, *, besides: int = 1) -> bool:
        lately = and_(jobs.c.kind == "read", jobs.c.created_at >= since)
        ready = or_(jobs.c.not_before.is_(None), jobs.c.not_before <= now)
        due = exists().where(lately, jobs.c.state == "pending", ready)
        running = select(jobs.c.key).where(lately, jobs.c.state == "running").limit(besides + 1)
        with self.database.read() as connection:
            if connection.execute(select(due)).scalar_one():
                return True
            return len(connection.execute(running).all()) > besides

    def others_in_doubt(self, job: Job) -> int:
        others = or_(jobs.c.kind != job.kind, jobs.c.key != job.key)
        # One that runs has begun once more than it died.
        died = jobs.c.attempts - case((jobs.c.state == "running", 1), else_=0)
        open_ones = and_(jobs.c.state.in_(("pending", "running")), died > CHANCE_KILLS)
        counted = select(func.count()).select_from(jobs).where(others, open_ones, suspect())
        with self.database.read() as connection:
            return connection.execute(counted).scalar_one()

    def quarantined(self) -> tuple[tuple[Job, str], ...]:
        statement = (
            select(jobs)
            .where(jobs.c.state == "quarantined")
            .order_by(jobs.c.created_at, jobs.c.kind, jobs.c.key)
        )
        with self.database.read() as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple((job(row), row["error"] or "") for row in rows)

    def requeue(self, kind: str, key: str) -> bool:
        with self.database.write() as connection:
            changed = connection.execute(
                update(jobs)
                .where(jobs.c.kind == kind, jobs.c.key == key, jobs.c.state == "quarantined")
                .values(state="pending", attempts=0, not_before=None, error=None)
            )
            return changed.rowcount > 0


def _claimable(
    connection: Connection,
    now: datetime,
    limit: int,
    excluded_hosts: Sequence[str],
    kinds: Sequence[JobKind],
    *,
    idle: bool | None,
) -> list[tuple[str, str]]:
    """Names of the first ``limit`` jobs that may start now, one a lane; one that may kill its process alone
    if that is ``idle``."""
    chosen: list[tuple[str, str]] = []
    taken: list[str] = [*excluded_hosts]
    bound = {"now": now, "waited": now - SUSPECT_WAITS if idle is False else now}
    # One kind after the other, so that the index gives the order and nothing is sorted.
    for kind in kinds:
        found = _choose(connection, kind, bound, taken, limit - len(chosen))
        suspects = [key for key, is_suspect in found if is_suspect]
        if idle and suspects:
            return [(kind, suspects[0])]
        chosen += [(kind, key) for key, _ in found]
    return chosen


@cache
def _pending(kind: JobKind) -> Select[str, str, bool]:
    """The jobs of a kind that may start, made once. Bound are ``now``, ``taken`` (lanes), ``most`` and
    ``waited``: since when one that may kill its process must have been due."""
    now = bindparam("now", type_=Utc())
    running = select(jobs.c.host_key).where(jobs.c.state == "running", jobs.c.host_key != "")
    # Those that may kill their process run one at a time: the others get through while it does not run.
    others = jobs.alias()
    tried = exists().where(
        others.c.state == "running", others.c.attempts > CHANCE_KILLS, others.c.error == DIED
    )
    resting = select(hosts.c.host_key).where(hosts.c.cooldown_until > now, hosts.c.host_key != "")
    return (
        select(jobs.c.key, jobs.c.host_key, suspect())
        .where(
            jobs.c.state == "pending",
            jobs.c.kind == kind,
            or_(not_(suspect()), and_(~tried, jobs.c.not_before <= bindparam("waited", type_=Utc()))),
            or_(jobs.c.not_before.is_(None), jobs.c.not_before <= now),
            jobs.c.host_key.not_in(running),
            jobs.c.host_key.not_in(resting),
            jobs.c.host_key.not_in(bindparam("taken", expanding=True)),
        )
        .order_by(_ORDERS.get(kind, jobs.c.created_at), jobs.c.key)
        .limit(bindparam("most", type_=Integer()))
    )


@cache
def _claim() -> ReturningUpdate[Any]:
    names = tuple_(jobs.c.kind, jobs.c.key).in_(bindparam("chosen", expanding=True))
    return (
        update(jobs)
        .where(names, jobs.c.state == "pending")
        .values(
            state="running",
            attempts=jobs.c.attempts + 1,
            owner=bindparam("claimed_by"),
            epoch=bindparam("claimed_in"),
            lease_until=bindparam("leased_until"),
        )
        .returning(jobs)
    )


def _choose(
    connection: Connection, kind: JobKind, moments: Mapping[str, datetime], taken: list[str], limit: int
) -> list[tuple[str, bool]]:
    """The first ``limit`` keys and whether they are suspects, none in a lane of ``taken``, which grows by the
    lanes of the chosen.

    A lane with thousands of jobs must not make the look-up read them all: it asks by the handful,
    each time without the lanes that have one.
    """
    chosen: dict[str, bool] = {}
    while len(chosen) < limit:
        bound = {**moments, "taken": taken, "most": 4 * limit}
        handful = connection.execute(_pending(kind), bound).all()
        found = len(chosen)
        for key, host_key, is_suspect in handful:
            if len(chosen) == limit or key in chosen or (is_suspect and _SUSPECTS in taken):
                continue
            if _new(host_key, taken):
                chosen[key] = is_suspect
                taken += [_SUSPECTS] if is_suspect else []
        if len(chosen) == found or len(handful) < 4 * limit:
            break
    return list(chosen.items())


def _new(host_key: str, taken: list[str]) -> bool:
    if not host_key:
        return True
    if host_key in taken:
        return False
    taken.append(host_key)
    return True


@cache
def _held() -> Select[str, str | None, int]:
    return select(jobs.c.state, jobs.c.owner, jobs.c.epoch).where(_this()).with_for_update()


def _check_ours(connection: Connection, job: Job) -> None:
    row = connection.execute(_held(), _name(job)).one_or_none()
    if row is None or tuple(row) != ("running", job.owner, job.epoch):
        raise NotOurs(f"{job.kind} job {job.key}: another service took it over; nothing was written")


def _ours_of(connection: Connection, asked: Sequence[Job]) -> set[tuple[str, str]]:
    """The names of those jobs that are still held as they were claimed."""
    names = [_name_of(each) for each in asked]
    found = {(row.kind, row.key): row for row in connection.execute(_held_of(), {"names": names})}
    return {
        name
        for name, each in zip(names, asked, strict=True)
        if name in found and tuple(found[name])[2:] == ("running", each.owner, each.epoch)
    }


@cache
def _held_of() -> Select[str, str, str, str | None, int]:
    named = tuple_(jobs.c.kind, jobs.c.key).in_(bindparam("names", expanding=True))
    columns = (jobs.c.kind, jobs.c.key, jobs.c.state, jobs.c.owner, jobs.c.epoch)
    return select(*columns).where(named).order_by(jobs.c.kind, jobs.c.key).with_for_update()


def _write(connection: Connection, finished: Sequence[tuple[Job, Outcome]], now: datetime) -> None:
    """Everything that came of jobs that are ours, and their endings: the rows of a kind at once."""
    outcomes = [outcome for _, outcome in finished]
    # Before the entries: what a reading drops is what it has read, not what a poll beside it lists anew.
    write_seen(connection, [seen for each in outcomes for seen in each.seen], now)
    _write_entries(connection, [entry for each in outcomes for entry in each.entries])
    for placed in (placed for each in outcomes for placed in each.placed):
        write_placed(connection, placed, now)
    write_vanished(connection, [gone for each in outcomes for gone in each.vanished], now)
    write_looks(connection, [look for each in outcomes for look in each.looks])
    write_captures(connection, [capture for each in outcomes for capture in each.captures])
    polled = [(each.source_state, each.poll) for each in outcomes if each.source_state is not None]
    write_states(connection, [state for state, _ in polled])
    write_polls(connection, [(state.source_id, poll) for state, poll in polled if poll is not None])
    for each in outcomes:
        write_other_page(connection, each.other_page)
    write_gaps(connection, [gap for each in outcomes for gap in each.gaps])
    _end_done(connection, [each_job for each_job, outcome in finished if isinstance(outcome.ending, Done)])
    for each_job, outcome in finished:
        _end_undone(connection, each_job, outcome.ending)
    post_jobs(connection, [opened for each in outcomes for opened in each.jobs], now)
    post_deliveries(connection, [told for each in outcomes for told in each.deliveries])
    post_events(connection, [event for each in outcomes for event in each.events])
    _cool_down(connection, [(each_job.host_key, outcome.cooldown_until) for each_job, outcome in finished])


def _end_done(connection: Connection, done: Sequence[Job]) -> None:
    if done:
        connection.execute(_ended(), [_name(job) for job in done])


def _end_undone(connection: Connection, job: Job, ending: Ending) -> None:
    match ending:
        case Done():
            pass
        case Retry(not_before=not_before, error=error, counts=counts):
            tries = job.attempts if counts else job.attempts - 1
            connection.execute(
                update(jobs)
                .where(_this())
                .values(state="pending", owner=None, not_before=not_before, error=error, attempts=tries),
                _name(job),
            )
        case Quarantined(error=error):
            connection.execute(
                update(jobs).where(_this()).values(state="quarantined", owner=None, error=error), _name(job)
            )
        case _:
            assert_never(ending)


def _name(job: Job) -> Mapping[str, str]:
    return {"its_kind": job.kind, "its_key": job.key}


def _name_of(job: Job) -> tuple[str, str]:
    return job.kind, job.key


def _this() -> ColumnElement[bool]:
    """The job that ``_name`` binds."""
    return and_(jobs.c.kind == bindparam("its_kind"), jobs.c.key == bindparam("its_key"))


@cache
def _ended() -> Delete:
    return delete(jobs).where(_this())


@cache
def _write_entry(dialect: str) -> Executable:
    statement = insert_of(dialect, entries)
    changed = {
        column.name: statement.excluded[column.name]
        for column in entries.c
        if column.name not in _KEPT_OF_ENTRY
    }
    return statement.on_conflict_do_update(
        index_elements=[entries.c.id],
        set_=changed,
        where=entries.c.stamp != statement.excluded.stamp,
    )


def _write_entries(connection: Connection, listed: Sequence[Entry]) -> None:
    if listed:
        rows = sorted((entry_row(entry) for entry in listed), key=itemgetter("id"))
        connection.execute(_write_entry(connection.dialect.name), rows)


def _cool_down(connection: Connection, wanted: Sequence[tuple[str, datetime | None]]) -> None:
    rests = {host_key: until for host_key, until in wanted if host_key and until is not None}
    if rests:
        rows = [{"host_key": host_key, "cooldown_until": rests[host_key]} for host_key in sorted(rests)]
        connection.execute(upsert(connection.dialect.name, hosts), rows)
