"""Source rows: what is due, what is known of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice

from sqlalchemy import Connection, Executable, bindparam, delete, exists, or_, select, union, update

from monitor.model import Gap, Job, OtherPage, Source, SourceState
from monitor.store.codec import gap, gap_row, state, state_columns, state_row
from monitor.store.database import Database, chunks, insert_into, insert_of, upsert
from monitor.store.tables.schema import gaps, hosts, jobs, sources
from monitor.store.writes.clock_correction import SKEW
from monitor.store.writes.inserts import post_jobs


@dataclass(frozen=True, slots=True)
class StoredSources:
    """``monitor.ports.Sources`` in a database."""

    database: Database

    def sync(self, sources: Sequence[Source], now: datetime) -> None:
        """A source that is listed again goes on where it was; its health is remembered."""
        with self.database.write() as connection:
            _list_only(connection, sources, now)

    def state(self, source_id: str) -> SourceState | None:
        with self.database.read() as connection:
            row = connection.execute(_STATE, {"wanted": source_id}).mappings().one_or_none()
        return None if row is None else state(row)

    def waiting(self, before: datetime, now: datetime) -> tuple[SourceState, ...]:
        resting = exists().where(
            jobs.c.kind == "poll",
            jobs.c.key == sources.c.source_id,
            jobs.c.host_key == hosts.c.host_key,
            hosts.c.cooldown_until > now,
        )
        statement = (
            select(sources)
            .where(sources.c.listed.is_(True), sources.c.next_fetch_at < before, ~resting)
            .order_by(sources.c.next_fetch_at, sources.c.source_id)
            .limit(1000)
        )
        with self.database.read() as connection:
            return tuple(state(row) for row in connection.execute(statement).mappings())

    def states(self) -> tuple[SourceState, ...]:
        """Of the sources that the last ``sync`` named."""
        statement = select(sources).where(sources.c.listed.is_(True)).order_by(sources.c.source_id)
        with self.database.read() as connection:
            return tuple(state(row) for row in connection.execute(statement).mappings())

    def gaps(self, since: datetime) -> tuple[Gap, ...]:
        reaching = or_(gaps.c.ended_at.is_(None), gaps.c.ended_at > since)
        statement = select(gaps).where(reaching).order_by(gaps.c.began_at, gaps.c.source_id)
        with self.database.read() as connection:
            return tuple(gap(row) for row in connection.execute(statement).mappings())

    def enqueue_due(self, hosts: Mapping[str, str], now: datetime, limit: int) -> int:
        asked = {"now": now, "ahead": now + SKEW, "limit": limit, "more": 4 * limit}
        with self.database.read() as connection:
            found = sorted((due_at, source_id) for source_id, due_at in connection.execute(_DUE, asked).all())
        # Some may be of sources that the rules do not know, for the moment of an edit.
        known = ((due_at, source_id) for due_at, source_id in found if source_id in hosts)
        polls = [
            # Due since then, not since somebody looked: how late it is begun is measured from there.
            Job(kind="poll", key=source_id, host_key=hosts[source_id], not_before=min(due_at, now))
            for due_at, source_id in islice(known, limit)
        ]
        if not polls:
            return 0
        with self.database.write_once() as connection:
            return post_jobs(connection, polls, now)


def _due() -> Executable:
    """Sources that are due and have no poll yet, with when; asked every second.

    Two look-ups, each by an index of its own: with an OR every source is looked at. One statement: on a
    machine that has much to do each answer is waited for.
    """
    open_poll = exists().where(jobs.c.kind == "poll", jobs.c.key == sources.c.source_id)
    waiting = select(sources.c.source_id, sources.c.next_fetch_at).where(
        sources.c.listed.is_(True), ~open_poll
    )
    due = (
        waiting.where(sources.c.next_fetch_at <= bindparam("now"))
        .order_by(sources.c.next_fetch_at, sources.c.source_id)
        .limit(bindparam("more"))
    )
    # One that was asked in the future was asked by another clock, and so is its next time.
    ahead = waiting.where(sources.c.last_fetch_at > bindparam("ahead")).limit(bindparam("limit"))
    return union(*(select(part.subquery()) for part in (due, ahead)))


_DUE = _due()


def write_states(connection: Connection, written: Sequence[SourceState]) -> None:
    """Insert or replace the state of each of these sources."""
    if written:
        rows = [state_row(each) | {"listed": True} for each in written]
        connection.execute(_upsert_state(connection.dialect.name), rows)


_STATE = select(sources).where(sources.c.source_id == bindparam("wanted"))


@cache
def _upsert_state(dialect: str) -> Executable:
    # Whether it is listed stays: a poll that ends after its source left the config must not list it again.
    statement = insert_of(dialect, sources)
    told = {name: statement.excluded[name] for name in state_columns() if name != "source_id"}
    return statement.on_conflict_do_update(index_elements=[sources.c.source_id], set_=told)


def write_other_page(connection: Connection, other: OtherPage | None) -> None:
    """Count a page that was not its entry's article. A poll's state leaves these columns alone."""
    if other is not None:
        connection.execute(
            update(sources)
            .where(sources.c.source_id == other.source_id)
            .values(other_pages=sources.c.other_pages + 1, other_page=other.reason, other_page_at=other.at)
        )


def write_gaps(connection: Connection, written: Sequence[Gap]) -> None:
    """Insert gaps, or bring those that are there up to date."""
    if written:
        rows = [gap_row(item) for item in written]
        connection.execute(upsert(connection.dialect.name, gaps), rows)


def _list_only(connection: Connection, listed: Sequence[Source], now: datetime) -> None:
    wanted = {source.id for source in listed if source.enabled}
    known = connection.execute(select(sources.c.source_id, sources.c.listed)).all()
    gone = [source_id for source_id, is_listed in known if is_listed and source_id not in wanted]
    back = [source_id for source_id, is_listed in known if not is_listed and source_id in wanted]
    for part in chunks(gone):
        _mark(connection, part, listed=False)
        connection.execute(
            delete(jobs).where(jobs.c.kind == "poll", jobs.c.key.in_(part), jobs.c.state != "running")
        )
        # Nobody watches it any more, so nothing is missed.
        these = sources.c.source_id.in_(part)
        connection.execute(update(sources).where(these).values(gap_since=None, told_at=None))
        connection.execute(
            update(gaps).where(gaps.c.source_id.in_(part), gaps.c.ended_at.is_(None)).values(ended_at=now)
        )
    for part in chunks(back):
        _mark(connection, part, listed=True)
    new = wanted - {source_id for source_id, _ in known}
    if new:
        rows = [
            state_row(SourceState(source_id=source_id, next_fetch_at=now)) | {"listed": True}
            for source_id in sorted(new)
        ]
        connection.execute(insert_into(connection, sources).on_conflict_do_nothing(), rows)


def _mark(connection: Connection, source_ids: list[str], *, listed: bool) -> None:
    connection.execute(update(sources).where(sources.c.source_id.in_(source_ids)).values(listed=listed))
