"""What each way of reading a page finds, for those who wonder which one was taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.core.page.content import content
from monitor.core.page.facts import page_facts
from monitor.core.page.selectors import by_recipe
from monitor.core.page.tree import second_opinion, tree_of
from monitor.model import Recipe

_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Way:
    """A way of reading: how many words it finds, and how far (0 to 1) they are those that were taken."""

    name: str
    words: int
    agreement: float


def ways(light: str, taken: str, recipe: Recipe | None = None) -> tuple[Way, ...]:
    """Of a page (``page_tree.slim``) whose text was read as ``taken``. Never raises."""
    return tuple(Way(name, len(text.split()), agreement(text, taken)) for name, text in _texts(light, recipe))


def agreement(one: str, other: str) -> float:
    """How far two texts hold the same words: F1, 0 to 1, whatever their order and case."""
    first, second = (Counter(_WORD.findall(text.casefold())) for text in (one, other))
    total = first.total() + second.total()
    return round(2 * (first & second).total() / total, 4) if total else 0.0


def _texts(light: str, recipe: Recipe | None) -> Iterator[tuple[str, str]]:
    if recipe is not None:
        read = by_recipe(light, recipe)
        yield f"written recipe {recipe.select}", read
    tree = tree_of(light)
    if tree is not None:
        yield "content", content(tree).text
        yield "linked data", page_facts(tree).body
    tree = tree_of(light)  # reading by content changes the tree
    yield "trafilatura", second_opinion(tree) if tree is not None else ""
