"""Whether an article repeats a stored report: the same text, in which the same news is told.

Not by likeness of the whole: a report that was cut, or that stands inside a longer piece, is a copy too.
What an outlet puts around every text does not count, and a page that gathers many stories is nobody's copy.
And the same text is not always the same report: notes of one template differ in a name and a number, and a
new event is told above paragraphs of the last one. So a copy must begin as the stored text does, or hold its
beginning under a headline that claims nothing else (``core.story.claims``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.core.story.claims import opening_of, telling_keys
from monitor.core.story.frames import another_event
from monitor.core.story.pairs.features import term_hash, term_hashes
from monitor.core.story.pairs.rarity import is_stop_word, share_of
from monitor.core.story.roundup import COMMON, has_other_subjects
from monitor.core.story.terms import number_of, tokens_of
from monitor.core.story.winnowing import containment, names_of, sampled
from monitor.core.story.wording import MOST_COMPARED, missing_words, sentences, stands_in
from monitor.core.text.fingerprint import words_of
from monitor.model import Article, Candidate, Claims, Print, StorySettings

FEWEST_SAMPLES: Final = 10
"""Sampled shingles, furniture left out, under which nothing is said of a text."""
MUCH_LONGER: Final = 2.0
"""A text so many times longer than what it holds must also speak of the same things."""
GATHERS: Final = 2
"""A text that holds so many stories is a gathering of them."""
MOST_ADDED: Final = 2.5
"""A text so many times longer than the stored one tells more than it, whatever it is."""
TOLD_SOON: Final = 60
"""Words in which a text tells what its headline is about, unless it is an old one with a line put in."""
HEADLINE_SUMMED: Final = 1 / 3
"""Of a headline's telling words, that such a line has."""
MOST_ON_TOP: Final = 1_000
"""Characters in which what was put on top of an old text ends."""
FEWEST_ON_TOP: Final = 5
FEWEST_NEW: Final = 2
KNOWN_RUN: Final = 6
"""Words of a sentence that tells something, of those new ones in it, and of a piece of the old text."""
_STOPS: Final = (".", "!", "?", "…", ".”", ".»", '."', ".)")
FEWEST_ROUNDED: Final = 100
MOST_COUNTED: Final = 1e15
ROUNDED_BY: Final = 0.1
LEAD_HELD: Final = 0.95

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
    article: Article,
    claims: Claims,
    found: Sequence[Candidate],
    settings: StorySettings,
    alike: Alike,
) -> Repeated:
    """The earliest stored report that this text repeats, or that repeats it; else the one of which it
    repeats most under other news.

    ``text`` and ``claims`` are those of ``article``. ``alike`` tells how much another article speaks of the
    same event (0–1): asked when one is much longer.
    """
    if text.words < settings.copy_words:
        return Repeated()
    furniture = boilerplate(text, source_id=article.source_id, found=found, settings=settings)
    kept = [each for item in found if (each := _kept(text, item, furniture)) is not None]
    held = {each.of.story_id for each in kept if each.of.print.words * MUCH_LONGER < text.words
            and each.share >= settings.copy_share}  # fmt: skip
    if len(held) >= GATHERS:
        return Repeated(gathers=True)
    beside = frozenset(
        each.of.number
        for each in kept
        if each.share >= settings.copy_share
        and has_other_subjects(article, each.of, shared_words=each.share * _shorter(text, each.of))
    )
    same_text = [
        each for each in kept if each.of.number not in beside and _is_same_text(each, text, settings, alike)
    ]
    apart = {each.of.number: _set_apart(article, claims, text, each.of, found=found) for each in same_text}
    copies = [
        each
        for each in same_text
        if apart[each.of.number] is None
        and (not _other_page(each, article) or _is_nearly_all(each, text, settings))
    ]
    first = min(copies, key=lambda each: (each.of.seen_at, each.of.number), default=None)
    if first is not None:
        return Repeated(copy=first)
    # Here furniture counts: a frame that many notes share is what makes them look like one event.
    framed = (each for item in found if (each := _kept(text, item, frozenset())) is not None)
    others = beside | {
        each.of.number
        for each in framed
        if each.share >= settings.copy_share and another_event(article, claims, each.of)
    }
    above = [each for each in same_text if apart[each.of.number] is not None]
    if not above:
        return Repeated(other_events=others)
    most = max(above, key=lambda each: (each.share, -each.of.number))
    return Repeated(background=most, claims=apart[most.of.number] or (), other_events=others)


