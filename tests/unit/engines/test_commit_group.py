"""Group commit: several threads' outcomes in one transaction, and each thread told of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from monitor.engines.commit_group import GroupedCommits
from monitor.errors import MonitorError, NotOurs, StoreUnavailable
from monitor.model import Event, Job, Outcome
from monitor.ports import Jobs

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
LONG_S = 10.0


@dataclass
class Table:
    """A jobs table that tells in which transactions it was written."""

    lost: frozenset[str] = frozenset()
    unwritable: frozenset[str] = frozenset()
    away: bool = False
    transactions: list[list[str]] = field(default_factory=list)

    def commit(self, job: Job, outcome: Outcome, *, now: datetime) -> None:
        del outcome, now
        if job.key in self.lost:
            raise NotOurs(job.key)
        if job.key in self.unwritable:
            raise ValueError(job.key)
        self.transactions.append([job.key])

    def commit_all(self, finished: Sequence[tuple[Job, Outcome]], *, now: datetime) -> Sequence[Job]:
        del now
        keys = [job.key for job, _ in finished]
        if self.away:
            raise StoreUnavailable("gone")
        if self.unwritable.intersection(keys):
            raise ValueError("one of them")
        self.transactions.append(sorted(set(keys) - self.lost))
        return [job for job, _ in finished if job.key in self.lost]


def committed(table: Table, keys: str, *, active: int | None = None, gather_s: float = LONG_S) -> list[str]:
    """What the threads of these jobs were told, when they end at the same time."""
    grouped = GroupedCommits(cast(Jobs, table), lambda: active or len(keys), gather_s=gather_s)

    def end(key: str) -> str:
        try:
            grouped.commit(Job(kind="read", key=key), Outcome(), now=NOW)
        except (MonitorError, ValueError) as error:
            return f"{type(error).__name__}: {error}"
        return "written"

    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(end, keys))


def test_jobs_that_end_together_are_one_transaction_and_wait_for_no_other() -> None:
    table, began = Table(), time.monotonic()

    assert committed(table, "abcd") == ["written"] * 4
    assert table.transactions == [["a", "b", "c", "d"]]
    assert time.monotonic() - began < LONG_S, "all that were under way had ended"


def test_a_job_that_ends_alone_is_committed_when_the_time_is_over() -> None:
    table = Table()

    assert committed(table, "a", active=2, gather_s=0.01) == ["written"]
    assert table.transactions == [["a"]]


def test_each_thread_is_told_of_its_own_job() -> None:
    table = Table(lost=frozenset("b"))

    told = committed(table, "abc")

    assert [told[0], told[2]] == ["written", "written"]
    assert told[1].startswith("NotOurs")
    assert table.transactions == [["a", "c"]]


def test_one_outcome_that_cannot_be_written_fails_no_other() -> None:
    table = Table(unwritable=frozenset("b"))

    assert committed(table, "abc") == ["written", "ValueError: b", "written"]
    assert sorted(table.transactions) == [["a"], ["c"]]


def test_a_store_that_does_not_answer_is_told_to_all() -> None:
    assert committed(Table(away=True), "abc") == ["StoreUnavailable: gone"] * 3


def test_one_that_the_store_never_takes_holds_up_nobody_for_longer_than_once() -> None:
    """A page of a table that cannot be read: the others would share its group at every further try."""
    table = Table(away=True)
    grouped = GroupedCommits(cast(Jobs, table), lambda: 3, gather_s=LONG_S)

    def end(key: str) -> None:
        job = Job(kind="read", key=key)
        with pytest.raises(StoreUnavailable):
            grouped.commit(job, Outcome(), now=NOW)
        grouped.commit(job, Outcome(), now=NOW)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(end, "abc"))
    assert sorted(table.transactions) == [["a"], ["b"], ["c"]]

    table.away = False
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda key: grouped.commit(Job(kind="read", key=key), Outcome(), now=NOW), "abc"))
    assert table.transactions[3:] == [["a", "b", "c"]], "what was taken is grouped again"


def test_one_that_has_no_memory_to_wait_with_leaves_nobody_waiting_for_it() -> None:
    table = Table()

    def out_of_memory() -> int:
        raise MemoryError

    grouped = GroupedCommits(cast(Jobs, table), out_of_memory, gather_s=LONG_S)

    for key in "ab":
        grouped.commit(Job(kind="read", key=key), Outcome(), now=NOW)
    assert table.transactions == [["a"], ["b"]]


def test_what_opens_jobs_waits_for_nobody_and_takes_along_who_waits() -> None:
    table = Table()
    grouped = GroupedCommits(cast(Jobs, table), lambda: 9, gather_s=LONG_S)
    waits = threading.Thread(
        target=grouped.commit, args=(Job(kind="read", key="a"), Outcome()), kwargs={"now": NOW}
    )
    waits.start()
    while not grouped._open:
        time.sleep(0.001)

    grouped.commit(Job(kind="poll", key="b"), Outcome(jobs=(Job(kind="read", key="c"),)), now=NOW)
    waits.join(LONG_S)

    assert table.transactions == [["a", "b"]]


def test_what_is_told_is_committed_alone() -> None:
    table = Table()
    grouped: Any = GroupedCommits(cast(Jobs, table), lambda: 9, gather_s=LONG_S)
    event = Event(kind="broke", subject="s", text="It broke.", at=NOW)

    grouped.commit(Job(kind="poll", key="a"), Outcome(events=(event,)), now=NOW)

    assert table.transactions == [["a"]]


@pytest.mark.parametrize("threads", [40])
def test_nothing_is_lost_or_written_twice_under_load(threads: int) -> None:
    table = Table()
    grouped = GroupedCommits(cast(Jobs, table), lambda: threads, gather_s=0.002)

    def end(number: int) -> None:
        opens = (Job(kind="read", key="x"),) if number % 7 == 0 else ()
        grouped.commit(Job(kind="read", key=str(number)), Outcome(jobs=opens), now=NOW)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(end, range(1000)))

    written = [key for keys in table.transactions for key in keys]
    assert sorted(map(int, written)) == list(range(1000))
    assert len(table.transactions) < 1000
