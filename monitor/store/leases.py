"""Leases of running jobs and deliveries in flight: renewed while held, reclaimed when nobody holds them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from monitor.core.delivery.retry import CHANCE_KILLS, kill_pause_s
from monitor.i18n.lazy import LazyText, lazy
from monitor.model import Event, Held, Reclaimed
from monitor.model.job import RELAY, WORKER_EPOCH
from monitor.store.database import Database, chunks
from monitor.store.tables.schema import chats, deliveries, jobs, meta, workers
from monitor.store.writes.inserts import post_events

DIED = "its process ended while it ran"
SENDER = "sender"
"""The row of ``meta`` that names the owner of the sender's lock."""
_UNSURE = {"state": "unsure", "error": "outcome unknown: its sender ended without saying"}

# Made once: each claim asks.
_MARK = select(meta.c.value).where(meta.c.name == bindparam("mark")).with_for_update(read=True)
_LIVING = (
    select(workers.c.id).where(workers.c.id == bindparam("worker")).with_for_update(read=True, key_share=True)
)


@dataclass(frozen=True, slots=True)
class StoredLeases:
    """``monitor.ports.Leases`` in a database."""

    database: Database

    def renew(self, held: Held, *, until: datetime) -> None:
        if not held.jobs and not held.deliveries:
            return
        with self.database.write(durable=False) as connection:
            for part in chunks([key for _, key in held.jobs]):
                # By key alone: jobs of another kind under the same key are renewed too when they are ours.
                ours = and_(jobs.c.key.in_(part), _of(jobs, held), jobs.c.state == "running")
                connection.execute(update(jobs).where(ours).values(lease_until=until))
            for part in chunks(list(held.deliveries)):
                mine = and_(
                    deliveries.c.key.in_(part), _of(deliveries, held), deliveries.c.state == "sending"
                )
                connection.execute(update(deliveries).where(mine).values(lease_until=until))

    def reclaim(self, held: Held, *, now: datetime) -> Reclaimed:
        # A look first: nearly always there is nothing, and a look takes no write lock.
        with self.database.read() as connection:
            lost_jobs = _lost_jobs(connection, held, now)
            lost_sends = _lost_sends(connection, held, now)
        if not lost_jobs and not lost_sends:
            return Reclaimed()
        unsent = [key for key, mine in lost_sends.items() if mine and key not in held.uncertain]
        doubted = [key for key in lost_sends if key not in unsent]
        with self.database.write() as connection:
            if fenced_off(connection, held.owner, held.epoch):
                return Reclaimed()
            again = {"state": "pending", "attempts": deliveries.c.attempts - 1, "tried_at": None}
            reclaimed = Reclaimed(
                jobs=_reopen(connection, lost_jobs),
                unsent=len(_end_sends(connection, unsent, again)),
                uncertain=len(chats_of := _end_sends(connection, doubted, _UNSURE)),
            )
            _tell_of_held(connection, chats_of, now)
        return reclaimed


def newer_epoch(connection: Connection, epoch: int) -> bool:
    """Whether a later service owns the store by now; none takes over until this transaction ends."""
    found = connection.execute(_MARK, {"mark": "epoch"}).scalar_one_or_none()
    return found is not None and int(found) > epoch


def fenced_off(connection: Connection, owner: str, epoch: int) -> bool:
    """Whether the claimer may not claim any more: a later service owns the store, or the worker was taken
    for dead. Holds until this transaction ends."""
    if epoch != WORKER_EPOCH:
        return newer_epoch(connection, epoch)
    return connection.execute(_LIVING, {"worker": owner}).first() is None


def other_sender(connection: Connection, owner: str) -> bool:
    """Whether another process is the one that sends; none becomes it until this transaction ends."""
    sender = connection.execute(_MARK, {"mark": SENDER}).scalar_one_or_none()
    return bool(sender) and sender != owner


def of_worker(table: Table) -> ColumnElement[bool]:
    """Whether a row is held by a worker that is there."""
    return table.c.owner.in_(select(workers.c.id))


