"""Why a query is true for a text or not: each clause with its answer, its places and near misses."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.core.query.engine.evaluate import Reading, Scope, first
from monitor.core.query.engine.spans import spans
from monitor.core.query.near_misses import miss, unwrapped
from monitor.core.query.syntax.show import show
from monitor.core.query.syntax.tree import (
    FILTER_FIELDS,
    And,
    Except,
    Field,
    First,
    Node,
    Not,
    Or,
    Score,
    Sentence,
)
from monitor.i18n.lazy import NOTHING, LazyText, lazy, listed
from monitor.model import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One part of a query. ``note`` says in words what a false clause misses, or a true NOT found."""

    text: str
    kind: str
    true: bool
    spans: tuple[Span, ...] = ()
    note: LazyText = NOTHING
    parts: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The clauses of a topic's query for one text."""

    topic_id: str
    true: bool
    clause: Clause


def explain(topic_id: str, tree: Node, reading: Reading) -> Explanation:
    """The whole tree explained; every clause is looked at, also where one would decide."""
    clause = _clause(tree, reading, reading.scope())
    return Explanation(topic_id=topic_id, true=clause.true, clause=clause)


def _clause(node: Node, reading: Reading, scope: Scope) -> Clause:
    true = reading.true(node, scope)
    note = NOTHING if true else miss(node, reading, scope)
    if isinstance(node, Not) and not true:
        standing = spans(node.part, reading, scope)
        note = lazy("excluded by {what}", what=_named(standing) if standing else show(node.part))
    return Clause(
        text=show(node),
        kind=type(node).__name__.lower(),
        true=true,
        spans=spans(node, reading, scope) if true else (),
        note=note,
        parts=tuple(_clause(part, reading, inner) for part, inner in _parts(node, reading, scope)),
    )


def _parts(  # noqa: C901, PLR0911 - one arm for each kind of node
    node: Node, reading: Reading, scope: Scope
) -> list[tuple[Node, Scope]]:
    match node:
        case Or(label=label) if label:
            return []
        case And(parts=parts) | Or(parts=parts):
            return [(part, scope) for part in parts]
        case Not(part=part):
            return [(part, scope)]
        case Field(name=name) if name in FILTER_FIELDS:
            return []
        case Field(name=name, part=part):
            return [(part, reading.within(name, scope))]
        case First(count=count, part=part):
            return [(part, first(count, scope))]
        case Except():
            part, masks = unwrapped(node)
            for mask in masks:
                scope = reading.masked(mask, scope)
            return [(part, scope)]
        case Sentence(part=part):
            return [(part, scope)]
        case Score(parts=weighted):
            return [(part, scope) for part, _ in weighted]
        case _:
            return []


def _named(found: tuple[Span, ...]) -> LazyText:
    named = [lazy("{word} in the {field}", word=repr(span.text), field=span.field) for span in found[:3]]
    return listed(list(dict.fromkeys(named)))
