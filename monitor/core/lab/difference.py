"""What changes when one rulebook takes another's place."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.core.lab.backtest import Sample, Stored, StoriesOf, sample
from monitor.core.match import match_text
from monitor.core.rulebook import Rulebook

SAMPLES = 5
LEAST_ALERTS = 50
"""Alerts a day that no edit is held for, however few there were before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicChange:
    """A topic in both rulebooks. ``state``: new, gone, edited or same; counts are of articles."""

    topic_id: str
    state: str
    before: int
    after: int
    gained: tuple[Sample, ...]
    lost: tuple[Sample, ...]
    gained_count: int
    lost_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All topics that find other articles or say something else, and alerts a day before and after."""

    looked_at: int
    span_days: float
    topics: tuple[TopicChange, ...]
    alerts_before: float
    alerts_after: float

    def floods(self, factor: float) -> bool:
        """Whether so many more alerts would go out that a mistake is likelier than a wish."""
        return self.alerts_after > max(self.alerts_before * factor, LEAST_ALERTS)


def difference(old: Rulebook, new: Rulebook, articles: Iterable[Stored], stories_of: StoriesOf) -> Difference:
    """Match articles, oldest first, by both rulebooks."""
    gained: dict[str, deque[Stored]] = defaultdict(lambda: deque(maxlen=SAMPLES))
    lost: dict[str, deque[Stored]] = defaultdict(lambda: deque(maxlen=SAMPLES))
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    told: tuple[list[str], list[str]] = ([], [])
    first = last = None
    looked_at = 0
    for article in articles:
        looked_at += 1
        first, last = first or article.seen_at, article.seen_at
        text = match_text(article)
        before, after = set(old.matcher.matching(text)), set(new.matcher.matching(text))
        for ids, articles_told in ((before, told[0]), (after, told[1])):
            if ids:
                articles_told.append(article.id)
        for topic_id in before | after:
            count = counts[topic_id]
            count[0] += topic_id in before
            count[1] += topic_id in after
            if topic_id not in before:
                count[2] += 1
                gained[topic_id].append(article)
            elif topic_id not in after:
                count[3] += 1
                lost[topic_id].append(article)
    days = max(1.0, (last - first).total_seconds() / 86_400 if first and last else 1.0)
    changes = []
    for topic_id in sorted({*old.topics, *new.topics, *counts}):
        state, count = _state(topic_id, old, new), counts[topic_id]
        if state != "same" or count[2] or count[3]:
            changes.append(
                TopicChange(
                    topic_id=topic_id,
                    state=state,
                    before=count[0],
                    after=count[1],
                    gained=_samples(gained[topic_id], topic_id, new),
                    lost=_samples(lost[topic_id], topic_id, old),
                    gained_count=count[2],
                    lost_count=count[3],
                )
            )
    return Difference(
        looked_at=looked_at,
        span_days=days,
        topics=tuple(changes),
        alerts_before=_stories(told[0], stories_of) / days,
        alerts_after=_stories(told[1], stories_of) / days,
    )


def _state(topic_id: str, old: Rulebook, new: Rulebook) -> str:
    before, after = old.topics.get(topic_id), new.topics.get(topic_id)
    if before is None:
        return "new"
    if after is None:
        return "gone"
    return "same" if before == after else "edited"


def _samples(articles: Iterable[Stored], topic_id: str, rulebook: Rulebook) -> tuple[Sample, ...]:
    return tuple(sample(article, topic_id, rulebook.matcher) for article in articles)


def _stories(article_ids: Sequence[str], stories_of: StoriesOf) -> int:
    stories: Mapping[str, str] = stories_of(article_ids)
    return len({stories.get(article_id, article_id) for article_id in article_ids})