def _set_apart(
    article: Article, claims: Claims, text: Print, item: Candidate, *, found: Sequence[Candidate]
) -> tuple[str, ...] | None:
    """What the stored article does not say; None when both tell the same news."""
    stored = frozenset(term_hashes(item.profile).tolist())
    headline_missing = _missing(claims.headline_facts, stored)
    numbers_missing = tuple(
        key for key in headline_missing if key.startswith("n:") and not _is_rounded(key, article, item)
    )
    lead_missing = _missing(claims.lead_facts, stored)
    turned = _turned(article, claims, item) if item.text else ()
    begins = not turned if item.text else _repeats_lead(claims, item) and not lead_missing
    added = (*_told_below(article, item), *_told_above(article, item, found)) if item.text else ()
    if text.words <= MOST_ADDED * item.print.words and not numbers_missing and not added:
        if begins:
            return None
        covered = all(term_hash(key) in stored for key in claims.headline_words)
        if covered and not _missing(claims.subjects, stored) and _holds_beginning(article, text, item):
            return None
    return tuple(dict.fromkeys((*headline_missing, *lead_missing, *added, *turned)))


def _is_rounded(key: str, article: Article, item: Candidate) -> bool:
    """Whether a headline's number stands for one that both texts have: *more than 400* above 412 coins.

    From a hundred on only: below it a count that has risen is as near.
    """
    value = _value(key)
    if value < FEWEST_ROUNDED or value % 10 ** (len(str(int(value))) - 2):
        return False
    own = _values_in(article.text)
    return value not in own and any(
        abs(each - value) <= ROUNDED_BY * value for each in own & _values_in(item.text)
    )


def _values_in(text: str) -> frozenset[float]:
    words = (word for word, _, _ in tokens_of(text[:MOST_COMPARED]))
    return frozenset(_value(f"n:{number_of(word)}") for word in words if word[0].isdigit())


def _value(key: str) -> float:
    """A number's value; 0 for a time of the day, a number of several parts, and what nobody counts."""
    try:
        value = float(key.removeprefix("n:"))
    except ValueError:
        return 0.0
    return value if value < MOST_COUNTED else 0.0


def _repeats_lead(claims: Claims, item: Candidate) -> bool:
    """The same from the sketch alone, which samples every other shingle."""
    return not claims.lead or _share(claims.lead, item.print) == 1.0


def _turned(article: Article, claims: Claims, item: Candidate) -> tuple[str, ...]:
    """Words of the first sentences that do not stand in the stored text as they are."""
    missing = missing_words(claims.opening, item.text, article.language)
    return tuple(f"w:{article.language or ''}:{word}" for word in missing)


def _told_below(article: Article, item: Candidate) -> tuple[str, ...]:
    """Words of the headline that the stored article has nowhere, and the text repeats: soon, or in a sentence
    of its own (*Update: the captain was found dead*). A reprint under a headline of its own has only what the
    original has to say."""
    language = article.language
    known = _known_keys(item, language)
    strange = tuple(key for key in telling_keys(article.title, language) if key not in known)
    if not strange:
        return ()
    soon = " ".join(article.text.split(None, TOLD_SOON)[:TOLD_SOON])
    said = frozenset(telling_keys(soon, language)).union(*_about_headline(article, item))
    return tuple(key for key in strange if key in said)


