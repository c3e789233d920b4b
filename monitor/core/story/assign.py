"""Which open story an article tells, by how likely it tells the same as single articles of it.

A story is as like an article as the few of its articles that are most like it, and as all of them are: one
chance likeness does not carry. What is enough depends on the story: where its own articles are very alike, a
further one must be so too. An article that comes between can draw two events together, and two halves of one
can stay apart: each further article looks at what stands around it, and parts or merges it (docs/stories.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.core.story.embeddings import centred
from monitor.core.story.pairs.features import (
    Compared,
    Floats,
    features,
    hours_between,
    profile_of,
    telling_words,
)
from monitor.core.story.pairs.rarity import weight_of
from monitor.core.story.pairs.score import MOST, log_odds, odds_of, probability
from monitor.core.story.split import parted
from monitor.core.text.fingerprint import words_of
from monitor.model import Article, Candidate, Features, Related, StorySettings

NEAREST: Final = 5
NEAREST_PART: Final = 0.6
"""The part of a story's likeness that its nearest articles give; all of them give the rest."""
COHESIVE: Final = 2.5
"""A further article may be so much less alike (in log-odds) than a story's articles are among themselves."""
CIRCLE: Final = 8
"""So many of a story's articles show how alike they are."""
FEWEST_IN_CIRCLE: Final = 3
SINGLETON: Final = 0.5
"""Log-odds that an article alone must reach to be drawn into a story that has grown since."""
MOST_SORTED: Final = 16
"""So many articles of a story are looked at for whether they fall apart."""
FEWEST_TELLING: Final = 3
"""An article with fewer telling words in headline and start ("Video") tells no story that could be known."""
FEWEST_WORDS: Final = 8
"""A shorter text says less than its headline."""
TOO_LITTLE: Final = -3.0
"""Log-odds under which an article neither makes a story nor joins, follows or merges one."""
_THIS: Final = 0
"""The article itself; the stored ones follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What binds an article to stories. ``nearest`` is the probability (0–1) that it tells ``story_id``, or
    the nearest one.

    ``parts`` are articles of that story, this one maybe among them, that tell another event than the rest:
    the earliest first.
    """

    story_id: str | None
    nearest: float
    follows: str | None
    merges: tuple[str, ...]
    parts: tuple[str, ...] = ()


def story_id(article_id: str) -> str:
    """A story is named after the article that opens it, so a repeated job repeats the name."""
    return f"s{article_id}"


def could_matter(
    article: Article, marks: Features, found: Sequence[Candidate], around: Related, settings: StorySettings
) -> bool:
    """Whether any of these articles, had they been candidates, could have made the assignment another."""
    sides = [compared_article(article, marks, around), *(compared_stored(item, around) for item in found)]
    return bool((pair_odds(sides, settings)[_THIS, 1:] >= TOO_LITTLE).any())


def assign(
    article: Article,
    marks: Features,
    around: Related,
    settings: StorySettings,
    *,
    other_events: Collection[int] = (),
) -> Assignment:
    """The story that the article tells too, those that it joins together, what it shows to be another
    event, and a story that it goes on from. ``other_events`` are numbers of stored articles that are known
    to tell another one."""
    own = compared_article(article, marks, around)
    related = around.related if telling_words(own.profile) >= FEWEST_TELLING else ()
    odds = pair_odds([own, *(compared_stored(item, around) for item in related)], settings)
    numbers = dict(enumerate(related, start=1))
    for at, item in numbers.items():
        if item.number in other_events or _standing_headline(article, item):
            odds[_THIS, at] = odds[at, _THIS] = -MOST
    by_story: defaultdict[str, list[int]] = defaultdict(list)
    for number, item in numbers.items():
        by_story[item.story_id].append(number)
    representatives = {story: _representatives(found, numbers) for story, found in by_story.items()}
    needs = {story: _needed(found, odds) for story, found in representatives.items()}
    ranked = sorted(
        ((_likeness(_THIS, said, odds) - needs[story], story) for story, said in representatives.items()),
        reverse=True,
    )
    inside = [
        (score, story)
        for score, story in ranked
        if score >= 0
        and any(abs(article.seen_at - numbers[at].seen_at) <= settings.window for at in by_story[story])
    ]
    score, first = inside[0] if inside else (ranked[0][0] if ranked else -np.inf, None)
    follows = ranked[0][1] if first is None and ranked and score >= odds_of(settings.follow) else None
    merges: list[str] = []
    if first is not None:
        merges = [
            story
            for other, story in inside[1:]
            if other >= odds_of(settings.merge) <= score
            and _between(representatives[first], representatives[story], odds)
            >= max(needs[first], needs[story])
        ]
        merges += _singletons(by_story, numbers, first, [*representatives[first], _THIS], odds, but=merges)

    return Assignment(
        story_id=first,
        nearest=probability(float(score)),
        follows=follows,
        merges=tuple(merges),
        parts=_parts(article, first, by_story[first], numbers=numbers, odds=odds, settings=settings)
        if first and not merges
        else (),
    )


