"""A query as its author gave it on the command line, and as it is understood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from monitor.cli.output import EXIT_INPUT, complain
from monitor.errors import QueryError

if TYPE_CHECKING:
    from monitor.core.query import QueryLint
    from monitor.core.query.engine.expand import SharedLists
    from monitor.core.query.engine.matcher import Matcher
    from monitor.core.query.syntax.tree import Node, Reference
    from monitor.core.rulebook import Rulebook
    from monitor.model import Topic


def one_query(query: str, lang: str | None, rulebook: Rulebook | None) -> Matcher:
    """The matcher of a topic ``query``. What is doubtful in it is said on stderr.

    A query that cannot be read is shown with a caret under the place and the mend, and ends the
    command with 1. The ``@names`` are those of the rulebook.
    """
    from monitor.core.query.engine.expand import SharedLists
    from monitor.core.query.engine.matcher import Matcher
    from monitor.model import Topic

    languages = (lang.partition("-")[0],) if lang else ()
    names = rulebook.matcher.book.shared if rulebook else SharedLists()
    topic = Topic(id="query", query=query, languages=languages)
    try:
        lints = lints_of(topic, names)
        matcher = Matcher.build((topic,), lists=names.lists, people=names.people, orgs=names.orgs)
    except QueryError as error:
        complain(_pointed(query, error.line, error.column, error.message, error.hint))
        raise typer.Exit(EXIT_INPUT) from None
    for lint in lints:
        complain(_pointed(query, lint.line, lint.column, f"warning: {lint.message}", lint.hint))
    return matcher


def lints_of(topic: Topic, shared: SharedLists) -> tuple[QueryLint, ...]:
    """What a topic's query says that its author probably did not mean."""
    from monitor.core.query import check

    return check(
        topic.query, languages=topic.languages, lists=shared.lists, people=shared.people, orgs=shared.orgs
    )


def outline(query: str) -> tuple[str, ...]:
    """The query as it is understood, a line for each part, groups indented under what joins them."""
    from monitor.core.query import parse

    return tuple(_outline(parse(query), ""))


def _outline(node: Node, indent: str) -> Iterator[str]:
    from monitor.core.query import show
    from monitor.core.query.syntax.tree import And, Not, Or

    parts: tuple[Node, ...]
    match node:
        case And(parts=parts):
            yield f"{indent}all of"
        case Or(parts=parts, label="") if not all(_is_leaf(part) for part in parts):
            yield f"{indent}any of"
        case Not(part=part) if not _is_leaf(part):
            yield f"{indent}not"
            parts = (part,)
        case _:
            yield indent + show(node)
            return
    for part in parts:
        yield from _outline(part, indent + "  ")


def _is_leaf(node: Node) -> bool:
    from monitor.core.query.syntax.tree import And, Or

    return not isinstance(node, And | Or)


def spelled_names(topic: Topic, shared: SharedLists) -> dict[str, tuple[str, ...]]:
    """What stands behind each ``@name`` of a topic's query, in the order of the query."""
    from monitor.core.query import show

    return {
        show(node): tuple(dict.fromkeys(text for _, text in _contents(node, topic, shared)))
        for node in _names(topic)
    }


def names_by_language(topic: Topic, shared: SharedLists) -> dict[str, dict[str, tuple[str, ...]]]:
    """The same, by the language whose forms each spelling has; "" for the article's."""
    from monitor.core.query import show

    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for node in _names(topic):
        grouped: dict[str, dict[str, None]] = {}
        for language, text in _contents(node, topic, shared):
            grouped.setdefault(language, {})[text] = None
        found[show(node)] = {language: tuple(texts) for language, texts in grouped.items()}
    return found


def _names(topic: Topic) -> tuple[Reference, ...]:
    from monitor.core.query import parse
    from monitor.core.query.syntax.tree import Reference, walk

    return tuple(dict.fromkeys(node for node in walk(parse(topic.query)) if isinstance(node, Reference)))


def _contents(node: Reference, topic: Topic, shared: SharedLists) -> list[tuple[str, str]]:
    from monitor.core.query import show
    from monitor.core.query.engine.expand import expand, spellings_of
    from monitor.core.query.syntax.tree import children

    spelled = spellings_of(node, shared)
    if spelled is not None:
        return list(dict.fromkeys((each.language or "", each.text) for each in spelled))
    tree = expand(node, topic.query, topic.languages or None, shared)
    return [("", text) for text in dict.fromkeys(map(show, children(tree)))]


def _pointed(query: str, line: int, column: int, message: str, hint: str) -> str:
    from monitor.core.query import pointer

    problem = f"query:{line}:{column}: {message}" + (f" ({hint})" if hint else "")
    return f"{problem}\n{pointer(query, line, column)}"
