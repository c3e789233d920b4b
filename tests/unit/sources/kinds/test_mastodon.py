"""Mastodon's tags as feed and as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.model import Fetched, Parsed, Source
from monitor.sources.kinds.mastodon import KIND, MastodonOptions

SAMPLES = Path(__file__).parents[3] / "data" / "mastodon"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOST = "https://social.example"


def source(**options: object) -> Source:
    return Source(id="m", name="M", kind="mastodon", url=HOST, options=options)


def read(body: bytes) -> Parsed:
    return KIND.parse(source(), Fetched(url=f"{HOST}/x", status=200, body=body, fetched_at=NOW))


@pytest.mark.parametrize("name", ["tag.rss", "tag.json"])
def test_posts_with_author_text_and_date(name: str) -> None:
    """The first line is the headline that posts do not have."""
    post = read((SAMPLES / name).read_bytes()).entries[0]
    assert post.url == f"{HOST}/@nina/1140001"
    assert (post.title, post.authors) == ("The dam holds.", ("@nina@social.example",))
    assert post.summary.startswith("The dam holds.\nEngineers looked at it twice.")
    assert post.published is not None
    assert post.published.replace(microsecond=0) == datetime(2026, 3, 1, 10, 15, tzinfo=UTC)
    assert not KIND.has_page(post)


def test_json_tells_more() -> None:
    """Language, edits, the warning above the text, posts of other instances."""
    post = read((SAMPLES / "tag.json").read_bytes()).entries[1]
    assert (post.title, post.language) == ("About ice & barges", "be")
    assert post.authors == ("@ivan@far.example",)
    assert post.updated == datetime(2026, 3, 1, 9, 5, tzinfo=UTC)


def test_a_refusal_is_told_with_the_mend() -> None:
    """Some instances show tags as JSON only to their own people."""
    with pytest.raises(ParseError, match=r"This method requires an authenticated user.*format: rss"):
        read(b'{"error": "This method requires an authenticated user"}')
    with pytest.raises(ParseError, match="posts of Mastodon"):
        read(b"{}")


def test_the_address_is_built_from_the_options() -> None:
    """On the instance that the url names."""
    assert KIND.request(source(tag="#Вільня"), None).url == (
        f"{HOST}/tags/%D0%92%D1%96%D0%BB%D1%8C%D0%BD%D1%8F.rss"
    )
    assert KIND.request(source(tag="river", format="json"), None).url == (
        f"{HOST}/api/v1/timelines/tag/river?limit=40"
    )
    with pytest.raises(ParseError, match="options tag"):
        KIND.request(source(), None)
    with pytest.raises(ValidationError, match="not a tag"):
        MastodonOptions(tag="two words")
