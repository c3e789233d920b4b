"""Whether an article repeats a stored text, by how much of the one stands in the other.

Not by likeness of the whole: a report that was cut, or that stands inside a longer piece, is a copy too.
What an outlet puts around every text does not count, and a page that gathers many stories is nobody's
copy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.core.story.fingerprint import words_of
from monitor.core.story.winnowing import containment, sampled
from monitor.model import Candidate, Print, StorySettings

FEWEST_SAMPLES: Final = 10
"""Sampled shingles, furniture left out, under which nothing is said of a text."""
MUCH_LONGER: Final = 2.0
"""A text so many times longer than what it holds must also speak of the same things."""
GATHERS: Final = 3
"""A text that holds so many stories is a gathering of them."""

Alike = Callable[[Candidate], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stored text that is repeated: ``share`` of the shorter one stands in the longer, ``kept`` of the
    stored one in the new."""

    of: Candidate
    share: float
    kept: float


def find_copy(
    text: Print,
    *,
    title: str,
    source_id: str,
    found: Sequence[Candidate],
    settings: StorySettings,
    alike: Alike,
) -> Kept | None:
    """The earliest stored text that this one repeats, or that repeats this one; None: it is its own.

    ``alike`` tells how much another article speaks of the same event: asked when one is much longer.
    """
    if text.words < settings.copy_words:
        return None
    furniture = boilerplate(text, source_id=source_id, found=found, settings=settings)
    kept = [each for item in found if (each := _kept(text, item, furniture)) is not None]
    held = {each.of.story_id for each in kept if each.of.print.words * MUCH_LONGER < text.words
            and each.share >= settings.copy_share}  # fmt: skip
    if len(held) >= GATHERS:
        return None
    copies = [
        each
        for each in kept
        if _is_copy(each, text, settings, alike, own=_other_page(each, title, source_id))
    ]
    return min(copies, key=lambda each: (each.of.seen_at, each.of.number), default=None)


def boilerplate(
    text: Print, *, source_id: str, found: Sequence[Candidate], settings: StorySettings
) -> frozenset[int]:
    """Shingles of ``text`` that stand in several stories, or in two of its own outlet: furniture."""
    mine = sampled(text)
    stories: defaultdict[int, set[str]] = defaultdict(set)
    own: defaultdict[int, set[str]] = defaultdict(set)
    for item in found:
        for shingle in mine & sampled(item.print):
            stories[shingle].add(item.story_id)
            if item.source_id == source_id:
                own[shingle].add(item.story_id)
    return frozenset(
        shingle
        for shingle, held in stories.items()
        if len(held) >= settings.boilerplate_stories or len(own[shingle]) >= settings.boilerplate_stories - 1
    )


def _kept(text: Print, item: Candidate, furniture: frozenset[int]) -> Kept | None:
    mine, enough = containment(text, item.print, without=furniture)
    theirs, enough_too = containment(item.print, text, without=furniture)
    if min(enough, enough_too) < FEWEST_SAMPLES:
        return None
    return Kept(of=item, share=mine if text.words <= item.print.words else theirs, kept=theirs)


def _is_copy(each: Kept, text: Print, settings: StorySettings, alike: Alike, *, own: bool) -> bool:
    item = each.of
    if item.print.words < settings.copy_words:
        return False
    needed = settings.copy_share
    if own:
        # An outlet's own pages share what it always says; its second report is no copy of its first.
        needed = settings.own_copy_share
        if _ratio(text, item) > 1 / needed:
            return False
    if each.share < needed:
        return False
    return _ratio(text, item) <= MUCH_LONGER or alike(item) >= settings.follow


def _other_page(each: Kept, title: str, source_id: str) -> bool:
    return each.of.source_id == source_id and words_of(title) != words_of(each.of.title)


def _ratio(text: Print, item: Candidate) -> float:
    longer, shorter = max(text.words, item.print.words), min(text.words, item.print.words)
    return longer / max(shorter, 1)
