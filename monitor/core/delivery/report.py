"""Reports over a period: stories by prominence, who told them, when, and how the watching went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.delivery.digest import buckets, prominence, ranked
from monitor.core.message.alert import cut
from monitor.core.source.uptime import coverage, gaps_text
from monitor.i18n.localizer import Localizer, localizer
from monitor.model import Chat, DigestItem, Gap, Period, Report, SourceState, StoryHeard

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
GAPS_UNITS = 600


def report_of(found: Period, *, since: datetime, until: datetime, health: str = "") -> Report:
    """A report of what was found between two moments (aware UTC)."""
    step = timedelta(hours=1) if until - since <= timedelta(days=2) else timedelta(days=1)
    topics = Counter(topic for story in found.stories for topic in story.topics)
    return Report(
        since=since,
        until=until,
        lines=ranked([_line(story) for story in found.stories]),
        articles=len(found.seen),
        outlets=found.outlets,
        tiers=dict(Counter(tier for _, tier in found.seen).most_common()),
        topics=dict(topics.most_common()),
        buckets=tuple(buckets(found.seen, step)),
        health=health,
    )


def _line(story: StoryHeard) -> DigestItem:
    first, reach = story.first, story.reach
    return DigestItem(
        story_id=story.story_id,
        headline=first.title,
        url=first.url,
        outlet=first.source_name,
        tier=first.tier,
        language=first.language,
        seen_at=first.seen_at,
        published=first.published,
        topics=story.topics,
        outlets=reach.outlets,
        languages=reach.languages,
        prominence=prominence(
            headline_hit=story.headline_hit,
            tier=first.tier,
            outlets=reach.outlets,
            languages=reach.languages,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """How the watching goes: the store's counts, the sources' states and gaps of a week, and ``names``,
    each watched source's name by its id."""

    status: Mapping[str, object]
    states: Sequence[SourceState]
    gaps: Sequence[Gap]
    names: Mapping[str, str]


def watching_text(watching: Watching, chat: Chat, now: datetime, *, weekly: bool = False) -> str:
    """The health line of the last day (``weekly``: week), and a line of its gaps when there are any.

    A chat with safe links learns no outlet's name, so it gets no gaps.
    """
    tr, since = localizer(chat.language), now - (WEEK if weekly else DAY)
    covered = coverage(watching.states, watching.gaps, since=since, now=now).percent
    health = health_line(watching.status, watching.states, tr, covered_percent=covered, weekly=weekly)
    if chat.safe_links != "off":
        return health
    listed = [
        gap
        for gap in watching.gaps
        if gap.source_id in watching.names and (gap.ended_at is None or gap.ended_at > since)
    ]
    gaps = gaps_text(listed, watching.names, tr, timezone=chat.timezone, now=now)
    return "\n".join(filter(None, (health, cut(gaps, GAPS_UNITS))))


def health_line(
    status: Mapping[str, object],
    states: Sequence[SourceState],
    tr: Localizer,
    *,
    covered_percent: float | None = None,
    weekly: bool = False,
) -> str:
    """One sentence about the watching: sources, those in trouble, messages that did not get through.

    ``covered_percent``: how much of the last day (``weekly``: week) the sources were watched, out of 100;
    None: not said.
    """
    listed = status.get("sources")
    total = sum(listed.values()) if isinstance(listed, Mapping) else len(states)
    broken = sum(1 for state in states if state.error)
    deliveries = status.get("deliveries")
    stuck = 0
    if isinstance(deliveries, Mapping):
        stuck = int(deliveries.get("dead", 0)) + int(deliveries.get("unsure", 0))
    parts = [
        tr.many_plain("{count} source watched", "{count} sources watched", total),
        tr.many_plain("{count} in trouble", "{count} in trouble", broken) if broken else tr.plain("all well"),
    ]
    if covered_percent is not None:
        percent = tr.number(covered_percent)
        parts.append(
            tr.plain("{percent} % of the last week covered", percent=percent)
            if weekly
            else tr.plain("{percent} % of the last day covered", percent=percent)
        )
    if stuck:
        parts.append(tr.many_plain("{count} message not delivered", "{count} messages not delivered", stuck))
    return ", ".join(parts)
