"""Whether an article repeats a stored report: the same text, in which the same news is told.

Not by likeness of the whole: a report that was cut, or that stands inside a longer piece, is a copy too.
What an outlet puts around every text does not count, and a page that gathers many stories is nobody's copy.
And the same text is not always the same report: notes of one template differ in a name and a number, and a
new event is told above paragraphs of the last one. So a copy must begin as the stored text does, or hold its
beginning under a headline that claims nothing else (``core.story.claims``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.core.story.claims import headline_subjects
from monitor.core.story.pairs.features import term_hash, term_hashes
from monitor.core.story.winnowing import containment, names_of, sampled
from monitor.core.text.fingerprint import words_of
from monitor.model import Candidate, Claims, Print, StorySettings

FEWEST_SAMPLES: Final = 10
"""Sampled shingles, furniture left out, under which nothing is said of a text."""
MUCH_LONGER: Final = 2.0
"""A text so many times longer than what it holds must also speak of the same things."""
GATHERS: Final = 2
"""A text that holds so many stories is a gathering of them."""
LEAD_REPEATED: Final = 0.6
"""So much of a first sentence must stand in the other text; an agency's line may be put before it."""
LEAD_HELD: Final = 0.95
HEADLINE_COVERED: Final = 0.8
"""Of the headline's longer words, under which a framed text is another report: silence costs most."""

Alike = Callable[[Candidate], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stored text that is repeated: ``share`` of the shorter one stands in the longer, ``kept`` of the
    stored one in the new."""

    of: Candidate
    share: float
    kept: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """What a text repeats. ``copy``: a stored report, so that it is its copy. ``background``: a stored text
    of which it tells other news. ``claims``: the names and numbers that set it apart from that one.
    ``other_events``: numbers of stored texts that have the same frame and are about somebody or something
    else. ``gathers``: it holds several stories whole."""

    copy: Kept | None = None
    background: Kept | None = None
    claims: tuple[str, ...] = ()
    other_events: frozenset[int] = frozenset()
    gathers: bool = False


def find_repeated(
    text: Print,
    *,
    claims: Claims,
    title: str,
    source_id: str,
    found: Sequence[Candidate],
    settings: StorySettings,
    alike: Alike,
) -> Repeated:
    """The earliest stored report that this text repeats, or that repeats it; else the one of which it
    repeats most under other news.

    ``alike`` tells how much another article speaks of the same event (0–1): asked when one is much longer.
    """
    if text.words < settings.copy_words:
        return Repeated()
    furniture = boilerplate(text, source_id=source_id, found=found, settings=settings)
    kept = [each for item in found if (each := _kept(text, item, furniture)) is not None]
    held = {each.of.story_id for each in kept if each.of.print.words * MUCH_LONGER < text.words
            and each.share >= settings.copy_share}  # fmt: skip
    if len(held) >= GATHERS:
        return Repeated(gathers=True)
    same_text = [
        each
        for each in kept
        if _is_same_text(each, text, settings, alike, own=_other_page(each, title, source_id))
    ]
    apart = {each.of.number: _set_apart(claims, text, each.of) for each in same_text}
    copies = [each for each in same_text if apart[each.of.number] is None]
    first = min(copies, key=lambda each: (each.of.seen_at, each.of.number), default=None)
    if first is not None:
        return Repeated(copy=first)
    # Here furniture counts: a frame that many notes share is what makes them look like one event.
    framed = (each for item in found if (each := _kept(text, item, frozenset())) is not None)
    others = frozenset(
        each.of.number
        for each in framed
        if each.share >= settings.copy_share and _another_event(claims, each.of)
    )
    if not same_text:
        return Repeated(other_events=others)
    most = max(same_text, key=lambda each: (each.share, -each.of.number))
    return Repeated(background=most, claims=apart[most.of.number] or (), other_events=others)


def _set_apart(claims: Claims, text: Print, item: Candidate) -> tuple[str, ...] | None:
    """The claims that the stored article does not make; None when both tell the same news."""
    stored = frozenset(term_hashes(item.profile).tolist())
    lead_missing = _missing(claims.lead_facts, stored)
    headline_missing = _missing(claims.headline_facts, stored)
    numbers_missing = tuple(key for key in headline_missing if key.startswith("n:"))
    repeated, words = _share(claims.lead, item.print), claims.headline_words
    covered = sum(term_hash(key) in stored for key in words) / len(words) if words else 1.0
    # *Not sold*, *postpones*, *dies*: no name and no number is new, but a word of the headline is, and the
    # first sentence was written anew. A reprint that only has another headline begins as its original does.
    written_anew = covered < 1.0 and repeated < 1.0
    if repeated >= LEAD_REPEATED and not lead_missing and not numbers_missing and not written_anew:
        return None
    framed = _share(item.lead, text) >= LEAD_HELD and covered >= HEADLINE_COVERED
    if framed and not numbers_missing and not _missing(claims.subjects, stored):
        return None
    return tuple(dict.fromkeys((*headline_missing, *lead_missing)))


def _another_event(claims: Claims, item: Candidate) -> bool:
    """Whether two texts of one frame are about different people, places or moments.

    Told by their headlines; where those name nobody, by whether the first sentences have numbers and names
    in common.
    """
    mine, theirs = claims.subjects, headline_subjects(item.title, item.language)
    if mine and theirs:
        known = {key for keys in theirs for key in keys}
        return not any(key in known for keys in mine for key in keys)
    stored = frozenset(term_hashes(item.profile).tolist())
    numbers = tuple(keys for keys in claims.lead_facts if any(key[0] == "n" for key in keys))
    facts = numbers or claims.lead_facts
    return bool(facts) and len(_missing(facts, stored)) * 2 >= len(facts)


def _missing(facts: Collection[tuple[str, ...]], stored: Collection[int]) -> tuple[str, ...]:
    return tuple(keys[0] for keys in facts if not any(term_hash(key) in stored for key in keys))


def _share(lead: bytes, text: Print) -> float:
    """How much of a first sentence stands in a text, 0–1."""
    names = names_of(lead)
    return len(names & sampled(text)) / len(names) if names else 0.0


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


def _is_same_text(each: Kept, text: Print, settings: StorySettings, alike: Alike, *, own: bool) -> bool:
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
