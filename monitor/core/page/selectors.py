"""Extraction by CSS selectors that an operator wrote: the text, and the elements that state facts.

Lexbor (selectolax) parses a page in a third of libxml2's time, and only the element around the text and
the elements that state facts become a tree that is worked on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from monitor.core.page.blocks import article_blocks, blocks_of
from monitor.core.page.content import MOST_CHARS, PROSE_CHARS
from monitor.core.page.tree import part_of
from monitor.model import Recipe

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

FEW_WORDS: Final = 40
MAX_TAGS: Final = 15_000
"""Pages with more are read without recipes: lexbor takes a second for 30,000 elements in each other."""

# All that core.page_facts looks at; what else it may look at (dates in the text) is asked of the whole page.
_FACTS: Final = (
    'meta, title, link, base, script[type*="ld+json"], h1, time, [itemprop="author"], [rel~="author"],'
    'a[rel~="next"]'
)

_PIECES: Final = etree.XPath(f".//text()[string-length(.) > {PROSE_CHARS}][not(ancestor::a)]")


@dataclass(frozen=True, slots=True)
class ByRecipe:
    """A page that a recipe has read: the text, one paragraph a line, and a tree of what states facts."""

    text: str
    facts: etree._Element


def by_recipe(light: str, recipe: Recipe, *, least: int = 0) -> ByRecipe | None:
    """A page (without scripts: ``page_tree.slim``) as the operator's recipe reads it.

    None when it finds no article: fewer than 40 words or ``least`` characters. Never raises.
    """
    if light.count("<") > MAX_TAGS:
        return None
    page = LexborHTMLParser(light.encode("utf-8", "replace"))
    facts = _facts(page)  # before anything is removed: what is no text may state a fact
    try:
        text = _text(page, recipe)
    except SelectolaxError:  # a selector that no config lets pass
        return None
    is_enough = len(text.split()) >= FEW_WORDS and len(text) >= least
    return ByRecipe(text, facts) if is_enough and facts is not None else None


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


def _facts(page: LexborHTMLParser) -> etree._Element | None:
    """A tree with the elements that state facts, in the page's order."""
    root = page.root
    language = (root.attributes.get("lang") or "") if root else ""
    kept = "".join(node.html or "" for node in _outermost(page.css(_FACTS)))
    return part_of(f'<html lang="{escape(language)}">{kept}</html>')


def _weight(part: etree._Element) -> float:
    """How much prose an element holds; asked only of those that are furniture by name."""
    pieces: Any = _PIECES(part)
    return float(sum(min(len(piece), MOST_CHARS) for piece in pieces))


def _outermost(nodes: Sequence[LexborNode]) -> list[LexborNode]:
    """Without those inside another one of them: their text would count twice."""
    chosen = {node.mem_id for node in nodes if node.tag not in {"meta", "link", "base", "script"}}
    return [node for node in nodes if not _inside(node, chosen)]


def _inside(node: LexborNode, chosen: set[int]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in chosen:
            return True
        parent = parent.parent
    return False
