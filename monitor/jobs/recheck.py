"""recheck: a matched article's page is read again; what changed is stored and told as a reply."""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from monitor.core.delivery.revision import leads_nowhere, replies
from monitor.core.evidence.capture import captured_end
from monitor.core.page.extract import article as article_of
from monitor.errors import CostlyPage, FetchError, HttpStatus
from monitor.jobs.evidence import RecordingFetcher, captures_of
from monitor.jobs.fetch_page import bounded, page_for, page_request, worth_another_try
from monitor.jobs.further_pages import with_further_pages
from monitor.jobs.politeness import cooldown_until
from monitor.jobs.read import again, undecided
from monitor.jobs.recheck_schedule import look_of, next_jobs
from monitor.jobs.undecided import Undecided
from monitor.model import (
    Article,
    Change,
    Entry,
    Fetched,
    Job,
    NotModified,
    Outcome,
    Placed,
    Retry,
    Source,
    Vanished,
)
from monitor.ports import Ports

GONE: Final = frozenset({404, 410})
SURE_AFTER: Final = timedelta(minutes=5)
"""A page that is gone is asked for once more before it is told."""


def recheck(job: Job, ports: Ports) -> Outcome | Undecided:
    """Look at the article ``job.key`` again. One that is gone, or matches nothing any more, is let be."""
    store, rulebook = ports.store.articles, ports.rulebook()
    article = store.article(job.key)
    source = rulebook.sources.get(article.source_id) if article else None
    entry = store.entry(article.entry_id) if article else None
    if article is None or source is None or entry is None or not store.matches(article.id):
        return Outcome()
    limits = rulebook.settings.fetch
    look = store.look(article.id)
    request = dataclasses.replace(
        page_request(entry, source, robots=limits.robots != "off"),
        url=article.url,
        etag=look.etag if look else None,
        last_modified=look.last_modified if look else None,
    )
    try:
        answer = ports.fetch(request)
    except FetchError as error:
        outcome = _failed(job, article, error, ports)
        return dataclasses.replace(outcome, cooldown_until=cooldown_until(error, ports.now(), limits))
    rest = cooldown_until(answer, ports.now(), limits)
    if isinstance(answer, NotModified):
        outcome = _later(article, ports)
    elif leads_nowhere(article.url, answer.url):
        outcome = _gone(job, article, f"its address leads to {answer.url}", ports)
    else:
        return _answered(article, entry, source, answer, ports=ports, rest=rest)
    return dataclasses.replace(outcome, cooldown_until=rest)


def _failed(job: Job, article: Article, error: FetchError, ports: Ports) -> Outcome:
    if isinstance(error, HttpStatus) and error.status in GONE:
        return _gone(job, article, f"the outlet answers {error.status}", ports)
    if worth_another_try(error, job.attempts):
        return Outcome(ending=again(job, error, ports.now()))
    return _later(article, ports)


def _answered(
    article: Article, entry: Entry, source: Source, answer: Fetched, *, ports: Ports, rest: datetime | None
) -> Outcome | Undecided:
    extracted, rulebook = None, ports.rulebook()
    recorded = RecordingFetcher(ports.fetch, [answer])
    ports = dataclasses.replace(ports, fetch=recorded)
    with suppress(CostlyPage):
        extracted, _ = page_for(entry, source, bounded(answer), ports)
    if extracted is not None:
        extracted, _ = with_further_pages(extracted, entry, source, ports)
    looks = (look_of(article.id, answer),)
    if extracted is None:  # a challenge, a wall, an endless page: it says nothing about the article
        return dataclasses.replace(_later(article, ports), looks=looks, cooldown_until=rest)
    fresh = article_of(extracted, entry=entry, source=source, seen_at=article.seen_at)
    # Where it was found is where it is looked for; a moved address is not a new article.
    keys = dataclasses.replace(fresh.fingerprint, url_key=article.fingerprint.url_key)
    fresh = dataclasses.replace(fresh, fingerprint=keys, id=article.id, late=article.late)
    following = next_jobs(article.id, article.url, article.seen_at, ports)

    def finish(placed: Placed) -> Outcome:
        kept = captures_of(placed, entry, recorded, ports=ports, rulebook=rulebook, again=True)
        return Outcome(placed=(placed,), looks=looks, captures=kept, jobs=following, cooldown_until=rest)

    return undecided(fresh, extracted, rulebook, finish)


def _later(article: Article, ports: Ports) -> Outcome:
    return Outcome(jobs=next_jobs(article.id, article.url, article.seen_at, ports))


def _gone(job: Job, article: Article, how: str, ports: Ports) -> Outcome:
    """Told when a second look says so too; then nobody looks again."""
    if job.attempts < 2:  # noqa: PLR2004  # this look and one more
        return Outcome(ending=Retry(not_before=ports.now() + SURE_AFTER, error=how))
    store = ports.store
    change = Change(what="vanished", before="", after=f"{how[:1].upper()}{how[1:]}.")
    topics = [match.topic_id for match in store.articles.matches(article.id)]
    story = store.articles.story_of(article.id)
    if story is None:
        return Outcome()
    audience = store.chats.audience(topics, (story.id,), replies_since=ports.now(), article_id=article.id)
    deliveries = replies(
        article.id,
        story.id,
        (change,),
        revision="vanished",
        article=article,
        told=audience.told,
        told_by_reply=audience.told_by_reply,
        chats=audience.chats,
        now=ports.now(),
    )
    gone = Vanished(article_id=article.id, change=change)
    captures = captured_end(gone, topics, url=article.url, rulebook=ports.rulebook(), at=ports.now())
    return Outcome(vanished=(gone,), captures=captures, deliveries=deliveries)
