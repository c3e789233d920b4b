"""Short CSS selectors that name an element by what will still be there tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bs4 import Tag

# Hashes of build tools, numbers of rows, states, widths of grids: gone or changed at the next look.
_UNSTABLE: Final = re.compile(
    r".*\d{2,}.*|(?:is|has|js|post|item|node|row|id)-?\d+|[\w-]*(?:__|-|_)(?=\w*\d)(?=\w*[A-Za-z])\w{5,}|css-.*|sc-.*|jsx-.*"
    r"|first|last|odd|even|active|current|hidden|visible|hentry|clearfix|sticky|open"
    r"|col(?:-.*)?|(?:xs|sm|md|lg|xl)[:-].*|(?:m|p)[trblxy]?-\d+|w-.*|h-.*|flex.*|grid.*|block|text-.*|bg-.*|font-.*"
    r"|(?:category|tag|type|status|format|author)-.*|wow|fadeIn.*|lazy.*",
)
_NAME: Final = re.compile(r"-?[A-Za-z_][\w-]{1,60}", re.ASCII)
_TELLING: Final = frozenset({"article", "tr", "dt"})
_MAX_CLASSES: Final = 4
_MAX_CONTEXT: Final = 3


def stable_classes(element: Tag) -> list[str]:
    """Classes that name a thing, not a state, a number or a width."""
    given = element.get("class") or []
    names = given if isinstance(given, list) else str(given).split()
    return [name for name in names if _NAME.fullmatch(name) and not _UNSTABLE.fullmatch(name)][:_MAX_CLASSES]


def simple(element: Tag) -> Iterator[str]:
    """``tag.class`` for each stable class, then the bare tag."""
    for name in stable_classes(element):
        yield f"{element.name}.{name}"
    yield element.name


def marks(element: Tag) -> Iterator[str]:
    """Selectors that may stand for all elements of the same make."""
    classes = stable_classes(element)
    for name in classes:
        yield f"{element.name}.{name}"
    if element.name in _TELLING:
        yield element.name
    if not classes or element.name in ("li", "tr", "article", "a"):
        for context in _contexts(element.parent):
            yield f"{context} > {element.name}"


def _contexts(element: Tag | None) -> Iterator[str]:
    """The nearest parents up to one that has a name of its own; then by their place among equals."""
    plain, placed = _context(element, placed=False), _context(element, placed=True)
    yield from dict.fromkeys(context for context in (plain, placed) if context)


def _context(element: Tag | None, depth: int = 0, *, placed: bool) -> str:
    if element is None or element.name in ("html", "[document]"):
        return ""
    identity = str(element.get("id") or "")
    if _NAME.fullmatch(identity) and not _UNSTABLE.fullmatch(identity):
        return f"{element.name}#{identity}"
    if classes := stable_classes(element):
        return f"{element.name}.{classes[0]}"
    own = element.name
    before = len(element.find_previous_siblings(element.name))
    if placed and (before or element.find_next_sibling(element.name)):
        own = f"{own}:nth-of-type({before + 1})"
    if element.name in ("body", "main") or depth >= _MAX_CONTEXT:
        return own
    outer = _context(element.parent, depth + 1, placed=placed)
    return f"{outer} > {own}" if outer else own
