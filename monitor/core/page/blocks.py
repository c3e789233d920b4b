"""The blocks of text of a page's article: paragraphs, headings, list items, without the furniture
that stands between them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, cast

from lxml import etree

from monitor.core.page.boilerplate import has_furniture_name, is_doubtful, is_furniture, is_hidden
from monitor.core.page.lines import is_invitation, is_label
from monitor.core.page.stated.headline import letters
from monitor.core.text.html_elements import BLOCKS, UNREAD

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS: Final = frozenset({"td", "th"})
_LISTS: Final = frozenset({"ul", "ol", "dl", "table"})
_INLINE: Final = frozenset("a span em strong b i u mark abbr cite q small font time data".split())  # noqa: SIM905  # a table
LIGHT_SHARE: Final = 0.3
LINKED_SHARE: Final = 0.6
LIST_LINKED_SHARE: Final = 0.35
LINKED_WORDS: Final = 40
PARAGRAPH_WORDS: Final = 12
PARAGRAPH_CHARS: Final = 120
INTRO_WORDS: Final = 4
NAME_WORDS: Final = 4
ITEM_WORDS: Final = 3
LEAD_WORDS: Final = 6
LEAD_BLOCKS: Final = 4
LEAD_MOST_WORDS: Final = 90
SAID_LETTERS: Final = 40
MAX_CELL_CHARS: Final = 100
MAX_PROTECTED: Final = 1_500

_ENDED: Final = re.compile(r"[.!?…。」』”“»«\"'’‘)\]]\s*+$")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_STOPPED: Final = re.compile(r"[.!?…][”\"'’»)\s]*$")
_SPACES: Final = re.compile(r"\s+")
_STOPS: Final = re.compile(r"[.!?…:][^\w.!?…:]*$")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the page says about its article elsewhere, as ``letters``: it speaks for a block or against it.

    ``title`` and ``said`` (its descriptions) belong to it; ``pictures`` are what pictures are said to show,
    ``authors`` and ``outlet`` are names.
    """

    title: str = ""
    descriptions: tuple[str, ...] = ()
    pictures: frozenset[str] = frozenset()
    authors: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()

    def speaks_for(self, text: str) -> bool:
        """Whether a text is what the page's description says, or a part of it."""
        own = letters(text[:MAX_PROTECTED])
        if len(own) < SAID_LETTERS:
            return False
        return any(
            own in descriptions or (len(descriptions) >= SAID_LETTERS and descriptions in own)
            for descriptions in self.descriptions
        )


NO_EVIDENCE: Final = Evidence()


@dataclass(slots=True)
class Block:
    """A piece of text between two line ends. ``linked``: characters of it that are links; ``within``: the
    list that it stands in; ``element``: the innermost block element."""

    tag: str
    text: str
    linked: int
    within: etree._Element | None
    element: etree._Element | None = None

    @property
    def words(self) -> int:
        return word_count(self.text)

    @property
    def ended(self) -> bool:
        """Whether it ends as sentences do."""
        return _ENDED.search(self.text) is not None

    @property
    def strong(self) -> bool:
        """Long enough to be a paragraph."""
        return self.words >= PARAGRAPH_WORDS or len(self.text) > PARAGRAPH_CHARS

    @property
    def parent(self) -> etree._Element | None:
        return self.element.getparent() if self.element is not None else None


@dataclass(slots=True)
class _Open:
    tag: str
    within: etree._Element | None
    element: etree._Element | None
    pieces: list[str] = field(default_factory=list)
    linked: int = 0