def reopen_after_death(connection: Connection, these: ColumnElement[bool], now: datetime) -> list[str]:
    """Running jobs whose process died are pending again; their hosts.

    Those that were running at several deaths wait a growing while (``retry.kill_pause_s``), and are
    ``suspect`` from then on.
    """
    lost = and_(jobs.c.state == "running", these)
    found = connection.execute(select(jobs.c.attempts).where(lost).distinct()).scalars().all()
    lanes: list[str] = []
    for attempts in found:
        again: dict[str, Any] = {"state": "pending", "owner": None, "lease_until": None}
        again |= {"attempts": _begun(), "error": DIED}
        if pause_s := kill_pause_s(attempts):
            again["not_before"] = now + timedelta(seconds=pause_s)
        reopened = update(jobs).where(lost, jobs.c.attempts == attempts).values(again)
        lanes += connection.execute(reopened.returning(jobs.c.host_key)).scalars()
    return lanes


def suspect() -> ColumnElement[bool]:
    """Whether a job was running at several deaths: it may be what kills the process that runs it."""
    return and_(jobs.c.attempts > CHANCE_KILLS, func.coalesce(jobs.c.error, "") == DIED)


def end_sends_of(connection: Connection, owner: str, now: datetime) -> None:
    """Sends of a process that died are of unknown outcome; operators are told where chats hold them."""
    sending = select(deliveries.c.key).where(deliveries.c.state == "sending", deliveries.c.owner == owner)
    keys = list(connection.execute(sending).scalars())
    _tell_of_held(connection, _end_sends(connection, keys, _UNSURE), now)


def _of(table: Table, held: Held) -> ColumnElement[bool]:
    return and_(table.c.owner == held.owner, table.c.epoch == held.epoch)


def _nobodys(table: Table, held: Held, now: datetime) -> ColumnElement[bool]:
    """Ours (a look at what is held decides), of an earlier service, or of a process whose lease ran out.

    What a worker holds is its own as long as the worker is there.
    """
    expired = and_(table.c.epoch == held.epoch, table.c.lease_until < now)
    of_others = and_(or_(table.c.epoch < held.epoch, expired), not_(of_worker(table)))
    return or_(_of(table, held), of_others)


def _lost_jobs(connection: Connection, held: Held, now: datetime) -> list[tuple[str, str]]:
    running = select(jobs.c.kind, jobs.c.key).where(jobs.c.state == "running", _nobodys(jobs, held, now))
    return [(kind, key) for kind, key in connection.execute(running) if (kind, key) not in held.jobs]


def _lost_sends(connection: Connection, held: Held, now: datetime) -> Mapping[str, bool]:
    """Key → whether it was this engine that claimed it."""
    sending = select(deliveries.c.key, deliveries.c.owner, deliveries.c.epoch).where(
        deliveries.c.state == "sending", _nobodys(deliveries, held, now)
    )
    return {
        key: (owner, epoch) == (held.owner, held.epoch)
        for key, owner, epoch in connection.execute(sending)
        if key not in held.deliveries
    }


def _reopen(connection: Connection, names: Iterable[tuple[str, str]]) -> int:
    """Pending again; the try counts, so that a job that ends its thread each time is set aside some day."""
    reopened = 0
    for name in names:
        these = update(jobs).where(tuple_(jobs.c.kind, jobs.c.key) == name, jobs.c.state == "running")
        again = {"state": "pending", "owner": None, "lease_until": None, "attempts": _begun()}
        reopened += connection.execute(these.values(again)).rowcount
    return reopened


def _begun() -> ColumnElement[int]:
    """How often a job was begun: a name that nobody took from the broker was no try."""
    return case((jobs.c.owner.endswith(RELAY), jobs.c.attempts - 1), else_=jobs.c.attempts)


def _end_sends(connection: Connection, keys: list[str], values: Mapping[str, Any]) -> list[str]:
    """Take deliveries out of flight; the ids of their chats."""
    found: list[str] = []
    for part in chunks(keys):
        these = update(deliveries).where(deliveries.c.key.in_(part), deliveries.c.state == "sending")
        ended = these.values(owner=None, lease_until=None, **values).returning(deliveries.c.chat_id)
        found += connection.execute(ended).scalars()
    return found


def _tell_of_held(connection: Connection, chat_ids: Collection[str], now: datetime) -> None:
    holding = select(chats.c.id).where(chats.c.id.in_(set(chat_ids)), chats.c.unsure == "hold")
    post_events(
        connection,
        [
            Event(kind="unsure", subject=chat, text=_held(chat), at=now)
            for chat in (connection.execute(holding).scalars() if chat_ids else ())
        ],
    )


def _held(chat_id: str) -> LazyText:
    return lazy(
        "Nobody knows whether a message to {chat} arrived. It is held: "
        "see `monitor outbox list --state unsure`.",
        chat=chat_id,
    )
