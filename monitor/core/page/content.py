"""Where in a page its article stands: by the weight of its prose.

Long pieces of text outside links are prose. Each adds its length to all elements around it, unless one
of these is furniture by name and holds less than half of the page's prose. From the smallest element
that holds the headline and a fair share of the prose the search goes down, as long as one child holds
nearly all of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, cast

from lxml import etree

from monitor.core.page.blocks import UNREAD, article_blocks, blocks_of
from monitor.core.page.boilerplate import is_furniture

PROSE_CHARS: Final = 30
MOST_CHARS: Final = 1_500
"""One piece of prose weighs no more than this: terms of use must not outweigh an article."""
MAX_PIECES: Final = 20_000
LIST_WEIGHT: Final = 0.3
FURNITURE_SHARE: Final = 0.5
HEADLINE_SHARE: Final = 0.15
HEADLINE_CHARS: Final = 250
DESCENT_SHARE: Final = 0.7
OWN_PROSE: Final = 100
MIN_HEADLINE: Final = 8
SURE_WORDS: Final = 150

_PROSE: Final = etree.XPath(f"//text()[string-length(.) > {PROSE_CHARS}]")
_TITLES: Final = etree.XPath("//title//text() | //meta[@property='og:title']/@content")
_NOT_LETTERS: Final = re.compile(r"\W+")
_LEAVES: Final = frozenset("p span td li em strong b i font blockquote".split())  # noqa: SIM905  # a table


class Weights:
    """How much prose each element of a page holds. ``furniture`` remembers what was judged."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.prose: dict[etree._Element, float] = defaultdict(float)
        self.children: dict[etree._Element, set[etree._Element]] = defaultdict(set)
        self.furniture: dict[etree._Element, bool] = {}
        self.top: etree._Element | None = None
        chains = list(_chains(root))
        every: dict[etree._Element, float] = defaultdict(float)
        for weight, chain in chains:
            for element in chain:
                every[element] += weight
        self.total = sum(weight for weight, _ in chains)
        most = self.total * FURNITURE_SHARE
        for weight, chain in chains:
            if not any(self._judge(element, every[element] < most) for element in chain):
                self._add(weight, chain)

    def _judge(self, element: etree._Element, light: bool) -> bool:
        found = self.furniture.get(element)
        if found is None:
            found = self.furniture[element] = light and is_furniture(element)
        return found

    def _add(self, weight: float, chain: list[etree._Element]) -> None:
        inner = None
        for element in chain:
            self.prose[element] += weight
            if inner is not None:
                self.children[element].add(inner)
            inner = element
        self.top = inner


@dataclass(frozen=True, slots=True)
class Content:
    """An article's paragraphs (headings and list items included), and how sure it is that they are
    the article: 0 to 1, more for more text and for the larger share of the page's prose."""

    paragraphs: tuple[str, ...] = ()
    score: float = 0.0

    @property
    def text(self) -> str:
        """One paragraph a line."""
        return "\n".join(self.paragraphs)


def content(root: etree._Element) -> Content:
    """The article of a page; nothing when there is no prose in it. Leaves the tree as it is."""
    weights = Weights(root)
    box = container(weights)
    if box is None:
        return Content()
    return content_of(box, weights)


def content_of(box: etree._Element, weights: Weights) -> Content:
    """The article that an element of the page holds."""
    blocks = blocks_of(box, weights.furniture, light=lambda part: weights.prose.get(part, 0))
    paragraphs = tuple(block.text for block in article_blocks(blocks))
    share = weights.prose.get(box, 0) / (weights.total or 1)
    words = sum(len(text.split()) for text in paragraphs)
    return Content(paragraphs, round(min(1.0, words / SURE_WORDS) * (0.5 + 0.5 * share), 2))


def _chains(root: etree._Element) -> Iterator[tuple[float, list[etree._Element]]]:
    """Each piece of prose: its weight, and the elements around it from the inside out."""
    pieces: Any = _PROSE(root)
    for piece in islice(pieces, MAX_PIECES):
        weight = float(min(len(piece.strip()), MOST_CHARS))
        parent = piece.getparent()
        if weight < PROSE_CHARS or parent is None:
            continue
        start = parent.getparent() if piece.is_tail else parent
        chain: list[etree._Element] = []
        while start is not None and start.tag != "a" and start.tag not in UNREAD:
            chain.append(start)
            start = start.getparent()
        if start is None and chain:
            in_list = any(element.tag == "li" for element in chain[:3])
            yield weight * LIST_WEIGHT if in_list else weight, chain


def container(weights: Weights) -> etree._Element | None:
    """The element that holds the article; None when there is no prose."""
    box = _start(weights)
    while box is not None:
        children = weights.children.get(box)
        if not children:
            break
        best = max(children, key=weights.prose.__getitem__)
        if best.tag in _LEAVES or weights.prose[best] < DESCENT_SHARE * weights.prose[box]:
            break
        own = sum(weights.prose[child] for child in children if child is not best and child.tag == "p")
        if box.get("itemprop") == "articleBody" or own > OWN_PROSE:
            break
        box = best
    return box


def _start(weights: Weights) -> etree._Element | None:
    """The smallest element around the headline that holds a fair share of the prose; else the page."""
    top, heading = weights.top, _headline(weights.root)
    if top is None or heading is None:
        return top
    enough = max(HEADLINE_CHARS, HEADLINE_SHARE * weights.prose[top])
    around: Iterator[etree._Element] = heading.iterancestors()
    return next((box for box in around if weights.prose.get(box, 0) >= enough), top)


def _headline(root: etree._Element) -> etree._Element | None:
    """The first heading whose words the window's or the social title repeats."""
    titles = _letters("".join(cast("list[str]", _TITLES(root))))
    for tag in ("h1", "h2"):
        headings: Iterator[etree._Element] = root.iter(tag)
        for element in islice(headings, 100):
            text = _letters("".join(cast("Iterator[str]", element.itertext())))
            if len(text) >= MIN_HEADLINE and text in titles:
                return element
    return None


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()
