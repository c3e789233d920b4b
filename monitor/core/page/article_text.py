"""Which text of a page is its article's: asked of the surest witness first.

In this order: the weight of the prose (``core.page.content``), what the linked data says where that finds
next to nothing, and a second opinion (trafilatura) where that says nothing either. An operator's
recipe is asked before all of these (``core.page.selectors``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from monitor.core.page.blocks import NO_EVIDENCE, Evidence, word_count
from monitor.core.page.content import SURE_WORDS, content
from monitor.core.page.stated.headline import letters
from monitor.core.page.tree import second_opinion

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FEW_WORDS: Final = 40
MUCH_MORE: Final = 1.4
HELD_SHARE: Final = 0.6
MAX_ALTS: Final = 100
MIN_ALT: Final = 20
MIN_NAME: Final = 5
_ALTS: Final = etree.XPath("//img/@alt | //img/@title")
_CUT_MARKS: Final = " .…[]()"


@dataclass(frozen=True, slots=True)
class PageText:
    """The text, one paragraph a line; which witness it is from; how sure it is (0 to 1)."""

    text: str = ""
    by: str = ""
    score: float = 0.0


def evidence_of(
    tree: etree._Element,
    *,
    title: str = "",
    descriptions: Sequence[str] = (),
    authors: Sequence[str] = (),
    outlet: Sequence[str] = (),
) -> Evidence:
    """What a page says about its article beside the text: its headline, descriptions (``said``), authors, and
    what its pictures are said to show."""
    alts = cast("list[str]", _ALTS(tree))
    return Evidence(
        title=letters(title),
        descriptions=tuple(filter(None, (letters(text.rstrip(_CUT_MARKS)) for text in descriptions))),
        pictures=frozenset(letters(text) for text in islice(alts, MAX_ALTS) if len(text) >= MIN_ALT),
        authors=tuple(name for name in map(letters, authors) if len(name) >= MIN_NAME),
        outlet=tuple(name for name in map(letters, outlet) if len(name) >= MIN_NAME),
    )


def page_text(
    tree: HtmlElement, stated: str, evidence: Evidence = NO_EVIDENCE, *, data: Callable[[], str] = str
) -> PageText:
    """The article's text. ``stated`` is the linked data's ``articleBody``, ``data`` looks for text in the
    page's other data. May change the tree."""
    weighed = content(tree, evidence)
    found = PageText(weighed.text, "content", weighed.score)
    if _says_more(stated, found.text):
        return PageText(stated, "linked data", _sure(stated))
    if not _enough(found.text):
        carried = data()
        if _says_more(carried, found.text):
            return PageText(carried, "page data", _sure(carried))
        if not weighed.bounded:
            text = second_opinion(tree)
            if word_count(text) > word_count(found.text):
                found = PageText(text, "trafilatura", _sure(text))
    if found.text.split() == stated.split() and "\n" in stated.strip():
        return PageText(stated, "linked data", found.score)
    return found


def _says_more(stated: str, shown: str) -> bool:
    """Whether a text of the page's data is the article and more of it than the page shows: it holds most of
    what is shown, or that is next to nothing."""
    more, less = word_count(stated), word_count(shown)
    if more < FEW_WORDS or more <= MUCH_MORE * less:
        return False
    if less < FEW_WORDS:
        return True
    held = letters(stated)
    lines = [letters(line) for line in shown.splitlines()]
    inside = sum(len(line) for line in lines if line and line in held)
    return inside >= HELD_SHARE * sum(map(len, lines))


def _enough(text: str) -> bool:
    return word_count(text) >= FEW_WORDS


def _sure(text: str) -> float:
    return round(min(1.0, word_count(text) / SURE_WORDS) * 0.5, 2)
