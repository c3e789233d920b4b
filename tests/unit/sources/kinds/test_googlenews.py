"""Google News searches: the outlet behind each link, where the link tells it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Fetched, Parsed, Source
from monitor.sources.kinds.googlenews import KIND, outlet_address

SAMPLE = Path(__file__).parents[3] / "data" / "googlenews" / "search.xml"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOST = "https://news.google.com"


def source(
    url: str = HOST,
    language: str | None = None,
    country: str | None = None,
    options: dict[str, object] | None = None,
) -> Source:
    return Source(
        id="g",
        name="G",
        kind="googlenews",
        url=url,
        language=language,
        country=country,
        options=options or {},
    )


def read() -> Parsed:
    body = SAMPLE.read_bytes()
    return KIND.parse(source(), Fetched(url=f"{HOST}/rss", status=200, body=body, fetched_at=NOW))


def test_links_lead_to_the_outlet() -> None:
    """The outlet is its author; the title loses the outlet's name, and only that."""
    first, second, _ = read().entries
    assert (first.url, first.title) == (
        "https://paper.example/dam-holds?id=5",
        "The dam holds, engineers say",
    )
    assert first.authors == ("Paper",)
    assert first.published == datetime(2026, 3, 1, 10, 15, tzinfo=UTC)
    assert second.url.endswith("-end")
    assert (second.title, second.authors) == ("Ice breaks early - a report", ("Gazeta & Sons",))


def test_a_link_that_hides_the_outlet_stays_and_is_told() -> None:
    """Its page is a script of Google's, so it is not asked for."""
    parsed = read()
    hidden = parsed.entries[2]
    assert hidden.url.startswith(f"{HOST}/rss/articles/")
    assert [KIND.has_page(entry) for entry in parsed.entries] == [True, True, False]
    assert parsed.warnings == ("1 of 3 links do not tell the outlet's address: only headlines are matched",)


@given(path=st.from_regex(r"[a-z0-9/-]{1,300}", fullmatch=True), tail=st.binary(max_size=40))
def test_an_address_of_any_length_is_found_whole(path: str, tail: bytes) -> None:
    """Its length is written in one byte or two."""
    url = f"https://paper.example/{path}"
    size = len(url)
    length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    token = base64.urlsafe_b64encode(b"\x08\x13\x22" + length + url.encode() + tail).decode().rstrip("=")
    assert outlet_address(f"{HOST}/rss/articles/{token}?oc=5") == url


@given(st.binary(max_size=80))
def test_any_token_is_an_address_or_none(record: bytes) -> None:
    """Never an error, never anything but http."""
    token = base64.urlsafe_b64encode(record).decode()
    found = outlet_address(f"{HOST}/articles/{token}")
    assert found is None or found.startswith("http")


def test_other_links_are_left_alone() -> None:
    """Outlets, too, have articles under /articles/."""
    assert outlet_address("https://paper.example/articles/CBMiJGh0dHBz") is None
    assert outlet_address(f"{HOST}/x?url=https%3A%2F%2Fpaper.example%2F1") == "https://paper.example/1"
    assert outlet_address("http://[") is None


@pytest.mark.parametrize(
    ("language", "country", "options", "edition"),
    [
        (None, None, {}, "hl=en-US&gl=US&ceid=US%3Aen"),
        ("be", "BY", {}, "hl=be&gl=BY&ceid=BY%3Abe"),
        ("be", "BY", {"language": "ru", "country": "UA"}, "hl=ru&gl=UA&ceid=UA%3Aru"),
    ],
)
def test_the_edition_is_the_sources(
    language: str | None, country: str | None, options: dict[str, object], edition: str
) -> None:
    """Unless the options say another."""
    query = {"query": '"iron ore" OR Bełchatów', **options}
    asked = KIND.request(source(HOST, language, country, query), None)
    words = "%22iron%20ore%22%20OR%20Be%C5%82chat%C3%B3w"
    assert asked.url == f"{HOST}/rss/search?q={words}&{edition}"


def test_a_whole_address_is_asked_as_it_stands() -> None:
    """A topic's feed, say; a host alone is refused."""
    url = f"{HOST}/rss/topics/abc?hl=en-US"
    assert KIND.request(source(url), None).url == url
    with pytest.raises(ParseError, match="options query"):
        KIND.request(source(), None)
