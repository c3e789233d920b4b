"""What must stand in a text for a topic to have a chance: the words that anchor it.

A need is a term number, or a nested tuple ``("&", …)`` (any one part will do as anchor) or
``("|", …)`` (all parts together). None: nothing has to stand there, the topic is always looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from monitor.core.query.engine.anchors import Clauses
from monitor.core.query.engine.lexicon import Spec
from monitor.core.query.syntax.tree import (
    FILTER_FIELDS,
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Or,
    Phrase,
    Score,
    Sentence,
    Word,
)

Need = int | tuple[object, ...]
Numbers = Mapping[int, int]
"""For the ``id`` of each word of a tree the number of its term."""


def need(node: Node, numbers: Numbers) -> Need | None:  # noqa: PLR0911 - one arm for each kind of node
    """The need of an expanded tree."""
    match node:
        case Word():
            return numbers[id(node)]
        case Phrase(words=words):
            return _all([numbers[id(word)] for word in words])
        case And(parts=parts):
            return _all([need(part, numbers) for part in parts])
        case Or(parts=parts):
            return _any([need(part, numbers) for part in parts])
        case Near(left=left, right=right, negated=negated):
            both = [need(left, numbers), need(right, numbers)]
            return both[0] if negated else _all(both)
        case Field(name=name) if name in FILTER_FIELDS:
            return None
        case Field(part=part) | AtLeast(part=part) | Except(part=part):
            return need(part, numbers)
        case First(part=part) | Sentence(part=part):
            return need(part, numbers)
        case Score(parts=parts):
            needs = [(need(part, numbers), weight) for part, weight in parts]
            return _any([each for each, weight in needs if weight > 0])
        case _:
            return None


def _all(parts: list[Need | None]) -> Need | None:
    found: dict[Need, None] = {}
    for part in parts:
        if isinstance(part, tuple) and part[0] == "&":
            found.update(dict.fromkeys(part[1:]))  # type: ignore[arg-type]
        elif part is not None:
            found[part] = None
    return next(iter(found)) if len(found) == 1 else ("&", *found) if found else None


def _any(parts: list[Need | None]) -> Need | None:
    found: dict[Need, None] = {}
    for part in parts:
        if part is None:
            return None
        if isinstance(part, tuple) and part[0] == "|":
            found.update(dict.fromkeys(part[1:]))  # type: ignore[arg-type]
        else:
            found[part] = None
    return next(iter(found)) if len(found) == 1 else ("|", *found)


def choose(need: Need, frequency: Callable[[int], float], proof: AbstractSet[int]) -> Clauses:
    """The terms of the rarest clause, and of the second rarest where that one sorts topics out.

    ``proof`` are the terms each of which makes the topic true alone.
    """
    if isinstance(need, int) or need[0] == "|":
        terms = _rarest(need, frequency)[1]
        return Clauses(
            tuple(term for term in terms if term in proof),
            tuple(term for term in terms if term not in proof),
        )
    options = sorted(_rarest(each, frequency) for each in need[1:])  # type: ignore[arg-type]
    (_, first), (often, second) = options[:2]
    waits = often < COMMON and set(first).isdisjoint(second)
    return Clauses((), first, second if waits else ())


def proof(node: Node, numbers: Numbers) -> set[int]:
    """The terms each of which makes an expanded tree true alone: words, or words joined by OR."""
    if isinstance(node, Word):
        return set() if node.mode == "shout" else {numbers[id(node)]}
    if isinstance(node, Or):
        return {term for part in node.parts for term in proof(part, numbers)}
    return set()


def is_sure(node: Node) -> bool:
    """Whether a tree is two groups of plain words joined by AND and nothing else."""
    if not isinstance(node, And) or len(node.parts) != 2:  # noqa: PLR2004 - two clauses are anchored
        return False
    return all(_is_group(part) for part in node.parts)


def _is_group(node: Node) -> bool:
    if isinstance(node, Word):
        return node.mode != "shout"
    return isinstance(node, Or) and all(map(_is_group, node.parts))


def _rarest(part: Need, frequency: Callable[[int], float]) -> tuple[float, tuple[int, ...]]:
    """(how often it is expected in a text, its terms)."""
    if isinstance(part, int):
        return frequency(part), (part,)
    options = [_rarest(each, frequency) for each in part[1:]]  # type: ignore[arg-type]
    if part[0] == "&":
        return min(options)
    merged = tuple(dict.fromkeys(term for _, terms in options for term in terms))
    return sum(cost for cost, _ in options), merged


COMMON = 0.15
"""A second clause that more texts than this satisfy costs more than it spares."""

_BY_LENGTH = (1.0, 0.9, 0.7, 0.4, 0.25, 0.15, 0.1, 0.07, 0.05, 0.035, 0.025, 0.02, 0.015)


def expected(spec: Spec) -> float:
    """The share of texts that hold a term, guessed from its length; long words are rare."""
    mode, text, _ = spec
    guess = _BY_LENGTH[min(len(text), len(_BY_LENGTH) - 1)]
    if text.isdigit():
        guess *= 2
    if mode in {"prefix", "suffix", "infix"}:
        return min(1.0, guess * 2)
    return guess if mode in {"forms", "capitals"} else guess * 0.6
