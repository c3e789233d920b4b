"""Whether one of two articles gathers several stories, as digests and briefings do, the other's among them.

Told by the words: a piece of the one stands in the other, whose rest speaks of other things, under a headline
that is not about that piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from monitor.core.story.claims import is_calendar_word, telling_set
from monitor.core.story.pairs.rarity import share_of
from monitor.core.story.terms import tokens_of
from monitor.core.story.wording import MOST_COMPARED, sentences_of, stands_whole
from monitor.model import Article, Candidate

CLEARLY_LONGER: Final = 1.5
"""Than what it shares with the other text: then the rest may be about something else."""
HEADLINE_SHARED: Final = 0.2
HEADLINE_APART: Final = 0.6
HEADLINE_ELSEWHERE: Final = 0.2
BESIDE_SHARED: Final = 0.15
"""Of its headline's telling words, or of the shorter text's in what stands beside it, a report shares so
many; nine of ten that were cut after their first 30 words, and one of twenty pairs of two events. A headline
of which more is in the piece is about it; one of which some is in the piece and some only in the rest names
both (docs/stories.md)."""
COMMON: Final = 0.1
"""Share of articles from which on a word says nothing of what a text is about."""
SHORTEST_PIECE: Final = 8
"""Words of a sentence that is known again."""

_Side = tuple[str, str, str | None]


def has_other_subjects(article: Article, item: Candidate, *, shared_words: float) -> bool:
    """Whether the longer one of two texts that share so many words gathers more than what the other tells."""
    mine, theirs = _side(article), _side(item)
    long, short = (mine, theirs) if _count(mine) > _count(theirs) else (theirs, mine)
    return _gathers(long, short, shared_words)


def gathers_a_piece(article: Article, item: Candidate) -> bool:
    """Whether one of two articles holds whole sentences of the other one and gathers more than it tells."""
    mine, theirs = _side(article), _side(item)
    shared = max(_shared_words(mine, theirs), _shared_words(theirs, mine))
    return bool(shared) and (_gathers(mine, theirs, shared) or _gathers(theirs, mine, shared))


def _gathers(whole: _Side, part: _Side, shared_words: float) -> bool:
    if not part[1] or not whole[1] or _count(whole) < CLEARLY_LONGER * shared_words:
        return False
    headline = _rarer_keys(_without_days(whole[0], whole[2]), whole[2])
    told = _told_in(f"{part[0]}\n{part[1]}", part[2])
    if not (whole[0] and told) or len(headline & told) > HEADLINE_APART * len(headline):
        return False
    beside = _rarer_keys("\n".join(_not_in(whole, part)), whole[2])
    if len(headline & told) >= max(HEADLINE_SHARED * len(headline), 1):
        # A headline may name this report beside others (*Oil, the new governor, the ferry*).
        elsewhere = (headline - told) & beside
        if len(elsewhere) < max(HEADLINE_ELSEWHERE * len(headline), 1):
            return False
    return len(told & beside) < BESIDE_SHARED * len(told)


def _rarer_keys(part: str, language: str | None) -> frozenset[str]:
    """The telling words, but for those that anything may have (*main*, *day*)."""
    return frozenset(key for key in telling_set(part, language) if share_of(key) < COMMON)


@lru_cache(maxsize=16)
def _told_in(text: str, language: str | None) -> frozenset[str]:
    """The same of a whole article, which is compared with several."""
    return _rarer_keys(text, language)


def _without_days(title: str, language: str | None) -> str:
    """A headline without days and months: a round-up's day is that of all that it gathers."""
    return " ".join(word for word, _, _ in tokens_of(title) if not is_calendar_word(word, language))


def _not_in(whole: _Side, part: _Side) -> Iterator[str]:
    title, text, _ = part
    pieces = sentences_of(whole[1])
    return (each.text for each in pieces if not stands_whole(each, text, whole[2], title=title))


def _shared_words(one: _Side, other: _Side) -> int:
    """Words of those sentences of one text that stand in the other one."""
    long_ones = (each for each in sentences_of(one[1]) if len(each.words) >= SHORTEST_PIECE)
    return sum(len(each.words) for each in long_ones if stands_whole(each, other[1], one[2]))


def _side(each: Article | Candidate) -> _Side:
    return each.title, each.text[:MOST_COMPARED], each.language


def _count(side: _Side) -> int:
    return sum(len(each.words) for each in sentences_of(side[1]))
