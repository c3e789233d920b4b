"""Attacks by what a document holds: feeds, sitemaps, JSON, listings, pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from tests.integration.attacks.attack import FAILING, HTML, QUARANTINED, Attack, feed, item, listed, paged
from tests.support.hostile_server import Reply, Talk, answer

LAUGHS: Final = "<!DOCTYPE r [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
QUADRATIC: Final = f"<!DOCTYPE r [<!ENTITY a '{'x' * 50_000}'>]>"
XXE: Final = "<!DOCTYPE r [<!ENTITY x SYSTEM '%s'>]>"
DEEP: Final = 200_000
# Name, body, head, and what is expected.
Row = tuple[str, bytes, bytes, dict[str, Any]]


def growing(make: Callable[[int], bytes]) -> Reply:
    """A different document at each look."""
    looks: list[int] = []

    def reply(talk: Talk) -> None:
        looks.append(1)
        talk.send(answer(make(len(looks))))

    return reply


def renamed(look: int) -> bytes:
    return feed(*(item(f"Headline {n}", f"http://outlet.test/{look}/{n}") for n in range(30)))


def reguided(look: int) -> bytes:
    return feed(
        *(item(f"Headline {n}", f"http://outlet.test/{n}", f"<guid>{look}-{n}</guid>") for n in range(30))
    )


def dated(*dates: str) -> bytes:
    return feed(*(item(f"Of {n}", f"/{n}", f"<pubDate>{d}</pubDate>") for n, d in enumerate(dates)))


XML: Final = (
    listed("a billion laughs", feed(item("&j;"), head=LAUGHS + "]>")),
    listed("quadratic entity", feed(item("&a;" * 2_000), head=QUADRATIC)),
    listed("XXE to a file", feed(item("&x;"), head=XXE % "file:///etc/passwd")),
    listed("XXE to the inside", feed(item("&x;"), head=XXE % "http://127.0.0.1/secret")),
    listed("external DTD", feed(item(), head="<!DOCTYPE rss SYSTEM 'http://169.254.169.254/x.dtd'>")),
    listed(
        "parameter entities",
        feed(item("&b;"), head="<!DOCTYPE r [<!ENTITY % a SYSTEM 'http://127.0.0.1/a'>%a;]>"),
    ),
    listed(
        "XInclude",
        feed(item(more="<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>")),
        entries=1,
    ),
    listed(
        "stylesheets",
        feed(item(), head="<?xml-stylesheet href='http://127.0.0.1/x.xsl'?>" * 5_000),
        entries=1,
    ),
    listed("XML nested 200,000 deep", feed("<a>" * DEEP + "</a>" * DEEP)),
    listed("XML never closed", b"<rss><channel>" + b"<item>" * 300_000),
    listed("broken XML of 19,000 entries", b"<rss><channel>" + b"<item>" * 19_000),
    listed("broken XML of 59,000 entries", b"<rss><channel>" + b"<item>" * 59_000),
    listed("half a million empty entries", feed("<item/>" * 500_000), entries=0),
    listed(
        "a hundred thousand entries",
        feed(*(f"<item><link>/{n}</link></item>" for n in range(100_000))),
        entries=500,
        says="are listed, 500 were read",
        told="are listed, 500 were read",
    ),
    listed("a title of 2 MB", feed(item("x " * 1_000_000)), entries=1),
    listed("a summary of markup", feed(item(more=f"<description>{'&lt;b&gt;' * 200_000}</description>"))),
    listed(
        "a summary 100,000 deep", feed(item(more=f"<description>{'&lt;div&gt;' * 100_000}</description>"))
    ),
    listed(
        "a hundred thousand attributes", feed("<item " + " ".join(f"a{n}=''" for n in range(100_000)) + "/>")
    ),
    listed(
        "fifty thousand namespaces",
        feed("<item " + " ".join(f"xmlns:a{n}='u{n}'" for n in range(50_000)) + "/>"),
    ),
    listed("CDATA never closed", b"<rss><channel><item><title><![CDATA[" + b"x" * 4_000_000),
    listed("a comment never closed", b"<rss><!--" + b"-" * 3_000_000),
    listed("900 kB of angle brackets", b"<rss>" + b"<" * 900_000),
    listed("900 kB of ampersands", b"<rss><channel><item><title>" + b"&" * 900_000),
    listed("900 kB of bad entities", b"<rss><channel><item><title>" + b"&zzz;" * 180_000),
    listed("NUL and control bytes", feed(item("a\0b\x01\x0b\x1b[31m"), item("\ufffe\uffff", "/2"))),
    listed("lone surrogates", feed(item("\ud800x\udfff"))),
    listed("surrogates by number", feed(item("&#xD800;&#55357;&#0;&#x110000;&#99999999999;"))),
    listed("an unknown encoding", feed(item(), head="<?xml version='1.0' encoding='utf-99'?>")),
    listed("UTF-7", feed(item("+ADw-script+AD4-"), head="<?xml version='1.0' encoding='utf-7'?>")),
    listed("UTF-16 that is none", feed(item(), head="<?xml version='1.0' encoding='utf-16'?>")),
    listed("UTF-32 mark", b"\xff\xfe\0\0" + feed(item()), health=FAILING),
    listed("a false charset header", feed(item()), "Content-Type: text/xml; charset=idna", entries=1),
    listed(
        "another false charset", feed(item()), "Content-Type: text/xml; charset=unicode_escape", entries=1
    ),
    listed(
        "dates in 2099, 0000 and beyond",
        dated(
            "1 Jan 2099 00:00:00 GMT",
            "0000-00-00",
            "99999-12-31",
            "9" * 5_000,
            "-1",
            "31 Feb 2024 25:61:61 +9999",
        ),
        entries=6,
    ),
    listed("five hundred odd dates", dated(*(f"ни́какой {n} день {n}" for n in range(500))), entries=500),
    listed("a date of 200 kB", dated("1 " * 100_000), entries=1),
    listed(
        "links to the inside and to programs",
        feed(
            *(
                item(f"Lukashenko {n}", link)
                for n, link in enumerate(
                    (
                        "http://127.0.0.1/admin",
                        "http://169.254.169.254/latest/",
                        "http://[::1]:8080/",
                        "javascript:alert(1)",
                        "data:text/html,x",
                        "file:///etc/passwd",
                    )
                )
            )
        ),
        entries=6,
    ),
    Attack(
        name="new addresses at each look",
        replies={"/list": growing(renamed)},
        polls=5,
        health=QUARANTINED,
        says="new addresses at each look",
        told="new addresses at each look",
        entries=90,
    ),
    Attack(name="new identifiers at each look", replies={"/list": growing(reguided)}, polls=5, entries=30),
    listed("eleven bytes", b"no feed now", health=FAILING),
    listed("nothing", b"", health=FAILING),
    listed(
        "a challenge page",
        b"<!doctype html><title>Just a moment</title><form id='challenge-form'></form>",
        health=FAILING,
    ),
)


def sitemap(*urls: str, root: str = "urlset", row: str = "url") -> bytes:
    inner = "".join(f"<{row}><loc>{url}</loc></{row}>" for url in urls)
    return f"<{root} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{inner}</{root}>".encode()


def index(*urls: str) -> bytes:
    return sitemap(*urls, root="sitemapindex", row="sitemap")


SITEMAPS: Final = (
    listed("an index of itself", index(*["http://outlet.test/list"] * 50), kind="sitemap"),
    listed(
        "an index of the inside",
        index("http://127.0.0.1/a", "http://0/b"),
        kind="sitemap",
        says="sitemaps of other sites were left out",
    ),
    listed(
        "an index of fifty thousand",
        index(*(f"http://outlet.test/{n}" for n in range(50_000))),
        kind="sitemap",
        health=FAILING,
    ),
    listed(
        "eighty thousand addresses",
        sitemap(*(f"http://outlet.test/{n}" for n in range(80_000))),
        kind="sitemap",
        entries=500,
    ),
    listed("a sitemap of laughs", LAUGHS.encode() + b"]>" + sitemap("&j;"), kind="sitemap", entries=0),
    listed("a packed bomb by name", b"\x1f\x8b\x08" + b"\0" * 10_000, kind="sitemap", health=FAILING),
)


def nested(opening: str, closing: str, inner: str = "1") -> bytes:
    return (opening * 100_000 + inner + closing * 100_000).encode()


def hits(**fields: object) -> bytes:
    return json.dumps({"hits": [{"objectID": "1", "title": "A headline", **fields}]}).encode()


JSON: Final = (
    listed(
        "a million empty JSON entries",
        b'{"version":"https://jsonfeed.org/version/1","items":[' + b"{}," * 1_000_000 + b"{}]}",
        health=FAILING,
        says="more came than any outlet lists",
    ),
    listed("JSON nested 100,000 deep", nested("[", "]"), health=FAILING),
    listed(
        "JSON feed nested",
        b'{"version":"https://jsonfeed.org/version/1","items":' + nested("[", "]") + b"}",
        health=FAILING,
    ),
    listed(
        "a number of a million digits",
        b'{"version":"https://jsonfeed.org/version/1","items":[{"id":' + b"9" * 1_000_000 + b"}]}",
        health=FAILING,
    ),
    listed(
        "NaN and infinity",
        b'{"version":"https://jsonfeed.org/version/1","items":[{"id":NaN,"url":"/x","title":1e999}]}',
    ),
    listed(
        "JSON of wrong kinds",
        b'{"version":"https://jsonfeed.org/version/1","items":[1,null,[],{"id":{},"authors":7}]}',
    ),
    listed(
        "lone surrogates in JSON",
        b'{"version":"https://jsonfeed.org/version/1","items":[{"id":"\\ud800","title":"a\\u0000b","url":"/x"}]}',
    ),
    listed(
        "toots nested",
        b'[{"content":' + nested("[", "]") + b"}]",
        kind="mastodon",
        options={"tag": "x", "format": "json"},
        path="/list",
        health=FAILING,
    ),
)


def html(body: bytes, head: bytes = b"") -> bytes:
    return b"<!doctype html><html><head>" + head + b"</head><body>" + body + b"</body></html>"


LINK: Final = b"<h2><a href='/page'>Lukashenko met an envoy today</a></h2>"
LISTING_ROWS: Final[tuple[Row, ...]] = (
    ("200,000 nested boxes", LINK + b"<div>" * DEEP, b"", {"entries": 1}),
    ("200,000 nested formats", LINK + b"<b><i>" * (DEEP // 2), b"", {"entries": 1}),
    ("tables in tables", LINK + b"<table><tr><td>" * 60_000, b"", {"entries": 1}),
    ("a hundred thousand links", LINK * 60_000, b"", {}),
    (
        "an attribute of 4 MB",
        b"<div title='" + b"x" * 4_000_000 + b"'>" + LINK,
        b"",
        {"health": FAILING, "says": "no headline links"},
    ),
    ("half a million entities", LINK + b"&amp;" * 500_000, b"", {}),
    ("a base inside", LINK, b"<base href='http://127.0.0.1/'>", {"entries": 1, "articles": 1}),
    ("a base that is none", LINK, b"<base href='http://[/'>", {}),
    ("a comment never closed in HTML", LINK + b"<!--" + b"x" * 3_000_000, b"", {}),
    ("a script never closed", LINK + b"<script>" + b"<" * 2_000_000, b"", {}),
    ("NUL in tags", b"<h2\0><a\0 href='/page'>x</a></h2>" + LINK, b"", {}),
    ("dates everywhere", LINK + b"<time>9999999999</time>" * 20_000, b"", {}),
)
LISTINGS: Final = tuple(
    listed(name, html(body, head), HTML, kind="listing", **more) for name, body, head, more in LISTING_ROWS
)

PARAGRAPH: Final = b"<p>Lukashenko received an envoy in Minsk on Monday and spoke for two hours.</p>"
PAGE_ROWS: Final[tuple[Row, ...]] = (
    ("a page 200,000 deep", b"<div>" * DEEP + PARAGRAPH, b"", {}),
    ("a page of nested quotes", b"<blockquote>" * 100_000 + PARAGRAPH, b"", {}),
    ("a page of 60,000 paragraphs", PARAGRAPH * 60_000, b"", {}),
    ("a page of 100,000 links", b"<a href='/x'>word word word</a>" * 100_000, b"", {}),
    ("a page of one line of 4 MB", b"<p>" + b"word " * 800_000, b"", {}),
    ("a page without a space", b"<p>" + b"x" * 4_000_000, b"", {}),
    ("a page of white space", b"<p>" + b" \n" * 2_000_000 + PARAGRAPH, b"", {}),
    ("a page of NULs", b"\0" * 3_000_000, b"", {}),
    ("a page of zero-width marks", ("<p>" + "\u200b\u202e" * 400_000).encode(), b"", {}),
    ("a page of combining marks", ("<p>Lukashenko" + "\u0301" * 500_000).encode(), b"", {}),
    (
        "JSON-LD nested",
        PARAGRAPH,
        b"<script type='application/ld+json'>" + nested("[", "]") + b"</script>",
        {},
    ),
    (
        "JSON-LD of 4 MB",
        PARAGRAPH,
        b"<script type='application/ld+json'>[" + b'{"@type":"NewsArticle"},' * 160_000 + b"1]</script>",
        {},
    ),
    ("a hundred thousand meta tags", PARAGRAPH, b"<meta property='og:title' content='x'>" * 100_000, {}),
    ("a canonical address inside", PARAGRAPH * 9, b"<link rel='canonical' href='http://127.0.0.1/'>", {}),
    ("a page in a charset that is none", PARAGRAPH, b"<meta charset='rot13'>", {}),
    (
        "a date of 9 MB of digits",
        b"<time datetime='" + b"1" * 2_000_000 + b"'></time>" + PARAGRAPH,
        b"",
        {},
    ),
    ("title of 2 MB", PARAGRAPH, b"<title>" + b"x" * 2_000_000 + b"</title>", {}),
)
PAGES: Final = tuple(
    paged(name, answer(html(PARAGRAPH + body, head), HTML), **more) for name, body, head, more in PAGE_ROWS
)

# The same by the operator's recipe, so that other parsers read them.
KNOWN_PAGES: Final = tuple(
    paged(
        f"{name}, by a recipe",
        answer(html(b"<main>" + PARAGRAPH * 9 + body, head), HTML),
        **{**more, "known": "main"},
    )
    for name, body, head, more in PAGE_ROWS
)

ODD_PAGES: Final = (
    paged("a page that leads inside", answer(b"", "Location: http://127.1/", status="302 Found")),
    paged("a page that is no text", answer(bytes(range(256)) * 8_000, "Content-Type: image/png")),
    paged("a page that is a feed", answer(feed(item("&a;" * 2_000), head=QUADRATIC))),
)

ATTACKS: Final = (*XML, *SITEMAPS, *JSON, *LISTINGS, *PAGES, *KNOWN_PAGES, *ODD_PAGES)
