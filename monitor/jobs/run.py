"""run_job: claim → handler → one commit. The same lines run on every engine."""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Callable, Mapping

import structlog

from monitor.core.delivery.retry import job_failed
from monitor.core.source.failure import said
from monitor.errors import Conflict, MonitorError
from monitor.i18n.lazy import lazy, lazy_plural
from monitor.jobs.poll import poll
from monitor.jobs.read import read
from monitor.jobs.recheck import recheck
from monitor.model import Event, Fetched, FetchRequest, Job, NotModified, Outcome, Quarantined
from monitor.ports import Fetcher, Ports

Handler = Callable[[Job, Ports], Outcome]
HANDLERS: Mapping[str, Handler] = {"poll": poll, "read": read, "recheck": recheck}
CONFLICT_TRIES = 6
MOST_CLAIMS = 15

log = structlog.get_logger(__name__)


def run_job(job: Job, ports: Ports) -> None:
    """Run one claimed job and commit what came of it.

    When another job stored a neighbour meanwhile, the handler decides again on what was already
    fetched. Whatever a handler raises ends here: the job is tried later or quarantined.
    """
    once = dataclasses.replace(ports, fetch=_remembering(ports.fetch))
    for _ in range(CONFLICT_TRIES):
        outcome = _attempt(job, once)
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


def _attempt(job: Job, ports: Ports) -> Outcome:
    if job.attempts > MOST_CLAIMS:  # it never came to an end: it may be what kills the process
        return _failed(job, lazy("was begun {times} times and never ended", times=MOST_CLAIMS), ports)
    try:
        return HANDLERS[job.kind](job, ports)
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


def _remembering(fetch: Fetcher) -> Fetcher:
    """A fetcher that asks for each address once: deciding again must not cost the host anything."""
    answers: dict[FetchRequest, Fetched | NotModified] = {}

    def remembered(request: FetchRequest) -> Fetched | NotModified:
        if request not in answers:
            answers[request] = fetch(request)
        return answers[request]

    return remembered
