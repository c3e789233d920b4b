"""Operators, dashes and quotes of a query that are read otherwise than they may have been meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from monitor.core.query.syntax.diagnostics import place, write
from monitor.core.query.syntax.operators import UNSURE_OPERATORS
from monitor.core.query.syntax.parse import QueryLint
from monitor.core.query.syntax.quotes import SINGLE
from monitor.i18n.lazy import LazyText, lazy

_FOREIGN = re.compile(
    r"(?<!\S)(?:(near|adj|w|pre)/?(\d+)|(and|or|not)|(near/\d+|onear/\d+|except|atleast/\d+|first/\d+))(?!\S)"
)
_OPERATORS = {
    "AND": ["и", "і", "й", "ды", "та", "oraz", "und", "ir", "et", "y", "och", "ve", "și", "şi"],
    "OR": ["или", "або", "ці", "чи", "lub", "albo", "oder", "arba", "ou", "o", "oppure", "nebo", "alebo",
           "sau", "ili", "eller", "veya"],
    "NOT": ["не", "ні", "nie", "nicht"],
}  # fmt: skip
_LOCAL = {word: operator for operator, words in _OPERATORS.items() for word in words}
_LOWER = re.compile(rf"(?<![^\s(])(?:{'|'.join(sorted(_LOCAL, key=len, reverse=True))})(?![^\s(])")
_TITLE = re.compile(r"(?<=\s)(And|Or|Not)(?=[\s(])")
_CAPITAL = re.compile(
    rf"(?<!\bAND)(?<!\bOR)(?<!\bNOT)(?<=[\s)])({'|'.join(sorted(UNSURE_OPERATORS, key=len, reverse=True))})"
    r"(?=\s+(?!(?:AND|OR|NOT|EXCEPT|O?NEAR/\d+)\b)\S|\()"
)
_TWO_NUMBERS = re.compile(r"(?<![^\s(])(?<!\d\s)\d{3}(?:\s\d{3}){1,4}(?![^\s)]|\s\d{3}(?!\d))")
_LONE_DASH = re.compile(r"(?<=\s)[-–—−]+(?=\s)")
_SINGLE_SIGNS = "".join(SINGLE)
_LONE_QUOTE = re.compile(rf"(?<![^\s(:=])[{re.escape(_SINGLE_SIGNS)}](?=\w)")
_QUOTED = re.compile(r'["“”„«»❝❞][^"“”„«»❝❞]*["“”„«»❝❞]')


def lint_signs(query: str) -> Iterator[QueryLint]:
    """What stands outside the quotes of a query and is probably meant otherwise, in no order."""
    outside = _QUOTED.sub(lambda quoted: "_" * len(quoted.group()), query)
    yield from _operators(query, outside)
    yield from _own_operators(query, outside)
    yield from _dashes(query, outside)
    yield from _commas(query, outside)
    yield from _numbers(query, outside)
    yield from _patterns(query, outside)


def _lint(query: str, at: int, message: LazyText, hint: LazyText) -> QueryLint:
    line, column = place(query, at)
    return QueryLint(message=message, line=line, column=column, hint=hint)


def _operators(query: str, outside: str) -> Iterator[QueryLint]:
    for found in _FOREIGN.finditer(outside):
        written = found.group()
        if found[3] or found[4]:
            yield _as_operator(query, found.start(), written, written.upper())
        else:
            operator = "ONEAR" if found[1] in {"adj", "pre"} else "NEAR"
            yield _lint(
                query,
                found.start(),
                _as_word(repr(written)),
                lazy("another product's operator? write {example}", example=f"{operator}/{found[2]}"),
            )


def _as_operator(query: str, at: int, written: str, operator: str) -> QueryLint:
    hint = lazy(
        "write {operator} for the operator, {quoted} for the word", operator=operator, quoted=f'"{written}"'
    )
    return _lint(query, at, _as_word(repr(written)), hint)


def _own_operators(query: str, outside: str) -> Iterator[QueryLint]:
    """Those of other languages in small letters, and those that were taken for operators by guess."""
    for found in _LOWER.finditer(outside):
        yield _as_operator(query, found.start(), found.group(), _LOCAL[found.group()])
    for found in _CAPITAL.finditer(outside):
        yield _as_operator(query, found.start(), found[1], UNSURE_OPERATORS[found[1]])
    for found in _TITLE.finditer(outside):
        message = lazy("{what} is read as {operator}", what=repr(found[1]), operator=found[1].upper())
        yield _lint(query, found.start(), message, lazy("quote {what} to search the word", what=found[1]))


def _dashes(query: str, outside: str) -> Iterator[QueryLint]:
    for found in _LONE_DASH.finditer(outside):
        message = lazy("a dash between blanks means nothing here")
        yield _lint(query, found.start(), message, lazy("write -word to leave a word out"))
    for found in _LONE_QUOTE.finditer(outside):
        rest = outside[found.end() : found.end() + 300]
        if not re.search(rf"\w[{re.escape(_SINGLE_SIGNS)}]+(?=[\s)~^]|$)", rest):
            message = lazy("this quote is never closed: words side by side mean AND")
            yield _lint(query, found.start(), message, lazy('put a " after the phrase'))


def _commas(query: str, outside: str) -> Iterator[QueryLint]:
    found = re.search(r"\w\s*[,;]\s", outside)
    if found:
        at = found.start() + 1
        message = lazy("a comma means nothing here: words side by side mean AND")
        yield _lint(query, at, message, write("OR"))


def _numbers(query: str, outside: str) -> Iterator[QueryLint]:
    for found in _TWO_NUMBERS.finditer(outside):
        if not found.group().endswith("000"):
            apart = " AND ".join(found.group().split())
            message = lazy("{what} is read as {operator}", what=found.group(), operator=apart)
            yield _lint(query, found.start(), message, write(f'"{found.group()}"'))


def _as_word(what: str) -> LazyText:
    return lazy("{what} is searched as a word", what=what)


_ELSEWHERE: tuple[tuple[str, Callable[[str], LazyText], LazyText], ...] = (
    (
        r"/[^/\s]+/(?!\S)",
        lambda what: lazy("{what} is no regular expression here", what=what),
        lazy("write the words out, or word* and *piece*"),
    ),
    (
        r"(?i:hd|hlp|la|rst|by|ti)=\w\S*",
        lambda what: lazy("{what} is searched as words", what=what),
        lazy("a field? title:, lead:, lang:, source: …"),
    ),
    (r"(?i:atleast)\d+(?!\S)|(?i:atleast)\d+(?=\()", _as_word, write("ATLEAST/5(word)")),
    (r"(?i:w/s|w/p|/s|/p)(?!\S)", _as_word, write("SENT(a b)")),
    (r"(?i:O?NEAR|NEAR)\d+(?!\S)", _as_word, write("NEAR/5")),
)
"""Other products' ways to say something: pattern, what it is here, the mend."""


def _patterns(query: str, outside: str) -> Iterator[QueryLint]:
    for pattern, message, hint in _ELSEWHERE:
        for found in re.finditer(rf"(?<![^\s(])(?:{pattern})", outside):
            yield _lint(query, found.start(), message(repr(found.group())), hint)
