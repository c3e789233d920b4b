"""read: one entry becomes an article, is placed, matched, and its alerts are planned."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.core.extract import article as article_of
from monitor.core.extract import extract, extract_entry
from monitor.core.match import match
from monitor.core.place import place
from monitor.core.plan import plan
from monitor.core.retry import job_failed
from monitor.core.rulebook import Rulebook
from monitor.errors import FetchError
from monitor.jobs.pages import carries_full_text, page_request, worth_another_try
from monitor.model import (
    Article,
    Delivery,
    Entry,
    Extracted,
    Job,
    Match,
    NotModified,
    Outcome,
    Placed,
    Placement,
    Source,
)
from monitor.ports import Ports


def read(job: Job, ports: Ports) -> Outcome:
    """Read the entry ``job.key``. An entry or source that is gone ends the job quietly.

    A page that cannot be had is tried again a few times; then the entry's own title and summary
    are what is matched: less text, but never nothing.
    """
    entry, rulebook = ports.store.articles.entry(job.key), ports.rulebook()
    source = rulebook.sources.get(entry.source_id) if entry else None
    if entry is None or source is None:
        return Outcome()
    rest_until: datetime | None = None
    extracted: Extracted | None = None
    problem = ""
    kind = ports.kinds.get(source.kind)
    if not carries_full_text(entry, kind, full_pages=rulebook.settings.fetch.full_pages):
        try:
            extracted = _page(entry, source, ports)
        except FetchError as error:
            if worth_another_try(error, job.attempts):
                return Outcome(ending=job_failed(job, str(error), ports.now()))
            problem = str(error)
        rest_until = ports.now() + timedelta(seconds=rulebook.settings.fetch.host_delay_s)
    article = article_of(
        extracted or extract_entry(entry, url=entry.url),
        entry=entry,
        source=source,
        seen_at=entry.seen_at or ports.now(),
    )
    placed, deliveries = _decide(article, ports, rulebook, problem)
    return Outcome(placed=(placed,), deliveries=deliveries, rest_until=rest_until)


def _page(entry: Entry, source: Source, ports: Ports) -> Extracted | None:
    """The page's content, or None when the page holds less than the entry itself says."""
    answer = ports.fetch(page_request(entry, source))
    if isinstance(answer, NotModified):
        return None
    found = extract(
        answer.body,
        url=answer.url,
        fetched_at=answer.fetched_at,
        charset=answer.charset,
        entry=entry,
        language_hint=source.language,
    )
    return found if len(found.text) >= len(entry.summary) // 2 and found.text else None


def _decide(
    article: Article, ports: Ports, rulebook: Rulebook, problem: str
) -> tuple[Placed, tuple[Delivery, ...]]:
    store, now = ports.store, ports.now()
    since = now - rulebook.settings.alerts.same_headline_window
    neighbours = store.articles.neighbours(article.fingerprint, headline_since=since)
    placement = place(article, neighbours)
    matches = () if placement.verdict == "known" else match(article, rulebook)
    already: tuple[Match, ...] = ()
    if placement.verdict == "revision":
        already = store.articles.matches(placement.article_id)
    chats = store.chats.subscribers([item.topic_id for item in matches]) if matches else ()
    deliveries = plan(
        article=article,
        placement=placement,
        matches=matches,
        already=already,
        told=_told(placement, [chat.id for chat in chats], ports),
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
    }
    if problem:
        trace["page"] = problem
    placed = Placed(article=article, placement=placement, matches=matches, basis=neighbours, trace=trace)
    return placed, deliveries


def _told(placement: Placement, chat_ids: list[str], ports: Ports) -> dict[str, Delivery]:
    if placement.verdict == "new":
        return {}
    found = {chat_id: ports.store.outbox.alert_of(chat_id, placement.story_id) for chat_id in chat_ids}
    return {chat_id: delivery for chat_id, delivery in found.items() if delivery is not None}
