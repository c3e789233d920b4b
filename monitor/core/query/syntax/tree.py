"""What a query means: frozen nodes. ``at`` is where a node stands in the query and is not compared.

``Word``, ``Phrase``, ``Reference``, ``Near`` (not negated), ``Or`` of them, ``Except`` and ``First``
around them are *places*: they can stand inside NEAR, ATLEAST and EXCEPT.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["forms", "exact", "case", "capitals", "shout", "prefix", "suffix", "infix"]
"""How a word is compared. ``capitals``: an acronym, in capitals only, its ending aside. ``shout``: these
capitals, where the whole sentence is in capitals (so that ``{Apple}`` finds APPLE there)."""
At = tuple[int, int]

TEXT_FIELDS = ("title", "lead", "body", "author")
FILTER_FIELDS = ("source", "url", "tier", "lang", "country")
FIELDS = TEXT_FIELDS + FILTER_FIELDS


@dataclass(frozen=True, slots=True)
class Word:
    """One word. ``languages`` is set by ``expand``: None means the article's language."""

    text: str
    mode: Mode = "forms"
    languages: tuple[str, ...] | None = None
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words one after the other. ``slop`` is None, or the words that may stand between (any order).

    ``across``: they may stand on both sides of a sentence's end, because a full stop was written there.
    """

    words: tuple[Word, ...]
    slop: int | None = None
    across: bool = field(default=False, compare=False)
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a filter field, as written."""

    text: str
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """``@name``; ``kind`` is ``list``, ``person``, ``org`` or "" (whichever has the name)."""

    name: str
    kind: str = ""
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Or:
    """``label``: the reference or term whose content this is, as written (``@minsk``, ``F-16``)."""

    parts: tuple[Node, ...]
    label: str = field(default="", compare=False, repr=False)
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    part: Node
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Near:
    """At most ``distance`` words between ``left`` and ``right``; ``ordered``: left stands first."""

    left: Node
    right: Node
    distance: int
    ordered: bool = False
    negated: bool = False
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Except:
    """``part`` read as if the words of ``mask`` were not there."""

    part: Node
    mask: Node
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    part: Node
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    count: int
    part: Node
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class First:
    """``part`` within the first ``count`` words of the title, or of the body."""

    count: int
    part: Node
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sentence:
    part: Node
    at: At = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Score:
    """True when the weights of the true parts add up to ``threshold`` or more."""

    threshold: int
    parts: tuple[tuple[Node, int], ...]
    at: At = field(default=(0, 0), compare=False, repr=False)


Node = (
    Word
    | Phrase
    | Value
    | Reference
    | And
    | Or
    | Not
    | Near
    | Except
    | Field
    | AtLeast
    | First
    | Sentence
    | Score
)


_LEAVES = (Word, Value, Reference)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly under a node, in reading order."""
    match node:
        case And(parts=parts) | Or(parts=parts):
            return parts
        case Phrase(words=words):
            return words
        case Not(part=part) | Field(part=part) | AtLeast(part=part):
            return (part,)
        case First(part=part) | Sentence(part=part):
            return (part,)
        case Near(left=left, right=right):
            return (left, right)
        case Except(part=part, mask=mask):
            return (part, mask)
        case Score(parts=weighted):
            return tuple(part for part, _ in weighted)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it, in reading order."""
    ahead = [node]
    while ahead:
        found = ahead.pop()
        yield found
        if not isinstance(found, _LEAVES):  # most nodes are words
            ahead.extend(reversed(children(found)))


def is_place(node: Node) -> bool:
    """Whether a node has places in the text, so that distance and counting make sense."""
    match node:
        case Word() | Phrase() | Reference():
            return True
        case Or(parts=parts):
            return all(is_place(part) for part in parts)
        case Near(negated=negated):
            return not negated
        case Except(part=part) | First(part=part):
            return is_place(part)
        case _:
            return False
