"""run_job: claim → handler → one commit. The same lines run on every engine."""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import timedelta
from typing import TypeVar

import structlog

from monitor.core.delivery.retry import job_failed
from monitor.core.source.failure_reason import error_text
from monitor.errors import Conflict, MonitorError, NotOurs, StoreUnavailable
from monitor.i18n.lazy import lazy, lazy_plural
from monitor.jobs.poll import poll
from monitor.jobs.read import read
from monitor.jobs.recheck import recheck
from monitor.jobs.undecided import Undecided, outcome_of
from monitor.logs import with_ids
from monitor.model import Event, Fetched, FetchRequest, Job, NotModified, Outcome, Quarantined, Retry
from monitor.model.job import WORKER_EPOCH
from monitor.ports import Fetcher, Ports

Handler = Callable[[Job, Ports], Outcome | Undecided]
HANDLERS: Mapping[str, Handler] = {"poll": poll, "read": read, "recheck": recheck}
CONFLICT_TRIES = 12
CONFLICT_PAUSE = timedelta(seconds=5)
# A service that dies takes all with it that it runs, and every start begins with the same jobs; of several
# processes one dies at a time, and the others get its jobs through.
MOST_CLAIMS = 15
MOST_CLAIMS_OF_WORKERS = 5
# So many others that were running at several deaths tell that something else kills: then it is not the job.
SEVERAL_IN_DOUBT = 3
# So does that most workers that died lately died while it did not run.
DEATHS_LATELY = timedelta(hours=1)

T = TypeVar("T")

log = structlog.get_logger(__name__)


@with_ids
def run_job(job: Job, ports: Ports, *, patience: Callable[[], bool] = lambda: False) -> None:
    """Run one claimed job and commit what came of it.

    When another job stored something like its article meanwhile, it is decided on anew. Whatever a
    handler raises ends here: the job is tried later or quarantined.

    While the store does not answer, ``patience`` is asked (it waits a moment and says whether to go on)
    and the job decided anew on what was fetched. Raises ``StoreUnavailable`` when patience ends; the job
    stays running and is reclaimed by the next start.
    """
    once = dataclasses.replace(ports, fetch=_remembering(ports.fetch))
    work: Outcome | Undecided | None = None
    while True:
        try:
            if work is None:
                work = _attempt(job, once, lambda: _handled(job, once))
            _decide_and_commit(job, work, once)
        except NotOurs:  # committed by an attempt whose answer was lost, or taken over
            log.warning("job is no longer ours", kind=job.kind, key=job.key)
        except StoreUnavailable as error:
            why = str(error)
            log.warning("the store does not take what came of a job", kind=job.kind, key=job.key, error=why)
            if not patience():
                raise
            continue
        return


def _decide_and_commit(job: Job, work: Outcome | Undecided, ports: Ports) -> None:
    # Many read of one event at once, and each that decides beside another would make it decide anew: in one
    # process they decide one after the other, which costs nothing, since Python runs one of them at a time.
    with ports.turn if isinstance(work, Undecided) else nullcontext():
        if any(_decided(job, work, ports) for _ in range(CONFLICT_TRIES)):
            return
    log.warning("job left for later: its neighbours kept changing", kind=job.kind, key=job.key)
    # Not its fault, so it counts as no try: a busy hour must not set articles aside.
    later = ports.now() + CONFLICT_PAUSE
    again = Outcome(ending=Retry(not_before=later, error="neighbours kept changing", counts=False))
    ports.store.jobs.commit(job, again, now=ports.now())


def _decided(job: Job, work: Outcome | Undecided, ports: Ports) -> bool:
    """Decide on what is stored now and commit it; False when what is stored changed in between."""
    outcome = _outcome(job, work, ports)
    try:
        _commit(job, outcome, ports)
    except NotOurs:
        raise
    except Conflict:
        return False
    if outcome.jobs or outcome.deliveries:
        ports.wake()
    return True


def _commit(job: Job, outcome: Outcome, ports: Ports) -> None:
    """Write the outcome; one that cannot be written, now or later, fails its job."""
    try:
        ports.store.jobs.commit(job, outcome, now=ports.now())
    except (Conflict, StoreUnavailable):
        raise
    except Exception as error:
        log.exception("what came of a job cannot be written", kind=job.kind, key=job.key)
        text = str(error) if isinstance(error, MonitorError) else f"{type(error).__name__}: {error}"
        ports.store.jobs.commit(job, _failed(job, text, ports), now=ports.now())


def _handled(job: Job, ports: Ports) -> Outcome | Undecided:
    if _may_kill(job, ports):
        return _failed(job, lazy("was begun {times} times and never ended", times=job.attempts - 1), ports)
    return HANDLERS[job.kind](job, ports)


def _may_kill(job: Job, ports: Ports) -> bool:
    """Whether a job never came to an end, so that it is taken for what kills the process."""
    if job.attempts <= MOST_CLAIMS_OF_WORKERS:
        return False
    if job.attempts > MOST_CLAIMS:
        return True
    if job.epoch != WORKER_EPOCH or ports.store.jobs.others_in_doubt(job) >= SEVERAL_IN_DOUBT:
        return False
    return ports.store.workers.deaths(DEATHS_LATELY) <= 2 * (job.attempts - 1)


def _outcome(job: Job, work: Outcome | Undecided, ports: Ports) -> Outcome:
    if isinstance(work, Outcome):
        return work
    return _attempt(job, ports, lambda: outcome_of(work, ports))


def _attempt(job: Job, ports: Ports, step: Callable[[], T]) -> T | Outcome:
    try:
        return step()
    except StoreUnavailable:  # says nothing about the job
        raise
    except MonitorError as error:
        return _failed(job, error_text(error), ports)
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
    """A fetcher that asks for each address once: trying again must not cost the host anything."""
    answers: dict[FetchRequest, Fetched | NotModified] = {}

    def remembered(request: FetchRequest) -> Fetched | NotModified:
        if request not in answers:
            answers[request] = fetch(request)
        return answers[request]

    return remembered
