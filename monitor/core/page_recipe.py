"""A page of a known template: its text by CSS selectors, its facts from a few of its elements.

Lexbor (selectolax) parses a page in a third of libxml2's time, and only the element around the text and
the elements that state facts become a tree that is worked on. docs/reading.md has the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from monitor.core.page_blocks import article_blocks, blocks_of
from monitor.core.page_content import MOST_CHARS, PROSE_CHARS
from monitor.core.page_tree import part_of
from monitor.model import LearntRecipe, Recipe

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

FEW_WORDS: Final = 40
MAX_TAGS: Final = 15_000
"""Pages with more are read without recipes: lexbor takes a second for 30,000 elements in each other."""
SHARE_LEFT: Final = 0.7
"""A page whose box holds less than this part of the usual share of its prose is of another template."""

# All that core.page_facts looks at; what else it may look at (dates in the text) is asked of the whole page.
_FACTS: Final = (
    'meta, title, link, base, script[type*="ld+json"], h1, time, [itemprop="author"], [rel~="author"],'
    'a[rel~="next"]'
)

_PIECES: Final = etree.XPath(f".//text()[string-length(.) > {PROSE_CHARS}][not(ancestor::a)]")


@dataclass(frozen=True, slots=True)
class Found:
    """The text in an element, one paragraph a line, and its share of the page's prose (0 to 1)."""

    text: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class ByRecipe:
    """A page that a recipe has read. ``facts`` is a tree of the elements that state facts."""

    found: Found
    facts: etree._Element
    recipe: Recipe
    learnt: LearntRecipe | None = None

    @property
    def by(self) -> str:
        return "learnt recipe" if self.learnt else "written recipe"

    @property
    def score(self) -> float:
        return round(self.learnt.agreement, 2) if self.learnt else 1.0


class RecipePage:
    """One parsed page, to be asked by several recipes. ``light`` is a page without scripts
    (``page_tree.slim``)."""

    def __init__(self, light: str) -> None:
        self._page = LexborHTMLParser(light.encode("utf-8", "replace"))
        self._facts: etree._Element | None = None

    def text(self, recipe: Recipe) -> Found:
        """What the recipe finds; nothing where its element is not there."""
        box = self._page.css_first(recipe.select)
        if box is None:
            return Found()
        if recipe.remove:
            self.facts()  # what is taken out of the text may state a fact
            for node in self._page.css(recipe.remove):
                if node.mem_id != box.mem_id:
                    node.decompose()
        tree = part_of(box.html or "")
        if tree is None:
            return Found()
        text = "\n".join(block.text for block in article_blocks(blocks_of(tree, {}, light=_weight)))
        outside = _prose(self._page.css("p")) - _prose(box.css("p"))
        return Found(text, len(text) / (len(text) + max(0, outside) or 1))

    def element(self, select: str) -> int | None:
        """A number for the first element of a selector: equal for the same element."""
        box = self._page.css_first(select)
        return box.mem_id if box else None

    def facts(self) -> etree._Element | None:
        """A tree with the elements that state facts, in the page's order."""
        if self._facts is None:
            root = self._page.root
            language = (root.attributes.get("lang") or "") if root else ""
            kept = "".join(node.html or "" for node in _outermost(self._page.css(_FACTS)))
            self._facts = part_of(f'<html lang="{escape(language)}">{kept}</html>')
        return self._facts


def by_recipe(
    light: str, recipe: Recipe | None, learnt: Sequence[LearntRecipe] = (), *, least: int = 0
) -> ByRecipe | None:
    """The page as the first recipe reads it that finds an article: the operator's, then those learnt.

    None when none does: fewer than 40 words or ``least`` characters, or a smaller share of the page's prose
    than is usual for a learnt one. Never raises.
    """
    if light.count("<") > MAX_TAGS or (recipe is None and not learnt):
        return None
    page = RecipePage(light)
    for each in (*((recipe,) if recipe else ()), *learnt):
        asked = each.recipe if isinstance(each, LearntRecipe) else each
        try:
            found = page.text(asked)
        except SelectolaxError:  # a row of another version
            continue
        is_enough = len(found.text.split()) >= FEW_WORDS and len(found.text) >= least
        facts = page.facts()
        if is_enough and found.share >= SHARE_LEFT * asked.share and facts is not None:
            return ByRecipe(found, facts, asked, each if isinstance(each, LearntRecipe) else None)
    return None


def check_selector(selector: str) -> None:
    """Raises ValueError for what is no CSS selector."""
    try:
        LexborHTMLParser(b"<p>").css(selector)
    except (SelectolaxError, ValueError) as error:
        raise ValueError(f"{selector!r} is no CSS selector") from error


def _weight(part: etree._Element) -> float:
    """How much prose an element holds; asked only of those that are furniture by name."""
    pieces: Any = _PIECES(part)
    return float(sum(min(len(piece), MOST_CHARS) for piece in pieces))


def _prose(paragraphs: Sequence[LexborNode]) -> int:
    return sum(len(node.text(deep=True)) for node in paragraphs)


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
