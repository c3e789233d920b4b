"""Reddit as feed and as JSON: both give the same entries."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import ParseError
from monitor.model import Fetched, Parsed, Source
from monitor.sources.kinds.reddit import KIND

SAMPLES = Path(__file__).parents[3] / "data" / "reddit"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOST = "https://www.reddit.com"


def source(**options: object) -> Source:
    return Source(id="r", name="R", kind="reddit", url=HOST, options=options)


def read(body: bytes) -> Parsed:
    return KIND.parse(source(), Fetched(url=f"{HOST}/x", status=200, body=body, fetched_at=NOW))


@pytest.mark.parametrize("name", ["search.xml", "search.json"])
def test_links_lead_to_the_outlet_and_texts_are_whole(name: str) -> None:
    """Posts with a link are the outlet's article; posts with a text are their own."""
    linked, own = read((SAMPLES / name).read_bytes()).entries[:2]
    assert (linked.guid, linked.url) == ("t3_aa1", "https://paper.example/dam-holds?a=1&b=2")
    assert linked.title.startswith("The dam holds")
    assert linked.published == datetime(2026, 3, 1, 10, 15, tzinfo=UTC)
    assert (linked.summary, linked.authors) == ("", ("/u/nina",))
    assert own.url == f"{HOST}/r/rivers/comments/aa2/ask_me/"
    assert own.summary.startswith("I model ")
    assert "submitted by" not in own.summary
    assert [KIND.has_page(entry) for entry in (linked, own)] == [True, False]


def test_pictures_and_markup_in_json() -> None:
    """A picture's address is no article; entities are read, text is no HTML."""
    linked, own, picture = read((SAMPLES / "search.json").read_bytes()).entries
    assert linked.title == "The dam holds & holds"
    assert own.summary == "I model *ice*\nfor a living <3"
    assert picture.url == f"{HOST}/r/rivers/comments/aa3/a_picture/"


def test_a_refusal_is_told() -> None:
    """Reddit turns robots away with a page or with a record of the error."""
    with pytest.raises(ParseError, match="posts of Reddit"):
        read(b'{"message": "Too Many Requests", "error": 429}')
    with pytest.raises(ParseError, match="HTML page came instead of posts of Reddit: Blocked"):
        read(b"<html><head><title>Blocked</title></head></html>")


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"query": "iron ore"}, "/search.rss?limit=100&q=iron%20ore&sort=new"),
        (
            {"query": "ore", "subreddit": "rivers+ice"},
            "/r/rivers+ice/search.rss?limit=100&q=ore&sort=new&restrict_sr=on",
        ),
        ({"subreddit": "rivers", "format": "json"}, "/r/rivers/new.json?limit=100"),
    ],
)
def test_the_address_is_built_from_the_options(options: dict[str, object], path: str) -> None:
    """A search, a search in one place, or everything of that place."""
    assert KIND.request(source(**options), None).url == HOST + path


def test_a_host_alone_is_not_enough() -> None:
    """The mend names the options."""
    with pytest.raises(ParseError, match="query: the words to look for, or subreddit"):
        KIND.request(source(), None)
