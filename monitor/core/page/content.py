"""Where in a page its article stands: by the weight of its prose.

Long pieces of text outside links are prose. Each adds its length to all elements around it, unless one
of these is furniture by name and holds less than half of the page's prose. From the smallest element
that holds the headline and a fair share of the prose the search goes down, as long as one child holds
nearly all of it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, cast

from lxml import etree

from monitor.core.page.blocks import (
    LEAD_BLOCKS,
    NO_EVIDENCE,
    PARAGRAPH_WORDS,
    Block,
    Evidence,
    article_blocks,
    blocks_of,
    is_prose,
    text_of,
)
from monitor.core.page.boilerplate import is_furniture
from monitor.core.page.stated.headline import letters
from monitor.core.page.surroundings import Surroundings
from monitor.core.text.html_elements import UNREAD

PROSE_CHARS: Final = 30
MOST_CHARS: Final = 1_500
"""One piece of prose weighs no more than this: terms of use must not outweigh an article."""
MAX_PIECES: Final = 20_000
LIST_WEIGHT: Final = 0.3
FURNITURE_SHARE: Final = 0.5
HEADLINE_SHARE: Final = 0.15
HEADLINE_CHARS: Final = 250
DESCENT_SHARE: Final = 0.7
MIN_HEADLINE: Final = 8
SURE_WORDS: Final = 150
OWN_PROSE: Final = 100
FLASH_CHARS: Final = 40
CARD_CHARS: Final = 600
LEAD_LETTERS: Final = 60
MAX_DEPTH: Final = 60
MAX_FOREIGN: Final = 400
MAX_RENAMED: Final = 50
MAX_LABELS: Final = 3_000
LISTED_AT_ONCE: Final = 3

_BODY_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:body|content|text|article|story|entry|post|articlebody)(?:$|[\s_-])", re.IGNORECASE
)
_COUNTED: Final = re.compile(
    r"\s*(?:[^\W\d_]{3,20}(?: [^\W\d_]{2,20}){0,2}\s?[:(]?\s?(\d{1,4})\)?|(\d{1,4}) [^\W\d_]{3,20})\s*$"
)
_WHOLE: Final = frozenset({"html", "body", "main"})
_PROSE: Final = etree.XPath(f"//text()[string-length(.) > {PROSE_CHARS}]")
_TITLES: Final = etree.XPath("//title//text() | (//meta[@property='og:title']/@content)[position() <= 10]")
_NOT_LETTERS: Final = re.compile(r"\W+")
_LEAVES: Final = frozenset("p span td li em strong b i font blockquote".split())  # noqa: SIM905  # a table


class Weights:
    """How much prose each element of a page holds. ``furniture`` remembers what was judged."""

    def __init__(self, root: etree._Element, heading: etree._Element | None = None) -> None:
        self.root = root
        self.heading = heading
        self.prose: dict[etree._Element, float] = defaultdict(float)
        self.children: dict[etree._Element, set[etree._Element]] = defaultdict(set)
        self.furniture: dict[etree._Element, bool] = {}
        self.top: etree._Element | None = None
        chains = list(_chains(root))
        every: dict[etree._Element, float] = defaultdict(float)
        for weight, chain in chains:
            for element in chain:
                every[element] += weight
        foreign = _foreign(root, heading)
        self.furniture.update(dict.fromkeys(foreign, True))
        self.total = sum(weight for weight, _ in chains)
        most = self.total * FURNITURE_SHARE
        for weight, chain in chains:
            if not any(self._judge(element, every[element] < most) for element in chain):
                self._add(weight, chain)

    def _judge(self, element: etree._Element, light: bool) -> bool:
        found = self.furniture.get(element)
        if found is None:
            found = self.furniture[element] = light and is_furniture(element) and not is_prose(element)
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
    the article: 0 to 1, more for more text and for the larger share of the page's prose. ``bounded``: an
    ``article`` with the headline holds them, so that little text is all there is."""

    paragraphs: tuple[str, ...] = ()
    score: float = 0.0
    bounded: bool = False

    @property
    def text(self) -> str:
        """One paragraph a line."""
        return "\n".join(self.paragraphs)


def content(root: etree._Element, evidence: Evidence = NO_EVIDENCE) -> Content:
    """The article of a page; nothing when there is no prose in it. Changes the names of elements that hold
    the article under the name of something else (``aside``)."""
    heading = _headline(root)
    _readable(root, heading)
    weights = Weights(root, heading)
    box = container(weights)
    if box is None:
        return Content()
    blocks = article_blocks(_read(box, weights, evidence), evidence)
    around = Surroundings(box, heading, lambda part: _read(part, weights, evidence), evidence)
    opening = letters("".join(block.text for block in blocks[:LEAD_BLOCKS]))
    before = [block for block in around.before() if not _opens(block, opening, evidence)]
    blocks = [*before, *blocks, *around.after(blocks)]
    paragraphs = tuple(block.text for block in blocks)
    share = weights.prose.get(box, 0) / (weights.total or 1)
    words = sum(len(text.split()) for text in paragraphs)
    own = _own_article(heading)
    return Content(
        paragraphs,
        round(min(1.0, words / SURE_WORDS) * (0.5 + 0.5 * share), 2),
        bounded=own is not None and _has_prose(own) and (own is box or own in box.iterancestors("article")),
    )


def _own_article(heading: etree._Element | None) -> etree._Element | None:
    """The ``article`` that the headline stands in."""
    above: Iterator[etree._Element] = heading.iterancestors("article") if heading is not None else iter(())
    return next(above, None)


