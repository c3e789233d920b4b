"""read: one entry becomes an article, is placed, matched, and its alerts are planned."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta

from monitor.core.delivery.plan import plan
from monitor.core.delivery.retry import job_failed
from monitor.core.delivery.revision import changes, replies
from monitor.core.match import match
from monitor.core.page.extract import article as article_of
from monitor.core.page.extract import extract_entry
from monitor.core.rulebook import Rulebook
from monitor.core.source.schedule import OFFLINE_RETRY
from monitor.core.story.embeddings import embedder
from monitor.core.story.features import features_of
from monitor.core.story.novelty import novelty_of
from monitor.core.story.place import opens, place
from monitor.errors import CostlyPage, FetchError, Offline
from monitor.jobs.fetch_page import bounded, carries_full_text, page_of, page_request, worth_another_try
from monitor.jobs.further_pages import pause_for, with_further_pages
from monitor.jobs.politeness import cooldown_until
from monitor.jobs.prefilter import only_seen, worth_extracting
from monitor.jobs.recheck_schedule import look_again
from monitor.model import (
    Article,
    Change,
    Delivery,
    Ending,
    Extracted,
    Fetched,
    Job,
    Match,
    NotModified,
    Outcome,
    Placed,
    Placement,
    Retry,
)
from monitor.ports import Ports

REPLIES_WITHIN = timedelta(days=1)


def read(job: Job, ports: Ports) -> Outcome:
    """Read the entry ``job.key``. An entry or source that is gone ends the job quietly.

    A page that cannot be had is tried again a few times; then the entry's own title and summary
    are what is matched: less text, but never nothing.
    """
    entry, rulebook = ports.store.articles.entry(job.key), ports.rulebook()
    source = rulebook.sources.get(entry.source_id) if entry else None
    if entry is None or source is None:
        return Outcome()
    rest: datetime | None = None
    extracted: Extracted | None = None
    answer: Fetched | NotModified | None = None
    problem = ""
    kind = ports.kinds.get(source.kind)
    if not carries_full_text(entry, kind, full_pages=rulebook.settings.fetch.full_pages):
        limits = rulebook.settings.fetch
        try:
            answer = bounded(ports.fetch(page_request(entry, source, robots=limits.robots != "off")))
            rest = cooldown_until(answer, ports.now(), limits)
            if not worth_extracting(entry, source, answer, ports):
                return Outcome(seen=(only_seen(entry, rulebook),), cooldown_until=rest)
            extracted = page_of(entry, source, answer, ports.extract)
            if extracted is not None:
                extracted, more = with_further_pages(extracted, entry, source, ports)
                rest = rest and rest + pause_for(more, limits.host_delay_s)
        except FetchError as error:
            rest = cooldown_until(error, ports.now(), limits)
            if worth_another_try(error, job.attempts):
                return Outcome(ending=again(job, error, ports.now()), cooldown_until=rest)
            problem = str(error)
        except CostlyPage as error:
            problem = str(error)
    carried = extract_entry(entry, url=entry.url, language_hint=source.language)
    article = article_of(
        extracted or carried,
        entry=entry,
        source=source,
        seen_at=entry.seen_at or ports.now(),
    )
    placed, deliveries = decide(article, ports, rulebook, notes_of(extracted or carried, problem))
    looks, jobs = look_again(placed, answer if extracted else None, ports)
    return Outcome(
        placed=(placed,),
        deliveries=deliveries,
        looks=looks,
        jobs=jobs,
        cooldown_until=rest,
    )


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


def notes_of(extracted: Extracted, problem: str) -> dict[str, object]:
    """What ``monitor why`` says of the reading itself."""
    notes: dict[str, object] = {"extracted_by": extracted.extracted_by, "score": extracted.score}
    flags = {
        "recipe": extracted.recipe,
        "paywalled": extracted.paywalled,
        "live": extracted.live,
        "page": problem,
    }
    return notes | {name: value for name, value in flags.items() if value}


def decide(
    article: Article, ports: Ports, rulebook: Rulebook, notes: dict[str, object]
) -> tuple[Placed, tuple[Delivery, ...]]:
    """Where an article belongs, what it matches, and what is to be said about it."""
    store, now = ports.store, ports.now()
    since = now - rulebook.settings.alerts.same_headline_window
    neighbours = store.articles.neighbours(article.fingerprint, headline_since=since)
    settings = rulebook.settings.stories
    marks = features_of(article, embedder() if settings.semantic else None)
    around = store.articles.around(article, marks, settings)
    placement = place(article, neighbours, marks=marks, around=around, settings=settings)
    known = store.articles.known_facts(placement.told_in, [fact.key for fact in marks.facts])
    news = novelty_of(marks.facts, known, opens=opens(placement), copy=placement.verdict == "copy")
    matches = () if placement.verdict == "known" else match(article, rulebook)
    already: tuple[Match, ...] = ()
    found: tuple[Change, ...] = ()
    if placement.verdict == "revision":
        already = store.articles.matches(placement.article_id)
        before = store.articles.article(placement.article_id)
        found = changes(before, article, already, live=bool(notes.get("live"))) if before else ()
    topic_ids = sorted({item.topic_id for item in (*matches, *already)})
    chats = store.chats.subscribers(topic_ids) if topic_ids else ()
    told = _told(placement, [chat.id for chat in chats], ports)
    deliveries = plan(
        article=article,
        placement=placement,
        matches=matches,
        already=already,
        told=told,
        replied=_replied(told, ports, since=now - REPLIES_WITHIN),
        news=news,
        replies_a_day=settings.replies_a_day,
        chats=chats,
        topics=rulebook.named,
        now=now,
    )
    trace: dict[str, object] = {
        "headline_since": since.isoformat(),
        "verdict": placement.verdict,
        "reason": placement.reason,
        "rulebook": rulebook.revision,
        "late": article.late,
        "brings": {"kind": news.kind, "shown": list(news.shown)},
        **notes,
    }
    placed = Placed(
        article=article,
        placement=placement,
        matches=matches,
        basis=neighbours,
        trace=trace,
        changes=found,
        marks=marks,
        around=around,
        news=news,
        stories=settings,
    )
    answers = replies(
        placement.article_id,
        placement.story_id,
        found,
        revision=f"{article.fingerprint.text_key}{article.title}",
        article=article,
        told=told,
        chats=chats,
        now=now,
    )
    return placed, (*deliveries, *answers)


def _told(placement: Placement, chat_ids: list[str], ports: Ports) -> dict[str, Delivery]:
    alert_of = ports.store.outbox.alert_of
    found = {
        chat_id: next(filter(None, (alert_of(chat_id, story) for story in placement.told_in)), None)
        for chat_id in chat_ids
    }
    return {chat_id: delivery for chat_id, delivery in found.items() if delivery is not None}


def _replied(told: Mapping[str, Delivery], ports: Ports, *, since: datetime) -> dict[str, int]:
    # Replies belong to the story of the alert that they answer, also those about what was parted from it.
    count = ports.store.outbox.replies
    return {chat: count(chat, alert.story_id or "", since=since) for chat, alert in told.items()}
