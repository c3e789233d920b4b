"""Difference of two wordings, word by word: what went is struck out, what came is bold, few words around.

A reader who is told that a sentence changed looks for the word that did; the whole sentence twice hides it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from typing import Final, Literal

from monitor.core.message.alert import cut
from monitor.core.text.clean import utf16_length

CONTEXT: Final = 6
"""Words that stay at each side of a change."""
ALIKE: Final = 0.4
"""Wordings that share less of their words are two sentences: one after the other is easier to read."""
MOST_TOKENS: Final = 600
"""Of each wording; comparing takes the square of this at worst."""

LEAST_UNITS: Final = 4
"""Less room than this holds no word."""

_TOKEN: Final = re.compile(r"\w+(?:[.,:'’ʼ‑-]\w+)*|[^\w\s]")

Kind = Literal["same", "old", "new", "left out"]


@dataclass(frozen=True, slots=True)
class WordRun:
    """A run of words; ``lead`` is the white space before it."""

    kind: Kind
    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    lead: str


ELLIPSIS: Final = _Token(text="…", lead="")
"""At the end of a wording that was cut."""


def word_changes(before: str, after: str) -> tuple[WordRun, ...]:
    """The pieces of one text that shows both wordings; those too different are two pieces, old and new."""
    old, new = _tokens(before), _tokens(after)
    cut_short = any(tokens[-1:] == [ELLIPSIS] for tokens in (old, new))
    old, new = (tokens[:-1] if tokens[-1:] == [ELLIPSIS] else tokens for tokens in (old, new))
    compared = SequenceMatcher(
        None, [token.text for token in old], [token.text for token in new], autojunk=False
    )
    if not old or not new or compared.ratio() < ALIKE:
        whole = (("old", " ".join(before.split())), ("new", " ".join(after.split())))
        return tuple(WordRun(kind=kind, text=text) for kind, text in whole if text)  # type: ignore[arg-type]
    pieces: list[WordRun] = []
    steps = _joined(compared.get_opcodes(), old)
    if cut_short and len(steps) > 1 and steps[-1][0] != "equal":
        steps = steps[:-1]  # what follows was cut off, so nobody knows that it changed
    for number, (verdict, start, end, low, high) in enumerate(steps):
        if verdict == "equal":
            last = number == len(steps) - 1
            pieces += _around(new[low:high], first=number == 0, last=last)
            continue
        pieces += _piece("old", old[start:end])
        pieces += _piece("new", new[low:high])
    if cut_short and pieces[-1].kind != "left out":
        pieces.append(WordRun(kind="left out", text="…"))
    return tuple(pieces)


def changes_html(pieces: Sequence[WordRun], units: int) -> str:
    """The pieces in Telegram's HTML, cut to so many UTF-16 units before they are tagged."""
    tags = {"old": "s", "new": "b"}
    parts = []
    for piece, glue in _fitting(pieces, units):
        text = escape(piece.text, quote=False)
        tag = tags.get(piece.kind)
        parts.append(f"{glue}<{tag}>{text}</{tag}>" if tag else f"{glue}{text}")
    return "".join(parts)


def changes_plain(pieces: Sequence[WordRun], units: int) -> str:
    """The pieces without tags: ``rose to [5 → 6]``; what only went is ``[− …]``, what only came ``[+ …]``."""
    parts: list[str] = []
    shown = list(_fitting(pieces, units))
    for at, (piece, glue) in enumerate(shown):
        before = shown[at - 1][0].kind if at else "same"
        after = shown[at + 1][0].kind if at + 1 < len(shown) else "same"
        if piece.kind == "old":
            parts.append(f"{glue}[{piece.text}" if after == "new" else f"{glue}[− {piece.text}]")
        elif piece.kind == "new":
            parts.append(f" → {piece.text}]" if before == "old" else f"{glue}[+ {piece.text}]")
        else:
            parts.append(f"{glue}{piece.text}")
    return "".join(parts)


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    for match in _TOKEN.finditer(text):
        lead = " " if match.start() > at else ""
        found.append(_Token(text=match[0], lead=lead))
        at = match.end()
        if len(found) == MOST_TOKENS:
            return [*found, ELLIPSIS]
    return found


Step = tuple[str, int, int, int, int]


def _joined(steps: Sequence[Step], old: Sequence[_Token]) -> list[Step]:
    """The steps, without a single word that stayed between two changes: confetti is hard to read."""
    kept: list[Step] = []
    for number, step in enumerate(steps):
        verdict, start, end, low, high = step
        between = 0 < number < len(steps) - 1
        words = sum(token.text[:1].isalnum() for token in old[start:end])
        if verdict == "equal" and between and words <= 1 and end - start <= 1:
            verdict = "replace"
        if kept and verdict != "equal" and kept[-1][0] != "equal":
            kept[-1] = ("replace", kept[-1][1], end, kept[-1][3], high)
        else:
            kept.append((verdict, start, end, low, high))
    return kept


def _around(tokens: Sequence[_Token], *, first: bool, last: bool) -> Iterator[WordRun]:
    """What stayed, as far as it stands near a change."""
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    if len(tokens) <= head + tail + 1:
        yield from _piece("same", tokens)
        return
    yield from _piece("same", tokens[:head])
    yield WordRun(kind="left out", text="…", lead=" " if head else "")
    if tail:
        rest = list(_piece("same", tokens[-tail:]))
        yield from (WordRun(kind=item.kind, text=item.text, lead=" ") for item in rest)


def _piece(kind: Kind, tokens: Sequence[_Token]) -> Iterator[WordRun]:
    if tokens:
        text = tokens[0].text + "".join(f"{token.lead}{token.text}" for token in tokens[1:])
        yield WordRun(kind=kind, text=text, lead=tokens[0].lead)


def _fitting(pieces: Sequence[WordRun], units: int) -> Iterator[tuple[WordRun, str]]:
    """The pieces that fit, the last one cut, each with what stands between it and the one before."""
    left, before = units, ""
    for piece in pieces:
        meets = before[-1:].isalnum() and piece.text[:1].isalnum()
        glue = "" if not before else piece.lead or (" " if meets else "")
        room = left - len(glue)
        if room < LEAST_UNITS:
            return
        text = piece.text if utf16_length(piece.text) <= room else cut(piece.text, room)
        yield WordRun(kind=piece.kind, text=text, lead=piece.lead), glue
        if text != piece.text:
            return
        left, before = room - utf16_length(text), text
