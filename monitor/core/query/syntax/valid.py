"""What a well-formed tree may still not be: purely negative, or a field where none can stand."""

from __future__ import annotations

from monitor.core.query.syntax.diagnostics import error
from monitor.core.query.syntax.tree import (
    FILTER_FIELDS,
    And,
    AtLeast,
    Except,
    Field,
    First,
    Node,
    Not,
    Or,
    Score,
    Sentence,
    children,
)
from monitor.i18n.lazy import lazy


def require_positive(query: str, node: Node) -> None:
    """Raise QueryError when nothing has to stand in the text for the query to be true."""
    bad = _negative(node)
    if bad is not None:
        raise error(
            query,
            bad.at[0],
            lazy("this part only says what must not be there, so it matches nearly everything"),
            lazy("join it with AND to something that must be there"),
        )


def require_scope(query: str, node: Node) -> None:
    """Raise QueryError for fields inside FIRST and SENT, and for negative content of a scope."""
    stack = [node]
    while stack:
        here = stack.pop()
        match here:
            case Sentence(part=part) | First(part=part) | AtLeast(part=part):
                _no_field(query, part)
                require_positive(query, part)
            case Field(name=name, part=part):
                _no_field(query, part)
                if name not in FILTER_FIELDS:
                    require_positive(query, part)
            case Score(parts=parts):
                for part, _ in parts:
                    require_positive(query, part)
            case _:
                pass
        stack.extend(children(here))


def _no_field(query: str, node: Node) -> None:
    if isinstance(node, Field):
        message = lazy("a field cannot stand here, inside another")
        raise error(query, node.at[0], message, lazy("put it outside"))
    for child in children(node):
        _no_field(query, child)


def _negative(node: Node) -> Node | None:
    """The part that makes a node purely negative, or None when it is not."""
    match node:
        case Not():
            return node
        case And(parts=parts):
            found = [_negative(part) for part in parts]
            return None if None in found else found[0]
        case Or(parts=parts):
            return next((bad for bad in map(_negative, parts) if bad is not None), None)
        case Except(part=part):
            return _negative(part)
        case Field(name=name, part=part) if name not in FILTER_FIELDS:
            return _negative(part)
        case _:
            return None