def likeness(
    article: Article, marks: Features, item: Candidate, around: Related, settings: StorySettings
) -> float:
    """The probability that the article tells the same as one stored article."""
    both = [compared_article(article, marks, around), compared_stored(item, around)]
    return probability(float(pair_odds(both, settings)[0, 1]))


def compared_article(article: Article, marks: Features, around: Related) -> Compared:
    """The article that is being placed, as it is compared."""
    return Compared(
        profile=around.profile or profile_of(marks.terms, weight_of(around.counts, around.articles)),
        language=article.language,
        outlet=article.source_id,
        hours=hours_between(article.seen_at.timestamp()),
        titled=bool(article.title),
        vector=centred(marks.vector, article.language, around.vector_means),
    )


def compared_stored(item: Candidate, around: Related) -> Compared:
    """A stored article, as it is compared."""
    return Compared(
        profile=item.profile,
        language=item.language,
        outlet=item.source_id,
        hours=hours_between(item.seen_at.timestamp()),
        titled=bool(item.title),
        vector=centred(item.vector, item.language, around.vector_means),
    )


def pair_odds(items: Sequence[Compared], settings: StorySettings) -> Floats:
    """Log-odds of every pair, counted so that 0 is just enough for one story."""
    found = features(items)
    enough = np.where(found["same_language"] > 0, odds_of(settings.same), odds_of(settings.across))
    return (log_odds(found) - enough).astype(np.float32)


def _standing_headline(article: Article, item: Candidate) -> bool:
    """Whether an outlet puts the same headline above another text ("Letters to the editor")."""
    return (
        article.source_id == item.source_id
        and min(len(article.text.split()), item.print.words) >= FEWEST_WORDS
        and words_of(article.title) == words_of(item.title)
    )


def _representatives(found: Sequence[int], numbers: Mapping[int, Candidate]) -> list[int]:
    """Those of a story that speak for it: copies say the same once more."""
    return [at for at in found if numbers[at].copy_of is None] or list(found)


def _needed(representatives: Sequence[int], odds: Floats) -> float:
    """What is enough for a further article: more where the story's own ones are very alike."""
    circle = sorted(representatives)[:CIRCLE]
    if len(circle) < FEWEST_IN_CIRCLE:
        return 0.0
    return max(_among(circle, odds) - COHESIVE, 0.0)


def _among(circle: Sequence[int], odds: Floats) -> float:
    """The mean over all pairs of at least two articles."""
    block = odds[np.ix_(circle, circle)]
    size = len(circle)
    return float((block.sum() - np.trace(block)) / (size * (size - 1)))


def _between(some: Sequence[int], others: Sequence[int], odds: Floats) -> float:
    return float(odds[np.ix_(some, others)].mean())


def _likeness(this: int, representatives: Sequence[int], odds: Floats) -> float:
    """Of an article to a story, in log-odds."""
    row = np.sort(odds[this, list(representatives)])[::-1]
    nearest = row[:NEAREST].sum() / min(len(row), NEAREST)
    return float(NEAREST_PART * nearest + (1 - NEAREST_PART) * (row.sum() / len(row)))


def _singletons(
    by_story: Mapping[str, Sequence[int]],
    numbers: Mapping[int, Candidate],
    story: str,
    representatives: Sequence[int],
    odds: Floats,
    *,
    but: Collection[str],
) -> list[str]:
    """Stories of a single article that is like enough to a story now that this one has grown."""
    alone = {name: found[0] for name, found in by_story.items() if len(found) == 1}
    needed = max(_needed(representatives, odds), SINGLETON)
    return [
        name
        for name, at in alone.items()
        if name not in {story, *but}
        and name == story_id(numbers[at].article_id)
        and _likeness(at, representatives, odds) >= needed
    ]


def _parts(
    article: Article,
    story: str,
    members: Sequence[int],
    *,
    numbers: Mapping[int, Candidate],
    odds: Floats,
    settings: StorySettings,
) -> tuple[str, ...]:
    """Those that leave the story: the group that does not hold the article that opened it."""
    found = sorted(members, key=lambda at: -odds[_THIS, at])
    own = [at for at in found if numbers[at].copy_of is None][: MOST_SORTED - 1]
    ids = {at: numbers[at].article_id for at in own} | {_THIS: article.id}
    in_order = [*sorted(own, key=lambda at: numbers[at].number), _THIS]

    def alike(one: int, other: int) -> float:
        return probability(float(odds[one, other]))

    group = parted(in_order, alike, part=settings.part)
    if not group:
        return ()
    rest = tuple(at for at in in_order if at not in group)
    opens = next((at for at, name in ids.items() if story == story_id(name)), in_order[0])
    return tuple(ids[at] for at in (rest if opens in group else group))
