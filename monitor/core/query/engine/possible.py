"""What can be said of a query before its article's text is known: by whose article it is."""

from __future__ import annotations

from monitor.core.query.engine.filters import holds
from monitor.core.query.syntax.tree import And, Field, Node, Not, Or
from monitor.model import MatchText

KNOWN = frozenset({"source", "tier", "country"})
"""Filters that the source alone decides; address and language are those of the page."""


def possible(node: Node, text: MatchText) -> bool:
    """False when no words whatever could make the query true for this source."""
    match node:
        case And(parts=parts):
            return all(possible(part, text) for part in parts)
        case Or(parts=parts):
            return any(possible(part, text) for part in parts)
        case Not(part=part):
            return not certain(part, text)
        case Field(name=name, part=part) if name in KNOWN:
            return holds(name, part, text)
        case _:
            return True


def certain(node: Node, text: MatchText) -> bool:
    """True when any words whatever make the query true for this source."""
    match node:
        case And(parts=parts):
            return all(certain(part, text) for part in parts)
        case Or(parts=parts):
            return any(certain(part, text) for part in parts)
        case Not(part=part):
            return not possible(part, text)
        case Field(name=name, part=part) if name in KNOWN:
            return holds(name, part, text)
        case _:
            return False
