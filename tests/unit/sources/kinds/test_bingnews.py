"""Bing News searches: links that go through Bing lead to the outlet."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import ParseError
from monitor.model import Fetched, Source
from monitor.sources.kinds.bingnews import KIND, outlet_address

SAMPLE = Path(__file__).parents[3] / "data" / "bingnews" / "search.xml"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOST = "https://www.bing.com"


def source(**options: object) -> Source:
    return Source(id="b", name="B", kind="bingnews", url=HOST, language="pl", country="PL", options=options)


def test_links_lead_to_the_outlet_and_it_is_named() -> None:
    """Whether the link goes through Bing or not."""
    fetched = Fetched(url=HOST, status=200, body=SAMPLE.read_bytes(), fetched_at=NOW)
    first, second = KIND.parse(source(), fetched).entries
    assert (first.url, first.authors) == ("https://paper.example/dam-holds?id=5", ("Paper on MSN",))
    assert first.summary == "Engineers looked at it twice and went home."
    assert first.published == datetime(2026, 3, 1, 10, 15, tzinfo=UTC)
    assert (second.url, second.authors) == ("https://gazeta.example/ice", ("Gazeta",))


def test_only_web_addresses_are_taken_from_a_link() -> None:
    """Whatever else stands there stays a Bing link."""
    click = f"{HOST}/news/apiclick.aspx?url="
    assert outlet_address(f"{click}https%3a%2f%2fpaper.example%2f") == "https://paper.example/"
    assert outlet_address(f"{click}javascript%3aalert(1)") is None
    assert outlet_address("https://other.example/news/apiclick.aspx?url=https%3a%2f%2fx.example") is None
    assert outlet_address("http://[") is None


def test_the_address_is_built_from_the_options() -> None:
    """Newest first; the edition is the source's unless the options say another."""
    url = KIND.request(source(query="iron ore", country="DE"), None).url
    assert url == (f"{HOST}/news/search?q=iron%20ore&format=rss&qft=sortbydate%3D%221%22&setlang=pl&cc=DE")
    with pytest.raises(ParseError, match="options query"):
        KIND.request(source(), None)
