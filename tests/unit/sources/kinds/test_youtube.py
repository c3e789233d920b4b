"""YouTube's feeds: a channel's newest videos by its id."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.model import Fetched, Parsed, Source
from monitor.sources.kinds.youtube import KIND, YoutubeOptions

SAMPLE = Path(__file__).parents[3] / "data" / "youtube" / "channel.xml"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
HOST = "https://www.youtube.com"
CHANNEL = "UC" + "a" * 22


def source(url: str = HOST, **options: object) -> Source:
    return Source(id="tv", name="TV", kind="youtube", url=url, options=options)


def read(body: bytes, **options: object) -> Parsed:
    return KIND.parse(source(HOST, **options), Fetched(url=HOST, status=200, body=body, fetched_at=NOW))


def test_videos_with_description_and_date() -> None:
    """The pages of videos are scripts, so they are not read; views change no entry."""
    body = SAMPLE.read_bytes()
    video, _ = read(body).entries
    assert video.url == f"{HOST}/watch?v=abcdefghijk"
    assert (video.title, video.authors) == ("The dam holds & holds", ("River TV",))
    assert video.summary == "Engineers looked at it twice.\nCamera: Nina."
    assert video.published == datetime(2026, 3, 1, 10, 15, tzinfo=UTC)
    assert not KIND.has_page(video)
    assert read(body.replace(b"12:00:00", b"13:00:00")).entries[0] == video


def test_short_videos_may_be_left_out() -> None:
    """They are most of what some channels list."""
    assert [entry.title for entry in read(SAMPLE.read_bytes(), shorts=False).entries] == [
        "The dam holds & holds"
    ]


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (source(channel=CHANNEL), f"channel_id={CHANNEL}"),
        (source(f"{HOST}/channel/{CHANNEL}/videos"), f"channel_id={CHANNEL}"),
        (source(playlist="PL0123456789"), "playlist_id=PL0123456789"),
        (source(f"{HOST}/feeds/videos.xml?channel_id={CHANNEL}"), f"channel_id={CHANNEL}"),
    ],
)
def test_the_feed_is_asked_for_whatever_names_the_channel(given: Source, asked: str) -> None:
    """An option, the channel's page, or the feed itself."""
    assert KIND.request(given, None).url == f"{HOST}/feeds/videos.xml?{asked}"


def test_a_name_is_no_id() -> None:
    """How to find the id is told."""
    with pytest.raises(ParseError, match="Copy channel ID"):
        KIND.request(source(f"{HOST}/@rivertv"), None)
    with pytest.raises(ParseError, match="options channel"):
        KIND.request(source(), None)
    with pytest.raises(ValidationError, match="channel"):
        YoutubeOptions(channel="@rivertv")
