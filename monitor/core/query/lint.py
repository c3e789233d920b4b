"""What a query says that its author probably did not mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from monitor.core.query.expand import Name, Shared, expand, spellings_of
from monitor.core.query.lex import error
from monitor.core.query.names import warnings
from monitor.core.query.parse import QueryLint, parse_with_lints
from monitor.core.query.show import show
from monitor.core.query.tree import And, Field, Node, Not, Or, Phrase, Reference, Value, Word, walk

_FOREIGN = re.compile(
    r"(?<!\S)(?:(near|adj|w|pre)/?(\d+)|(and|or|not)|(near/\d+|onear/\d+|except|atleast/\d+|first/\d+))(?!\S)"
)
_QUOTED = re.compile(r'["“”„«»][^"“”„«»]*["“”„«»]')


def check(
    query: str,
    *,
    languages: Sequence[str] = (),
    lists: Mapping[str, Sequence[str]] | None = None,
    people: Mapping[str, Name] | None = None,
    orgs: Mapping[str, Name] | None = None,
) -> tuple[QueryLint, ...]:
    """Everything doubtful in a query, by place.

    Raises QueryError (line, column, mend) when it cannot be used at all.
    """
    node, found = parse_with_lints(query)
    shared = Shared(lists=lists or {}, people=people or {}, orgs=orgs or {})
    expand(node, query, tuple(languages) or None, shared)
    lints = [
        *found,
        *_operators(query),
        *_commas(query),
        *_duplicates(query, node),
        *_impossible(query, node, tuple(languages)),
        *_false_friends(query, node, shared),
    ]
    return tuple(sorted(lints, key=lambda lint: (lint.line, lint.column)))


def _lint(query: str, at: int, message: str, mend: str) -> QueryLint:
    place = error(query, at, message)
    return QueryLint(message=message, line=place.line, column=place.column, mend=mend)


def _outside_quotes(query: str) -> str:
    return _QUOTED.sub(lambda quoted: "_" * len(quoted.group()), query)


def _operators(query: str) -> Iterator[QueryLint]:
    for found in _FOREIGN.finditer(_outside_quotes(query)):
        written = found.group()
        if found[3] or found[4]:
            yield _lint(
                query,
                found.start(),
                f"{written!r} is searched as a word",
                f'write {written.upper()} for the operator, "{written}" for the word',
            )
        else:
            operator = "ONEAR" if found[1] in {"adj", "pre"} else "NEAR"
            yield _lint(
                query,
                found.start(),
                f"{written!r} is searched as a word",
                f"another product's operator? write {operator}/{found[2]}",
            )


def _commas(query: str) -> Iterator[QueryLint]:
    found = re.search(r"\w\s*[,;]\s", _outside_quotes(query))
    if found:
        at = found.start() + 1
        yield _lint(query, at, "a comma means nothing here: words side by side mean AND", "write OR")


def _duplicates(query: str, node: Node) -> Iterator[QueryLint]:
    for each in walk(node):
        if not isinstance(each, And | Or):
            continue
        seen: set[Node] = set()
        for part in each.parts:
            if part in seen:
                yield _lint(query, part.at[0], f"{show(part)} stands here twice", "take one out")
            seen.add(part)


def _impossible(query: str, node: Node, languages: tuple[str, ...]) -> Iterator[QueryLint]:
    for each in walk(node):
        if isinstance(each, And):
            yield from _contradictions(query, each)
        elif isinstance(each, Field) and each.name != "url":
            yield from _side_by_side(query, each)
            if each.name == "lang":
                yield from _unread_languages(query, each, languages)
        elif isinstance(each, Phrase | Word) and _dropped(query, each):
            yield _lint(
                query,
                each.at[0],
                f"only letters and digits are compared: this is {show(each)}",
                "use a longer phrase if that is too wide",
            )


def _false_friends(query: str, node: Node, shared: Shared) -> Iterator[QueryLint]:
    for each in walk(node):
        if isinstance(each, Reference):
            for warning in warnings(spellings_of(each, shared) or ()):
                mend = 'put it under "off:", or give a second word'
                yield _lint(query, each.at[0], f"{show(each)}: {warning}", mend)


def _contradictions(query: str, node: And) -> Iterator[QueryLint]:
    wanted = {part for part in node.parts if not isinstance(part, Not)}
    for part in node.parts:
        if isinstance(part, Not) and part.part in wanted:
            yield _lint(
                query,
                part.at[0],
                f"{show(part.part)} must stand here and must not: never true",
                "take one out",
            )
    for name in ("lang", "country", "tier"):
        values = {
            part.part.text.casefold(): part
            for part in node.parts
            if isinstance(part, Field) and part.name == name and isinstance(part.part, Value)
        }
        if len(values) > 1:
            last = list(values.values())[-1]
            mend = f"write {name}:({' OR '.join(values)})"
            yield _lint(query, last.at[0], f"an article has one {name}: this is never true", mend)


def _side_by_side(query: str, node: Field) -> Iterator[QueryLint]:
    if isinstance(node.part, And) and all(isinstance(part, Value) for part in node.part.parts):
        mend = f"write {node.name}:({' OR '.join(show(part) for part in node.part.parts)})"
        yield _lint(query, node.at[0], f"{node.name}: values side by side mean AND", mend)


def _unread_languages(query: str, node: Field, languages: tuple[str, ...]) -> Iterator[QueryLint]:
    for value in walk(node.part):
        if not isinstance(value, Value):
            continue
        language = value.text.casefold().partition("-")[0]
        if not re.fullmatch(r"[a-z]{2,3}", language):
            mend = "use a code such as be, ru, en"
            yield _lint(query, value.at[0], f"{value.text!r} is no language code", mend)
        elif languages and language not in languages:
            yield _lint(
                query,
                value.at[0],
                f"language {language} is not in the topic: only exact forms match",
                f"add {language} to the topic's languages",
            )


def _dropped(query: str, node: Phrase | Word) -> bool:
    """Whether signs that carry meaning (C++, AT&T, 100%) stand in a bare term and are not compared."""
    return bool(re.search(r"\w[+#%]|\w&\w", query[node.at[0] : node.at[1] + 2].partition(" ")[0]))
