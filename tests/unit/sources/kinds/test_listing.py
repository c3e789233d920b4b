"""Pages without a feed: by selectors, or by what looks like headlines."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.model import Fetched, Parsed, Source
from monitor.sources.kinds.listing import KIND, ListingOptions

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
URL = "https://city.example/news/"


def read(body: str, **options: object) -> Parsed:
    source = Source(id="city", name="City", kind="listing", url=URL, options=options)
    return KIND.parse(source, Fetched(url=URL, status=200, body=body.encode(), fetched_at=NOW))


CARDS = """<html><body><div class="card"><a class="go" href="/a"><img></a><h4>First headline</h4>
<i>23.11.2026 14:30</i><p>What it says &lt;in short&gt;.</p></div>
<div class="card"><a class="go" href="b">Second</a><h4>Second headline</h4><i>11|22|2026</i></div>
<div class="card"><h4>No link here</h4></div></body></html>"""


def test_selectors_choose_each_field() -> None:
    """Link, title, date and summary of each box; boxes without a link are passed over."""
    parsed = read(
        CARDS, item=".card", link="a.go", title="h4", date="i", summary="p", timezone="Europe/Minsk"
    )
    first, second = parsed.entries
    assert (first.url, first.title) == ("https://city.example/a", "First headline")
    assert first.summary == "What it says <in short>."
    assert first.published == datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
    assert (second.url, second.published) == ("https://city.example/news/b", None)


def test_a_date_format_reads_what_nobody_else_can() -> None:
    """And what is not in it is still read in the usual ways."""
    first, second = read(CARDS, item=".card", title="h4", date="i", date_format="%m|%d|%Y").entries
    assert second.published == datetime(2026, 11, 22, tzinfo=UTC)
    assert first.published == datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


def test_a_box_may_be_the_link_itself() -> None:
    """Cards are often one large link."""
    entries = read("<body><a class='c' href='/1'>One</a><a class='c' href='/2'>Two</a>", item="a.c").entries
    assert [(entry.url, entry.title) for entry in entries] == [
        ("https://city.example/1", "One"),
        ("https://city.example/2", "Two"),
    ]


def test_headlines_are_found_without_options() -> None:
    """Long link texts in headings and lists; no menus, no other sites, each address once."""
    body = """<html><body><nav><li><a href="/menu">All the sections of our paper</a></li></nav>
    <h2><a href="/long-story">The council votes on the bridge tonight</a></h2>
    <ul><li><a href="/long-story#comments">The council votes on the</a></li>
    <li><a href="https://ads.example/">Buy two pairs of shoes now</a></li>
    <li><a href="/short">More</a></li>
    <li><a href="/second">
    <time datetime="2026-11-23T10:00:00Z">1h</time> Second story has enough words</a></li></ul>
    <footer><li><a href="/terms">Terms and conditions of our use</a></li></footer></body></html>"""
    entries = read(body).entries
    assert [entry.url for entry in entries] == [
        "https://city.example/long-story",
        "https://city.example/second",
    ]
    assert entries[1].published == datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "options", "told"),
    [
        ("<html><body><p>Nothing</p></body></html>", {}, "no headline links were found"),
        ("<html><body><p>Nothing</p></body></html>", {"item": ".card"}, "no link inside item: .card"),
        ("<html><title>Just a moment...</title><p>cf-chl</p></html>", {}, "challenge"),
        ("<rss><channel/></rss>", {}, "not an HTML page"),
        ("plain words", {}, "not an HTML page"),
    ],
)
def test_a_page_that_fell_silent_is_told(body: str, options: dict[str, object], told: str) -> None:
    """A rebuilt page must not look like a quiet one."""
    with pytest.raises(ParseError, match=told):
        read(body, **options)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"item": "div["}, "not a CSS selector"),
        ({"timezone": "Mars/Base"}, "no time zone is called"),
        ({"itm": "x"}, "Extra inputs"),
    ],
)
def test_wrong_options_are_refused_at_load(options: dict[str, str], told: str) -> None:
    """With a sentence that names the value."""
    with pytest.raises(ValidationError, match=told):
        ListingOptions.model_validate(options)


def test_xhtml_with_a_declaration_is_a_page() -> None:
    """Without a parser warning."""
    body = "<?xml version='1.0'?><html><body><h2><a href='/x'>Four words stand here</a></h2></body></html>"
    assert read(body).entries[0].title == "Four words stand here"
