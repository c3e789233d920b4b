"""A store that does not answer for a while costs nothing but time."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from monitor.errors import Conflict, StoreUnavailable
from monitor.jobs.run import run_job
from monitor.model import Job
from monitor.ports import Ports
from tests.unit.jobs.test_run import World, ports, work, world  # noqa: F401 - fixtures


@dataclass(slots=True)
class Faulty:
    """A part of the store of which one call fails: ``before`` it did anything, or ``after`` all was done."""

    inner: Any
    name: str
    before: int = 0
    after: int = 0
    calls: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        return self._faulty(found) if name == self.name else found

    def _faulty(self, call: Any) -> Any:
        def tried(*args: Any, **kwargs: Any) -> Any:
            self.calls.append(self.name)
            if self.before:
                self.before -= 1
                raise StoreUnavailable("the disk is full")
            result = call(*args, **kwargs)
            if self.after:
                self.after -= 1
                raise StoreUnavailable("the connection broke")
            return result

        return tried


def claimed(ports: Ports, world: World) -> Job:  # noqa: F811
    """The poll of a source that lists one article."""
    world.list_entry(1, "Lukashenko meets an envoy")
    ports.store.sources.enqueue_due({"herald": "herald.example"}, world.moment, limit=10)
    (job,) = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=1)
    return job


def with_jobs(ports: Ports, faulty: Faulty) -> Ports:  # noqa: F811
    return dataclasses.replace(ports, store=dataclasses.replace(ports.store, jobs=faulty))


def told(ports: Ports, world: World) -> list[str]:  # noqa: F811
    work(ports, world, sources=())
    return [message.subject for message in world.screen if "envoy" in message.plain]


def test_a_commit_waits_for_the_store_and_asks_nobody_twice(ports: Ports, world: World) -> None:  # noqa: F811
    job, faulty = claimed(ports, world), Faulty(ports.store.jobs, "commit", before=3)
    waits: list[int] = []

    def patience() -> bool:
        waits.append(1)
        return True

    run_job(job, with_jobs(ports, faulty), patience=patience)
    assert len(waits) == 3
    assert world.asked == ["https://herald.example/rss"], "the host was asked once"
    assert len(told(ports, world)) == 1


def test_a_commit_whose_answer_was_lost_is_not_done_twice(ports: Ports, world: World) -> None:  # noqa: F811
    job, faulty = claimed(ports, world), Faulty(ports.store.jobs, "commit", after=1)
    run_job(job, with_jobs(ports, faulty), patience=lambda: True)
    assert len(faulty.calls) == 2
    assert len(told(ports, world)) == 1


def test_a_store_that_cannot_be_read_is_not_the_jobs_fault(ports: Ports, world: World) -> None:  # noqa: F811
    job, faulty = claimed(ports, world), Faulty(ports.store.sources, "state", before=20)
    store = dataclasses.replace(ports.store, sources=faulty)
    run_job(job, dataclasses.replace(ports, store=store), patience=lambda: True)
    assert ports.store.jobs.quarantined() == ()
    assert len(told(ports, world)) == 1


def test_neighbours_that_keep_changing_are_no_fault_of_the_job(ports: Ports, world: World) -> None:  # noqa: F811
    """However often it meets them, it is tried again: an article is not set aside for a busy hour."""
    job, tries = claimed(ports, world), 0

    class Busy(Faulty):
        def _faulty(self, call: Any) -> Any:
            def tried(job: Job, outcome: Any, **kwargs: Any) -> Any:
                if outcome.entries:
                    raise Conflict("a neighbour was stored meanwhile")
                return call(job, outcome, **kwargs)

            return tried

    busy = with_jobs(ports, Busy(ports.store.jobs, "commit"))
    while tries < 20:
        tries += 1
        run_job(job, busy)
        world.moment += timedelta(minutes=10)
        (job,) = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=1)
    run_job(job, ports)
    assert ports.store.jobs.quarantined() == ()
    assert len(told(ports, world)) == 1


def test_when_patience_ends_the_job_is_left_to_whoever_comes_next(ports: Ports, world: World) -> None:  # noqa: F811
    job, faulty = claimed(ports, world), Faulty(ports.store.jobs, "commit", before=99)
    with pytest.raises(StoreUnavailable):
        run_job(job, with_jobs(ports, faulty), patience=lambda: False)
    ports.store.jobs.release(epoch=ports.epoch + 1, now=world.moment)
    assert len(told(ports, world)) == 1


def test_an_outcome_that_can_never_be_written_fails_its_job_and_frees_its_host(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    job = claimed(ports, world)

    class Broken(Faulty):
        def _faulty(self, call: Any) -> Any:
            def tried(job: Job, outcome: Any, **kwargs: Any) -> Any:
                if outcome.entries:
                    raise ValueError("a number that no database takes")
                return call(job, outcome, **kwargs)

            return tried

    run_job(job, with_jobs(ports, Broken(ports.store.jobs, "commit")))
    assert ports.store.jobs.open_count() == 1
    held = dataclasses.replace(job, key="wire")
    ports.store.jobs.add([held], world.moment)
    (next_one,) = ports.store.jobs.claim(now=world.moment, owner="test", epoch=ports.epoch, limit=9)
    assert next_one.key == "wire", "the host is free again"
