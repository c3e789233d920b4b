"""Which of the titles that a page states is its headline.

A page states it up to six times (JSON-LD, Open Graph, the heading, the window's title …), and each of
these is wrong somewhere: a generic social title, a headline cut at 110 characters, a logo in the heading.
So they vote: the title that most of the trusted places agree on wins, without the outlet's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SEPARATOR: Final = re.compile(r"\s(?:[|—–\-:·•»]|::|\|\|)\s|\s?\|\s?")
_BAR: Final = re.compile(r"[|·•»]|::")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_CUT_MARK: Final = re.compile(r"(?:(?<!\s)\s++)?(?:…|\.\.\.)$")
MIN_LETTERS: Final = 8
OUTLET_WORDS: Final = 4
HEADLINE_WORDS: Final = 3
CUT_LETTERS: Final = 30
MAX_SEGMENTS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTitle:
    """A title and the trust in the place where it was found; ``window``: the outlet's name is usual in it."""

    text: str
    trust: float
    window: bool = False


def letters(text: str) -> str:
    """The case-folded letters and digits of a text: what two spellings of one title share."""
    return _NOT_LETTERS.sub("", text).casefold()


def best_headline(stated: list[StatedTitle], outlet: frozenset[str], witness: str = "") -> str:
    """The headline among the stated titles, most trusted first; "" when there are none.

    ``outlet``: ``letters`` of the outlet's names; ``witness``: a title from elsewhere (the feed's) that
    counts for those equal to it.
    """
    plain = [title for title in stated if letters(title.text)]
    others = {letters(title.text) for title in plain if not title.window}
    bare = [(_without_outlet(title, outlet, others), title.trust) for title in plain]
    named = [(text, trust) for text, trust in bare if letters(text) not in outlet] or bare
    if not named:
        return ""
    support = {text: sum(trust for other, trust in named if _agree(text, other)) for text, _ in named}
    if witness:
        for text in support:
            support[text] += 0.7 * _agree(text, witness)
    best = max(support, key=lambda text: support[text])
    return _uncut(best, [text for text, _ in named])


def _agree(one: str, other: str) -> bool:
    """Equal but for the spelling, or one cut short."""
    a, b = letters(_CUT_MARK.sub("", one)), letters(_CUT_MARK.sub("", other))
    return a == b or _is_cut(one, a, other, b) or _is_cut(other, b, one, a)


def _is_cut(short: str, a: str, long: str, b: str) -> bool:
    """Whether a title is the beginning of a longer one that was cut off, not a shorter title of its own."""
    if len(a) >= len(b) or not b.startswith(a):
        return False
    if _CUT_MARK.search(short):
        return True
    rest = long[len(short) : len(short) + 1]
    return len(a) >= CUT_LETTERS and long.startswith(short) and rest.isalnum()


def _uncut(best: str, titles: list[str]) -> str:
    longer = [text for text in titles if _is_cut(best, letters(_CUT_MARK.sub("", best)), text, letters(text))]
    whole = [text for text in longer if not _CUT_MARK.search(text)]
    return max(whole or longer, key=len, default=best)


def _without_outlet(title: StatedTitle, outlet: frozenset[str], others: set[str]) -> str:
    """``Outlet | Headline | Section | Outlet`` → ``Headline``, where the outlet's name, another title of
    the page or, for the window's, the usual form say so."""
    text = title.text
    cuts = list(_cuts(text))
    for start, end in cuts:
        head, tail = text[:start], text[end:]
        if letters(head) and letters(head) in others and letters(head) not in outlet:
            return head
        if letters(tail) and letters(tail) in others and _is_outlet(head, outlet):
            return tail
    for start, end in cuts:
        if letters(text[end:]) in outlet and letters(text[:start]):
            text = text[:start]
            break
    for _, end in cuts:
        if end < len(text) and letters(text[:end]) in outlet and letters(text[end:]):
            return text[end:]
    name, colon, rest = text.partition(": ")
    if colon and letters(name) in outlet and len(rest.split()) >= HEADLINE_WORDS:
        return rest.lstrip()
    return _window_headline(text, outlet) if title.window else text


def _window_headline(text: str, outlet: frozenset[str]) -> str:
    """A window's title without what stands behind its last bar, or behind a dash if it is like a name of
    the outlet."""
    for start, end in reversed(list(_cuts(text))):
        head, tail = text[:start], text[end:]
        is_short = len(tail.split()) <= OUTLET_WORDS and len(head.split()) >= HEADLINE_WORDS
        if is_short and (_BAR.search(text[start:end]) or _is_outlet(tail, outlet)):
            text = head
    return text


def _is_outlet(text: str, outlet: frozenset[str]) -> bool:
    """Whether a piece of a title is a form of the outlet's name: it holds one or stands in one."""
    found = letters(text)
    if not found or len(text.split()) > OUTLET_WORDS:
        return False
    return any(
        len(min(found, name, key=len)) > HEADLINE_WORDS and (found in name or name in found)
        for name in outlet
    )


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    for count, found in enumerate(_SEPARATOR.finditer(text)):
        if count == MAX_SEGMENTS:
            return
        yield found.start(), found.end()
