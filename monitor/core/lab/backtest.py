"""What a topic would have found among stored articles, and what each of its clauses did."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from monitor.core.lab.variants import Variant, variants
from monitor.core.match import match_text
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.model import ArchivedArticle, Article, Span, Topic

DOMINANT = 0.8
"""A clause without which so much of the matches would be gone carries the query alone."""
FEW = 5
"""Matches below which no clause is called dominant."""
AROUND = 70
"""Characters shown on each side of a word in a text."""

Stored = Article | ArchivedArticle
StoriesOf = Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An article that matched. ``title`` and ``excerpt`` have the words that match in brackets."""

    article_id: str
    at: datetime
    outlet: str
    language: str | None
    title: str
    excerpt: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseUse:
    """What a clause did: so many matches hang on this alternative alone, or are kept out by this exclusion
    alone."""

    clause: str
    role: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What a topic found between the first and the last article looked at.

    ``alerts`` counts stories by the day of their first match: one alert each. ``days`` may have gaps.
    """

    topic_id: str
    looked_at: int
    matched: int
    days: Mapping[date, int]
    alerts: Mapping[date, int]
    span_days: float
    outlets: Mapping[str, int]
    languages: Mapping[str, int]
    samples: tuple[Sample, ...]
    clauses: tuple[ClauseUse, ...]

    @property
    def alerts_a_day(self) -> float:
        """How many alerts a day it would cause, by the stories that it met."""
        return sum(self.alerts.values()) / max(1.0, self.span_days)

    @property
    def idle(self) -> tuple[ClauseUse, ...]:
        """Clauses without which nothing would have been different."""
        return tuple(clause for clause in self.clauses if not clause.articles)

    @property
    def dominant(self) -> tuple[ClauseUse, ...]:
        """Alternatives that carry most of the matches alone."""
        if self.matched < FEW:
            return ()
        return tuple(
            clause
            for clause in self.clauses
            if clause.role == "alternative" and clause.articles >= DOMINANT * self.matched
        )


def backtest(
    topic: Topic,
    articles: Iterable[Stored],
    rulebook: Rulebook,
    stories_of: StoriesOf,
    *,
    samples: int = 10,
) -> Backtest:
    """Match a topic, and it without each of its clauses, against articles, oldest first.

    Raises QueryError when its query cannot be read.
    """
    others = variants(topic.query)
    matcher = _matcher(topic, others, rulebook)
    zone = ZoneInfo(rulebook.settings.timezone)
    used = [0] * len(others)
    kept: deque[Stored] = deque(maxlen=max(samples, 1))
    found: list[tuple[str, date]] = []
    outlets: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    first = last = None
    looked_at = 0
    for article in articles:
        looked_at += 1
        first, last = first or article.seen_at, article.seen_at
        matching = frozenset(matcher.matching(match_text(article)))
        if not matching:
            continue
        matches = topic.id in matching
        for at, variant in enumerate(others):
            used[at] += (_name(at) in matching) == (variant.role == "exclusion") != matches
        if matches:
            found.append((article.id, article.seen_at.astimezone(zone).date()))
            outlets[article.source_name or article.site or article.source_id] += 1
            languages[article.language or "?"] += 1
            kept.append(article)
    days = Counter(day for _, day in found)
    span = (last - first).total_seconds() / 86_400 if first and last else 0.0
    return Backtest(
        topic_id=topic.id,
        looked_at=looked_at,
        matched=len(found),
        days=dict(sorted(days.items())),
        alerts=_alerts(found, stories_of),
        span_days=span,
        outlets=dict(outlets.most_common()),
        languages=dict(languages.most_common()),
        samples=tuple(sample(article, topic.id, matcher) for article in reversed(kept))[:samples],
        clauses=tuple(
            ClauseUse(clause=each.clause, role=each.role, articles=count)
            for each, count in zip(others, used, strict=True)
        ),
    )


def _matcher(topic: Topic, others: Sequence[Variant], rulebook: Rulebook) -> Matcher:
    shared = rulebook.matcher.book.shared
    further = [replace(topic, id=_name(at), query=each.query) for at, each in enumerate(others)]
    topics = [replace(each, enabled=True) for each in (topic, *further)]
    return Matcher.build(topics, lists=shared.lists, people=shared.people, orgs=shared.orgs)


def _name(at: int) -> str:
    """The id of a variant; no topic's id begins like this."""
    return f"=without {at}"


def _alerts(found: Sequence[tuple[str, date]], stories_of: StoriesOf) -> Mapping[date, int]:
    stories = stories_of([article_id for article_id, _ in found])
    met: dict[str, date] = {}
    for article_id, day in found:
        met.setdefault(stories.get(article_id, article_id), day)
    return dict(sorted(Counter(met.values()).items()))


def sample(article: Stored, topic_id: str, matcher: Matcher) -> Sample:
    """An article with the words marked by which the topic matches it."""
    spans = next(
        (match.spans for match in matcher.match(match_text(article)) if match.topic_id == topic_id), ()
    )
    bodies = sorted(span for span in spans if span.field == "body")
    excerpt = ""
    if bodies:
        start, end = max(0, bodies[0].start - AROUND), bodies[0].end + AROUND
        inside = [span for span in bodies if span.end <= end]
        excerpt = " ".join(_marked(article.text[start:end], inside, start).split())
    return Sample(
        article_id=article.id,
        at=article.seen_at,
        outlet=article.source_name or article.site or article.source_id,
        language=article.language,
        title=_marked(article.title, [span for span in spans if span.field == "title"], 0),
        excerpt=excerpt,
        url=article.url,
    )


def _marked(text: str, spans: Iterable[Span], start: int) -> str:
    """The text with brackets around the spans, which count from ``start`` before it."""
    parts, at = [], 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        begin, end = span.start - start, span.end - start
        if begin < at or end > len(text):
            continue
        parts += [text[at:begin], f"[{text[begin:end]}]"]
        at = end
    return "".join((*parts, text[at:]))
