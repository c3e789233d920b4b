"""Selectors that name an element: by id, class, microdata or tag, short ones first.

Names that a build tool or a database made (``css-1x2y3z``, ``post-48213``) or that tell what the article is
about (``category-sport``) differ from page to page and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml import etree

MAX_SELECTOR: Final = 160
MOST_NAMES: Final = 6
MOST_CLASSES: Final = 20
MOST_AROUND: Final = 2

_NAME: Final = re.compile(r"[A-Za-z](?:[A-Za-z_-]|\d{1,2}(?=[_-][A-Za-z_-]|\Z))*+")
_MADE: Final = re.compile(r"^(?:css|sc|jsx|svelte|emotion|jss)-|[a-z][A-Z][a-z]?[A-Z]")
_DESCRIBING: Final = re.compile(r"^(?:tag|category|cat|author|format|lang|section|topic|status|type)-")
_WHOLE: Final = frozenset({"html", "body"})
_TELLING_TAGS: Final = frozenset({"article", "main"})
_ITEM_NAME: Final = re.compile(r"[A-Za-z]{1,40}")


def names_of(element: etree._Element) -> Iterator[str]:
    """Selectors for an element taken alone; at most six."""
    tag = element.tag
    if isinstance(tag, str) and tag.isalnum() and tag.isascii() and tag not in _WHOLE:
        yield from islice(_names(element, tag), MOST_NAMES)


def selectors_of(element: etree._Element) -> Iterator[str]:
    """Selectors for an element, also such that name it by what is around it. Not all find it first."""
    own = list(names_of(element))
    yield from own
    tag = element.tag
    parent, steps = element.getparent(), 0
    direct = True
    while parent is not None and steps < MOST_AROUND:
        around = next(names_of(parent), None)
        if around is not None:
            steps += 1
            inner = own[:2] or ([str(tag)] if direct else [])
            join = " > " if direct else " "
            yield from (f"{around}{join}{name}" for name in inner if len(around + name) < MAX_SELECTOR)
        parent, direct = parent.getparent(), False


def _names(element: etree._Element, tag: str) -> Iterator[str]:
    identity = element.get("id") or ""
    if _is_lasting(identity):
        yield f"#{identity}"
    item = element.get("itemprop") or ""
    if _ITEM_NAME.fullmatch(item):
        yield f"[itemprop={item}]"
    classes = (element.get("class") or "")[:1_000].split()[:MOST_CLASSES]
    yield from (f"{tag}.{name}" for name in classes if _is_lasting(name))
    if tag in _TELLING_TAGS:
        yield tag


def _is_lasting(name: str) -> bool:
    return (
        len(name) <= MAX_SELECTOR // 4
        and _NAME.fullmatch(name) is not None
        and _MADE.search(name) is None
        and _DESCRIBING.match(name) is None
    )
