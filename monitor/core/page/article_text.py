"""Which text of a page is its article's: asked of the surest witness first.

In this order: the weight of the prose (``core.page.content``), what the linked data says where that finds
next to nothing, and a second opinion (trafilatura) where that says nothing either. An operator's
recipe is asked before all of these (``core.page.selectors``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monitor.core.page.content import SURE_WORDS, content
from monitor.core.page.tree import second_opinion

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FEW_WORDS: Final = 40


@dataclass(frozen=True, slots=True)
class PageText:
    """The text, one paragraph a line; which witness it is from; how sure it is (0 to 1)."""

    text: str = ""
    by: str = ""
    score: float = 0.0


def page_text(tree: HtmlElement, stated: str) -> PageText:
    """The article's text. ``stated`` is the linked data's ``articleBody``. May change the tree."""
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


def _enough(text: str) -> bool:
    return len(text.split()) >= FEW_WORDS


def _sure(text: str) -> float:
    return round(min(1.0, len(text.split()) / SURE_WORDS) * 0.5, 2)
