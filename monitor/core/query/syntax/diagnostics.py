"""How a mistake in a query is told: what is wrong, at which place, and the mend."""

from __future__ import annotations

from monitor.errors import QueryError
from monitor.i18n.lazy import NOTHING, LazyText, lazy


def place(query: str, at: int) -> tuple[int, int]:
    """Line and column of character ``at``, both from 1."""
    before = query[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def error(query: str, at: int, message: LazyText, hint: LazyText = NOTHING) -> QueryError:
    """A QueryError with the line and column of character ``at``."""
    line, column = place(query, at)
    return QueryError(message, line=line, column=column, hint=hint)


def write(example: str) -> LazyText:
    """The mend that shows what to write."""
    return lazy("write {example}", example=example)


def pointer(query: str, line: int, column: int) -> str:
    """The line of the query with a caret under the column, for people."""
    lines = query.split("\n")
    shown = lines[line - 1] if 0 < line <= len(lines) else ""
    return f"{shown}\n{' ' * (column - 1)}^"
