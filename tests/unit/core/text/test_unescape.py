"""Character references of endless digits: the standard library raises at them, a title must not."""

from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.page.extract import extract
from monitor.core.text.clean import plain, unescape
from monitor.model import Fetched, Source
from monitor.sources.kinds.feed import KIND

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ENDLESS = f"&#{'9' * 50_000};"


def test_an_endless_number_stands_for_one_unknown_character() -> None:
    assert unescape(f"a{ENDLESS}b") == "a\ufffdb"
    assert unescape(f"a&#x{'f' * 50_000};b") == "a\ufffdb"
    assert plain(f"a{ENDLESS}b") == "a\ufffdb"
    assert "trams" in plain(f"<p>{ENDLESS} trams</p><script>")


@pytest.mark.parametrize("where", ["title", "description", "link", "guid", "author"])
def test_a_feed_with_one_is_read(where: str) -> None:
    escaped = ENDLESS.replace("&", "&amp;")
    entry = f"<item><title>Trams</title><link>/1</link><{where}>{escaped} x</{where}></item>"
    body = (
        f"<rss version='2.0'><channel>{entry}<item><title>Buses</title><link>/2</link></item></channel></rss>"
    )
    source = Source(id="s", name="S", kind="feed", url="https://a.example/feed")
    answer = Fetched(url=source.url, status=200, body=body.encode(), fetched_at=NOW)
    assert "Buses" in [entry.title for entry in KIND.parse(source, answer).entries]


def test_a_page_with_one_is_read() -> None:
    twice = ENDLESS.replace("&", "&amp;")
    page = (
        f"<title>{twice}</title><meta property=og:title content='{twice}'><p>{twice} {'trams run. ' * 40}</p>"
    )
    assert "trams run" in extract(page, url="https://a.example/", fetched_at=NOW).text


@given(st.text(alphabet="&#x0123456789abcdf; <", max_size=60))
def test_all_else_is_read_as_the_standard_library_does(text: str) -> None:
    assert unescape(text) == html.unescape(text)
