"""Reports over a period: stories by prominence, who told them, when, and how the watching went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from monitor.core.digest import buckets, prominence, ranked
from monitor.model import Line, Reach, Report, SourceState, StoryArticle


def report_of(
    stories: Sequence[tuple[StoryArticle, Sequence[str], bool]],
    reach: Mapping[str, Reach],
    seen: Sequence[tuple[datetime, str]],
    *,
    since: datetime,
    until: datetime,
    health: str = "",
) -> Report:
    """A report of a period (aware UTC).

    ``stories`` are (first article, topic ids, matched in the headline), one a story; ``reach`` tells
    how far each went, by the first article's id; ``seen`` are (moment, tier) of every article.
    """
    lines, topics = [], Counter[str]()
    for first, matched, headline_hit in stories:
        topics.update(matched)
        spread = reach.get(first.article_id, Reach())
        lines.append(
            Line(
                story_id=first.article_id,
                headline=first.title,
                url=first.url,
                outlet=first.source_name,
                tier=first.tier,
                language=first.language,
                seen_at=first.seen_at,
                topics=tuple(matched),
                outlets=spread.outlets,
                languages=spread.languages,
                prominence=prominence(
                    headline_hit=headline_hit,
                    tier=first.tier,
                    outlets=spread.outlets,
                    languages=spread.languages,
                ),
            )
        )
    step = timedelta(hours=1) if until - since <= timedelta(days=2) else timedelta(days=1)
    return Report(
        since=since,
        until=until,
        lines=ranked(lines),
        articles=len(seen),
        outlets=len({line.outlet for line in lines}),
        tiers=dict(Counter(tier for _, tier in seen)),
        topics=dict(topics.most_common()),
        buckets=tuple(buckets(seen, step)),
        health=health,
    )


def health_line(status: Mapping[str, object], states: Sequence[SourceState]) -> str:
    """One sentence about the watching: sources, those in trouble, messages that did not get through."""
    listed = status.get("sources")
    total = sum(listed.values()) if isinstance(listed, Mapping) else len(states)
    broken = sum(1 for state in states if state.error)
    deliveries = status.get("deliveries")
    stuck = 0
    if isinstance(deliveries, Mapping):
        stuck = int(deliveries.get("dead", 0)) + int(deliveries.get("unsure", 0))
    parts = [f"{total} sources watched", f"{broken} in trouble" if broken else "all well"]
    if stuck:
        parts.append(f"{stuck} messages not delivered")
    return ", ".join(parts)
