"""Exact comparison of a few words with a whole text: whether they stand there as they are.

Two texts may be nearly all the same and tell the opposite: *was released*, *was not released*. So words are
compared by runs of three, within each sentence, and none may be missing. A dateline, a byline and a credit
are put before and behind the same report by everybody, and do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from monitor.core.story.pairs.rarity import is_stop_word
from monitor.core.story.syndication import CREDIT_CHARS, without_origin
from monitor.core.text.fingerprint import words_of

RUN: Final = 3
"""Words: an added, changed or left out one breaks at least one run of so many."""
LONGEST_BYLINE: Final = 8
MOST_COMPARED: Final = 30_000
"""Characters of a text that are looked through: what stands below counts as not said."""
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[»”\"')\]]*\s+|\n+")

_Run = tuple[str, ...]


def missing_words(opening: str, text: str, language: str | None) -> tuple[str, ...]:
    """The words of an opening that ``text`` does not hold in this order; none where it stands there whole.

    Where words were left out, those beside the gap.
    """
    known = _runs_of(text)
    missing = _missing(opening, known, language)
    bare = without_origin(opening) if missing else opening
    return () if bare != opening and not _missing(bare, known, language) else missing


def stands_in(words: Sequence[str], text: str) -> bool:
    """Whether each of the folded words occurs somewhere in the text."""
    known = _runs_of(text)
    return all((word,) in known for word in words)


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text; an abbreviation may end one too early."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def _missing(opening: str, known: frozenset[_Run], language: str | None) -> tuple[str, ...]:
    found: list[str] = []
    for at, sentence in enumerate(sentences(opening)):
        words = list(_cased(sentence))
        left_out = _unknown([word for word, _ in words], known)
        if left_out and not at:
            start = _byline(words, known, language)
            left_out = _unknown([word for word, _ in words[start:]], known) if start else left_out
        found += left_out
    return tuple(dict.fromkeys(found))


def _unknown(words: Sequence[str], known: frozenset[_Run]) -> list[str]:
    """Those words that are in no known run; where all are, those of the unknown runs."""
    size = min(RUN, len(words))
    runs = [tuple(words[at : at + size]) for at in range(len(words) - size + 1)] if size else []
    strange = [run not in known for run in runs]
    if not any(strange):
        return []
    held = {at + step for at, odd in enumerate(strange) if not odd for step in range(size)}
    single = [word for at, word in enumerate(words) if at not in held]
    return single or [word for run, odd in zip(runs, strange, strict=True) if odd for word in run[:2]]


def _byline(words: Sequence[tuple[str, bool]], known: frozenset[_Run], language: str | None) -> int:
    """How many words before the first known run are a place, a name or a date and nothing else."""
    folded = [word for word, _ in words]
    starts = range(1, min(LONGEST_BYLINE, len(words) - RUN) + 1)
    first = next((at for at in starts if tuple(folded[at : at + RUN]) in known), 0)
    return (
        first if all(capital and not is_stop_word(word, language) for word, capital in words[:first]) else 0
    )


def _cased(sentence: str) -> Iterator[tuple[str, bool]]:
    """Folded words, each with whether it is written with a capital or a digit."""
    for piece in sentence.split():
        first = next((char for char in piece if char.isalnum()), "")
        for word in words_of(piece):
            yield word, first.isupper() or first.isdigit()


@lru_cache(maxsize=16)
def _runs_of(text: str) -> frozenset[_Run]:
    """All runs of one to three words of a text, and of its beginning and end without credits."""
    words = words_of(text[:MOST_COMPARED])
    runs: set[_Run] = {(word,) for word in words}
    runs.update(pairwise(words))
    runs.update(zip(words, words[1:], words[2:], strict=False))
    for part in (text[:CREDIT_CHARS], text[-CREDIT_CHARS:]):
        bare = without_origin(part)
        if bare != part:
            words = words_of(bare)
            runs.update(pairwise(words))
            runs.update(zip(words, words[1:], words[2:], strict=False))
    return frozenset(runs)
