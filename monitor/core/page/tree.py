"""From the bytes of a page to a tree, bounded in size and depth, and to its readable text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from lxml.html import HTMLParser
from w3lib.encoding import html_body_declared_encoding, html_to_unicode, read_bom

from monitor.core.text.charset import known_charset, mostly_utf8
from monitor.core.text.clean import plain
from monitor.core.text.markup_limits import few_attributes

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_PAGE: Final = 5_000_000
# News pages have up to 15,000 tags; the text of 50,000 takes a second or two.
MAX_TAGS: Final = 50_000
MAX_LIGHT: Final = 1_000_000
"""Characters without scripts; the largest of 102 captured pages has 205,000."""
MAX_LINKED_DATA: Final = 1_000_000
FEW_WORDS: Final = 40

_DECLARED: Final = re.compile(rb"""charset\s*+=\s*+(?:["']\s*+)?utf-?8""", re.IGNORECASE)
_SCRIPT: Final = re.compile(r"<(script|style|svg)\b", re.IGNORECASE)
_WITHOUT_TEXT: Final = ("meta", "link", "script", "style")
# Letter by letter and not by flag: so the search may skip to the next "</".
_ENDS: Final = {
    name: re.compile("</" + "".join(f"[{letter}{letter.upper()}]" for letter in name))
    for name in ("script", "style", "svg")
}


def decode(body: bytes, *, charset: str | None) -> str:
    """The page as text. What decodes as UTF-8 is UTF-8, whatever the headers say.

    Otherwise as browsers do (WHATWG): byte order mark, ``charset`` of the HTTP header, ``<meta>``;
    then a guess from the bytes. Undecodable bytes become U+FFFD.
    """
    body = body[:MAX_PAGE]
    # One byte is looked for ten times as fast as two.
    if read_bom(body)[0] is None and (b"\x1b" not in body or b"\x1b$" not in body):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError as error:
            # A page that was cut inside its last character, or one with a few broken bytes.
            is_cut = error.start >= len(body) - 3
            if is_cut or _DECLARED.search(body[:2_000]):
                return body.decode("utf-8", "replace")
            if (text := mostly_utf8(body)) is not None:
                return text
    if known_charset(charset) is None:
        declared = html_body_declared_encoding(body)
        if declared and known_charset(declared) is None:
            return body.decode(_guess(body) or "utf-8", "replace")
        charset = None
    header = f"text/html; charset={charset}" if charset else None
    return html_to_unicode(header, body, default_encoding="utf8", auto_detect_fun=_guess)[1]


def _guess(body: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415  # rarely needed

    best = from_bytes(body[:100_000]).best()
    return best.encoding if best else None


def parse(html: str) -> HtmlElement | None:
    """The page's tree, or None when there is nothing like HTML in it.

    Only its first 50,000 tags count. Beyond the parser's depth limit (256) nothing is read.
    """
    return tree_of(slim(html.replace("\x00", "")))


def tree_of(light: str) -> HtmlElement | None:
    """``parse`` for a page, or a part of one, that is slim already. Raises MemoryError."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    tree: HtmlElement | None = _tree(light, parser)
    return tree


def _tree(light: str, parser: etree.HTMLParser) -> Any:  # noqa: ANN401  # the parser says which
    if not light.strip():
        return None
    try:
        return etree.fromstring(light.encode("utf-8", "replace"), parser)
    except (ValueError, AssertionError, etree.LxmlError) as error:
        # The parser calls it a syntax error; taken for an empty page, the article would be lost.
        if any(entry.type == etree.ErrorTypes.ERR_NO_MEMORY for entry in parser.error_log):
            raise MemoryError from error
        return None


def part_of(light: str) -> etree._Element | None:
    """``tree_of`` for a part of a page that nobody but ourselves works on: its elements are plain ones, which
    takes a fifth of the time less."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    tree: etree._Element | None = _tree(light, parser)
    return tree


def slim(html: str) -> str:
    """``without_scripts``, cut down to what a parser reads in linear time."""
    return few_attributes(without_scripts(html))


def without_scripts(html: str) -> str:
    """The page without scripts (but linked data), styles and drawings: most of a page's weight, none of its
    text. A search forward, not one expression, so that odd markup costs no more than good."""
    pieces: list[str] = []
    at = 0
    while found := _SCRIPT.search(html, at):
        opened = html.find(">", found.end())
        if opened < 0:
            break
        close = _ENDS[found[1].lower()].search(html, opened + 1)
        end = html.find(">", close.end()) + 1 if close else len(html)
        end = end or len(html)
        is_data = end - found.start() <= MAX_LINKED_DATA and "ld+json" in html[found.end() : opened]
        pieces.append(html[at : end if is_data else found.start()])
        at = end
    pieces.append(html[at:])
    light = "".join(pieces)[:MAX_LIGHT]
    if light.count("<") > MAX_TAGS:
        light = "<".join(light.split("<", MAX_TAGS)[:MAX_TAGS])
    return light


def elements(path: etree.XPath, root: etree._Element) -> list[etree._Element]:
    """The elements that an XPath finds, in the page's order."""
    found: Any = path(root)
    return list(found)


def flat(element: etree._Element) -> str:
    """The text of an element, its blocks and line breaks apart."""
    return (
        plain(etree.tostring(element, encoding="unicode", with_tail=False))
        if len(element)
        else (element.text or "")
    )


def second_opinion(tree: HtmlElement) -> str:
    """The article's text as trafilatura finds it, paragraphs on lines of their own; "" when it finds none.

    Its full mode, which asks two more extractors, when its fast one finds next to nothing. May change
    the tree.
    """
    from trafilatura import extract  # noqa: PLC0415  # half a second of imports

    # A site's own elements end no word (HTML §4.13.3: they are inline until styled); trafilatura thinks so.
    names = {str(each.tag) for each in tree.iter(etree.Element)}
    own = {name for name in names if "-" in name and name.isascii() and name.isprintable()}
    etree.strip_tags(tree, *own)
    etree.strip_elements(tree, *_WITHOUT_TEXT, with_tail=False)  # each step of its copies the whole tree
    try:
        text = extract(tree, fast=True, include_comments=False) or ""
        if len(text.split()) < FEW_WORDS:
            text = max(text, extract(tree, include_comments=False) or "", key=len)
    except (ValueError, TypeError, AttributeError, AssertionError, RecursionError, etree.LxmlError):
        return ""
    return text