def _about_headline(article: Article, item: Candidate) -> Iterator[frozenset[str]]:
    """The telling words of those sentences that the stored article does not have and the headline sums up."""
    language = article.language
    headline = frozenset(telling_keys(article.title, language))
    for part in sentences(article.text[:MOST_COMPARED]):
        said = frozenset(telling_keys(part, language))
        if len(said & headline) >= HEADLINE_SUMMED * len(headline) and missing_words(
            part, item.text, language
        ):
            yield said


def _told_above(article: Article, item: Candidate, found: Sequence[Candidate]) -> tuple[str, ...]:
    """What a sentence put on top of the stored text brings: one that speaks of what the text tells, and says
    more (*UPDATE: the captain of the ferry was found dead*). What an outlet puts there speaks of itself or
    stands in another stored article (a teaser)."""
    language = article.language
    on_top = tuple(_on_top(article, item))
    if not on_top:
        return ()
    known = _known_keys(item, language)
    added: list[str] = []
    for part in on_top:
        keys = [key for key in telling_keys(part, language) if share_of(key) < COMMON]
        new = [key for key in keys if key not in known]
        if FEWEST_NEW <= len(new) < len(keys):
            added += new
    if added:
        elsewhere = frozenset[str]().union(*(_known_keys(each, language) for each in found))
        added = [key for key in added if key not in elsewhere]
    return tuple(added) if len(added) >= FEWEST_NEW else ()


def _on_top(article: Article, item: Candidate) -> Iterator[str]:
    """The whole sentences of a text before the stored one begins in it."""
    begins = words_of(item.text[:MOST_ON_TOP])[:KNOWN_RUN]
    for part in sentences(article.text[:MOST_ON_TOP]):
        strange, words = missing_words(part, item.text, article.language), words_of(part)
        if len(words) - len(strange) >= KNOWN_RUN or _ends_with(words, begins):
            return
        if len(words) >= FEWEST_ON_TOP and part.rstrip().endswith(_STOPS):
            yield part


def _ends_with(words: Sequence[str], begins: Sequence[str]) -> bool:
    return any(words[-size:] == begins[:size] for size in range(1, len(begins) + 1))


def _known_keys(item: Candidate, language: str | None) -> frozenset[str]:
    return frozenset(telling_keys(f"{item.title}\n{item.text[:MOST_COMPARED]}", language))


def _holds_beginning(article: Article, text: Print, item: Candidate) -> bool:
    """Whether the stored text begins somewhere in this one, under a headline that says nothing else."""
    if not item.text:
        return _share(item.lead, text) >= LEAD_HELD
    beginning = opening_of(item.text, item.language)
    small_words = (word for word in words_of(article.title) if is_stop_word(word, article.language))
    return stands_in((*small_words,), f"{item.title}\n{beginning}") and not missing_words(
        beginning, article.text, item.language
    )


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


def _is_same_text(each: Kept, text: Print, settings: StorySettings, alike: Alike) -> bool:
    item = each.of
    if item.print.words < settings.copy_words or each.share < settings.copy_share:
        return False
    return _ratio(text, item) <= MUCH_LONGER or alike(item) >= settings.follow


def _is_nearly_all(each: Kept, text: Print, settings: StorySettings) -> bool:
    """An outlet's own pages share what it always says; its second report is no copy of its first."""
    needed = settings.own_copy_share
    return each.share >= needed and _ratio(text, each.of) <= 1 / needed


def _other_page(each: Kept, article: Article) -> bool:
    return each.of.source_id == article.source_id and words_of(article.title) != words_of(each.of.title)


def _shorter(text: Print, item: Candidate) -> int:
    return min(text.words, item.print.words)


def _ratio(text: Print, item: Candidate) -> float:
    longer, shorter = max(text.words, item.print.words), min(text.words, item.print.words)
    return longer / max(shorter, 1)
