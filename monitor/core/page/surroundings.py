"""What belongs to an article and stands outside the element that holds most of it: the standfirst under the
headline, a lead or last paragraph in a container of its own, a body split over siblings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from monitor.core.page.blocks import (
    LEAD_MOST_WORDS,
    LEAD_WORDS,
    Block,
    Evidence,
    article_blocks,
    is_prose,
    text_of,
)
from monitor.core.page.boilerplate import is_furniture
from monitor.core.page.lines import is_byline, is_invitation, is_label
from monitor.core.page.stated.headline import letters
from monitor.core.text.html_elements import UNREAD

if TYPE_CHECKING:
    from lxml import etree

MAX_LEVELS: Final = 12
MAX_SIBLINGS: Final = 100
MAX_LEAD_BLOCKS: Final = 12
LEADS: Final = 3
DATE_WORDS: Final = 12
NOTE_SHARE: Final = 0.9
LINKED_SHARE: Final = 0.25
FAR_LEVELS: Final = 2

_ENDS: Final = frozenset({"article", "main", "body", "html"})
_STOPPED: Final = re.compile(r"[.!?…:][\"'”’»)\s]*$")
_DIGITS: Final = re.compile(r"\d+")
_DATE_LIKE: Final = re.compile(r"\d{1,2}:\d\d|(?<!\d)(?:19|20)\d\d(?!\d)")


class Surroundings:
    """What stands before and after ``box`` inside of the article, level by level up to the headline."""

    def __init__(
        self,
        box: etree._Element,
        heading: etree._Element | None,
        read: Callable[[etree._Element], list[Block]],
        evidence: Evidence,
    ) -> None:
        self._box = box
        self._heading = heading
        self._read = read
        self._evidence = evidence
        self._above = set(islice(heading.iterancestors(), MAX_LEVELS * 5)) if heading is not None else set()

    def before(self) -> list[Block]:
        """The standfirst and leads between the headline and the box; nothing without a headline before it."""
        if self._heading is None or self._box in self._above or self._heading is self._box:
            return []
        between: list[etree._Element] = []
        for level in self._levels():
            beside: Iterator[etree._Element] = level.itersiblings(preceding=True)
            for sibling in islice(beside, MAX_SIBLINGS):
                if sibling is self._heading:
                    return self._leads(between)
                if sibling in self._above:
                    return self._leads([*between, sibling])
                between.append(sibling)
        return []

    def after(self, held: Sequence[Block]) -> list[Block]:
        """Paragraphs that follow the box in containers of their own."""
        found: list[Block] = []
        kind = _kind(self._box)
        seen = {block.text for block in held}
        for distance, level in enumerate(self._levels()):
            for sibling in islice(level.itersiblings(), MAX_SIBLINGS):
                if not isinstance(sibling.tag, str) or sibling.tag in UNREAD:
                    continue
                if sibling in self._above or sibling.tag == "h1":
                    break
                blocks = self._continued(
                    sibling, is_alike=_kind(sibling) == kind, is_near=distance < FAR_LEVELS
                )
                found.extend(block for block in blocks if block.text not in seen)
        return found

    def _levels(self) -> Iterator[etree._Element]:
        """The box and the elements around it, as far as the article goes."""
        level: etree._Element | None = self._box
        for _ in range(MAX_LEVELS):
            if level is None or level.tag in _ENDS:
                return
            yield level
            level = level.getparent()

    def _leads(self, between: Sequence[etree._Element]) -> list[Block]:
        found: list[Block] = []
        for element in reversed(between):
            if not isinstance(element.tag, str) or element.tag in UNREAD:
                continue
            blocks = self._read(element)
            if element in self._above:
                blocks = _below_headline(blocks, self._heading)
            elif is_furniture(element):
                blocks = [block for block in blocks if self._evidence.speaks_for(block.text)]
            if len(blocks) > MAX_LEAD_BLOCKS:
                continue
            found.extend(block for block in blocks if self._is_lead(block))
        return found if len(found) <= LEADS else [block for block in found if block.strong]

    def _is_lead(self, block: Block) -> bool:
        text, words = block.text, block.words
        if self._evidence.speaks_for(text):
            return True
        if not LEAD_WORDS <= words <= LEAD_MOST_WORDS or block.within is not None or block.tag == "h1":
            return False
        if block.linked > LINKED_SHARE * len(text) or letters(text) in self._evidence.title:
            return False
        if is_byline(text) or is_label(text, linked=block.linked) or is_invitation(text, linked=block.linked):
            return False
        own = letters(text)
        if own in self._evidence.pictures or any(name in own for name in self._evidence.authors):
            return False
        is_dated = _DATE_LIKE.search(text) is not None and (not _STOPPED.search(text) or words < DATE_WORDS)
        return not is_dated

    def _continued(self, sibling: etree._Element, *, is_alike: bool, is_near: bool) -> list[Block]:
        """The article's paragraphs in a container after its box; nothing when it is about something else."""
        if is_furniture(sibling) and not is_prose(sibling):
            return []
        raw = self._read(sibling)
        blocks = article_blocks(raw, self._evidence)
        strong = [block for block in blocks if block.strong and _STOPPED.search(block.text)]
        if not strong or sum(block.linked for block in blocks) > LINKED_SHARE * sum(
            len(block.text) for block in blocks
        ):
            return []
        if is_alike:
            return [] if self._is_about(blocks[0].text) or _is_note(sibling) else blocks
        if sibling.tag != "p" or sibling.get("class") or not is_near or self._is_about(blocks[0].text):
            return []
        return blocks

    def _is_about(self, text: str) -> bool:
        """Whether a paragraph is about the outlet or the author."""
        own = letters(text)
        return any(own.startswith(name) for name in self._evidence.outlet) or any(
            name in own for name in self._evidence.authors
        )


def _is_note(element: etree._Element) -> bool:
    """Whether all of an element's text is in italics: a note of the editors."""
    whole = text_of(element)
    slanted = sum(len(text_of(each)) for each in islice(element.iter("em", "i"), 10))
    return slanted >= NOTE_SHARE * len(whole)


def _below_headline(blocks: list[Block], heading: etree._Element | None) -> list[Block]:
    at = next((n for n, block in enumerate(blocks) if block.element is heading), None)
    return blocks[at + 1 :] if at is not None else []


def _kind(element: etree._Element) -> tuple[str, str]:
    """Tag and class without numbers: what two parts of one body share."""
    name = _DIGITS.sub("", element.get("class") or "").strip(" -_")
    return str(element.tag), " ".join(sorted(name.split())[:2])
