"""Which open story an article tells, by its likeness to single articles of it.

A story is as like an article as the few of its articles that are most like it: one chance likeness does
not carry, and a long story does not thin out. The order of arrival can part a story only where the
articles between two halves come last; then the halves are merged (docs/stories.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.core.semantic import with_vectors
from monitor.core.similarity import View, Weight, alike, view, weight_of
from monitor.model import Around, Article, Lookalike, Marks, StorySettings, Term

TRUST: Final = (0.88, 0.92, 0.96, 0.98, 1.0)
"""As many of a story's nearest articles speak for it; the fewer there are, the less their word counts: one
chance likeness must not carry. Newsroom, four orders: F1 .926; the nearest three without it .897."""
UNTITLED: Final = 0.55
"""Texts without a headline share so much less: first sentences stand for it."""
NEUTRAL_PART: Final = 0.4
"""Within one language, the part of a likeness that comes from names, numbers and concepts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What binds an article to stories. ``nearest`` is the likeness to ``story_id``, or to the nearest one.

    Likeness is counted so that 1 is just enough for the same story.
    """

    story_id: str | None
    nearest: float
    follows: str | None
    merges: tuple[str, ...]
    likeness: Callable[[Lookalike], float]


def ties(article: Article, marks: Marks, around: Around, settings: StorySettings) -> Ties:
    """The story that the article tells too, those that it joins together, and one that it goes on from."""
    compare = Comparison(
        marks.terms, article.language, weight_of(around.counts, around.articles), marks.vector
    )
    by_story: defaultdict[str, list[float]] = defaultdict(list)
    open_ones: set[str] = set()
    for item in around.kin:
        needed = settings.same if item.language == article.language else settings.across
        if not (item.title and article.title):
            needed *= UNTITLED
        by_story[item.story_id].append(compare(item) / needed)
        if abs(article.seen_at - item.seen_at) <= settings.window:
            open_ones.add(item.story_id)
    ranked = sorted(((_speaking(found), story) for story, found in by_story.items()), reverse=True)
    inside = [(score, story) for score, story in ranked if story in open_ones and score >= 1]
    nearest, first = inside[0] if inside else (ranked[0][0] if ranked else 0.0, None)
    follow = settings.follow / settings.same
    follows = ranked[0][1] if first is None and ranked and nearest >= follow else None
    merge = settings.merge / settings.same
    strong = [story for score, story in inside[1:] if score >= merge <= nearest]
    return Ties(story_id=first, nearest=nearest, follows=follows, merges=tuple(strong), likeness=compare)


class Comparison:
    """One article's likeness to others, its own terms weighted once."""

    def __init__(
        self, terms: Sequence[Term], language: str | None, weight: Weight, vector: bytes = b""
    ) -> None:
        self._language = language
        self._vector = vector
        self._weight = weight
        self._own: View = view(terms, weight, neutral=False)
        self._neutral: View = view(terms, weight, neutral=True)

    def __call__(self, item: Lookalike) -> float:
        """0–1; see ``core.similarity.alike``."""
        return with_vectors(self._by_words(item), self._vector, item.vector)

    def _by_words(self, item: Lookalike) -> float:
        neutral = alike(self._neutral, view(item.terms, self._weight, neutral=True))
        if item.language != self._language:
            return neutral
        own = alike(self._own, view(item.terms, self._weight, neutral=False))
        return (1 - NEUTRAL_PART) * own + NEUTRAL_PART * neutral


def _speaking(found: list[float]) -> float:
    best = sorted(found, reverse=True)[: len(TRUST)]
    return TRUST[len(best) - 1] * sum(best) / len(best)
