"""From query text to a tree, by recursive descent.

::

    either  = both { OR both }
    both    = [ NOT ] near { [ AND ] [ NOT ] near }
    near    = atom { ( [NOT] [O]NEAR/n | EXCEPT ) atom }
    atom    = term | ( either ) | field: atom | ATLEAST/n ( either ) | FIRST/n ( either )
            | SENT ( either ) | SCORE/n ( near [^weight] … )

Written by hand: it reads a query of ten terms several times faster than a table-driven parser in
Python does (100,000 topics are read at start), and every error names its own mend.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.core.query.syntax.diagnostics import error, place, write
from monitor.core.query.syntax.lex import Token, lex
from monitor.core.query.syntax.show import show
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
    Score,
    Sentence,
    is_place,
)
from monitor.core.query.syntax.valid import require_positive, require_scope
from monitor.i18n.lazy import NOTHING, LazyText, lazy

MAX_DEPTH = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLint:
    """Something in a query that is allowed and probably not meant. Counts from 1."""

    message: LazyText
    line: int
    column: int
    hint: LazyText = NOTHING


def parse(query: str) -> Node:
    """The tree of a query. Raises QueryError with line, column and mend; nothing else."""
    return parse_with_lints(query)[0]


def parse_with_lints(query: str) -> tuple[Node, tuple[QueryLint, ...]]:
    """The tree, and what the reading of operators left doubtful."""
    parser = _Parser(query)
    node = parser.either(0)
    last = parser.token
    if last.kind == ")":
        message = lazy("{closing} without {opening}", closing=")", opening="(")
        raise error(query, last.start, message, lazy("take it out, or open a bracket before"))
    if last.kind != "END":
        raise parser.unexpected()
    require_positive(query, node)
    require_scope(query, node)
    return node, tuple(parser.lints)


class _Parser:
    """One pass over the tokens; ``token`` is the one to read next."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = lex(query)
        self.token = next(self.tokens)
        self.lints: list[QueryLint] = []
        self.filter = ""

    def advance(self) -> Token:
        token, kind = self.token, self.token.kind
        if kind != "END":
            self.token = next(self.tokens)
        return token

    def unexpected(self) -> Exception:
        token, query = self.token, self.query
        if token.kind == "END":
            if not query.strip():
                return error(query, 0, lazy("the query is empty"), lazy("write at least one word"))
            hint = lazy("write it, or take the operator out")
            return error(query, token.start, lazy("a word is missing at the end"), hint)
        if token.kind == "WEIGHT":
            return error(query, token.start, lazy("a weight outside SCORE"), write("SCORE/3(a^2 b c)"))
        if token.kind == ")":
            hint = lazy("write it, or take the operator out")
            return error(query, token.start, lazy("a word is missing before this )"), hint)
        shown = query[token.start : token.end]
        return error(
            query,
            token.start,
            lazy("a word is missing before {what}", what=shown),
            lazy("write it, or quote {what} to search it", what=f'"{shown}"'),
        )

    def either(self, depth: int) -> Node:
        operands, operators = [self.negation(depth)], []
        while self.token.kind in {"AND", "OR", "NOT", "TERM", "FIELD", "CALL", "("}:
            kind = self.token.kind
            if kind in {"AND", "OR"}:
                self.advance()
            operators.append("OR" if kind == "OR" else "AND")
            operands.append(self.negation(depth))
        if "OR" in operators and "AND" in operators:
            self._doubt(operands, operators)
        return _group(operands, operators)

    def negation(self, depth: int) -> Node:
        if self.token.kind != "NOT":
            return self.near(depth)
        token = self.advance()
        part = self.negation(self._deeper(depth))
        return Not(part, at=(token.start, self._end(part)))

    def near(self, depth: int) -> Node:
        left = self.atom(depth)
        while self.token.kind in {"NEAR", "EXCEPT"}:
            depth = self._deeper(depth)
            token = self.advance()
            self._not_in_filter(token)
            right = self.atom(depth)
            at = (self._start(left), self._end(right))
            if token.kind == "EXCEPT":
                self._place(right, "EXCEPT")
                left = Except(left, right, at=at)
                continue
            self._place(left, "NEAR")
            self._place(right, "NEAR")
            ordered = bool(token.text)
            left = Near(left, right, token.number, ordered, token.negated, at=at)
        return left

    def atom(self, depth: int) -> Node:
        token = self.token
        if token.kind == "TERM":
            self.advance()
            assert token.node is not None
            return token.node
        if token.kind == "(":
            return self._brackets(depth)
        if token.kind == "FIELD":
            return self._field(depth)
        if token.kind == "CALL":
            self._not_in_filter(token)
            return self._call(depth)
        raise self.unexpected()

    def _brackets(self, depth: int) -> Node:
        opening = self.advance()
        if self.token.kind == ")":
            raise error(self.query, opening.start, lazy("empty brackets"), lazy("write a word in them"))
        node = self.either(self._deeper(depth))
        self._close(opening)
        return node

    def _close(self, opening: Token) -> int:
        if self.token.kind == "END":
            message = lazy("this {sign} is never closed", sign="(")
            raise error(self.query, opening.start, message, lazy("put a ) where the group ends"))
        if self.token.kind != ")":
            raise self.unexpected()
        return self.advance().end

    def _field(self, depth: int) -> Node:
        token = self.advance()
        if self.filter or (self.token.kind == "FIELD"):
            raise error(self.query, token.start, lazy("a field inside a field"), lazy("join them with AND"))
        if self.token.kind not in {"TERM", "(", "CALL"}:
            message = lazy("{field}: has no value", field=token.text)
            hint = lazy("write {field}:word", field=token.text)
            raise error(self.query, token.start, message, hint)
        self.filter = token.text if token.text in FILTER_FIELDS else ""
        part = self.atom(self._deeper(depth))
        self.filter = ""
        return Field(token.text, part, at=(token.start, self._end(part)))

    def _call(self, depth: int) -> Node:
        token = self.advance()
        if token.text == "SCORE":
            return self._score(token, depth)
        opening = self.token
        part = self._brackets(depth)
        at = (token.start, max(self._end(part), opening.end))
        if token.text == "SENT":
            return Sentence(part, at=at)
        if token.text == "FIRST":
            return First(token.number, part, at=at)
        self._place(part, "ATLEAST")
        return AtLeast(token.number, part, at=at)

    def _score(self, token: Token, depth: int) -> Node:
        opening = self.advance()
        parts: list[tuple[Node, int]] = []
        depth = self._deeper(depth)
        while self.token.kind not in {")", "END"}:
            if self.token.kind == "OR" and parts:
                self.advance()
            part = self.near(depth)
            weight = self.advance().number if self.token.kind == "WEIGHT" else 1
            parts.append((part, weight))
        end = self._close(opening)
        if not parts:
            raise error(self.query, opening.start, lazy("empty brackets"), write("SCORE/3(a^2 b c)"))
        if sum(weight for _, weight in parts if weight > 0) < token.number:
            message = lazy("the weights never add up to {threshold}", threshold=token.number)
            raise error(self.query, token.start, message, lazy("lower the threshold"))
        return Score(token.number, tuple(parts), at=(token.start, end))

    def _place(self, node: Node, word: str) -> None:
        if is_place(node):
            return
        shown = show(node)
        raise error(
            self.query,
            self._start(node),
            lazy("{operator} needs words or phrases, not {what}", operator=word, what=shown),
            lazy('use a word, "a phrase" or (a OR b); split AND into two parts'),
        )

    def _not_in_filter(self, token: Token) -> None:
        if self.filter:
            raise error(
                self.query,
                token.start,
                lazy("{field}: takes values, not {what}", field=self.filter, what=token.text or token.kind),
                write(f"{self.filter}:(a OR b)"),
            )

    def _deeper(self, depth: int) -> int:
        if depth >= MAX_DEPTH:
            message = lazy("more than {most} levels", most=MAX_DEPTH)
            raise error(self.query, self.token.start, message, lazy("use a @list"))
        return depth + 1

    def _doubt(self, operands: list[Node], operators: list[str]) -> None:
        read = _group(operands, operators)
        other = _group(operands, operators, tight="OR", loose="AND")
        line, column = place(self.query, self._start(operands[0]))
        self.lints.append(
            QueryLint(
                message=lazy("AND and OR are mixed: this is read as {reading}", reading=_bracketed(read)),
                line=line,
                column=column,
                hint=lazy("put brackets; the other reading is {reading}", reading=_bracketed(other)),
            )
        )

    @staticmethod
    def _start(node: Node) -> int:
        return node.at[0]

    @staticmethod
    def _end(node: Node) -> int:
        return node.at[1]


def _group(operands: list[Node], operators: list[str], tight: str = "AND", loose: str = "OR") -> Node:
    groups, current = [], [operands[0]]
    for operator, operand in zip(operators, operands[1:], strict=True):
        if operator == loose:
            groups.append(current)
            current = []
        current.append(operand)
    groups.append(current)
    inner = [_join(tight, group) for group in groups]
    return _join(loose, inner)


def _join(operator: str, parts: list[Node]) -> Node:
    if len(parts) == 1:
        return parts[0]
    at = (parts[0].at[0], parts[-1].at[1])
    return And(tuple(parts), at=at) if operator == "AND" else Or(tuple(parts), at=at)


def _bracketed(node: Node) -> str:
    """The node with brackets around every group, so that the reading cannot be mistaken."""
    if not isinstance(node, And | Or):
        return show(node)
    word = " AND " if isinstance(node, And) else " OR "
    shown = (show(part) for part in node.parts)
    return word.join(
        f"({text})" if isinstance(part, And | Or) else text
        for part, text in zip(node.parts, shown, strict=True)
    )
