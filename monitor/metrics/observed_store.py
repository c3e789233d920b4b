"""A store whose jobs and sends are counted as they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from monitor.core.delivery.retry import Decision
from monitor.errors import Conflict
from monitor.metrics.instruments import ServiceMetrics
from monitor.model import Delivery, Job, Outcome
from monitor.ports import Jobs, Sources, Store
from monitor.ports.outbox import Outbox
from monitor.ports.workers import Workers


def observed_store(store: Store, metrics: ServiceMetrics) -> Store:
    """The same store; what is written there is counted in ``metrics`` too."""
    return replace(
        store,
        jobs=cast(Jobs, _CountedJobs(store.jobs, metrics)),
        sources=cast("Sources", _CountedSources(store.sources, metrics)),
        workers=cast("Workers", _CountedWorkers(store.workers, metrics)),
        outbox=cast(Outbox, _CountedOutbox(store.outbox, metrics)),
    )


class _CountedJobs:
    def __init__(self, inner: Jobs, metrics: ServiceMetrics) -> None:
        self._inner, self._metrics = inner, metrics

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        return getattr(self._inner, name)

    def claim(self, *, now: datetime, **asked: Any) -> tuple[Job, ...]:  # noqa: ANN401
        jobs = self._inner.claim(now=now, **asked)
        self._metrics.began(jobs, now)
        return jobs

    def commit(self, job: Job, outcome: Outcome, *, now: datetime) -> None:
        try:
            self._inner.commit(job, outcome, now=now)
        except Conflict:
            self._metrics.conflicted()
            raise
        self._metrics.ended(job, outcome)

    def commit_all(self, finished: Sequence[tuple[Job, Outcome]], *, now: datetime) -> Sequence[Job]:
        lost = self._inner.commit_all(finished, now=now)
        for job, outcome in finished:
            if job in lost:
                self._metrics.conflicted()
            else:
                self._metrics.ended(job, outcome)
        return lost


class _CountedOutbox:
    def __init__(self, inner: Outbox, metrics: ServiceMetrics) -> None:
        self._inner, self._metrics = inner, metrics

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        return getattr(self._inner, name)

    def claim(self, **asked: Any) -> tuple[Delivery, ...]:  # noqa: ANN401
        try:
            return self._inner.claim(**asked)
        finally:  # a store that refuses is no standstill: a call that never comes back is
            self._metrics.moved("sender")

    def finish(self, decision: Decision, *, now: datetime) -> bool:
        written = self._inner.finish(decision, now=now)
        if written:
            self._metrics.tried(decision.delivery, now)
        return written


class _CountedSources:
    def __init__(self, inner: Sources, metrics: ServiceMetrics) -> None:
        self._inner, self._metrics = inner, metrics

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        return getattr(self._inner, name)

    def enqueue_due(self, hosts: Mapping[str, str], now: datetime, limit: int) -> int:
        try:
            return self._inner.enqueue_due(hosts, now, limit)
        finally:
            self._metrics.moved("tick")


class _CountedWorkers:
    def __init__(self, inner: Workers, metrics: ServiceMetrics) -> None:
        self._inner, self._metrics = inner, metrics

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        return getattr(self._inner, name)

    def take_sender(self, owner: str) -> bool:
        ours = self._inner.take_sender(owner)
        if not ours:  # another process sends, so that this one claims nothing
            self._metrics.moved("sender")
        return ours
