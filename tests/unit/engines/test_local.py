"""The local engine: what it takes first."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.engines.local import LocalEngine, _Loop
from monitor.engines.worker_slots import WorkerSlots
from monitor.errors import StoreUnavailable
from monitor.model import Job, Settings
from monitor.ports import Ports, Store
from monitor.store import open_store
from tests.contract.deciding import decided
from tests.contract.test_store_articles import article
from tests.support.made_up import prose

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BACKLOG = 200
PATIENCE_S = 90.0


@dataclass(slots=True)
class Watched:
    """A jobs table that writes down in which order jobs were claimed."""

    inner: Any
    claimed: list[str] = field(default_factory=list)

    def claim(self, **asked: Any) -> tuple[Job, ...]:
        found: tuple[Job, ...] = self.inner.claim(**asked)
        self.claimed += [job.key for job in found]
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def test_a_long_queue_of_readings_does_not_keep_sources_from_being_asked() -> None:
    store = open_store("sqlite://", now=lambda: NOW)
    store.admin.upgrade()
    watched = Watched(store.jobs)
    store.jobs.add([Job(kind="read", key=f"{number:03}") for number in range(BACKLOG)], NOW)
    store.jobs.add([Job(kind="poll", key="another source"), Job(kind="recheck", key="an article")], NOW)
    engine = LocalEngine(workers=1)
    watching = dataclasses.replace(store, jobs=watched)
    engine.start(dataclasses.replace(_ports(watching), wake=engine.wake))
    until = time.monotonic() + PATIENCE_S
    while store.jobs.open_count() and time.monotonic() < until:
        time.sleep(0.02)
    engine.stop()
    store.admin.close()
    assert len(watched.claimed) == BACKLOG + 2, "all was done"
    assert watched.claimed.index("another source") < 5
    assert watched.claimed.index("an article") < 10
    assert watched.claimed[:4].count("another source") == 1
    assert sum(key.isdigit() for key in watched.claimed[:10]) >= 8, "readings still go first"


def test_the_daily_prune_leaves_articles_but_not_that_by_which_old_ones_were_compared() -> None:
    store = open_store("sqlite://", now=lambda: NOW)
    store.admin.upgrade()
    stored = []
    for ago in (60, 40, 0):
        item = article(f"of {ago} days ago", text=prose(60, ago), at=NOW - timedelta(days=ago))
        store.articles.keep(decided(store, item), now=item.seen_at)
        stored.append(item.id)
    ahead = dataclasses.replace(_ports(store), now=lambda: NOW + timedelta(days=500))
    LocalEngine(workers=1)._prune(ahead)
    LocalEngine(workers=1)._prune(_ports(store))
    assert all(store.articles.article(name) for name in stored)
    young = NOW - timedelta(days=39)
    assert store.admin.prune_marks(young) == 1, "a clock that was set wrong for a moment took none of it"
    assert store.admin.prune_marks(NOW + timedelta(days=1)) == 1
    store.admin.close()


def test_the_chain_of_evidence_notes_when_it_was_pruned_and_not_by_what_moment() -> None:
    store = open_store("sqlite://", now=lambda: NOW)
    store.admin.upgrade()
    store.admin.deletion_moment(NOW - timedelta(days=10))
    noted: list[tuple[datetime, datetime]] = []

    def prune(before: datetime, *, now: datetime, go_on: Callable[[], bool]) -> int:
        noted.append((before, now))
        return int(go_on())

    watched = dataclasses.replace(store, evidence=SimpleNamespace(prune=prune))
    LocalEngine(workers=1)._prune(_ports(watched))
    moment = NOW - timedelta(days=10) + timedelta(hours=36)
    assert noted == [(moment - timedelta(days=Settings().evidence.days), NOW)]
    store.admin.close()


def _ports(store: Store) -> Ports:
    rulebook = Rulebook(revision="r", settings=Settings(), topics={}, sources={}, matcher=Matcher.build(()))
    return Ports(
        store=store,
        fetch=_nothing,
        kinds={},
        channels={},
        channel_kinds={},
        rulebook=lambda: rulebook,
        now=lambda: NOW,
        owner="test",
        epoch=store.admin.acquire_service(),
    )


def _nothing(request: object) -> Any:
    raise AssertionError(f"nothing is to be fetched, {request} was")


@dataclass(slots=True)
class Unreliable:
    """A jobs table of which the answer to the first claim is lost, and the second claim ends oddly."""

    inner: Any
    claims: int = 0

    def claim(self, **asked: Any) -> tuple[Job, ...]:
        self.claims += 1
        if self.claims == 2:
            raise RuntimeError("nobody expected this")
        found: tuple[Job, ...] = self.inner.claim(**asked)
        if self.claims == 1:
            assert found
            raise StoreUnavailable("the connection broke after the commit")
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def test_a_claim_that_got_less_than_it_asked_for_is_not_repeated_at_once() -> None:
    """Each claim takes the store's write lock: an empty one after every other would double them."""
    for waiting, goes_on in ((2, False), (4, True), (0, False)):
        tasks = [lambda: None] * waiting
        loop = _Loop(WorkerSlots(4, 0), "job", _first_of(tasks), lambda: 0)
        with ThreadPoolExecutor(4) as pool:
            assert loop.feed(pool) is goes_on


def test_a_claim_whose_answer_was_lost_blocks_no_host_and_nothing_ends_the_loop() -> None:
    store = open_store("sqlite://", now=lambda: NOW)
    store.admin.upgrade()
    store.jobs.add([Job(kind="poll", key="herald", host_key="herald.example")], NOW)
    engine = LocalEngine(workers=1)
    unreliable = dataclasses.replace(store, jobs=Unreliable(store.jobs))
    engine.start(dataclasses.replace(_ports(unreliable), wake=engine.wake))
    until = time.monotonic() + PATIENCE_S
    while store.jobs.open_count() and time.monotonic() < until:
        time.sleep(0.02)
    engine.stop()
    left = store.jobs.open_count()
    store.admin.close()
    assert left == 0, "the source was asked: it is not in the rulebook, so nothing follows"


def test_a_job_whose_hand_over_the_store_did_not_answer_is_run_all_the_same() -> None:
    store = open_store("sqlite://", now=lambda: NOW)
    store.admin.upgrade()
    store.jobs.add([Job(kind="poll", key="gone")], NOW)
    (job,) = store.jobs.claim(now=NOW, owner="relay", epoch=1, limit=1)
    failures = [StoreUnavailable("the session was dropped")]

    def take_over(*_name: object, **_asked: object) -> Job:
        if failures:
            raise failures.pop()
        return job

    jobs = SimpleNamespace(take_over=take_over, commit=lambda *_given, **_named: ended.append(1))
    ended: list[int] = []
    ports = dataclasses.replace(_ports(store), store=dataclasses.replace(store, jobs=jobs))
    LocalEngine(workers=1)._run_named(ports, "poll", "gone", "relay", job.attempts)
    assert (failures, ended) == ([], [1])
    store.admin.close()


def _first_of(tasks: list[Callable[[], None]]) -> Callable[[int], list[Callable[[], None]]]:
    return lambda free: tasks[:free]
