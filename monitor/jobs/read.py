"""read: one entry becomes an article, ready to be decided on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime

from monitor.core.decide import analyse
from monitor.core.delivery.retry import job_failed
from monitor.core.page.checks.identity import with_own_address
from monitor.core.page.extract import article as article_of
from monitor.core.page.extract import extract_entry
from monitor.core.rulebook import Rulebook
from monitor.core.source.schedule import OFFLINE_RETRY
from monitor.core.story.embeddings import embedder
from monitor.core.text.urls import canonical_url
from monitor.errors import CostlyPage, FetchError, Offline
from monitor.jobs.evidence import RecordingFetcher, captures_of
from monitor.jobs.fetch_page import (
    bounded,
    carries_full_text,
    page_for,
    page_request,
    sent_on,
    worth_another_try,
)
from monitor.jobs.further_pages import pause_for, with_further_pages
from monitor.jobs.politeness import cooldown_until
from monitor.jobs.prefilter import only_seen, worth_extracting
from monitor.jobs.recheck_schedule import look_again
from monitor.jobs.undecided import Undecided
from monitor.model import (
    Article,
    Ending,
    Extracted,
    Fetched,
    Job,
    NotModified,
    OtherPage,
    Outcome,
    Placed,
    Retry,
    Source,
)
from monitor.ports import Ports


def read(job: Job, ports: Ports) -> Outcome | Undecided:
    """Read the entry ``job.key``. An entry or source that is gone ends the job quietly.

    A page that cannot be had is tried again a few times; then the entry's own title and summary
    are what is matched: less text, but never nothing.
    """
    stored, rulebook = ports.store.articles.to_read(job.key), ports.rulebook()
    entry, was_read = stored or (None, False)
    source = rulebook.sources.get(entry.source_id) if entry else None
    if entry is None or source is None:
        return Outcome()
    rest: datetime | None = None
    extracted: Extracted | None = None
    answer: Fetched | NotModified | None = None
    problem = other = ""
    unfetched = False
    kind = ports.kinds.get(source.kind)
    recorded = RecordingFetcher(ports.fetch)
    ports = dataclasses.replace(ports, fetch=recorded)
    if not carries_full_text(entry, kind, full_pages=rulebook.settings.fetch.full_pages):
        limits = rulebook.settings.fetch
        try:
            request = page_request(entry, source, robots=limits.robots != "off")
            answer = bounded(sent_on(ports.fetch(request), request, ports))
            rest = cooldown_until(answer, ports.now(), limits)
            if not worth_extracting(entry, source, answer, rulebook, was_read=was_read):
                return Outcome(seen=(only_seen(entry, rulebook),), cooldown_until=rest)
            extracted, other = page_for(entry, source, answer, ports)
            if extracted is not None:
                extracted, more = with_further_pages(extracted, entry, source, ports)
                rest = rest and rest + pause_for(more, limits.host_delay_s)
        except FetchError as error:
            rest = cooldown_until(error, ports.now(), limits)
            if worth_another_try(error, job.attempts):
                return Outcome(ending=again(job, error, ports.now()), cooldown_until=rest)
            problem, unfetched = str(error), True
        except CostlyPage as error:
            problem = str(error)
    carried = extract_entry(entry, url=entry.url, language_hint=source.language)
    article = article_of(
        extracted or carried,
        entry=entry,
        source=source,
        seen_at=entry.seen_at or ports.now(),
    )
    if article.canonical_url != canonical_url(article.url):  # what a template states may be another article's
        article = with_own_address(article, entry, ports.store.articles.article(article.id))

    def finish(placed: Placed) -> Outcome:
        looks, jobs = look_again(placed, answer if extracted else None, ports)
        return Outcome(
            placed=(placed,),
            looks=looks,
            captures=captures_of(
                placed, entry, recorded, ports=ports, rulebook=rulebook, from_page=extracted is not None
            ),
            jobs=jobs,
            other_page=_counted(source, other, ports),
            cooldown_until=rest,
        )

    notes = trace_of(extracted or carried, problem or other, unfetched=unfetched)
    return undecided(article, extracted or carried, rulebook, finish, notes)


def _counted(source: Source, reason: str, ports: Ports) -> OtherPage | None:
    """A page that came and was not the article; one that did not come is another matter."""
    return OtherPage(source_id=source.id, at=ports.now(), reason=reason) if reason else None


def again(job: Job, error: FetchError, now: datetime) -> Ending:
    """Another try after the usual pause, and not before the host wants to be asked.

    A try without a network does not count.
    """
    if isinstance(error, Offline):
        return Retry(not_before=now + OFFLINE_RETRY, error=str(error), counts=False)
    ending = job_failed(job, str(error), now)
    if isinstance(ending, Retry) and error.retry_at is not None:
        return dataclasses.replace(ending, not_before=max(ending.not_before, error.retry_at))
    return ending


def trace_of(extracted: Extracted, problem: str = "", *, unfetched: bool = False) -> dict[str, object]:
    """What ``monitor why`` says of the reading itself; ``unfetched``: the page did not come at all."""
    trace: dict[str, object] = {"extracted_by": extracted.extracted_by, "score": extracted.score}
    flags = {
        "recipe": extracted.recipe,
        "paywalled": extracted.paywalled,
        "live": extracted.live,
        "page": problem,
        "unfetched": unfetched,
    }
    return trace | {name: value for name, value in flags.items() if value}


def undecided(
    article: Article,
    extracted: Extracted,
    rulebook: Rulebook,
    finish: Callable[[Placed], Outcome],
    notes: Mapping[str, object] | None = None,
) -> Undecided:
    """The article analysed, to be decided on."""
    analysis = analyse(
        article,
        rulebook,
        embed=embedder() if rulebook.settings.stories.semantic else None,
        live=extracted.live,
        trace=trace_of(extracted) if notes is None else notes,
    )
    return Undecided(analysis=analysis, rulebook=rulebook, finish=finish)
