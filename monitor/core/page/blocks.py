"""The blocks of text of a page's article: paragraphs, headings, list items, without the furniture
that stands between them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from monitor.core.page.boilerplate import is_furniture

UNREAD: Final = frozenset(
    """
    script style noscript svg iframe button select input textarea nav footer aside video audio template
    object embed canvas map math head link meta dialog label option picture img source figure figcaption
    """.split()  # noqa: SIM905  # a table to read
)
BLOCKS: Final = frozenset(
    """
    address article blockquote body br center dd details div dl dt fieldset form h1 h2 h3 h4 h5 h6 header
    hr li main ol p pre section summary table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905  # a table to read
)
_HEADINGS: Final = frozenset({"h2", "h3", "h4", "h5", "h6"})
LIGHT_SHARE: Final = 0.3
LINKED_SHARE: Final = 0.6
LIST_LINKED_SHARE: Final = 0.35
FEW_WORDS: Final = 30
LINKED_WORDS: Final = 40
PARAGRAPH_WORDS: Final = 12
PARAGRAPH_CHARS: Final = 120

# How lines begin that invite to something else. Only short blocks are asked.
_INVITATION: Final = re.compile(
    r"""
    \W*(?:
      read\ (?:more|next|also|the\ full)\b|also\ read|don.t\ miss\b|sign\ ?up\b
    |subscribe\b|click\ (?:here|to)\b
    | follow\ (?:us|me|him|her|them|@|.{1,60}\ on\ (?:twitter|facebook|instagram
    |telegram))|share\ (?:this|on)\b
    | advertisement\b|tell\ us\b|have\ a\ tip|leave\ a\ (?:comment|reply)|(?:write\ to
    |email|contact)\ .{0,60}@
    | continue\ reading|story\ continues|this\ copy\ is\ for|order\ reprints|all\ rights\ reserved|©|\(c\)
    | filed\ under|(?:image|photo|picture)\ (?:credit|by|:)|get\ the\ (?:latest|best|app)
    | читай(?:те)?\b|подпи(?:ш|сывай)|следите\ за|чытай(?:це)?\b|падпі(?:ш|сва)|сачыце\ за
    | підпи(?:ш|суй)|стежте\ за|czytaj\b|zobacz\ (?:też|także|również)|skaitykite
    | leia\ (?:mais|também)|veja\ (?:mais|também)|lee\ también|lea\ también|leggi\ anche
    |lire\ aussi|lesen\ sie
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
# How labels begin: who made what and when. Sentences begin so too, hence only without a full stop.
_LABEL: Final = re.compile(
    r"""
    \W*(?:
      more\ (?:on|from|news|stories|:)|related|see\ (?:also|more)|recommended|advert\b|image:|photo|picture:
    | video:|watch\b|listen:|credit|source:|getty|copyright|tags?:|by\ [A-Z]
    |(?:last\ )?updated|published|posted
    | comments?\b|\d+\ comments?|get\ the|download|play\ video|loading|scroll|follow\b
    | фото|источник|поделиться|реклама|крыніца|здымак|джерело|світлина|źródło|fot\.|nuotr
    |šaltinis|foto\b|fonte\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FULL_STOP: Final = re.compile(r"[.!?…][^\w.!?…]*$")
_ENDED: Final = re.compile(r"[.!?…。」”\"'’)\]]\s*+$")
_SPACES: Final = re.compile(r"\s+")


@dataclass(slots=True)
class Block:
    """A piece of text between two line ends. ``linked``: characters of it that are links."""

    tag: str
    text: str
    linked: int
    within: etree._Element | None

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def ended(self) -> bool:
        """Whether it ends as sentences do."""
        return _ENDED.search(self.text) is not None

    @property
    def strong(self) -> bool:
        """Long enough to be a paragraph."""
        return self.words >= PARAGRAPH_WORDS or len(self.text) > PARAGRAPH_CHARS


class _BlockWalk:
    def __init__(
        self,
        judged: dict[etree._Element, bool],
        light: Callable[[etree._Element], float],
        most: float,
    ) -> None:
        self.open: list[tuple[str, list[str], etree._Element | None]] = []
        self.linked: list[int] = []
        self._judged = judged
        self._light = light
        self._most = most

    def start(self, tag: str, within: etree._Element | None) -> list[str]:
        pieces: list[str] = []
        self.open.append((tag, pieces, within))
        self.linked.append(0)
        return pieces

    def enter(self, element: etree._Element, pieces: list[str], within: etree._Element | None) -> list[str]:
        """Read an element; returns where the text after it goes."""
        tag = str(element.tag)
        if tag in BLOCKS:
            pieces = self.start(tag, within)
        if element.text:
            pieces.append(element.text)
        for child in element:
            pieces = self._child(child, pieces, within, tag)
            if child.tail:
                pieces.append(child.tail)
        return pieces

    def _child(
        self, child: etree._Element, pieces: list[str], within: etree._Element | None, tag: str
    ) -> list[str]:
        name = child.tag
        if not isinstance(name, str) or name in UNREAD or self._furniture(child):
            pieces.append(" ")
        elif name == "br":
            pieces.append("\n")
        elif name == "a":
            text = "".join(str(piece) for piece in child.itertext())
            pieces.append(text)
            self.linked[-1] += len(text)
        else:
            pieces = self.enter(child, pieces, child if name in {"ul", "ol"} else within)
            if name in BLOCKS:
                pieces = self.start(tag if tag in BLOCKS else "span", within)
        return pieces

    def _furniture(self, child: etree._Element) -> bool:
        found = self._judged.get(child)
        if found is None:
            found = bool(child.attrib) and is_furniture(child) and self._light(child) < self._most
        return found


def blocks_of(
    box: etree._Element,
    judged: dict[etree._Element, bool],
    *,
    light: Callable[[etree._Element], float],
) -> list[Block]:
    """The blocks of an element. ``judged`` says of some elements whether they are furniture;
    ``light`` weighs the prose of others, which are furniture only when they hold little of it."""
    walk = _BlockWalk(judged, light, LIGHT_SHARE * light(box))
    walk.enter(box, walk.start("span", None), None)
    found = []
    for (tag, pieces, within), linked in zip(walk.open, walk.linked, strict=True):
        text = _SPACES.sub(" ", "".join(pieces)).strip()
        if text:
            found.append(Block(tag, text, linked, within))
    return found


def article_blocks(blocks: Sequence[Block]) -> list[Block]:
    """Those that belong to the article: no lists of links, no asides, no headings that head nothing."""
    link_lists = _link_lists(blocks)
    kept = [
        block
        for block in blocks
        if block.tag != "h1"
        and not _is_aside(block)
        and (block.within is None or block.within not in link_lists)
    ]
    while kept and not kept[-1].strong and (kept[-1].tag in _HEADINGS or not kept[-1].ended):
        kept.pop()
    first = next((at for at, block in enumerate(kept) if block.strong or block.ended), len(kept))
    return kept[first:]


def _is_aside(block: Block) -> bool:
    words = block.words
    if block.linked > LINKED_SHARE * len(block.text) and words < LINKED_WORDS:
        return block.within is None or not block.ended
    if words >= FEW_WORDS:
        return False
    if _INVITATION.match(block.text):
        return True
    return _LABEL.match(block.text) is not None and not _FULL_STOP.search(block.text)


def _link_lists(blocks: Sequence[Block]) -> set[etree._Element | None]:
    """Lists whose items are other articles: nearly each has a link, few end like sentences."""
    lists: dict[etree._Element, list[Block]] = defaultdict(list)
    for block in blocks:
        if block.within is not None:
            lists[block.within].append(block)
    return {
        element
        for element, items in lists.items()
        if sum(item.linked > 0 for item in items) >= 0.8 * len(items)
        and sum(item.linked for item in items) > LIST_LINKED_SHARE * sum(len(item.text) for item in items)
        and sum(item.ended for item in items) < 0.5 * len(items)
    }
