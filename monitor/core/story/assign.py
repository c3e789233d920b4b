"""Which open story an article tells, by its likeness to single articles of it.

A story is as like an article as the few of its articles that are most like it: one chance likeness does
not carry, and a long story does not thin out. What is enough depends on the story: where its own articles
are very alike, a further one must be so too. An article that comes between can draw two events together,
and two halves of one can stay apart: each further article looks at what stands around it, and parts or
merges it (docs/stories.md).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.core.story.pairs import Closeness, Side, compare, side_of
from monitor.core.story.similarity import weight_of
from monitor.core.story.split import parted
from monitor.model import Article, Candidate, Features, Related, StorySettings

TRUST: Final = (0.8, 0.88, 0.94, 0.98, 1.0)
"""As many of a story's nearest articles speak for it; the fewer there are, the less their word counts: one
chance likeness must not carry. With .88 for one article: `monitor group` on pairs .846, not .878."""
COHESION: Final = 1.3
"""How alike the articles of a usual story are, 1 being just enough for one story."""
CIRCLE: Final = 8
"""So many of a story's articles show how alike they are."""
FEWEST_IN_CIRCLE: Final = 3
SINGLETON: Final = 1.15
"""What an article alone must reach to be drawn into a story that has grown since."""
MOST_SORTED: Final = 16
"""So many articles of a story are looked at for whether they fall apart."""
_LEAST: Final = 0.5
TOO_LITTLE: Final = 0.5
"""An article less alike neither makes a story nor joins, follows or merges one: however close a story's own
articles lie, ``_LEAST`` lifts a likeness by 1.61 at most."""
_THIS: Final = 0
"""The article itself; stored ones are numbered from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What binds an article to stories. ``nearest`` is the likeness to ``story_id``, or to the nearest one.

    Likeness is counted so that 1 is just enough for the same story. ``parts`` are articles of that story,
    this one maybe among them, that tell another event than the rest: the earliest first.
    """

    story_id: str | None
    nearest: float
    follows: str | None
    merges: tuple[str, ...]
    likeness: Callable[[Candidate], float]
    parts: tuple[str, ...] = ()


def story_id(article_id: str) -> str:
    """A story is named after the article that opens it, so a repeated job repeats the name."""
    return f"s{article_id}"


def could_matter(
    article: Article, marks: Features, found: Sequence[Candidate], around: Related, settings: StorySettings
) -> bool:
    """Whether any of these articles, had they been candidates, could have made the assignment another."""
    weight = weight_of(around.counts, around.articles)
    own = Side(marks.terms, article.language, weight, titled=bool(article.title), vector=marks.vector)
    close = Closeness({_THIS: own, **{item.number: side_of(item, weight) for item in found}}, settings)
    return any(close(_THIS, item.number) >= TOO_LITTLE for item in found)


def assign(article: Article, marks: Features, around: Related, settings: StorySettings) -> Assignment:
    """The story that the article tells too, those that it joins together, what it shows to be another
    event, and a story that it goes on from."""
    weight = weight_of(around.counts, around.articles)
    own = Side(marks.terms, article.language, weight, titled=bool(article.title), vector=marks.vector)
    close = Closeness(
        {_THIS: own, **{item.number: side_of(item, weight) for item in around.related}}, settings
    )
    by_story: defaultdict[str, list[Candidate]] = defaultdict(list)
    for item in around.related:
        by_story[item.story_id].append(item)
    representatives = {story: _representatives(found) for story, found in by_story.items()}
    ranked = sorted(
        ((_likeness(_THIS, said, close), story) for story, said in representatives.items()), reverse=True
    )
    inside = [
        (score, story)
        for score, story in ranked
        if score >= 1
        and any(abs(article.seen_at - item.seen_at) <= settings.window for item in by_story[story])
    ]
    nearest, first = inside[0] if inside else (ranked[0][0] if ranked else 0.0, None)
    follow, merge = settings.follow / settings.same, settings.merge / settings.same
    follows = ranked[0][1] if first is None and ranked and nearest >= follow else None
    merges = [story for score, story in inside[1:] if score >= merge <= nearest]
    if first is not None:
        merges += _singletons(by_story, first, [*representatives[first], _THIS], close, but=merges)
    return Assignment(
        story_id=first,
        nearest=nearest,
        follows=follows,
        merges=tuple(merges),
        likeness=lambda item: compare(own, side_of(item, weight)),
        parts=_parts(article, first, by_story, close, settings) if first and not merges else (),
    )


def _representatives(found: Sequence[Candidate]) -> list[int]:
    """Those of a story that speak for it: copies say the same once more."""
    return [item.number for item in found if item.copy_of is None] or [item.number for item in found]


def _likeness(this: int, representatives: Sequence[int], close: Closeness) -> float:
    """Of an article to a story: the nearest articles speak, and the more alike the story's articles are
    among themselves, the less their word counts."""
    ranked = sorted(representatives, key=lambda at: -close(this, at))
    best = [close(this, at) for at in ranked[: len(TRUST)]]
    said = TRUST[len(best) - 1] * sum(best) / len(best)
    circle = ranked[:CIRCLE]
    if len(circle) < FEWEST_IN_CIRCLE:
        return said
    return said * math.sqrt(COHESION / max(close.among(circle), _LEAST))


def _singletons(
    by_story: Mapping[str, Sequence[Candidate]],
    story: str,
    representatives: Sequence[int],
    close: Closeness,
    *,
    but: Collection[str],
) -> list[str]:
    """Stories of a single article that is like enough to a story now that this one has grown."""
    alone = {name: found[0] for name, found in by_story.items() if len(found) == 1}
    return [
        name
        for name, item in alone.items()
        if name not in {story, *but}
        and name == story_id(item.article_id)
        and _likeness(item.number, representatives, close) >= SINGLETON
    ]


def _parts(
    article: Article,
    story: str,
    by_story: Mapping[str, Sequence[Candidate]],
    close: Closeness,
    settings: StorySettings,
) -> tuple[str, ...]:
    """Those that leave the story: the group that does not hold the article that opened it."""
    found = sorted(by_story[story], key=lambda item: -close(_THIS, item.number))
    own = [item for item in found if item.copy_of is None][: MOST_SORTED - 1]
    ids = {item.number: item.article_id for item in own} | {_THIS: article.id}
    in_order = [*sorted(item.number for item in own), _THIS]
    group = parted(in_order, close, part=settings.part)
    if not group:
        return ()
    rest = tuple(number for number in in_order if number not in group)
    opens = next((number for number, name in ids.items() if story == story_id(name)), in_order[0])
    return tuple(ids[number] for number in (rest if opens in group else group))
