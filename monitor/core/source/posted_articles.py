"""Articles that other systems drop into an inbox, as JSON: what they look like, what is wrong with them.

One article is an object ``{"id", "title", "text", "lang", "url", "source", "published"}``; a text or a
title is all that is needed. A document holds one object, a list of them, an object with a list under
``articles``, or JSON lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_TEXTS: Final = ("id", "title", "text", "html", "summary", "lang", "url", "source", "published", "updated")
_OTHER_NAMES: Final = {
    "language": "lang",
    "body": "text",
    "content": "text",
    "link": "url",
    "date": "published",
    "headline": "title",
    "guid": "id",
    "description": "summary",
}
_SHOWN: Final = 60
_TRIPS: Final = (ValueError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedArticle:
    """One article of a document. ``raw`` is its JSON, on one line."""

    fields: Mapping[str, str]
    authors: tuple[str, ...]
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedArticle:
    """A part of a document that is no article: its text and a sentence for a person."""

    raw: str
    why: str


def read_posted(text: str) -> tuple[tuple[PostedArticle, ...], tuple[RejectedArticle, ...]]:
    """The articles of a document in order, and the parts that are none. Raises nothing."""
    drops: list[PostedArticle] = []
    refused: list[RejectedArticle] = []
    for where, value, raw in _values(text.lstrip("\ufeff").strip()):
        made = _drop(value, where) if not isinstance(value, RejectedArticle) else value
        if isinstance(made, PostedArticle):
            drops.append(made)
        else:
            refused.append(RejectedArticle(raw=raw, why=made.why))
    return tuple(drops), tuple(refused)


def _values(text: str) -> Iterator[tuple[str, Any, str]]:
    """(where, value or Refused, its own text) for each article that the document seems to hold."""
    if not text:
        yield "the document", RejectedArticle(raw="", why="the document is empty"), ""
        return
    try:
        whole = json.loads(text)
    except _TRIPS as error:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if len(lines) == 1 or not lines[0].startswith("{"):
            yield (
                "the document",
                RejectedArticle(raw=text, why=f"the document is no JSON: {_said(error)}"),
                text,
            )
            return
        yield from _lines(text)
        return
    listed = whole.get("articles") if isinstance(whole, dict) else whole
    if isinstance(listed, list):
        if not listed:
            yield "the document", RejectedArticle(raw=text, why="the document lists no article"), text
        for number, value in enumerate(listed, start=1):
            yield f"article {number}", value, _line(value)
        return
    yield "the document", whole, _line(whole)


def _lines(text: str) -> Iterator[tuple[str, Any, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield f"line {number}", json.loads(line), line
        except _TRIPS as error:
            yield (
                f"line {number}",
                RejectedArticle(raw=line, why=f"line {number} is no JSON: {_said(error)}"),
                line,
            )


def _said(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _drop(value: object, where: str) -> PostedArticle | RejectedArticle:
    raw = _line(value)
    if not isinstance(value, dict):
        return RejectedArticle(raw=raw, why=f"{where} is no object but {_shown(value)}")
    given = {_OTHER_NAMES.get(str(name).lower(), str(name).lower()): part for name, part in value.items()}
    fields: dict[str, str] = {}
    for name in _TEXTS:
        part = given.get(name)
        if (
            isinstance(part, int | float)
            and not isinstance(part, bool)
            and name in ("id", "published", "updated")
        ):
            part = str(part)
        if part is not None and not isinstance(part, str):
            return RejectedArticle(raw=raw, why=f"{where}: {name} is {_shown(part)}, not a text")
        if part and part.strip():
            fields[name] = part
    if not fields.keys() & {"title", "text", "html"}:
        return RejectedArticle(raw=raw, why=f"{where} has neither a title nor a text")
    return PostedArticle(fields=fields, authors=_authors(given), raw=raw)


def _authors(given: Mapping[str, Any]) -> tuple[str, ...]:
    found = given.get("authors", given.get("author"))
    names = found if isinstance(found, list) else [found]
    return tuple(name for name in names if isinstance(name, str) and name.strip())


def _shown(value: object) -> str:
    text = _line(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
