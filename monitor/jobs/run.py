"""run_job: claim → handler → one commit. The same lines run on every engine."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from typing import TypeVar

import structlog

from monitor.core.delivery.retry import job_failed
from monitor.core.source.failure import said
from monitor.errors import Conflict, MonitorError
from monitor.i18n.lazy import lazy, lazy_plural
from monitor.jobs.poll import poll
from monitor.jobs.read import read
from monitor.jobs.recheck import recheck
from monitor.jobs.undecided import Undecided, outcome_of
from monitor.model import Event, Job, Outcome, Quarantined
from monitor.ports import Ports

Handler = Callable[[Job, Ports], Outcome | Undecided]
HANDLERS: Mapping[str, Handler] = {"poll": poll, "read": read, "recheck": recheck}
CONFLICT_TRIES = 6
MOST_CLAIMS = 15

T = TypeVar("T")

log = structlog.get_logger(__name__)


def run_job(job: Job, ports: Ports) -> None:
    """Run one claimed job and commit what came of it.

    When another job stored something like its article meanwhile, it is decided on anew. Whatever a
    handler raises ends here: the job is tried later or quarantined.
    """
    work = _attempt(job, ports, lambda: _handled(job, ports))
    for _ in range(CONFLICT_TRIES):
        outcome = _outcome(job, work, ports)
        try:
            ports.store.jobs.commit(job, outcome, now=ports.now())
        except Conflict:
            continue
        if outcome.jobs or outcome.deliveries:
            ports.wake()
        return
    log.warning("job left for later: its neighbours kept changing", kind=job.kind, key=job.key)
    again = Outcome(ending=job_failed(job, "neighbours kept changing", ports.now()))
    try:
        ports.store.jobs.commit(job, again, now=ports.now())
    except Conflict:
        log.warning("job is no longer ours", kind=job.kind, key=job.key)


def _handled(job: Job, ports: Ports) -> Outcome | Undecided:
    if job.attempts > MOST_CLAIMS:  # it never came to an end: it may be what kills the process
        return _failed(job, lazy("was begun {times} times and never ended", times=MOST_CLAIMS), ports)
    return HANDLERS[job.kind](job, ports)


def _outcome(job: Job, work: Outcome | Undecided, ports: Ports) -> Outcome:
    if isinstance(work, Outcome):
        return work
    return _attempt(job, ports, lambda: outcome_of(work, ports))


def _attempt(job: Job, ports: Ports, step: Callable[[], T]) -> T | Outcome:
    try:
        return step()
    except MonitorError as error:
        return _failed(job, said(error), ports)
    except Exception as error:  # the one net: a bug in one article must not stop the others
        log.exception("job failed", kind=job.kind, key=job.key)
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})"
        return _failed(job, text, ports)


def _failed(job: Job, error: str, ports: Ports) -> Outcome:
    ending = job_failed(job, str(error), ports.now())
    if not isinstance(ending, Quarantined):
        return Outcome(ending=ending)
    text = lazy_plural(
        "A {kind} job was set aside after {count} try ({key}): {trouble}",
        "A {kind} job was set aside after {count} tries ({key}): {trouble}",
        job.attempts,
        kind=job.kind,
        key=job.key,
        trouble=error,
    )
    event = Event(kind="quarantined", subject=job.key, text=text, at=ports.now())
    return Outcome(ending=ending, events=(event,))
