"""Floods: one small thing said a hundred thousand times, in pages, in what feeds carry and in listings.

Each shape is what some step may take more than linear time over: a search that begins anew at each place, a
list that is walked for each of its own members, a number of many digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Final

from tests.integration.attacks.attack import HTML, Attack, feed, item, paged
from tests.support.hostile_server import Reply, answer

Shape = Callable[[int], str]
# As much as the service reads in its own process; larger pages go to a worker that is killed.
PAGE: Final = 300_000
CARRIED: Final = 200_000
PARAGRAPH: Final = "<p>Lukashenko received an envoy in Minsk on Monday and spoke for two hours.</p>"
LINK: Final = "<h2><a href='/page'>Lukashenko met an envoy today</a></h2>"


def again(unit: str) -> Shape:
    return lambda size: unit * (size // len(unit))


def numbered(unit: str, before: str = "", after: str = "") -> Shape:
    """``unit`` with ever new numbers in the place of ``%d``."""
    return lambda size: before + "".join(unit % n for n in range(size // (len(unit) + 4))) + after


def inside(before: str, unit: str, after: str) -> Shape:
    return lambda size: before + unit * (size // len(unit)) + after


OPEN: Final = (
    *("<script", "<SCRIPT ", "<style/", "<svg", "<meta ", "<link rel=next ", "<a rel='next ", "<title"),
    *("<!--", "<!", "<![CDATA[", "<?", "</", "</p ", '<p title="x>', "<a href='", '="', "<textarea>"),
    *("<base ", "<time ", "<noscript>", "<template>", "<b><i>", "<custom-tag>", "<h1>", "<x<"),
)
SIGNS: Final = (
    *("&", "&#", "&#x", "&amp", "&lt;script", "&zz;", "\\u", "\\", "a<b", "-->"),
    *(
        ".",
        "!?",
        "\u3002",
        "\u2026",
        "\u201c",
        "\u00ab\u00bb",
        "'",
        "\u02bc",
        "@",
        "a@",
        "#",
        "|",
        " | ",
        "_",
        "-",
    ),
    *(
        "1",
        "1.",
        "1,000 ",
        "A. ",
        "a. ",
        "(",
        "http://",
        "\u0301",
        "\u200d",
        "\U0001f468\u200d",
        "\u4e2d",
        "\t",
    ),
)
ATTRIBUTES: Final[Mapping[str, Shape]] = {
    "a hundred thousand attributes": numbered("a%d ", "<div ", f">{PARAGRAPH}"),
    "attributes with values": numbered("a%d=1 ", "<div ", f">{PARAGRAPH}"),
    "attributes that hold the end of a tag": numbered("a%d='>' ", "<div ", f">{PARAGRAPH}"),
    "attributes that hold two ends": numbered('a%d=">\'>" ', "<div ", f">{PARAGRAPH}"),
    "attributes that begin like tags": numbered("<a%d ", "<div ", f">{PARAGRAPH}"),
    "attributes between slashes": numbered("a%d/", "<div/", f">{PARAGRAPH}"),
    "attributes without a blank": numbered("a%d='>'", "<div ", f">{PARAGRAPH}"),
    "attributes of an end": numbered("a%d ", "</div ", f">{PARAGRAPH}"),
    "attributes of the body": numbered("<body a%d=1>", "", PARAGRAPH),
    "attributes in a tag never closed": numbered("a%d ", "<div "),
    "one attribute again and again": inside("<div ", "a=1 ", f">{PARAGRAPH}"),
    "identifiers": numbered("<b id=a%d>x</b>"),
    "elements of ever new names": numbered("<a%d>x"),
}
WHOLE: Final[Mapping[str, Shape]] = {
    "a number of a million digits by reference": inside("<p>&#", "9", f";{PARAGRAPH}"),
    "a hexadecimal number of a million digits": inside("<p>&#x", "f", f";{PARAGRAPH}"),
    "a data address of a megabyte": inside("<img src='data:image/png;base64,", "A", f"'>{PARAGRAPH}"),
    "a date of a million digits": inside("<meta name=date content='", "1", f"'>{PARAGRAPH}"),
    "a canonical address of a megabyte": inside(
        "<link rel=canonical href='http://outlet.test/", "a/../", f"'>{PARAGRAPH}"
    ),
    "linked data, deep objects": inside(
        "<script type='application/ld+json'>", '{"a":', "</script>" + PARAGRAPH
    ),
    "linked data, wide graphs": inside(
        "<script type='application/ld+json'>" + '{"@graph":[' * 40, '{"@type":"NewsArticle"},', "1]}</script>"
    ),
    "linked data, a body of markup": inside(
        """<script type='application/ld+json'>{"@type":"NewsArticle","articleBody":\"""", "<b ", '"}</script>'
    ),
    "linked data, a number": inside(
        """<script type='application/ld+json'>{"@type":"NewsArticle","datePublished":""", "1", "}</script>"
    ),
    "names of classes": inside(
        "", "<p class='" + "gallery-_" * 40 + "'>word word word word word word</p>", ""
    ),
    "blocks in 240 boxes": inside("", "<div>" * 240 + "word word word word word word" + "</div>" * 240, ""),
    "cells of a table": inside("<table>", "<tr><td>word word word word word word word", "</table>"),
    "times in times": inside("", "<time>", f"1{PARAGRAPH}"),
    "authors in authors": inside("", "<b rel=author>", f"x{PARAGRAPH}"),
    "headings": numbered("<h1>x%d</h1>", "", PARAGRAPH),
    "pictures": numbered("<meta property='og:image' content='/%d.png'>", "", PARAGRAPH),
    "words that nobody knows": numbered("w%dq ", "<p>", "</p>"),
    "names that nobody knows": numbered("Ab%d Cd. ", "<p>", "</p>"),
    "a charset asked for in vain": inside("<meta ", "charset= ", f">{PARAGRAPH}"),
}


def told(make: Callable[[], str]) -> Reply:
    """The document, made when it is asked for: all at once they would fill the memory."""
    return lambda talk: talk.send(answer(make().encode("utf-8", "replace"), HTML))


def page_of(shape: Shape) -> Reply:
    return told(lambda: PARAGRAPH + shape(PAGE))


def summary_of(shape: Shape) -> Reply:
    def carrying() -> str:
        carried = escape(shape(CARRIED), quote=False)
        return feed(item(more=f"<description>{carried}</description>")).decode()

    return told(carrying)


def list_of(shape: Shape) -> Reply:
    return told(lambda: f"<!doctype html><html><body>{LINK}{shape(PAGE)}</body></html>")


def title_of(unit: str) -> Reply:
    return told(lambda: feed(item(escape(unit * (CARRIED // len(unit))))).decode())


PAGES: Final[Mapping[str, Mapping[str, Shape]]] = {
    "never closed": {f"{unit.strip()!a} without end": again(unit) for unit in OPEN},
    "signs": {f"{unit!a} in a row": inside("<p>Lukashenko ", unit, "</p>") for unit in SIGNS},
    "attributes": ATTRIBUTES,
    "whole documents": WHOLE,
}
EVERYWHERE: Final = {
    name: make
    for shapes in PAGES.values()
    for name, make in shapes.items()
    if name in ATTRIBUTES
    or "digits" in name
    or any(sign in name for sign in ("'<script'", "'&'", "'<!--'", "'@'"))
}
TITLES: Final = (" | ", "a@", "http://", ". ", "\u201c", "&amp;", "<b ", "1", "rss ")

FAMILIES: Final[Mapping[str, tuple[Attack, ...]]] = {
    **{
        f"pages, {family}": tuple(
            paged(f"a page of {name}", page_of(shape)) for name, shape in shapes.items()
        )
        for family, shapes in PAGES.items()
    },
    "summaries": tuple(
        Attack(name=f"a summary of {name}", replies={"/list": summary_of(shape)}, entries=1)
        for name, shape in EVERYWHERE.items()
    ),
    "lists": tuple(
        Attack(name=f"a list of {name}", replies={"/list": list_of(shape)}, kind="listing")
        for name, shape in EVERYWHERE.items()
    ),
    "titles": tuple(
        Attack(name=f"a title of {unit!a}", replies={"/list": title_of(unit)}) for unit in TITLES
    ),
}
ATTACKS: Final = tuple(attack for family in FAMILIES.values() for attack in family)
# One of each family in ``make test``; ``make attacks`` and ``make test-nightly`` run them all.
SAMPLE: Final = frozenset(family[0].name for family in FAMILIES.values())
