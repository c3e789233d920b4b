"""Extraction by CSS selectors that an operator wrote: the text of the article.

Lexbor (selectolax) knows selectors and parses a page in a third of libxml2's time; only the element around
the text becomes a tree that is worked on.
"""

from __future__ import annotations

from typing import Any, Final

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from monitor.core.page.blocks import article_blocks, blocks_of
from monitor.core.page.content import MOST_CHARS, PROSE_CHARS
from monitor.core.page.tree import part_of
from monitor.model import Recipe

FEW_WORDS: Final = 40
MAX_TAGS: Final = 15_000
"""Pages with more are read without recipes: lexbor takes a second for 30,000 elements in each other."""

_PIECES: Final = etree.XPath(f".//text()[string-length(.) > {PROSE_CHARS}][not(ancestor::a)]")


def by_recipe(light: str, recipe: Recipe, *, least: int = 0) -> str:
    """The text of a page (without scripts: ``page_tree.slim``) as the operator's recipe reads it.

    One paragraph a line; "" when it finds no article (fewer than 40 words or ``least`` characters).
    """
    if light.count("<") > MAX_TAGS:
        return ""
    try:
        text = _text(LexborHTMLParser(light.encode("utf-8", "replace")), recipe)
    except SelectolaxError:  # a selector that no config lets pass
        return ""
    return text if len(text.split()) >= FEW_WORDS and len(text) >= least else ""


def check_selector(selector: str) -> None:
    """Raises ValueError for what is no CSS selector."""
    try:
        LexborHTMLParser(b"<p>").css(selector)
    except (SelectolaxError, ValueError) as error:
        raise ValueError(f"{selector!r} is no CSS selector") from error


def _text(page: LexborHTMLParser, recipe: Recipe) -> str:
    """What the recipe finds; "" where its element is not there."""
    box = page.css_first(recipe.select)
    if box is None:
        return ""
    for node in page.css(recipe.remove) if recipe.remove else ():
        if node.mem_id != box.mem_id:
            node.decompose()
    tree = part_of(box.html or "")
    if tree is None:
        return ""
    return "\n".join(block.text for block in article_blocks(blocks_of(tree, {}, light=_weight)))


def _weight(part: etree._Element) -> float:
    """How much prose an element holds; asked only of those that are furniture by name."""
    pieces: Any = _PIECES(part)
    return float(sum(min(len(piece), MOST_CHARS) for piece in pieces))
