"""Making digests: of what a chat collects, and of what waits behind an alert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from monitor.core.delivery.digest import DigestContext, digest_of, reason_of, review_key, review_of
from monitor.core.delivery.preferences import next_digest
from monitor.core.delivery.report import DAY, WEEK, Watching, report_of, watching_text
from monitor.core.rulebook import source_names
from monitor.errors import StoreError
from monitor.model import Chat, Delivery, PressReview, Reach, Report
from monitor.model.chat import DigestEvery
from monitor.model.payloads import DigestReason
from monitor.ports import Ports
from monitor.ports.outbox import Compose

LATE = timedelta(hours=6)
"""So late a press review is still made; a later one would only be in the way of the next."""
_SPANS: Mapping[DigestEvery, timedelta] = {"hourly": timedelta(hours=1), "daily": DAY, "weekly": WEEK}

log = structlog.get_logger(__name__)


def collect_digests(ports: Ports) -> int:
    """Make the digests that are due of what was collected for them. Returns how many."""
    now, made = ports.now(), 0
    due = ports.store.outbox.collectors(now)
    if not due:
        return 0
    watching = _watching(ports, now)
    for chat_id in due:
        chat = ports.store.chats.chat(chat_id)
        if chat is None:
            continue
        reason = reason_of(chat)
        health = watching_text(watching, chat, now, weekly=reason == "weekly")
        compose = composer(chat, now, reason=reason, health=health)
        try:
            made += bool(ports.store.outbox.collect(chat_id, compose, now))
        except StoreError:
            raise
        except Exception:  # one chat's odd row must not keep the digests of all others
            log.exception("a digest cannot be made", chat=chat_id)
    if made:
        ports.wake()
    return made


def make_reviews(ports: Ports) -> int:
    """Make the press reviews that are due and not made yet. Returns how many.

    One that was due while nothing ran is made up to some hours late, then it is left out.
    """
    now, made = ports.now(), 0
    for wanted in ports.rulebook().chats.values():
        chat = ports.store.chats.chat(wanted.id) if wanted.reviews else None
        if chat is None:
            continue
        for review in wanted.reviews:
            due = next_digest(chat, review.at, now - min(LATE, _SPANS[review.at.every]))
            if due > now or ports.store.outbox.get(review_key(chat, review, due)) is not None:
                continue
            rows = review_of(chat, review, _report(ports, chat, review, due))
            made += bool(ports.store.outbox.add(rows, now))
    if made:
        ports.wake()
    return made


def _report(ports: Ports, chat: Chat, review: PressReview, due: datetime) -> Report:
    """What was written since the review before, with a line about the watching."""
    since, rulebook = due - _SPANS[review.at.every], ports.rulebook()
    wanted = [topic for topic in review.topics if topic in rulebook.topics] or list(rulebook.topics)
    found = ports.store.articles.period(since, due, wanted)
    health = watching_text(_watching(ports, due), chat, due, weekly=review.at.every == "weekly")
    return report_of(found, since=since, until=due, health=health)


def _watching(ports: Ports, now: datetime) -> Watching:
    return Watching(
        status=ports.store.admin.status(),
        states=ports.store.sources.states(),
        gaps=ports.store.sources.gaps(now - WEEK),
        names=source_names(ports.rulebook()),
    )


def composer(chat: Chat, now: datetime, *, reason: DigestReason = "waited", health: str = "") -> Compose:
    """What makes a digest for this chat of alerts and the reach of their stories."""

    def compose(members: Sequence[Delivery], reach: Mapping[str, Reach]) -> Sequence[Delivery]:
        around = DigestContext(reach=reach, health=health)
        return digest_of(chat, members, around, now, reason=reason)

    return compose
