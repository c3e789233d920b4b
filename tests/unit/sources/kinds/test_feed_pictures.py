"""Pictures that feeds carry beside their entries."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.core.page.pictures import picture_addresses
from monitor.model import Fetched, Source
from monitor.sources.kinds import feed

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>Herald</title><link>https://herald.example/</link><item><title>One</title><link>https://herald.example/1</link>
<enclosure url="https://cdn.example/one.jpg" type="image/jpeg" length="1"/>
<enclosure url="https://cdn.example/one.mp3" type="audio/mpeg" length="1"/>
<media:group><media:content url="https://cdn.example/two" medium="image"/>
<media:content url="https://cdn.example/film.jpg" type="video/mp4"/></media:group>
<media:content url="/three.webp"/><media:content url="https://cdn.example/logo.png" type="image/png"/>
</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Herald</title><id>x</id><entry><id>urn:1</id>
<title>One</title><link href="https://herald.example/1"/>
<link rel="enclosure" type="image/jpeg" href="https://cdn.example/one.jpg"/>
<link rel="enclosure" type="audio/mpeg" href="https://cdn.example/one.mp3"/></entry></feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Herald", "items": [{"id": "1",
"url": "https://herald.example/1", "title": "One", "image": "https://cdn.example/one.jpg",
"attachments": [{"url": "https://cdn.example/two.png", "mime_type": "image/png"},
{"url": "https://cdn.example/one.mp3", "mime_type": "audio/mpeg"}]}]}"""
ONE = "https://cdn.example/one.jpg"


@pytest.mark.parametrize(
    ("text", "pictures"),
    [
        (RSS, (ONE, "https://cdn.example/two", "https://herald.example/three.webp")),
        (RSS.replace("</title><link>", "</title><br><link>", 1), (ONE, "https://cdn.example/two")),
        (ATOM, (ONE,)),
        (JSON, (ONE, "https://cdn.example/two.png")),
    ],
    ids=["rss", "broken rss", "atom", "json"],
)
def test_an_entry_knows_its_pictures(text: str, pictures: tuple[str, ...]) -> None:
    source = Source(id="herald", name="Herald", kind="feed", url="https://herald.example/feed")
    fetched = Fetched(url=source.url, status=200, body=text.encode(), fetched_at=NOW)
    (entry,) = feed.KIND.parse(source, fetched).entries
    # Judged when an article is made of it: most entries of a poll are known.
    shown = set(picture_addresses(entry.pictures, entry.url))
    assert set(pictures) <= shown <= {*pictures, "https://herald.example/three.webp"}
