"""Kinds that ask a service: each fixture served on loopback, asked for and read as in a poll."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.http import HttpFetcher
from monitor.model import Fetched, FetchSettings, Source
from monitor.plugins import source_kinds
from tests.support.hostile_server import HostileServer, answer

SAMPLES = Path(__file__).parents[1] / "data"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
CHANNEL = "UC" + "a" * 22


@pytest.mark.parametrize(
    ("kind", "sample", "path", "options", "count"),
    [
        ("telegram", "channel.html", "/s/riverwatch", {"channel": "riverwatch"}, 3),
        ("gdelt", "artlist.json", "/api/v2/doc/doc", {"query": "river"}, 3),
        ("googlenews", "search.xml", "/rss/search", {"query": "river"}, 3),
        ("bingnews", "search.xml", "/news/search", {"query": "river"}, 2),
        ("hackernews", "search.json", "/api/v1/search_by_date", {"query": "river"}, 3),
        ("reddit", "search.xml", "/search.rss", {"query": "dam"}, 2),
        ("reddit", "search.json", "/r/rivers/new.json", {"subreddit": "rivers", "format": "json"}, 3),
        ("youtube", "channel.xml", "/feeds/videos.xml", {"channel": CHANNEL}, 2),
        ("mastodon", "tag.rss", "/tags/river.rss", {"tag": "river"}, 1),
        ("mastodon", "tag.json", "/api/v1/timelines/tag/river", {"tag": "river", "format": "json"}, 2),
    ],
)
def test_a_host_and_options_are_enough(
    kind: str, sample: str, path: str, options: dict[str, object], count: int
) -> None:
    """The address that is built is the one asked for, and what comes is read."""
    chosen = source_kinds()[kind]
    body = (SAMPLES / kind / sample).read_bytes()
    fetch = HttpFetcher(FetchSettings(allow_private=True), version="9.9", now=lambda: NOW)
    with HostileServer({path: answer(body)}) as server:
        source = Source(id="s", name="S", kind=kind, url=server.url(), options=options, allow_private=True)
        try:
            got = fetch(chosen.request(source, None))
        finally:
            fetch.close()
        assert isinstance(got, Fetched)
        parsed = chosen.parse(source, got)
    assert len(parsed.entries) == count
    assert all(entry.published and entry.title for entry in parsed.entries)
