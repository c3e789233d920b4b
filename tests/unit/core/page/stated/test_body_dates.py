"""Dates in a page's body: those of its article, not of the clock, the comments or the teasers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.page.extract import article, extract
from monitor.core.page.stated.body_dates import address_date
from monitor.model import Entry, Source

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "https://rivertimes.example/news/dam"
TEXT = "".join(
    (
        f"<p>Sentence number {n} of this article is about the dam above the town, its gates and "
        "the men who mend them.</p>"
    )
    for n in range(6)
)
H1 = "<h1>Dam above Vileyka is drained</h1>"


def published(body: str, head: str = "", url: str = URL) -> str:
    html = (
        f"<html lang='en'><head><title>Dam above Vileyka is drained</title>{head}</head>"
        f"<body>{body}</body></html>"
    )
    found = extract(html, url=url, fetched_at=NOW).published
    return found.isoformat() if found else ""


OWN = "<time datetime='2026-02-20T10:30:00+00:00'>20 Feb</time>"
CLOCK = "<time datetime='2026-03-02T12:00:00+00:00'>Monday</time>"


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='top'>{CLOCK}</div><article>{H1}{OWN}{TEXT}</article>",
        f"<article>{H1}{OWN}{TEXT}</article><ul class='comment-list'><li>{CLOCK}<p>Well.</p></li></ul>",
        f"<article><div>{OWN}</div>{H1}{TEXT}</article><aside>{CLOCK}</aside>",
        f"<nav>{CLOCK}</nav>{H1}<p class='when'>20 February 2026, 10:30</p>{TEXT}",
        f"<article>{H1}<p>20 February 2026</p>{TEXT}</article><div id='kommentare'>{CLOCK}</div>",
        f"{H1}<abbr itemprop='datePublished' title='2026-02-20T10:30:00Z'>10:30</abbr>{TEXT}{CLOCK}",
        f"{H1}<abbr class='published' title='2026-02-20T10:30:00Z'>Friday</abbr>{TEXT}{CLOCK}",
        f"{H1}<span itemprop='datePublished' content='2026-02-20'></span>{TEXT}",
        f"<article>{H1}<time class='updated' datetime='2026-03-01T10:00Z'></time>{OWN}{TEXT}</article>",
    ],
)
def test_the_date_is_the_articles(body: str) -> None:
    assert published(body).startswith("2026-02-20")


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="created-date" content="2026-02-20T10:30:00+05:30">',
        '<meta property="vr:published_time" content="2026-02-20T10:30:00Z">',
        '<meta name="article.release_date" content="2026-02-20">',
        '<script type="application/ld+json">{"@type":"WebPage","datePublished":"2026-02-20T10:00Z"}</script>',
    ],
)
def test_the_head_says_when_under_many_names(head: str) -> None:
    assert published(H1 + TEXT, head).startswith("2026-02-20")


def test_the_day_is_told_in_the_offset_that_the_page_states() -> None:
    head = '<meta property="article:published_time" content="2026-02-20T23:30:00-08:00">'
    assert published(H1 + TEXT, head) == "2026-02-20T23:30:00-08:00"


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2019/05/14/dam", "2019-05-14"),
        ("https://a.example/news/2019-05-14-dam", "2019-05-14"),
        ("https://a.example/dam-20190514.html", "2019-05-14"),
        ("https://a.example/news/2019/1399/dam-4512", ""),
        ("https://a.example/20199914/dam", ""),
        ("https://a.example/dam?id=20190514", ""),
    ],
)
def test_an_address_names_a_day(url: str, day: str) -> None:
    assert address_date(url) == day
    assert published(H1 + TEXT, url=url)[:10] == day


@pytest.mark.parametrize(("url", "late"), [("https://a.example/2019/05/14/dam", True), (URL, False)])
def test_an_undated_entry_with_an_old_address_must_not_alert(url: str, late: bool) -> None:
    entry = Entry(id="e", source_id="s", guid="", url=url, title="Dam above Vileyka is drained")
    found = extract(f"<title>Dam</title>{H1}{TEXT}", url=url, fetched_at=NOW, entry=entry)
    source = Source(id="s", name="S", kind="sitemap", url="https://a.example/sitemap.xml")
    assert article(found, entry=entry, source=source, seen_at=NOW).late is late
