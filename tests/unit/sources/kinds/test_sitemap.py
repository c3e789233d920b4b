"""Sitemaps: addresses with dates, newest first, and indexes to follow."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from monitor.errors import ParseError
from monitor.model import Fetched, Parsed, Source
from monitor.sources.kinds.sitemap import KIND, MAX_MORE, SitemapOptions

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
URL = "https://map.example/sitemap.xml"
HEAD = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:g='http://www.google.com/schemas/sitemap-news/0.9'>"


def read(body: str | bytes, **options: object) -> Parsed:
    raw = body.encode() if isinstance(body, str) else body
    source = Source(id="map", name="Map", kind="sitemap", url=URL, options=options)
    return KIND.parse(source, Fetched(url=URL, status=200, body=raw, fetched_at=NOW))


def page(path: str, *, date: str = "", news: str = "") -> str:
    block = f"<g:news><g:publication_date>{date}</g:publication_date><g:title>{news}</g:title></g:news>"
    return f"<url><loc>https://map.example/{path}</loc><lastmod>{date}</lastmod>{block if news else ''}</url>"


def test_the_newest_come_first_and_only_so_many() -> None:
    """A sitemap of fifty thousand addresses is in no order."""
    pages = "".join(page(f"a{n}", date=f"{2000 + n % 26}-01-{1 + n % 28:02d}") for n in range(900))
    parsed = read(f"{HEAD}{pages}</urlset>")
    dates = [entry.published for entry in parsed.entries if entry.published]
    assert len(parsed.entries) == 500
    assert dates == sorted(dates, reverse=True)
    assert any("900" in warning for warning in parsed.warnings)


def test_news_only_and_include_choose_addresses() -> None:
    """What the operator does not watch is not read."""
    body = f"{HEAD}{page('news/1', news='One')}{page('news/2')}{page('sport/3', news='Three')}</urlset>"
    assert [entry.title for entry in read(body, news_only=True).entries] == ["One", "Three"]
    assert [entry.url[-6:] for entry in read(body, include="/news/").entries] == ["news/1", "news/2"]


def test_an_index_names_further_sitemaps_newest_first() -> None:
    """At most twenty, of this site."""
    named = "".join(
        f"<sitemap><loc>https://map.example/{year}.xml</loc><lastmod>{year}-01-01</lastmod></sitemap>"
        for year in range(1995, 2026)
    )
    foreign = "<sitemap><loc>http://169.254.169.254/x.xml</loc></sitemap>"
    parsed = read(f"<sitemapindex>{foreign}{named}</sitemapindex>")
    assert len(parsed.more) == MAX_MORE
    assert parsed.more[0] == "https://map.example/2025.xml"
    assert not any("169.254" in url for url in parsed.more)


def test_packed_text_and_broken_sitemaps_are_read() -> None:
    """Three ways in which they come."""
    body = f"{HEAD}{page('a', date='2026-11-01')}</urlset>"
    assert len(read(gzip.compress(body.encode())).entries) == 1
    assert len(read(gzip.compress(body.encode()) + gzip.compress(b"<!-- more -->")).entries) == 1
    assert len(read("https://map.example/a\nhttps://map.example/b\n").entries) == 2
    assert len(read(body.replace("</urlset>", "<url><loc>https://map.example/b</loc>")).entries) == 2


def test_unpacking_stops_at_the_cap() -> None:
    """A small file can hold a gigabyte of blanks."""
    with pytest.raises(ParseError, match="unpacks to more than"):
        read(gzip.compress(b" " * 51_000_000))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<rss><channel/></rss>", "set kind: feed"),
        ("<!doctype html><title>Gone</title>", "an HTML page came instead of a sitemap: Gone"),
        ("hello", "not a sitemap"),
        ("", "empty"),
    ],
)
def test_what_is_no_sitemap_is_told(body: str, told: str) -> None:
    """With the mend."""
    with pytest.raises(ParseError, match=told):
        read(body)


def test_entities_stay_unread() -> None:
    """No file of this machine ends up in an address."""
    bomb = "<!DOCTYPE u [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    body = f"{bomb}{HEAD}<url><loc>https://map.example/&f;</loc></url></urlset>"
    assert all("root" not in entry.url for entry in read(body).entries)


def test_a_wrong_pattern_is_refused_at_load() -> None:
    """Not at the first poll."""
    with pytest.raises(ValidationError, match="not a regular expression"):
        SitemapOptions(include="(")


def test_addresses_without_a_host_are_refused_with_a_message() -> None:
    listed = "".join(f"<url><loc>/news/{n}</loc></url>" for n in range(3))
    with pytest.raises(ParseError, match="without a host, such as /news/0"):
        read(f"<urlset>{listed}</urlset>")


def test_of_a_mixed_sitemap_the_whole_addresses_are_read() -> None:
    found = read("<urlset><url><loc>news/1</loc></url><url><loc>https://a.example/2</loc></url></urlset>")
    assert [entry.url for entry in found.entries] == ["https://a.example/2"]
    assert any("without a host" in warning for warning in found.warnings)
