"""What each way of reading a page finds, for those who wonder which one was taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.core.page_content import content
from monitor.core.page_facts import page_facts
from monitor.core.page_recipe import by_recipe
from monitor.core.page_tree import tree_of
from monitor.core.recipe_lesson import agreement, second_text
from monitor.model import LearntRecipe, Recipe


@dataclass(frozen=True, slots=True)
class Way:
    """A way of reading: how many words it finds, and how far (0 to 1) they are those that were taken."""

    name: str
    words: int
    agreement: float


def ways(
    light: str, taken: str, recipe: Recipe | None = None, learnt: Sequence[LearntRecipe] = ()
) -> tuple[Way, ...]:
    """Of a page (``page_tree.slim``) whose text was read as ``taken``. Never raises."""
    return tuple(
        Way(name, len(text.split()), agreement(text, taken)) for name, text in _texts(light, recipe, learnt)
    )


def _texts(light: str, recipe: Recipe | None, learnt: Sequence[LearntRecipe]) -> Iterator[tuple[str, str]]:
    if recipe is not None:
        read = by_recipe(light, recipe)
        yield f"written recipe {recipe.select}", read.found.text if read else ""
    for each in learnt:
        read = by_recipe(light, None, (each,))
        yield f"learnt recipe {each.recipe.select}", read.found.text if read else ""
    tree = tree_of(light)
    if tree is not None:
        yield "content", content(tree).text
        yield "linked data", page_facts(tree).body
    yield "trafilatura", second_text(light)
