"""GDELT's article list: outlets' own addresses, languages by name, refusals with status 200."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.model import Fetched, Parsed, Source
from monitor.sources.kinds.gdelt import KIND, GdeltOptions

SAMPLE = Path(__file__).parents[3] / "data" / "gdelt" / "artlist.json"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
URL = "https://api.gdeltproject.org"


def source(**options: object) -> Source:
    return Source(id="world", name="World", kind="gdelt", url=URL, options=options)


def read(body: bytes) -> Parsed:
    return KIND.parse(source(), Fetched(url=URL, status=200, body=body, fetched_at=NOW))


def test_articles_with_date_and_language() -> None:
    """Backslashes that JSON does not know are what titles come with."""
    first, second, third = read(SAMPLE.read_bytes()).entries
    assert first.url == "https://paper.example/dam-holds"
    assert first.published == datetime(2026, 3, 1, 10, 15, tzinfo=UTC)
    assert [entry.language for entry in (first, second, third)] == ["en", "be", "no"]
    assert second.title == 'Лёд \\на реке C:\\parts "сошёл"'
    assert all(KIND.has_page(entry) for entry in (first, second, third))


def test_nothing_found_is_no_failure() -> None:
    """GDELT answers with an empty record."""
    assert read(b"{}").entries == ()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"Your query was too short or too long.", "refuses the query: Your query was too short"),
        (b"Please limit requests to one every 5 seconds.", "set a longer every"),
        (b"<html><title>502</title></html>", "an HTML page came instead of GDELT's list"),
        (b'{"articles": 3}', "not GDELT's list"),
    ],
)
def test_refusals_are_told_in_its_own_words(body: bytes, said: str) -> None:
    """They come with status 200."""
    with pytest.raises(ParseError, match=said):
        read(body)


def test_the_address_is_built_from_the_options() -> None:
    """Newest first, as many as there may be."""
    asked = urlsplit(KIND.request(source(query='"iron ore" sourcelang:polish', timespan="6h"), None).url)
    assert (asked.netloc, asked.path) == ("api.gdeltproject.org", "/api/v2/doc/doc")
    values = {name: value for name, (value,) in parse_qs(asked.query).items()}
    assert values == {
        "query": '"iron ore" sourcelang:polish',
        "mode": "ArtList",
        "format": "json",
        "sort": "DateDesc",
        "timespan": "6h",
        "maxrecords": "250",
    }


def test_what_cannot_be_asked_is_told() -> None:
    """Before GDELT is troubled with it."""
    with pytest.raises(ParseError, match="options query"):
        KIND.request(source(), None)
    with pytest.raises(ValidationError, match="timespan"):
        GdeltOptions(timespan="yesterday")
