"""When a matched article's page is read again, and with which validators."""

from __future__ import annotations

from datetime import datetime

from monitor.core.delivery.revision import next_look
from monitor.core.text.urls import host_key
from monitor.model import Fetched, Job, Look, NotModified, Placed
from monitor.ports import Ports


def look_again(
    placed: Placed, answer: Fetched | NotModified | None, ports: Ports
) -> tuple[tuple[Look, ...], tuple[Job, ...]]:
    """What to remember of an answer, and the job of the next look.

    Nothing for articles that match nothing, that only repeat another one, that must not alert, or that
    were not read from a page (``answer`` None).
    """
    article, placement = placed.article, placed.placement
    worth = placed.matches and placement.verdict in {"new", "revision"} and not article.late
    if not worth or not isinstance(answer, Fetched):
        return (), ()
    look = look_of(placement.article_id, answer)
    return (look,), next_jobs(placement.article_id, article.url, article.seen_at, ports)


def look_of(article_id: str, answer: Fetched) -> Look:
    """The validators of an answer."""
    return Look(
        article_id=article_id,
        looked_at=answer.fetched_at,
        etag=answer.etag,
        last_modified=answer.last_modified,
    )


def next_jobs(article_id: str, url: str, first_seen: datetime, ports: Ports) -> tuple[Job, ...]:
    """The next look; none after the last one."""
    due = next_look(first_seen, ports.now(), ports.rulebook().settings.reading.look_again)
    return (Job(kind="recheck", key=article_id, host_key=host_key(url), not_before=due),) if due else ()
