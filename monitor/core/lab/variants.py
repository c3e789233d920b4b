"""A query without one of its clauses: the ways to measure what each clause does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from monitor.core.query.syntax.parse import parse
from monitor.core.query.syntax.show import show
from monitor.core.query.syntax.tree import (
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Not,
    Or,
    Sentence,
)

MOST = 80
"""Variants of one query; more clauses than that are not told apart one by one."""

Role = Literal["alternative", "exclusion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The query without one clause. An ``alternative`` can only add matches, an ``exclusion`` only take."""

    clause: str
    role: Role
    query: str


def variants(query: str) -> tuple[Variant, ...]:
    """Every variant of a query, in reading order. Raises QueryError when it cannot be read."""
    found: list[Variant] = []
    for clause, role, node in _without(parse(query)):
        if len(found) >= MOST:
            break
        found.append(Variant(clause=show(clause), role=role, query=show(node)))
    return tuple(found)


_Found = Iterator[tuple[Node, Role, Node]]


def _without(node: Node) -> _Found:
    """Each clause of a node, and the node without it."""
    match node:
        case Or(parts=parts, label=label) if not label:
            for at, part in enumerate(parts):
                yield part, "alternative", _left(node, parts, at)
                yield from _deeper(part, partial(_exchanged, node, parts, at))
        case And(parts=parts):
            for at, part in enumerate(parts):
                if isinstance(part, Not) or (isinstance(part, Near) and part.negated):
                    yield part, "exclusion", _left(node, parts, at)
                else:
                    yield from _deeper(part, partial(_exchanged, node, parts, at))
        case Near(left=left, right=right):
            yield from _deeper(left, lambda new: replace(node, left=new))
            yield from _deeper(right, lambda new: replace(node, right=new))
        case Except(part=part, mask=mask):
            yield mask, "exclusion", part
            yield from _deeper(part, lambda new: replace(node, part=new))
        case Field(part=part) | AtLeast(part=part) | First(part=part) | Sentence(part=part):
            yield from _deeper(part, lambda new: replace(node, part=new))
        case _:
            return


def _deeper(part: Node, put_back: Callable[[Node], Node]) -> _Found:
    for clause, role, new in _without(part):
        yield clause, role, put_back(new)


def _left(node: And | Or, parts: tuple[Node, ...], at: int) -> Node:
    rest = (*parts[:at], *parts[at + 1 :])
    return rest[0] if len(rest) == 1 else replace(node, parts=rest)


def _exchanged(node: And | Or, parts: tuple[Node, ...], at: int, new: Node) -> Node:
    return replace(node, parts=(*parts[:at], new, *parts[at + 1 :]))
