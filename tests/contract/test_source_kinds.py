"""What every source kind promises, plugins too: found by entry points, tried with anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.metadata import entry_points

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Fetched, Source, SourceState
from monitor.ports import SourceKind

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
URL = "https://outlet.example/list"
POINTS = {point.name: point for point in entry_points(group="monitor.sources")}
GOOD = {
    "feed": b"<rss><channel><item><title>A headline of words</title><link>/1</link></item></channel></rss>",
    "sitemap": b"<urlset><url><loc>https://outlet.example/1</loc><lastmod>2026-11-01</lastmod></url></urlset>",
    "listing": b"<html><body><h2><a href='/1'>A headline of words</a></h2></body></html>",
    "telegram": b"<html><body><div class='tgme_widget_message' data-post='x/1'>"
    b"<div class='tgme_widget_message_text'>A headline of words</div>"
    b"<a class='tgme_widget_message_date' href='/1'></a></div></body></html>",
    "gdelt": b'{"articles":[{"url":"/1","title":"A headline","seendate":"20261101T101500Z"}]}',
    "googlenews": b"<rss><channel><generator>NFE/5.0</generator><item><title>A headline of words</title>"
    b"<link>/1</link></item></channel></rss>",
    "bingnews": b"<rss><channel><link>https://www.bing.com/news/search?q=x</link><item>"
    b"<title>A headline</title><link>https://outlet.example/1</link></item></channel></rss>",
    "hackernews": b'{"hits":[{"objectID":"1","title":"A headline","url":"https://outlet.example/1"}]}',
    "reddit": b'{"data":{"children":[{"kind":"t3","data":{"title":"A headline","url":"https://outlet.example/1"}}]}}',
    "youtube": b"<feed xmlns='http://www.w3.org/2005/Atom' xmlns:yt='http://www.youtube.com/xml/schemas/2015'>"
    b"<entry><title>A headline</title><link href='/1'/></entry></feed>",
    "inbox": b'{"id":"1","title":"A headline","text":"Words.","url":"https://outlet.example/1"}',
    "mastodon": b'[{"account":{"acct":"nina"},"content":"<p>A headline</p>","url":"https://outlet.example/1"}]',
}
PIECES = (
    *(b"<rss>", b"<channel>", b"<item>", b"<title>", b"</title>", b"<link>http://x.org/1</link>"),
    *(b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"<rdf:RDF>", b"<pubDate>", b"2026-11-01"),
    *(b"<urlset>", b"<url><loc>http://x.org/", b"</loc></url>", b"<sitemapindex>", b"<sitemap>"),
    *(b"<html>", b"<h2>", b"<a href='/1'>one two three four</a>", b"<![CDATA[", b"]]>", b"<!DOCTYPE", b"["),
    *(b"&amp;", b"&nbsp;", b"&", b"<", b">", b"\x00", b"\xff\xfe", b"\x1f\x8b\x08", b"\xed\xa0\x80"),
    *(b"<?xml version='1.0' encoding='", b"utf-16", b"'?>", "дата".encode("cp1251"), "дата".encode()),
    *(
        b'{"articles":[{',
        b'{"hits":[{',
        b'"objectID":1e400,',
        b'{"data":{"children":[{"kind":"t3","data":{',
        b"\\ud800",
    ),
    *(
        b'[{"account":{',
        b'"content":',
        b'"title":"a\\u0000b",',
        b"}}]}}",
        b"<div class='tgme_widget_message' data-post='",
    ),
    *(b'{"version":"https://jsonfeed.org/version/1",', b'"items":[', b'{"id":1,', b'"url":"/x"}', b"]}"),
)
bodies = st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(PIECES), max_size=25).map(b"".join))


@pytest.fixture(params=sorted(POINTS))
def kind(request: pytest.FixtureRequest) -> SourceKind:
    """Each registered kind."""
    loaded = POINTS[request.param].load()
    assert isinstance(loaded, SourceKind)
    return loaded


def source(kind: SourceKind) -> Source:
    return Source(id="outlet", name="Outlet", kind=kind.name, url=URL, site="https://outlet.example/")


def fetched(body: bytes) -> Fetched:
    return Fetched(url=URL, status=200, body=body, fetched_at=NOW)


def test_the_built_in_kinds_are_registered(kind: SourceKind) -> None:
    """Under their own names, with options that all have defaults."""
    assert POINTS.keys() >= GOOD.keys()
    assert POINTS[kind.name].load() is kind
    kind.options()


def test_the_first_request_carries_what_is_known(kind: SourceKind) -> None:
    """Validators of the last answer, and the source's leave to ask private addresses."""
    state = SourceState(source_id="outlet", next_fetch_at=NOW, etag='"1"', last_modified="yesterday")
    bare, asked = kind.request(source(kind), None), kind.request(source(kind), state)
    assert (bare.url, bare.etag, bare.allow_private) == (URL, None, False)
    assert (asked.etag, asked.last_modified) == ('"1"', "yesterday")


def test_a_good_document_gives_whole_entries(kind: SourceKind) -> None:
    """Whole addresses, stable ids, the source's id, and the same again at each reading."""
    parsed = kind.parse(source(kind), fetched(GOOD[kind.name]))
    (entry,) = parsed.entries
    assert parsed.kind == kind.name
    assert (entry.source_id, entry.url) == ("outlet", "https://outlet.example/1")
    assert entry.id
    assert entry.stamp
    assert not entry.late
    assert kind.parse(source(kind), fetched(GOOD[kind.name])) == parsed


def test_each_kind_knows_its_own(kind: SourceKind) -> None:
    """``monitor parse`` asks every kind and takes the surest."""
    scores = {name: kind.sniff(fetched(body)) for name, body in GOOD.items()}
    assert max(scores, key=lambda name: scores[name]) == kind.name
    assert scores[kind.name] >= 0.5


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies)
def test_any_bytes_are_read_or_refused(kind: SourceKind, body: bytes) -> None:
    """Entries or ``ParseError``, nothing else; what is read can be stored."""
    assert 0 <= kind.sniff(fetched(body)) <= 1
    try:
        parsed = kind.parse(source(kind), fetched(body))
    except ParseError as error:
        assert str(error)  # noqa: PT017  # whether it is raised is open
        return
    for entry in parsed.entries:
        assert entry.id
        assert entry.url.startswith("http")
        assert "\x00" not in entry.title + entry.summary + entry.content + entry.guid
        (entry.title + entry.summary + entry.content + entry.guid).encode("utf-8")
        for moment in (entry.published, entry.updated):
            assert moment is None or moment.tzinfo is UTC
            assert moment is None or moment <= NOW + timedelta(minutes=10)
