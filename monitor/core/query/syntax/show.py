"""A tree as query text: ``parse(show(tree))`` is the same tree."""

from __future__ import annotations

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
    Phrase,
    Reference,
    Score,
    Sentence,
    Value,
    Word,
)

_OPERATORS = frozenset({"AND", "OR", "NOT", "EXCEPT", "NEAR", "ONEAR", "ATLEAST", "FIRST", "SCORE", "SENT"})
_PLAIN = frozenset({"exact", "forms", "capitals"})
_OR, _AND, _NOT, _NEAR, _ATOM = range(5)


def show(node: Node) -> str:
    """The query text of a node."""
    return _show(node)[0]


def _show(node: Node) -> tuple[str, int]:  # noqa: PLR0911 - one arm for each kind of node
    match node:
        case Word():
            return _word(node), _ATOM
        case Phrase():
            return _phrase(node), _ATOM
        case Value(text=text):
            return f'"{text}"', _ATOM
        case Reference(name=name, kind=kind):
            plain = name.replace("-", "").replace("_", "").isalnum()
            return "@" + (f"{kind}:" if kind else "") + (name if plain else f'"{name}"'), _ATOM
        case Or(label=label) if label:
            return label, _ATOM
        case Or(parts=parts):
            return " OR ".join(_in(part, _AND) for part in parts), _OR
        case And(parts=parts):
            return " AND ".join(_in(part, _NOT) for part in parts), _AND
        case Not(part=part):
            return "NOT " + _in(part, _NOT), _NOT
        case _:
            return _scoped(node)


def _scoped(node: Node) -> tuple[str, int]:
    match node:
        case Near(left=left, right=right):
            word = ("NOT " if node.negated else "") + ("O" if node.ordered else "")
            return f"{_in(left, _NEAR)} {word}NEAR/{node.distance} {_in(right, _ATOM)}", _NEAR
        case Except(part=part, mask=mask):
            return f"{_in(part, _NEAR)} EXCEPT {_in(mask, _ATOM)}", _NEAR
        case Field(name=name, part=part):
            return f"{name}:{_in(part, _ATOM)}", _ATOM
        case AtLeast(count=count, part=part):
            return f"ATLEAST/{count}({show(part)})", _ATOM
        case First(count=count, part=part):
            return f"FIRST/{count}({show(part)})", _ATOM
        case Sentence(part=part):
            return f"SENT({show(part)})", _ATOM
        case Score(threshold=threshold, parts=parts):
            inside = " ".join(f"{_in(part, _ATOM)}^{weight}" for part, weight in parts)
            return f"SCORE/{threshold}({inside})", _ATOM
        case _:
            raise AssertionError(node)


def _in(node: Node, level: int) -> str:
    text, own = _show(node)
    return text if own >= level else f"({text})"


def _word(word: Word) -> str:
    match word.mode:
        case "exact":
            return f"={word.text}"
        case "case" | "shout":
            return f"{{{word.text}}}"
        case "prefix":
            return f"{word.text}*"
        case "suffix":
            return f"*{word.text}"
        case "infix":
            return f"*{word.text}*"
        case _:
            return f'"{word.text}"' if word.text in _OPERATORS else word.text


def _phrase(phrase: Phrase) -> str:
    modes = {word.mode for word in phrase.words}
    if modes <= {"case", "shout"}:
        return "{" + " ".join(word.text for word in phrase.words) + "}"
    exact = "=" if "exact" in modes else ""
    inside = " ".join(word.text if word.mode in _PLAIN else _word(word) for word in phrase.words)
    slop = "" if phrase.slop is None else f"~{phrase.slop}"
    return f'{exact}"{inside}"{slop}'
