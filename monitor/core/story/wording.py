"""Exact comparison of a few words with a whole text: whether they stand there as they are.

Two texts may be nearly all the same and tell the opposite: *was released*, *was not released*. So words are
compared by runs of three, within each sentence, and none may be missing. A dateline, a byline and a credit
are put before and behind the same report by everybody, and do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Final

from monitor.core.story.pairs.rarity import is_stop_word
from monitor.core.story.syndication import CREDIT_CHARS, origin_marks, without_origin
from monitor.core.text.fingerprint import words_of

RUN: Final = 3
"""Words: an added, changed or left out one breaks at least one run of so many."""
LONGEST_BYLINE: Final = 8
MOST_COMPARED: Final = 30_000
"""Characters of a text that are looked through: what stands below counts as not said."""
# It begins with a character: to look behind at every place of a text takes four times as long.
_SENTENCE_END: Final = re.compile(r"""[.!?…\n](?:(?<=\n)\n*|(?<!\n)[»”"')\]]*\s+)""")

_Run = tuple[str, ...]


def missing_words(opening: str, text: str, language: str | None) -> tuple[str, ...]:
    """The words of an opening that ``text`` does not hold in this order; none where it stands there whole.

    Where words were left out, those beside the gap.
    """
    known = _known_of(text)
    missing = _missing(opening, known, language)
    bare = without_origin(opening) if missing else opening
    return () if bare != opening and not _missing(bare, known, language) else missing


def stands_whole(sentence: SentenceWords, text: str, language: str | None, *, title: str = "") -> bool:
    """Whether ``text`` under ``title`` holds a sentence whole: ``missing_words`` of it are none.

    Most are told by one word that the text does not have, so whole texts may be asked for.
    """
    known, words = _known_of(text, title), sentence.words
    if known.hold(words):
        return True
    # Behind the longest byline, or behind all but one run: when that is not known, no byline explains it.
    if known.vocabulary.issuperset(words[min(LONGEST_BYLINE, len(words) - RUN) :]):
        start = _byline(sentence.text, words, known, language)
        if start and known.hold(words[start:]):
            return True
    if not sentence.may_credit:
        return False
    bare = without_origin(sentence.text)
    return bare != sentence.text and not _missing(bare, known, language)


def stands_in(words: Sequence[str], text: str) -> bool:
    """Whether each of the folded words occurs somewhere in the text."""
    return _known_of(text).words.issuperset(words)


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """A sentence or line of a text, with its folded words. ``may_credit``: it may name an origin."""

    text: str
    words: tuple[str, ...]
    may_credit: bool = True


@lru_cache(maxsize=16)
def sentences_of(text: str) -> tuple[SentenceWords, ...]:
    """The sentences and lines of a text, each with its words."""
    # An article is compared with some candidates in turn, and a candidate with the articles that follow.
    marks = origin_marks(text)
    return tuple(
        SentenceWords(part, tuple(words_of(part)), any(map(part.__contains__, marks)))
        for part in sentences(text)
    )


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text; an abbreviation may end one too early."""
    found, start = [], 0
    for end in _SENTENCE_END.finditer(text):
        at = end.start()
        found.append(text[start : at if text[at] == "\n" else at + 1])
        start = end.end()
    return [part for part in (*found, text[start:]) if part.strip()]


@dataclass(frozen=True)
class _Known:
    """The words of a text, and with those of its ends without credits its ``vocabulary``.

    ``joined`` has them in order, a space around each: what stands there word for word is looked up as it is
    written. Most else has a word that the text does not have, so the runs of three are seldom needed.
    """

    words: frozenset[str]
    vocabulary: frozenset[str]
    joined: str

    @cached_property
    def runs(self) -> frozenset[_Run]:
        """Every run of three words."""
        lines = map(str.split, self.joined.split("\n"))
        return frozenset(chain.from_iterable(zip(line, line[1:], line[2:], strict=False) for line in lines))

    def has(self, run: _Run) -> bool:
        """Whether a run of one to three words stands in the text."""
        if len(run) == RUN:
            return run in self.runs
        return run[0] in self.words if len(run) == 1 else f" {run[0]} {run[1]} " in self.joined

    def hold(self, words: Sequence[str]) -> bool:
        """Whether every run of these words is known."""
        if len(words) < RUN:
            return not words or self.has((*words,))
        if not self.vocabulary.issuperset(words):
            return False
        return f" {' '.join(words)} " in self.joined or self.runs.issuperset(
            zip(words, words[1:], words[2:], strict=False)
        )


def _missing(opening: str, known: _Known, language: str | None) -> tuple[str, ...]:
    found: list[str] = []
    for at, sentence in enumerate(sentences(opening)):
        words = tuple(words_of(sentence))
        left_out = _unknown(words, known)
        if left_out and not at:
            start = _byline(sentence, words, known, language)
            left_out = _unknown(words[start:], known) if start else left_out
        found += left_out
    return tuple(dict.fromkeys(found))


def _unknown(words: Sequence[str], known: _Known) -> list[str]:
    """Those words that are in no known run; where all are, those of the unknown runs."""
    if known.hold(words):
        return []
    size = min(RUN, len(words))
    runs = [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]
    strange = [not known.has(run) for run in runs]
    held = {at + step for at, odd in enumerate(strange) if not odd for step in range(size)}
    single = [word for at, word in enumerate(words) if at not in held]
    return single or [word for run, odd in zip(runs, strange, strict=True) if odd for word in run[:2]]


def _byline(sentence: str, words: tuple[str, ...], known: _Known, language: str | None) -> int:
    """How many words before the first known run are a place, a name or a date and nothing else."""
    most = LONGEST_BYLINE
    starts = zip(words[1 : most + 1], words[2 : most + 2], words[3 : most + 3], strict=False)
    first = next((at for at, run in enumerate(starts, start=1) if run in known.runs), 0)
    if not first:
        return 0
    before = islice(_cased(sentence), first)
    return first if all(capital and not is_stop_word(word, language) for word, capital in before) else 0


def _cased(sentence: str) -> Iterator[tuple[str, bool]]:
    """Folded words, each with whether it is written with a capital or a digit."""
    for piece in sentence.split():
        first = next((char for char in piece if char.isalnum()), "")
        for word in words_of(piece):
            yield word, first.isupper() or first.isdigit()


@lru_cache(maxsize=16)
def _known_of(text: str, title: str = "") -> _Known:
    """What can be looked up in a text under a title, and in its beginning and end without credits."""
    whole = f"{title}\n{text}" if title else text
    if len(whole) > MOST_COMPARED:
        words = words_of(whole[:MOST_COMPARED])
    else:
        words = words_of(title)
        words.extend(chain.from_iterable(each.words for each in sentences_of(text)))
    lines = [words]
    for part in (whole[:CREDIT_CHARS], whole[-CREDIT_CHARS:]):
        bare = without_origin(part)
        if bare != part:
            lines.append(words_of(bare))
    own = frozenset(words)
    return _Known(
        words=own,
        # A part may end in the middle of a word.
        vocabulary=own.union(*lines[1:]) if len(lines) > 1 else own,
        joined="\n".join(f" {' '.join(line)} " for line in lines),
    )
