"""What an operator relies on in the feed kind."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Fetched, Parsed, Source
from monitor.sources.feed.xml import read_xml
from monitor.sources.kinds.feed import KIND

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
FEED_URL = "https://paper.example/feeds/all.xml"


def fetched(body: str | bytes, *, charset: str | None = None, at: datetime = NOW) -> Fetched:
    raw = body.encode() if isinstance(body, str) else body
    return Fetched(url=FEED_URL, status=200, body=raw, fetched_at=at, charset=charset)


def read(body: str | bytes, *, charset: str | None = None, at: datetime = NOW) -> Parsed:
    source = Source(id="paper", name="Paper", kind="feed", url=FEED_URL)
    return KIND.parse(source, fetched(body, charset=charset, at=at))


def rss(items: str, channel: str = "") -> str:
    return f"<rss version='2.0'><channel>{channel}{items}</channel></rss>"


def titled(title: str) -> str:
    return read(rss(f"<item><title>{title}</title><link>/a</link></item>")).entries[0].title


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("&amp;#8220;Q&amp;#8221;", "“Q”"),
        ("caf&eacute;&nbsp;noir", "café noir"),
        ("<![CDATA[caf&eacute; <b>noir</b>]]>", "café noir"),
        ("a <b>bold</b> move", "a bold move"),
        ("5 &lt; 6", "5 < 6"),
        ("the &lt;video&gt; tag", "the <video> tag"),
        ("a\n   b\t c", "a b c"),
        ("&#8238;evil&#8236; name&#173;d", "evil named"),
    ],
)
def test_titles_are_one_line_of_plain_text(written: str, shown: str) -> None:
    """However often they were escaped."""
    assert titled(written) == shown


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("<link>https://paper.example/a?b=1&amp;c=2</link>", "https://paper.example/a?b=1&c=2"),
        ("<link>\n  https://paper.example/a\n  </link>", "https://paper.example/a"),
        ("<link>/a</link>", "https://paper.example/a"),
        ("<link>//cdn.example/a</link>", "https://cdn.example/a"),
        ("<link>www.paper.example/a</link>", "http://www.paper.example/a"),
        ("<link>https://paper.example/a b</link>", "https://paper.example/a%20b"),
        ("<guid>https://paper.example/guid</guid>", "https://paper.example/guid"),
        ("<link/><guid>https://paper.example/guid</guid>", "https://paper.example/guid"),
        ("<link>javascript:alert(1)</link><guid>https://paper.example/g</guid>", "https://paper.example/g"),
        ("<enclosure url='https://cdn.example/a.mp3'/>", "https://cdn.example/a.mp3"),
        (
            "<a:link xmlns:a='http://www.w3.org/2005/Atom' rel='alternate' href='/atom'/>",
            "https://paper.example/atom",
        ),
    ],
)
def test_links_become_whole_addresses(link: str, url: str) -> None:
    """Relative, padded, schemeless, or hidden in another element."""
    assert read(rss(f"<item><title>t</title>{link}</item>")).entries[0].url == url


def test_relative_links_follow_the_feeds_own_site() -> None:
    """A feed host is not where the articles are."""
    channel = "<link>https://www.other.example/en/</link>"
    entry = read(rss("<item><title>t</title><link>news/1</link></item>", channel)).entries[0]
    assert entry.url == "https://www.other.example/en/news/1"


def test_entries_without_any_link_have_addresses_of_their_own() -> None:
    """So that two of them are not taken for one article."""
    parsed = read(rss("<item><title>one</title></item><item><title>two</title></item>"))
    urls = {entry.url for entry in parsed.entries}
    assert len(urls) == 2
    assert all(url.startswith("https://paper.example/") for url in urls)


def test_ids_hold_between_polls_and_stamps_change_with_the_words() -> None:
    """A dated-in-the-future entry is the same entry at each poll."""
    item = "<item><title>{}</title><link>/a</link><pubDate>Wed, 27 Jul 2095 14:36:15 GMT</pubDate></item>"
    first = read(rss(item.format("Old"))).entries[0]
    again = read(rss(item.format("Old")), at=datetime(2026, 11, 25, tzinfo=UTC)).entries[0]
    revised = read(rss(item.format("New"))).entries[0]
    assert (first.id, first.stamp) == (again.id, again.stamp)
    assert revised.id == first.id
    assert revised.stamp != first.stamp


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "empty body"),
        (b"           ", "empty body"),
        (b"not a feed!", "11 bytes came that are not a feed"),
        (b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", "challenge"),
        (b"<html><head><title>Welcome</title></head></html>", "an HTML page came instead of a feed: Welcome"),
        (b"<?xml version='1.0'?><!-- x --><html xmlns='http://www.w3.org/1999/xhtml'/>", "an HTML page"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "set kind: sitemap"),
        (b'{"error": "rate limit"}', "not a feed"),
        (b"<note><to>you</to></note>", "not a feed"),
        (b"\x1f\x8b\x08broken", "gzip"),
    ],
)
def test_what_is_no_feed_is_told(body: bytes, told: str) -> None:
    """The operator reads this sentence in a chat."""
    with pytest.raises(ParseError, match=told):
        read(body)


def test_a_feed_that_lists_nothing_is_a_feed() -> None:
    """A quiet blog is not broken."""
    assert read(rss("", "<title>Quiet</title>")).entries == ()
    assert read('{"version":"https://jsonfeed.org/version/1.1","title":"Quiet","items":[]}').title == "Quiet"


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "nonsense", "windows-1251"])
def test_utf8_is_read_as_such_whatever_is_claimed(declared: str) -> None:
    """Wrong headers and declarations are common; text that is valid UTF-8 by chance is not."""
    body = f"<?xml version='1.0' encoding='{declared}'?>" + rss("<item><title>Мінск, Žiema</title></item>")
    assert read(body, charset="iso-8859-1").entries[0].title == "Мінск, Žiema"


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-16", "utf-8-sig", "utf-16-be"])
def test_other_charsets_are_read_as_declared(encoding: str) -> None:
    """By the declaration, or by the byte order mark."""
    body = f"<?xml version='1.0' encoding='{encoding}'?>" + rss("<item><title>Новости дня</title></item>")
    assert read(body.encode(encoding)).entries[0].title == "Новости дня"
    assert read(rss("<item><title>Новости дня</title></item>").encode(encoding), charset=encoding).entries


def test_one_spoilt_byte_costs_one_letter() -> None:
    """A character cut in the middle does not turn the feed into another charset."""
    body = rss("<item><title>" + "Вести " * 20 + "</title><description>конец</description></item>").encode()
    entry = read(body.replace("конец".encode(), "конец".encode()[:-1])).entries[0]
    assert entry.title.startswith("Вести Вести")


def test_entities_are_never_expanded() -> None:
    """Neither bombs nor files come in."""
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(15))
    parsed = read(
        f"<?xml version='1.0'?><!DOCTYPE r [{bomb}]>" + rss("<item><title>x &e14; y</title></item>")
    )
    assert len(parsed.entries[0].title) < 100
    external = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    parsed = read(external + rss("<item><title>x &f; y</title></item>"))
    assert "root" not in parsed.entries[0].title


def test_caps_hold_and_are_told() -> None:
    """A million entries or one giant one cannot fill the store."""
    item = "<item><title>{t}</title><link>/{n}</link><description>{d}</description></item>"
    parsed = read(rss("".join(item.format(t=f"Entry {n}", n=n, d="") for n in range(700))))
    assert len(parsed.entries) == 500
    assert any("700" in warning for warning in parsed.warnings)
    entry = read(rss(item.format(t="t" * 5_000, n=1, d="word " * 200_000))).entries[0]
    assert len(entry.title) <= 1_000
    assert len(entry.summary) <= 5_000
    assert 5_000 < len(entry.content) <= 500_000


def test_of_too_many_entries_the_newer_end_is_kept() -> None:
    """Some feeds list the oldest first."""
    item = "<item><title>e{n}</title><link>/{n}</link><pubDate>{n:04d}-01-01T00:00:00Z</pubDate></item>"
    parsed = read(rss("".join(item.format(n=1990 + n // 20) for n in range(700))))
    assert parsed.entries[-1].published == datetime(2024, 1, 1, tzinfo=UTC)


def test_gzip_files_are_unpacked() -> None:
    """Some servers store feeds packed and say nothing about it."""
    assert (
        read(gzip.compress(rss("<item><title>packed</title></item>").encode())).entries[0].title == "packed"
    )


def test_dates_without_zone_are_the_sources_own() -> None:
    """Minsk is three hours ahead."""
    source = Source(id="p", name="P", kind="feed", url=FEED_URL, timezone="Europe/Minsk", language="be")
    item = "<item><title>t</title><pubDate>24 лістапада 2025, 14:30</pubDate></item>"
    entry = KIND.parse(source, fetched(rss(item))).entries[0]
    assert entry.published == datetime(2025, 11, 24, 11, 30, tzinfo=UTC)
    assert entry.language == "be"


def test_well_formed_feeds_are_read_without_the_slow_reader() -> None:
    """Feedparser is ten times slower; only what is broken goes there."""
    assert read_xml(rss("<item><title>t &amp; u</title></item>"), FEED_URL) is not None
    assert read_xml(rss("<item><title>caf&eacute;</title></item>"), FEED_URL) is not None
    assert read_xml(rss("<item><title>t & u</title></item>"), FEED_URL) is None


# Dates of any letters are asked in every language and have a test of their own (core/text/dates).
_DATES = st.sampled_from(
    ["", "now", "32.13.2024", "Tue, 1 Jan 2030 10:00 GMT", "2026-11-28T1", "\x00", "]]>", "<b/>"]
)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), _DATES)
def test_any_words_make_a_clean_entry(title: str, link: str, date: str) -> None:
    """Whatever stands in the elements, entries hold http addresses and printable text."""
    item = f"<item><title><![CDATA[{title}]]></title><link>{link}</link><pubDate>{date}</pubDate></item>"
    for entry in read(rss(item + "<item><title>sure</title></item>")).entries:
        assert entry.url.startswith(("http://", "https://"))
        assert "\x00" not in entry.title
        assert "\n" not in entry.title


def test_an_entry_of_nothing_but_words_or_a_date_is_kept() -> None:
    """It may be all that an outlet writes; only what says nothing at all is left out."""
    parsed = read(
        rss(
            "<item><description>Only words.</description></item>"
            "<item><pubDate>1 Nov 2026</pubDate></item><item/>"
        )
    )
    assert [entry.summary for entry in parsed.entries] == ["Only words.", ""]
    assert len({entry.url for entry in parsed.entries}) == 2
    assert parsed.warnings == ("1 entries that say nothing were left out",)


@pytest.mark.parametrize(
    ("guid", "known_as"),
    [
        ("/news/1", "https://paper.example/news/1"),
        ("news/1", "https://paper.example/feeds/news/1"),
        ("tag:paper.example,2026:1", "tag:paper.example,2026:1"),
        ("12345", "12345"),
        ("a b/c", "a b/c"),
    ],
)
def test_an_id_that_is_a_relative_address_counts_in_full(guid: str, known_as: str) -> None:
    assert read(rss(f"<item><guid>{guid}</guid><title>T</title></item>")).entries[0].guid == known_as


ATOM_LINKS = "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='hub' href='/hub'/>"
SELF_LINK = (
    "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='self' href='https://paper.example/own'/>"
)
JSON_HUB = (
    '{"version":"https://jsonfeed.org/version/1.1","title":"T","feed_url":"https://paper.example/own",'
    '"hubs":[{"type":"WebSub","url":"https://paper.example/hub"}],"items":[{"id":"1","title":"T"}]}'
)
HEADER = '</style.css>; rel=preload, <https://hub.example/>; rel="hub", </own>; rel=self'


@pytest.mark.parametrize(
    ("body", "header", "hub", "topic"),
    [
        (
            rss("<item><title>T</title></item>", ATOM_LINKS + SELF_LINK),
            "",
            "https://paper.example/hub",
            "https://paper.example/own",
        ),
        (JSON_HUB, "", "https://paper.example/hub", "https://paper.example/own"),
        (
            rss("<item><title>T</title></item>", ATOM_LINKS),
            HEADER,
            "https://hub.example/",
            "https://paper.example/own",
        ),
        (
            rss("<item><title>T</item>", ATOM_LINKS + SELF_LINK),
            "",
            "https://paper.example/hub",
            "https://paper.example/own",
        ),
        (rss("<item><title>T</title></item>", "<link rel='hub' href='javascript:x'/>"), "", "", ""),
        (rss("<item><title>T</title></item>"), "<" * 10_000, "", ""),
    ],
)
def test_the_hub_is_the_headers_or_the_feeds(body: str, header: str, hub: str, topic: str) -> None:
    """WebSub §4: headers come first; broken feeds name their hub too."""
    given = Fetched(url=FEED_URL, status=200, body=body.encode(), fetched_at=NOW, headers={"link": header})
    parsed = KIND.parse(Source(id="paper", name="Paper", kind="feed", url=FEED_URL), given)
    assert (parsed.hub, parsed.topic) == (hub, topic)


@pytest.mark.parametrize(
    "feed",
    [
        (
            "<feed xmlns='https://www.w3.org/2005/Atom'><entry><id>u:1</id><title>Dam</title>"
            "<link href='https://a.example/dam'/><summary>Gates</summary></entry></feed>"
        ),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom/'><entry><id>u:1</id><title>Dam</title>"
            "<link href='https://a.example/dam'/><summary>Gates</summary></entry></feed>"
        ),
        (
            "<rss xmlns='https://nobody.example/ns'><channel><item><title>Dam</title>"
            "<link>https://a.example/dam</link><description>Gates</description></item></channel></rss>"
        ),
        (
            "<rss><channel xmlns='urn:own'><item><title>Dam</title><link>https://a.example/dam</link>"
            "<description>Gates</description></item></channel></rss>"
        ),
        (
            "<rss xmlns:content='https://purl.org/rss/1.0/modules/content'><channel><item><title>Dam</title>"
            "<link>https://a.example/dam</link><content:encoded>Gates</content:encoded></item></channel></rss>"
        ),
        (
            "<rss xmlns:dc='urn:mine'><channel><item><dc:title>Dam</dc:title>"
            "<link>https://a.example/dam</link><dc:description>Gates</dc:description></item></channel></rss>"
        ),
    ],
)
def test_namespaces_written_wrong_mean_what_they_mean(feed: str) -> None:
    (entry,) = read(feed).entries
    assert (entry.title, entry.url, entry.summary) == ("Dam", "https://a.example/dam", "Gates")


def test_an_atom_link_to_a_picture_is_not_the_entrys_link() -> None:
    entry = (
        "<entry><id>u:1</id><title>Dam</title>"
        "<link rel='enclosure' type='image/png'>https://a.example/x.png</link>"
        "<link rel='alternate' href='https://a.example/dam'/></entry>"
    )
    found = read(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>")
    assert found.entries[0].url == "https://a.example/dam"


def _item(title: str, link: str, guid: str) -> str:
    return f"<item><title>{title}</title><link>{link}</link><guid>{guid}</guid></item>"


@pytest.mark.parametrize("guid", ["1", "https://a.example/", "none"])
def test_entries_that_share_a_guid_are_told_apart_by_address(guid: str) -> None:
    items = [_item(title, f"https://a.example/{title}", guid) for title in ("dam", "choir", "bridge")]
    found = read(rss("".join(items)))
    assert [entry.title for entry in found.entries] == ["dam", "choir", "bridge"]
    assert len({entry.id for entry in found.entries}) == 3
    assert "told apart by address" in " ".join(found.warnings)
    alone = [read(rss(item)).entries[0].url for item in items]
    assert alone == [entry.url for entry in found.entries]


def test_one_article_listed_twice_stays_one() -> None:
    twice = _item("Dam", "https://a.example/dam", "7") + _item(
        "Dam!", "https://a.example/dam?utm_source=x", "7"
    )
    assert len({entry.id for entry in read(rss(twice)).entries}) == 1