class _BlockWalk:
    def __init__(
        self,
        judged: dict[etree._Element, bool],
        light: Callable[[etree._Element], float],
        most: float,
        evidence: Evidence,
    ) -> None:
        self.open: list[_Open] = []
        self._judged = judged
        self._light = light
        self._most = most
        self._evidence = evidence

    def start(self, tag: str, within: etree._Element | None, element: etree._Element | None) -> list[str]:
        self.open.append(_Open(tag, within, element))
        return self.open[-1].pieces

    def enter(self, element: etree._Element, pieces: list[str], within: etree._Element | None) -> list[str]:
        """Read an element; returns where the text after it goes."""
        tag = str(element.tag)
        if tag in BLOCKS:
            pieces = self.start(tag, within, element)
        if element.text:
            pieces.append(element.text)
        for child in element:
            pieces = self._child(child, pieces, within, element)
            if child.tail:
                pieces.append(child.tail)
        return pieces

    def _child(
        self, child: etree._Element, pieces: list[str], within: etree._Element | None, parent: etree._Element
    ) -> list[str]:
        name, tag = child.tag, str(parent.tag)
        if not isinstance(name, str) or name in UNREAD or self._furniture(child):
            pieces.append(" ")
        elif name == "br":
            if pieces and pieces[-1].isspace() and "\n" in pieces[-1] and any(map(str.strip, pieces)):
                pieces = self.start(tag if tag in BLOCKS else "span", within, parent)  # an empty line
            pieces.append("\n")
        elif name in _CELLS and _is_data_cell(child):
            pieces.append(f" {text_of(child)} ")
            self.open[-1].linked += sum(len(text_of(link)) for link in child.iter("a"))
        elif name == "a":
            text = "".join(str(piece) for piece in child.itertext())
            pieces.append(text)
            self.open[-1].linked += len(text)
        else:
            pieces = self.enter(child, pieces, child if name in _LISTS else within)
            if name in BLOCKS:
                pieces = self.start(tag if tag in BLOCKS else "span", within, parent)
        return pieces

    def _furniture(self, child: etree._Element) -> bool:
        if not child.attrib:
            return False
        found = self._judged.get(child)
        if found is False or not (found or (is_furniture(child) and self._light(child) < self._most)):
            return False
        if child.tag in _INLINE:
            return is_hidden(child) or not in_sentence(child)
        return not (
            self._evidence.descriptions and self._evidence.speaks_for(text_of(child))
        ) and not is_prose(child)


def _is_data_cell(cell: etree._Element) -> bool:
    """Whether a cell holds a value of a row, not a part of the page's layout."""
    return not any(each.tag in BLOCKS for each in islice(cell.iterdescendants(), 20)) and (
        len(text_of(cell)) <= MAX_CELL_CHARS
    )


def in_sentence(element: etree._Element) -> bool:
    """Whether an inline element stands inside a sentence: its text is a part of what is said, whatever its
    name."""
    before = element.getprevious()
    parent = element.getparent()
    left = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    right = element.tail or ""
    left, follows = left.rstrip(), right.lstrip()
    if left and not _STOPS.search(left):
        return True
    return bool(follows) and (
        follows[0].islower()
        or follows[0] in ",;’'"
        or (right[0].isspace() and len(follows.split()) > ITEM_WORDS)
    )


def is_prose(element: etree._Element) -> bool:
    """Whether an element with a doubtful name, or a hidden one, holds only paragraphs without links."""
    if is_hidden(element) and not _is_behind_switch(element):
        return False
    if not is_hidden(element) and not is_doubtful(element):
        return False
    if any(
        True for _ in islice(element.iter("h1", "h2", "h3", "h4", "ul", "form", "input", "button", "img"), 1)
    ):
        return False
    paragraphs = [text_of(each) for each in islice(element.iter("p"), 50)] or [text_of(element)]
    texts = [text for text in paragraphs if text]
    linked = sum(len(text_of(each)) for each in islice(element.iter("a"), 50))
    return (
        bool(texts)
        and linked < LIGHT_SHARE * sum(map(len, texts))
        and all(
            len(text.split()) >= PARAGRAPH_WORDS and _ENDED.search(text) and not is_invitation(text)
            for text in texts
        )
    )


