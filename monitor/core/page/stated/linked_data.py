"""JSON-LD (schema.org) of a page: which of its nodes is the article of this page, and what it says.

Pages carry nodes of other articles too: lists of the latest, parts of a collection, updates of a live
blog. The page's own is told by agreement: its headline stands in the page's titles, its address is the
page's; a node out of a list, or with another address, is believed only when its headline agrees.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from monitor.core.page.stated.headline import MIN_LETTERS, letters

if TYPE_CHECKING:
    from lxml import etree

Values = Mapping[str, object]

MAX_SCRIPT: Final = 1_000_000
MAX_DEPTH: Final = 6
MAX_ITEMS: Final = 100
MAX_DOCUMENTS: Final = 20
MAX_SALVAGED: Final = 2_000

_POSTING_TYPES: Final = frozenset({"BlogPosting", "LiveBlogPosting", "Report", "Review"})
_PAGE_TYPES: Final = frozenset({"WebPage", "ItemPage"})
_WRAPPERS: Final = ("@graph", "mainEntity", "mainEntityOfPage")
_LISTS: Final = ("hasPart", "itemListElement", "item", "liveBlogUpdate")
_AROUND_JSON: Final = (
    ("<!--", "-->"),
    ("//<![CDATA[", "//]]>"),
    ("// <![CDATA[", "// ]]>"),
    ("<![CDATA[", "]]>"),
)
# What hand-written templates get wrong: a comma before a closing bracket, an escape that JSON has not.
_TRAILING_COMMA: Final = re.compile(r",(?=\s{0,200}[}\]])")
_BAD_ESCAPE: Final = re.compile(r"\\(?![\"\\/bfnrtu])")
_SALVAGED: Final = re.compile(
    r'"(headline|datePublished|dateModified)"\s{0,20}:\s{0,20}"((?:[^"\\]|\\.){1,2000})"'
)


@dataclass(frozen=True, slots=True)
class Node:
    """A schema.org article or page. ``listed``: it stands in a list of things of other pages."""

    values: Values
    listed: bool
    is_page: bool = False


def nodes_of(root: etree._Element) -> list[Node]:
    """The articles and pages that the linked data of a page describes, in its order."""
    found: list[Node] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            for document in _documents(script.text[:MAX_SCRIPT]):
                found.extend(islice(_nodes(document), MAX_ITEMS))
    return found[: 2 * MAX_ITEMS]


def own_article(nodes: Sequence[Node], titles: Sequence[str], urls: Sequence[str]) -> Values:
    """The node of the page's own article; {} when all are of others.

    ``titles`` are what the page calls itself elsewhere, ``urls`` its addresses.
    """
    known = [each for each in map(letters, titles) if each]
    ends = {end for end in map(_end, urls) if end}
    rated = [(_rating(node, known, ends), node) for node in nodes if not node.is_page]
    best = max(rated, key=lambda pair: pair[0], default=None)
    return best[1].values if best is not None and best[0] >= 0 else {}


def page_dates(nodes: Sequence[Node], field: str) -> tuple[str, ...]:
    """The dates that the nodes of the page itself (``WebPage``) state."""
    values = (node.values.get(field) for node in nodes if node.is_page and not node.listed)
    return tuple(value for value in values if isinstance(value, str))


def _rating(node: Node, titles: Sequence[str], ends: set[str]) -> float:
    """How surely a node is the page's own article; below 0: it is another one."""
    values = node.values
    own = [letters(text) for text in (values.get("headline"), values.get("name")) if isinstance(text, str)]
    agrees = any(
        name == title or (len(min(name, title, key=len)) >= MIN_LETTERS and (name in title or title in name))
        for name in own
        for title in titles
        if name
    )
    stated = {end for end in map(_end, _addresses(values)) if end}
    rating = 4.0 * agrees + 0.5 * bool(values.get("headline")) + 0.2 * bool(values.get("datePublished"))
    if stated and ends:
        rating += 3.0 if stated & ends else -3.0
    return rating - 3.0 * node.listed


def _addresses(values: Values) -> Iterator[str]:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = values.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and "#" not in value:
            yield value


def _end(address: str) -> str:
    """The last piece of an address's path, without its ending: what one article's addresses share."""
    with suppress(ValueError):
        piece = urlsplit(address).path.rstrip("/").rsplit("/", 1)[-1]
        return piece.removesuffix(".html").removesuffix(".htm").casefold()
    return ""


def _documents(text: str) -> Iterator[object]:
    """The JSON documents of a script: as they are, mended, or what can be salvaged of them."""
    for attempt in _attempts(text):
        with suppress(ValueError, RecursionError):
            yield cast("object", json.loads(attempt, strict=False))
            return
    if found := list(_one_by_one(_bare(text))):
        yield from found
        return
    values = {name: unescape(value) for name, value in reversed(_SALVAGED.findall(text))}
    if len(re.findall(r'"headline"', text)) == 1 or set(values) == {"datePublished"}:
        yield {"@type": "NewsArticle", **values}


def _attempts(text: str) -> Iterator[str]:
    # Most scripts hold nothing but JSON: only others are mended.
    yield text
    yield _bare(text)
    yield _mended(_bare(text))
    yield _mended(_bare(unescape(text)))


def _one_by_one(text: str) -> Iterator[object]:
    """Documents that stand one after another."""
    decoder, at = json.JSONDecoder(strict=False), 0
    for _ in range(MAX_DOCUMENTS):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value
        while at < len(text) and (text[at].isspace() or text[at] in ",;"):
            at += 1


def _bare(text: str) -> str:
    for before, after in _AROUND_JSON:
        text = text.strip().removeprefix(before).rstrip("; \t\r\n").removesuffix(after)
    return text.strip().rstrip("; \t\r\n")


def _mended(text: str) -> str:
    return _TRAILING_COMMA.sub("", _BAD_ESCAPE.sub("", text))


def _nodes(value: object, depth: int = 0, *, listed: bool = False) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:MAX_ITEMS]:
            yield from _nodes(item, depth + 1, listed=listed)
    elif isinstance(value, dict):
        names = set(map(_name, types_of(value)))
        if any(name.endswith("Article") or name in _POSTING_TYPES for name in names):
            yield Node(value, listed)
        elif names & _PAGE_TYPES:
            yield Node(value, listed, is_page=True)
        for key in _WRAPPERS:
            yield from _nodes(value.get(key), depth + 1, listed=listed)
        for key in _LISTS:
            yield from _nodes(value.get(key), depth + 1, listed=True)


def types_of(values: Values) -> Iterator[str]:
    """The names of a node's types."""
    kinds = values.get("@type")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if isinstance(kind, str):
            yield kind


def _name(kind: str) -> str:
    return kind.rsplit("/", 1)[-1]
