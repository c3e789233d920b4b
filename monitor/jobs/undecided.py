"""An article that was read and is still to be decided on: the two look-ups between the pure steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from monitor.core.decide import REPLIES_WITHIN, announce, decide, query_for, topics_of
from monitor.core.rulebook import Rulebook
from monitor.model import Analysis, Audience, Outcome, Placed
from monitor.ports import Ports, Store

SAME_MINUTE = timedelta(minutes=1)
"""Readings that were asked for within so long may tell of the same event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """What a handler gives back for an article: when something like it is stored before the commit, it is
    decided anew on a fresh snapshot, and neither fetched nor read again.

    ``finish`` makes the outcome of what was placed, all but its deliveries.
    """

    analysis: Analysis
    rulebook: Rulebook
    finish: Callable[[Placed], Outcome]


def outcome_of(work: Undecided, ports: Ports) -> Outcome:
    """Decide on what is stored now."""
    store, now = ports.store, ports.now()
    snapshot = store.articles.snapshot(query_for(work.analysis, work.rulebook, now))
    placed = decide(work.analysis, snapshot, work.rulebook)
    # Only now is the story known: the alerts of every candidate's story would be read for every chat.
    audience = _audience(placed, store, ports)
    deliveries = announce(placed, audience, work.rulebook, now)
    return replace(work.finish(placed), deliveries=deliveries)


def _audience(placed: Placed, store: Store, ports: Ports) -> Audience:
    topic_ids = topics_of(placed)
    if not topic_ids:
        return Audience()
    now, placement = ports.now(), placed.placement
    audience = store.chats.audience(
        topic_ids,
        placement.told_in,
        replies_since=now - REPLIES_WITHIN,
        article_id=placement.article_id if placed.changes else None,
    )
    if not audience.chats:
        return audience
    return replace(audience, more_to_read=store.jobs.more_to_read(now - SAME_MINUTE, now))