def _is_behind_switch(element: etree._Element) -> bool:
    """Whether a hidden element stands beside shown paragraphs of the article, not in a window of its own."""
    if element.get("role") is not None or has_furniture_name(element):
        return False
    parent = element.getparent()
    beside = [each for each in (parent if parent is not None else ()) if each is not element]
    return any(
        len(text_of(paragraph).split()) >= PARAGRAPH_WORDS
        for each in beside
        if isinstance(each.tag, str) and each.tag in {"p", "div", "section"} and not is_furniture(each)
        for paragraph in islice(each.iter("p"), 3)
    ) and any(
        each.tag in {"article", "main"}
        or "article" in (each.get("class") or "")
        or "article" in (each.get("itemprop") or "")
        for each in islice(element.iterancestors(), 6)
    )


def word_count(text: str) -> int:
    """How many words a text has; scripts without spaces count one for two characters."""
    if text.isascii():
        return len(text.split())
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2


def text_of(element: etree._Element) -> str:
    """The text of an element in one line."""
    pieces = cast("Iterator[str]", element.itertext())
    return _SPACES.sub(" ", "".join(islice(pieces, 500))).strip()


def blocks_of(
    box: etree._Element,
    judged: dict[etree._Element, bool],
    *,
    light: Callable[[etree._Element], float],
    evidence: Evidence = NO_EVIDENCE,
) -> list[Block]:
    """The blocks of an element. ``judged`` says of some elements whether they are furniture;
    ``light`` weighs the prose of others, which are furniture only when they hold little of it."""
    walk = _BlockWalk(judged, light, LIGHT_SHARE * light(box), evidence)
    walk.enter(box, walk.start("span", None, box), None)
    found = []
    for each in walk.open:
        text = _SPACES.sub(" ", "".join(each.pieces)).strip()
        if text:
            found.append(Block(each.tag, text, each.linked, each.within, each.element))
    return found


def article_blocks(blocks: Sequence[Block], evidence: Evidence = NO_EVIDENCE) -> list[Block]:
    """Those that belong to the article: no lists of links, no asides, no headings that head nothing."""
    link_lists = _link_lists(blocks)
    kept: list[Block] = []
    for at, block in enumerate(blocks):
        if block.tag == "h1" and (not any(each.strong for each in kept) or _is_title(block, evidence)):
            continue
        if block.within is not None and block.within in link_lists:
            continue
        before = blocks[at - 1] if at else None
        if _is_aside(block, before, evidence) and not evidence.speaks_for(block.text):
            continue
        kept.append(block)
    return _within_ends(_without_repeats(kept), evidence)


def _is_title(block: Block, evidence: Evidence) -> bool:
    own = letters(block.text)
    return not own or own in evidence.title


def _without_repeats(kept: Sequence[Block]) -> list[Block]:
    """Without pull quotes, which stand word for word in a longer block of the same article, and without a
    lead that is said twice. Other blocks may repeat themselves: recipes and rules do."""
    own = [letters(block.text) for block in kept]
    whole = "\0".join(own)
    found = []
    for at, (block, text) in enumerate(zip(kept, own, strict=True)):
        is_short = len(text) < SAID_LETTERS or (block.tag == "p" and block.strong)
        is_quote = not is_short and whole.count(text) > own.count(text)
        is_lead_again = 0 < at < LEAD_BLOCKS and len(text) >= SAID_LETTERS and text in own[:at]
        if not (is_quote or is_lead_again):
            found.append(block)
    return found


def _within_ends(kept: list[Block], evidence: Evidence) -> list[Block]:
    bodies = {block.parent for block in kept if block.strong and block.tag == "p"}
    while kept and not _may_end(kept, bodies, evidence):
        kept.pop()
    first = next((at for at in range(len(kept)) if _may_begin(kept, at, evidence)), len(kept))
    return kept[first:]