def _opens(lead: Block, opening: str, evidence: Evidence) -> bool:
    """Whether a lead is only the first lines of the article, cut short, said before them."""
    own = letters(lead.text).removeprefix(evidence.title or "\0")
    return own[:LEAD_LETTERS] in opening


def _read(part: etree._Element, weights: Weights, evidence: Evidence) -> list[Block]:
    return blocks_of(
        part, weights.furniture, light=lambda inner: weights.prose.get(inner, 0), evidence=evidence
    )


def _readable(root: etree._Element, heading: etree._Element | None) -> None:
    """Rename what holds the article though its tag says that it does not: an ``aside`` around the headline,
    ``noscript`` with paragraphs that nobody else shows."""
    above = set(islice(heading.iterancestors(), MAX_DEPTH)) if heading is not None else set()
    for element in islice(root.iter("aside", "noscript"), MAX_RENAMED):
        paragraphs = [
            each for each in islice(element.iter("p"), 50) if len(text_of(each).split()) >= PARAGRAPH_WORDS
        ]
        is_text = element.tag == "noscript" and len(paragraphs) > 1 and _has_paragraphs_beside(element)
        if (element in above and paragraphs) or is_text:
            element.tag = "div"


def _has_paragraphs_beside(element: etree._Element) -> bool:
    parent = element.getparent()
    beside = parent.iterchildren("p") if parent is not None else iter(())
    return any(len(text_of(each).split()) >= PARAGRAPH_WORDS for each in islice(beside, 20))


def _foreign(root: etree._Element, heading: etree._Element | None) -> set[etree._Element]:
    """Elements that hold other articles: ``article`` beside the one with the headline, boxes with an h1 of
    their own below it, cards whose heading is a link."""
    if heading is None:
        return set()
    above = list(islice(heading.iterancestors(), MAX_DEPTH))
    found: set[etree._Element] = set()
    own = _own_article(heading)
    if own is not None and _has_prose(own):
        for element in islice(root.iter("article"), MAX_FOREIGN):
            if element is not own and element not in above and own not in element.iterancestors():
                found.add(element)
    for link in islice(root.iter("h2", "h3", "h4", "h5"), MAX_FOREIGN):
        card = link.getparent()
        is_linked = link.find(".//a") is not None or (card is not None and card.tag == "a")
        while card is not None and card.tag in {"a", "header"}:
            card = card.getparent()
        if (
            is_linked
            and card is not None
            and card not in above
            and len(text_of(link).split()) > 1
            and _is_card(card)
        ):
            found.add(card)
    found.update(_comments(root))
    return found


def _comments(root: etree._Element) -> Iterator[etree._Element]:
    """Boxes of one kind under a heading that counts them ("Opinie (6)"): comments in any language."""
    for label in islice(root.iter("h2", "h3", "h4", "h5", "h6", "div", "p", "span"), MAX_LABELS):
        found = _COUNTED.match(label.text or "") if not len(label) else None
        if found is None:
            continue
        after = [each for each in islice(label.itersiblings(), MAX_FOREIGN) if isinstance(each.tag, str)]
        if len(after) == 1:
            after = [each for each in islice(after[0], MAX_FOREIGN) if isinstance(each.tag, str)]
        kinds = Counter((each.tag, each.get("class")) for each in after if each.tag not in {"p", "a"})
        kind, count = kinds.most_common(1)[0] if kinds else (None, 0)
        stated = int(found[1] or found[2])
        if not 0 < count <= stated or count < min(stated, LISTED_AT_ONCE):
            continue
        yield from (
            each for each in (label, *after) if each is label or (each.tag, each.get("class")) == kind
        )


def _is_card(card: etree._Element) -> bool:
    """Whether an element is a teaser: a linked heading with little text, beside others of its kind."""
    if card.tag in _WHOLE or len(text_of(card)) > CARD_CHARS:
        return False
    parent = card.getparent()
    kind = (card.tag, card.get("class"))
    alike = (
        sum((each.tag, each.get("class")) == kind for each in islice(parent, 60)) if parent is not None else 0
    )
    return alike > 1


def _has_prose(element: etree._Element) -> bool:
    return any(len(text_of(each)) >= FLASH_CHARS for each in islice(element.iter("p"), 20))


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
    top, heading = weights.top, weights.heading
    if top is None or heading is None:
        return top
    enough = max(HEADLINE_CHARS, HEADLINE_SHARE * weights.prose[top])
    around = list(islice(heading.iterancestors(), MAX_DEPTH))
    box = next((box for box in around if weights.prose.get(box, 0) >= enough), top)
    flash = _own_article(heading)
    if (
        flash is not None
        and flash is not box
        and flash not in box.iterancestors()
        and _is_flash(flash, box, weights)
    ):
        return flash
    return box


def _is_flash(article: etree._Element, box: etree._Element, weights: Weights) -> bool:
    """Whether the little that an ``article`` with the headline holds is all there is: what stands beside it
    is named or marked as no text of an article."""
    if weights.prose.get(article, 0) < FLASH_CHARS or not _has_prose(article):
        return False
    return not any(
        _BODY_NAME.search(f"{each.get('class') or ''} {each.get('id') or ''} {each.get('itemprop') or ''}")
        for each in islice(box.iter("div", "section", "td"), MAX_FOREIGN)
        if article not in each.iterdescendants("article")
        and article not in each.iterancestors("article")
        and weights.prose.get(each, 0) > weights.prose[article]
    )


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
