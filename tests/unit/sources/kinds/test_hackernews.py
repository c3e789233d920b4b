"""Hacker News searches: the outlet's page for stories, their own for questions and comments."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import ParseError
from monitor.model import Fetched, Parsed, Source
from monitor.sources.kinds.hackernews import KIND

SAMPLE = Path(__file__).parents[3] / "data" / "hackernews" / "search.json"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOST = "https://hn.algolia.com"


def source(**options: object) -> Source:
    return Source(id="hn", name="HN", kind="hackernews", url=HOST, options=options)


def read(body: bytes) -> Parsed:
    return KIND.parse(source(), Fetched(url=HOST, status=200, body=body, fetched_at=NOW))


def test_stories_lead_to_the_outlet() -> None:
    """Titles are no HTML there."""
    story = read(SAMPLE.read_bytes()).entries[0]
    assert (story.guid, story.url) == ("401", "https://paper.example/dam-holds")
    assert (story.title, story.authors) == ("The dam holds <video>", ("nina",))
    assert story.published == datetime(2026, 3, 1, 10, 15, tzinfo=UTC)
    assert KIND.has_page(story)


def test_questions_and_comments_bring_their_own_text() -> None:
    """So their pages, which are other people's comments, are not read."""
    _, question, comment = read(SAMPLE.read_bytes()).entries
    assert question.url == "https://news.ycombinator.com/item?id=402"
    assert question.summary == "I look for people who model rivers & ice."
    assert (comment.title, comment.summary) == ("Comment on: The dam holds", "Ice is hard.")
    assert not KIND.has_page(question)
    assert not KIND.has_page(comment)


@pytest.mark.parametrize("body", [b'{"message": "no"}', b"[]", b"sorry", b"<html></html>"])
def test_other_answers_are_refused(body: bytes) -> None:
    """And never taken for "nothing new"."""
    with pytest.raises(ParseError, match="Hacker News search results"):
        read(body)


def test_the_address_is_built_from_the_options() -> None:
    """Newest first."""
    path = f"{HOST}/api/v1/search_by_date"
    assert KIND.request(source(query="iron ore"), None).url == (
        f"{path}?query=iron%20ore&tags=story&hitsPerPage=100"
    )
    assert KIND.request(source(query="ore", comments=True, points=5), None).url == (
        f"{path}?query=ore&tags=%28story%2Ccomment%29&hitsPerPage=100&numericFilters=points%3E%3D5"
    )
    with pytest.raises(ParseError, match="options query"):
        KIND.request(source(), None)