def _may_end(kept: Sequence[Block], bodies: set[etree._Element | None], evidence: Evidence) -> bool:
    last = kept[-1]
    if last.strong or evidence.speaks_for(last.text):
        return True
    if last.tag in HEADINGS:
        return False
    if last.ended:
        return True
    if last.within is not None:
        return _is_list_of_article(kept)
    is_plain = (
        last.tag == "p" and last.linked == 0 and last.element is not None and not last.element.get("class")
    )
    return is_plain and last.parent in bodies and last.words >= ITEM_WORDS


def _is_list_of_article(kept: Sequence[Block]) -> bool:
    """Whether the list that ends the blocks is a part of the text: something leads to it, or its items are
    more than labels."""
    within = kept[-1].within
    items = [block for block in kept if block.within is within]
    intro = next((block for block in reversed(kept) if block.within is not within), None)
    if intro is None or len(items) < 2:  # noqa: PLR2004  # a list
        return False
    words = sum(item.words for item in items) / len(items)
    linked = sum(item.linked for item in items) > LIST_LINKED_SHARE * sum(len(item.text) for item in items)
    if intro.text.rstrip().endswith(":") and intro.words >= INTRO_WORDS:
        return True
    # A heading leads to lists of other things too, hardly ever to rows of values.
    is_list = within is not None and within.tag != "table"
    return not linked and words >= (ITEM_WORDS if intro.tag in HEADINGS and is_list else 2)


def _may_begin(kept: Sequence[Block], at: int, evidence: Evidence) -> bool:
    block = kept[at]
    if block.strong or block.ended or evidence.speaks_for(block.text):
        return True
    if block.within is not None and block.linked == 0:
        items = [each for each in kept if each.within is block.within]
        return len(items) > 1 and sum(each.words for each in items) >= ITEM_WORDS * len(items)
    return False


def _is_aside(block: Block, before: Block | None, evidence: Evidence) -> bool:
    words = block.words
    if block.linked > LINKED_SHARE * len(block.text) and words < LINKED_WORDS:
        return _is_link_aside(block, before)
    if is_invitation(block.text, linked=block.linked) or is_label(block.text, linked=block.linked):
        return True
    return words < LINKED_WORDS and letters(block.text) in evidence.pictures


def _is_link_aside(block: Block, before: Block | None) -> bool:
    """Whether a line that is mostly a link leads elsewhere; sentences and names in a list do not."""
    if block.within is not None:
        leads = before is not None and (
            before.within is block.within or (before.text.endswith(":") and before.words >= INTRO_WORDS)
        )
        return not block.ended and not leads
    is_sentence = (
        _STOPPED.search(block.text) is not None
        and block.words >= LEAD_WORDS
        and block.linked < len(block.text)
    )
    return is_invitation(block.text, linked=block.linked) or not is_sentence


def _link_lists(blocks: Sequence[Block]) -> set[etree._Element | None]:
    """Lists whose items are other articles: nearly each has a link, few end like sentences. Names with
    links under a sentence that leads to them are none."""
    lists: dict[etree._Element, list[Block]] = defaultdict(list)
    intros: dict[etree._Element, Block | None] = {}
    before: Block | None = None
    for block in blocks:
        if block.within is not None:
            lists[block.within].append(block)
            intros.setdefault(block.within, before)
        if block.within is None:
            before = block
    return {
        element
        for element, items in lists.items()
        if sum(item.linked > 0 for item in items) >= 0.8 * len(items)
        and sum(item.linked for item in items) > LIST_LINKED_SHARE * sum(len(item.text) for item in items)
        and sum(item.ended for item in items) < 0.5 * len(items)
        and not _leads_to_names(intros[element], items)
    }


def _leads_to_names(intro: Block | None, items: Sequence[Block]) -> bool:
    if intro is None or not intro.text.rstrip().endswith(":") or intro.words < INTRO_WORDS:
        return False
    is_asking = is_invitation(intro.text, linked=1) or is_label(intro.text)
    return not is_asking and sum(item.words for item in items) <= NAME_WORDS * len(items)
