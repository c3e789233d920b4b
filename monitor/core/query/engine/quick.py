"""A first test of a topic against the set of a text's words, before positions are looked at.

It may say yes too often, never no too often. When it is *complete* it is the whole truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from monitor.core.query.syntax.tree import (
    FILTER_FIELDS,
    And,
    AtLeast,
    Except,
    Field,
    First,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Score,
    Sentence,
    Word,
)

Test = Callable[[set[str]], bool]


Accepted = Mapping[int, set[str]]
"""For the ``id`` of each word of the tree the set of what it accepts. The sets grow as new chunks
are met, so they are kept, not copied."""


@dataclass(frozen=True, slots=True)
class Quick:
    """``test`` None: always yes."""

    test: Test | None
    complete: bool


_MAYBE = Quick(None, complete=False)


def quick(node: Node, accepted: Accepted) -> Quick:
    """The first test of an expanded tree."""
    return _quick(node, accepted, scoped=False)


def quick_within(node: Node, accepted: Accepted) -> Test | None:
    """A test that stays true when more words are added: for texts that hold the article's and others.

    What must not stand there may stand among the others, so that is not asked.
    """
    return _quick(node, accepted, scoped=True).test


def _quick(  # noqa: C901, PLR0911 - one arm for each kind of node
    node: Node, accepted: Accepted, *, scoped: bool
) -> Quick:
    match node:
        case Word():
            return Quick(_one(accepted[id(node)]), complete=node.mode != "shout")
        case Phrase(words=words):
            return _weaker(_both(_quick(word, accepted, scoped=scoped) for word in words))
        case And(parts=parts):
            return _both(_quick(part, accepted, scoped=scoped) for part in parts)
        case Or(parts=parts):
            return _either(parts, accepted, scoped=scoped)
        case Not(part=part):
            inner = _quick(part, accepted, scoped=scoped)
            if scoped or not inner.complete or inner.test is None:
                return _MAYBE
            return Quick(_not(inner.test), complete=True)
        case Near(left=left, right=right, negated=negated):
            sides = (left,) if negated else (left, right)
            return _weaker(_both(_quick(side, accepted, scoped=True) for side in sides))
        case Field(name=name) if name in FILTER_FIELDS or name == "author":
            return _MAYBE
        case Field(part=part) | AtLeast(part=part) | Except(part=part):
            return _weaker(_quick(part, accepted, scoped=True))
        case First(part=part) | Sentence(part=part):
            return _weaker(_quick(part, accepted, scoped=True))
        case Score():
            return _score(node, accepted)
        case _:
            return _MAYBE


def _weaker(found: Quick) -> Quick:
    return Quick(found.test, complete=False)


def _one(surfaces: set[str]) -> Test:
    return lambda words: not surfaces.isdisjoint(words)


def _not(test: Test) -> Test:
    return lambda words: not test(words)


def _both(parts: Iterable[Quick]) -> Quick:
    found = tuple(parts)
    tests = tuple(part.test for part in found if part.test is not None)
    complete = all(part.complete for part in found)
    if not tests:
        return Quick(None, complete=complete)
    if len(tests) == 1:
        return Quick(tests[0], complete=complete)

    def test(words: set[str]) -> bool:
        for each in tests:  # noqa: SIM110 - a loop costs half of all() here, millions of times a day
            if not each(words):
                return False
        return True

    return Quick(test, complete=complete)


def _either(parts: tuple[Node, ...], accepted: Accepted, *, scoped: bool) -> Quick:
    sets = tuple(accepted[id(part)] for part in parts if isinstance(part, Word))
    rest = [_quick(part, accepted, scoped=scoped) for part in parts if not isinstance(part, Word)]
    complete = all(part.complete for part in rest)
    complete = complete and not any(isinstance(part, Word) and part.mode == "shout" for part in parts)
    tests = tuple(part.test for part in rest if part.test is not None)
    if len(tests) < len(rest):
        return Quick(None, complete=False)

    def test(words: set[str]) -> bool:
        for surfaces in sets:
            if not surfaces.isdisjoint(words):
                return True
        for each in tests:  # noqa: SIM110 - as above
            if each(words):
                return True
        return False

    return Quick(test, complete=complete)


def _score(node: Score, accepted: Accepted) -> Quick:
    """Counts what may be true; negative weights are left to the full reading."""
    parts = [(_quick(part, accepted, scoped=True).test, weight) for part, weight in node.parts if weight > 0]

    def test(words: set[str]) -> bool:
        reached = sum(weight for each, weight in parts if each is None or each(words))
        return reached >= node.threshold

    return Quick(test, complete=False)
