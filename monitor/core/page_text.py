"""Which text of a page is its article's: asked of the surest witness first.

In this order: the outlet's own recipe (written by the operator, or learnt), the weight of the prose
(``core.page_content``), what the linked data says where that finds next to nothing, and a second
opinion (trafilatura) where that says nothing either.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from cssselect import GenericTranslator, SelectorError
from lxml import etree

from monitor.core.page_content import SURE_WORDS, Content, Weights, content, content_of
from monitor.core.page_tree import elements, second_opinion
from monitor.model import Recipe

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FEW_WORDS: Final = 40


@dataclass(frozen=True, slots=True)
class PageText:
    """The text, one paragraph a line; which witness it is from; how sure it is (0 to 1)."""

    text: str = ""
    by: str = ""
    score: float = 0.0


def page_text(tree: HtmlElement, stated: str, recipe: Recipe | None = None) -> PageText:
    """The article's text. ``stated`` is the linked data's ``articleBody``. May change the tree.

    A recipe that finds next to nothing is passed over: outlets change their templates.
    """
    if recipe is not None:
        chosen = _by_recipe(tree, recipe)
        if _enough(chosen.text):
            return PageText(chosen.text, "selector", 1.0)
    weighed = content(tree)
    found = PageText(weighed.text, "content", weighed.score)
    if len(stated.split()) > max(FEW_WORDS, 2 * len(found.text.split())) and not _enough(found.text):
        # Pages built in the browser hold their text there and nowhere else.
        return PageText(stated, "linked data", _sure(stated))
    if not _enough(found.text):
        text = second_opinion(tree)
        if len(text.split()) > len(found.text.split()):
            found = PageText(text, "trafilatura", _sure(text))
    if found.text.split() == stated.split() and "\n" in stated.strip():
        return PageText(stated, "linked data", found.score)
    return found


def xpath_of(selector: str) -> str:
    """A CSS selector as XPath. Raises ValueError for what is none."""
    try:
        return GenericTranslator().css_to_xpath(selector)
    except SelectorError as error:
        raise ValueError(f"{selector!r} is no CSS selector: {error}") from error


def _by_recipe(tree: HtmlElement, recipe: Recipe) -> Content:
    boxes = elements(_compiled(recipe.select), tree)[:1]
    if not boxes:
        return Content()
    weights = Weights(tree)
    weights.furniture.update(dict.fromkeys(boxes[0].iterancestors(), False))
    if recipe.remove:
        removed = elements(_compiled(recipe.remove), tree)
        weights.furniture.update(dict.fromkeys(removed, True))
    return content_of(boxes[0], weights)


@lru_cache(maxsize=1_000)
def _compiled(selector: str) -> etree.XPath:
    return etree.XPath(xpath_of(selector))


def _enough(text: str) -> bool:
    return len(text.split()) >= FEW_WORDS


def _sure(text: str) -> float:
    return round(min(1.0, len(text.split()) / SURE_WORDS) * 0.5, 2)
