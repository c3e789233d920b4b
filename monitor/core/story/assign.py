"""Which open story an article tells, by the groups that it and its nearest stored articles fall into.

All of them are grouped anew, whatever stories they are in (``core.story.groups``): so it does not matter much
in which order they came. The article joins the story that most of its group is in. Where other stories are
mostly in that group they become one with it (docs/stories.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.core.story.embeddings import centred
from monitor.core.story.frames import same_frame_other_names
from monitor.core.story.groups import groups
from monitor.core.story.pairs.features import (
    Compared,
    Floats,
    features_of_first,
    hours_between,
    profile_of,
    telling_words,
)
from monitor.core.story.pairs.features import (
    Features as PairFeatures,
)
from monitor.core.story.pairs.features import (
    features as pair_features,
)
from monitor.core.story.pairs.rarity import weight_of
from monitor.core.story.pairs.score import MOST, log_odds, odds_of, probability
from monitor.core.story.roundup import gathers_a_piece
from monitor.core.text.fingerprint import words_of
from monitor.model import Article, Candidate, Features, Related, StorySettings

NEAREST: Final = 5
FEWEST_TELLING: Final = 3
"""An article with fewer telling words in headline and start ("Video") tells no story that could be known."""
FEWEST_WORDS: Final = 8
"""A shorter text says less than its headline."""
TOO_LITTLE: Final = -3.0
"""Log-odds under which an article neither makes a story nor joins, follows or merges one."""
LIKELY: Final = -1.0
"""Log-odds from which it is asked whether only the frame is alike."""
_THIS: Final = 0
"""The article itself; the stored ones follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What binds an article to stories. ``nearest`` is the probability (0–1) that it tells ``story_id``, or
    the nearest one.
    """

    story_id: str | None
    nearest: float
    follows: str | None
    merges: tuple[str, ...]


def story_id(article_id: str) -> str:
    """A story is named after the article that opens it, so a repeated job repeats the name."""
    return f"s{article_id}"


def could_matter(
    article: Article,
    features: Features,
    found: Sequence[Candidate],
    surroundings: Related,
    settings: StorySettings,
) -> bool:
    """Whether any of these articles, had they been candidates, could have made the assignment another."""
    sides = [
        compared_article(article, features, surroundings),
        *(compared_stored(item, surroundings) for item in found),
    ]
    return bool((first_odds(sides, settings)[1:] >= TOO_LITTLE).any())


def assign(
    article: Article,
    features: Features,
    surroundings: Related,
    settings: StorySettings,
    *,
    other_events: Collection[int] = (),
) -> Assignment:
    """The story that the article tells too, those that it joins together, and a
    story that it goes on from. ``other_events`` are numbers of stored articles that are known
    to tell another one."""
    own = compared_article(article, features, surroundings)
    related = surroundings.related if telling_words(own.profile) >= FEWEST_TELLING else ()
    sides = [own, *(compared_stored(item, surroundings) for item in related)]
    numbers = dict(enumerate(related, start=1))
    row = first_odds(sides, settings)
    for at, item in numbers.items():
        if (
            item.number in other_events
            or _standing_headline(article, item)
            or (row[at] >= LIKELY and _only_looks_alike(article, features, item))
        ):
            row[at] = -MOST
    by_story: defaultdict[str, list[int]] = defaultdict(list)
    for number, item in numbers.items():
        by_story[item.story_id].append(number)
    voices = {story: _voices(found, numbers) for story, found in by_story.items()}
    open_now = {
        story: found
        for story, found in voices.items()
        if any(abs(article.seen_at - numbers[at].seen_at) <= settings.window for at in by_story[story])
    }
    # Groups are joined by a mean over pairs: what is like none of them joins none, however they are grouped.
    if all(row[at] < 0 for found in open_now.values() for at in found):
        return _alone(row, voices, settings)
    odds = pair_odds(sides, settings)
    odds[_THIS] = odds[:, _THIS] = row
    group_of = _grouped(open_now, odds)
    around_it = {
        story: [at for at in found if group_of[at] == group_of[_THIS]] for story, found in open_now.items()
    }
    tells = sorted(((found, story) for story, found in around_it.items() if found), key=_fullest)
    if not tells:
        return _alone(row, voices, settings)
    fellows, first = tells[0]
    merges = tuple(
        other
        for found, other in tells[1:]
        if 2 * len(found) > len(voices[other])
        and odds[np.ix_([*fellows, _THIS], found)].mean() >= odds_of(settings.merge)
    )
    return Assignment(
        story_id=first,
        nearest=_certain(float(odds[_THIS, fellows].mean())),
        follows=None,
        merges=merges,
    )


def _alone(row: Floats, voices: Mapping[str, Sequence[int]], settings: StorySettings) -> Assignment:
    """The article tells none of the stories; it may go on from the nearest one."""
    nearest, story = max(
        ((_likeness(row[found]), story) for story, found in voices.items()), default=(-np.inf, None)
    )
    follows = story if nearest >= odds_of(settings.follow) else None
    return Assignment(story_id=None, nearest=_certain(nearest), follows=follows, merges=())


def likeness(
    article: Article, features: Features, item: Candidate, surroundings: Related, settings: StorySettings
) -> float:
    """The probability that the article tells the same as one stored article."""
    both = [compared_article(article, features, surroundings), compared_stored(item, surroundings)]
    return probability(float(first_odds(both, settings)[1]))


def compared_article(article: Article, features: Features, surroundings: Related) -> Compared:
    """The article that is being placed, as it is compared."""
    return Compared(
        profile=surroundings.profile
        or profile_of(features.terms, weight_of(surroundings.counts, surroundings.articles)),
        language=article.language,
        outlet=article.source_id,
        hours=hours_between(article.seen_at.timestamp()),
        titled=bool(article.title),
        vector=centred(features.vector, article.language, surroundings.vector_means),
    )


def compared_stored(item: Candidate, surroundings: Related) -> Compared:
    """A stored article, as it is compared."""
    return Compared(
        profile=item.profile,
        language=item.language,
        outlet=item.source_id,
        hours=hours_between(item.seen_at.timestamp()),
        titled=bool(item.title),
        vector=centred(item.vector, item.language, surroundings.vector_means),
    )


def pair_odds(items: Sequence[Compared], settings: StorySettings) -> Floats:
    """Log-odds of every pair, counted so that 0 is just enough for one story."""
    return _counted(pair_features(items), settings)


def first_odds(items: Sequence[Compared], settings: StorySettings) -> Floats:
    """The same of the first item beside each of them."""
    return _counted(features_of_first(items), settings)


def _counted(found: PairFeatures, settings: StorySettings) -> Floats:
    enough = np.where(found["same_language"] > 0, odds_of(settings.same), odds_of(settings.across))
    return (log_odds(found) - enough).astype(np.float32)


def _only_looks_alike(article: Article, features: Features, item: Candidate) -> bool:
    """Whether the frame is the same and the names are others, or one of both is a round-up with the other."""
    if same_frame_other_names(article, features.claims, item):
        return True
    return article.language == item.language and gathers_a_piece(article, item)


def _standing_headline(article: Article, item: Candidate) -> bool:
    """Whether an outlet puts the same headline above another text ("Letters to the editor")."""
    return (
        article.source_id == item.source_id
        and min(len(article.text.split()), item.print.words) >= FEWEST_WORDS
        and words_of(article.title) == words_of(item.title)
    )


def _voices(found: Sequence[int], numbers: Mapping[int, Candidate]) -> list[int]:
    """Those of a story that speak for it: copies say the same once more."""
    return [at for at in found if numbers[at].copy_of is None] or list(found)


def _grouped(stories: Mapping[str, Sequence[int]], odds: Floats) -> Mapping[int, int]:
    """The group of each article that speaks for an open story, and of this one."""
    chosen = [_THIS, *sorted(at for found in stories.values() for at in found)]
    return dict(zip(chosen, groups(odds[np.ix_(chosen, chosen)]).tolist(), strict=True))


def _fullest(told: tuple[Sequence[int], str]) -> tuple[int, int, str]:
    """Most articles first; of as many, the story that is older here."""
    found, story = told
    return (-len(found), min(found), story)


def _likeness(row: Floats) -> float:
    """Of an article to a story that it does not tell, in log-odds."""
    nearest = np.sort(row)[::-1][:NEAREST]
    return float(nearest.sum() / len(nearest))


def _certain(odds: float) -> float:
    return probability(max(odds, -MOST))
