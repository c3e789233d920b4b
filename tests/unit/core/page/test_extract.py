"""A page becomes an article: the parts readers see, under one address, whatever the bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.page.extract import article, extract, extract_entry
from monitor.core.text.fingerprint import entry_id, url_key
from monitor.model import Entry, Extracted, Source

NOW = datetime(2024, 5, 12, 12, 0, tzinfo=UTC)
URL = "https://www.example.com/news/talks?utm_source=rss"
PARAGRAPHS = (
    (
        "A senior envoy held unannounced talks in the Belarusian capital on Friday, people who know of "
        "the visit said, the first contact of this rank between the two governments for five years."
    ),
    (
        "Three prisoners were driven to the Lithuanian border a day later. One of them holds an American "
        "passport, and relatives were waiting for all three with flowers on the far side of the bridge."
    ),
    (
        "Diplomats say that a wider amnesty could be answered by easing the measures against potash "
        "exporters and two state banks, although no promise of any kind has been put on paper so far."
    ),
)
TITLE = "Envoy's quiet visit ends with three released"


def page(head: str = "", *, body: str = "", lang: str = "en") -> str:
    text = body or "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><title>{TITLE} | World | Example News</title>{head}"
        "</head><body><nav><a href='/'>Home</a> <a href='/world'>World</a></nav>"
        f"<article><h1>{TITLE}</h1>{text}</article><footer>All rights reserved</footer></body></html>"
    )


def linked(**values: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", **values}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def read(html: bytes | str, *, url: str = URL, entry: Entry | None = None) -> Extracted:
    return extract(html, url=url, fetched_at=NOW, entry=entry)


def make_entry(**values: object) -> Entry:
    fields: dict[str, object] = {
        "id": entry_id("example", "guid-1", URL, TITLE),
        "source_id": "example",
        "guid": "guid-1",
        "url": URL,
        "title": TITLE,
        "published": datetime(2024, 5, 11, 8, 0, tzinfo=UTC),
        "authors": ("Feed Author",),
        **values,
    }
    return Entry(**fields)  # type: ignore[arg-type]


SOURCE = Source(
    id="example",
    name="Example News",
    kind="feed",
    url="https://example.com/rss",
    language="en",
    country="LT",
    tier="independent",
)


def test_text_is_the_story_and_nothing_around_it() -> None:
    found = read(page())
    assert found.text.split("\n") == list(PARAGRAPHS)
    assert found.title == TITLE
    assert found.language == "en"
    assert found.canonical_url == "https://example.com/news/talks"
    assert found.url == URL


def test_linked_data_names_authors_and_dates() -> None:
    found = read(
        page(
            linked(
                headline=TITLE,
                author=[{"@type": "Person", "name": "By Anna Example"}, {"name": "Jan Example"}],
                datePublished="2024-05-12T09:30:00+03:00",
                dateModified="2024-05-12T10:00:00Z",
                publisher={"name": "Example News"},
            )
        )
    )
    assert found.authors == ("Anna Example", "Jan Example")
    assert found.published == datetime(2024, 5, 12, 6, 30, tzinfo=UTC)
    assert found.modified == datetime(2024, 5, 12, 10, 0, tzinfo=UTC)
    assert found.site == "Example News"


def test_linked_data_may_be_a_graph_with_junk_around_it() -> None:
    graph = {"@graph": [{"@type": "WebSite", "name": "X"}, {"@type": ["NewsArticle"], "author": "A B"}]}
    head = f'<script type="application/ld+json">\n<!-- {json.dumps(graph)} -->;</script>'
    assert read(page(head)).authors == ("A B",)


@pytest.mark.parametrize(
    "broken", ["{", "[" * 20_000, "null", '{"@type": 5}', '{"@type":"Article","author":[[1]]}']
)
def test_broken_linked_data_is_passed_over(broken: str) -> None:
    found = read(page(f'<script type="application/ld+json">{broken}</script>'))
    assert found.title == TITLE
    assert found.text


def test_who_publishes_and_whether_is_no_date() -> None:
    found = read(
        page(
            '<meta property="article:publisher" content="https://social.example/paper/2023-01-02">'
            '<meta name="published" content="today"><meta name="revisit-after" content="1 days">'
            '<meta name="vr:published_time" content="2024-05-12T06:30Z">'
        )
    )
    assert found.published == datetime(2024, 5, 12, 6, 30, tzinfo=UTC)
    assert found.modified is None


def test_meta_elements_serve_where_linked_data_is_missing() -> None:
    found = read(
        page(
            f'<meta property="og:title" content="{TITLE} - Example News">'
            '<meta property="og:site_name" content="Example News">'
            '<meta name="author" content="Anna Example">'
            '<meta property="article:published_time" content="2024-05-12T06:30:00Z">'
        )
    )
    assert (found.title, found.site, found.authors) == (TITLE, "Example News", ("Anna Example",))
    assert found.published == datetime(2024, 5, 12, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Talks end | Example News", "Talks end"),
        ("Talks end — World — Example News", "Talks end — World"),
        ("Talks end - what now?", "Talks end - what now?"),
        ("Example News", "Example News"),
    ],
)
def test_only_the_outlets_own_name_is_cut_from_a_headline(headline: str, expected: str) -> None:
    html = (
        f"<html><head><title>{headline}</title><meta property='og:site_name' content='Example News'>"
        f"</head><body><p>{PARAGRAPHS[0]}</p></body></html>"
    )
    assert read(html).title == expected


def test_a_cut_headline_gives_way_to_the_whole_one() -> None:
    assert read(page(linked(headline=TITLE[:20] + "…"))).title == TITLE


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("https://m.example.com/news/the-talks/", "https://example.com/news/the-talks"),
        ("/news/the-talks", "https://example.com/news/the-talks"),
        ("https://elsewhere.org/news/the-talks", "https://example.com/news/talks"),
        ("https://www.example.com/", "https://example.com/news/talks"),
        ("http://[broken", "https://example.com/news/talks"),
        ("javascript:void(0)", "https://example.com/news/talks"),
    ],
)
def test_a_stated_address_counts_only_on_the_same_site(stated: str, expected: str) -> None:
    assert read(page(f'<link rel="canonical" href="{stated}">')).canonical_url == expected


def test_the_open_graph_address_serves_when_the_link_is_not_to_be_trusted() -> None:
    head = (
        '<link rel="canonical" href="https://elsewhere.org/x">'
        '<meta property="og:url" content="https://www.example.com/news/the-talks">'
    )
    assert read(page(head)).canonical_url == "https://example.com/news/the-talks"


def test_the_entry_fills_what_the_page_leaves_out() -> None:
    found = read(page(), entry=make_entry())
    assert found.authors == ("Feed Author",)
    assert found.published == datetime(2024, 5, 11, 8, 0, tzinfo=UTC)


def test_a_date_without_a_zone_gives_way_to_the_entrys() -> None:
    head = '<meta property="article:published_time" content="2024-05-11 11:00">'
    assert read(page(head), entry=make_entry()).published == datetime(2024, 5, 11, 8, 0, tzinfo=UTC)
    assert read(page(head)).published == datetime(2024, 5, 11, 11, 0, tzinfo=UTC)


def test_a_date_shown_to_readers_is_the_last_resort() -> None:
    shown = "<span class='article-date'>Published: 11 May 2024, 10:15</span>"
    html = page(body=shown + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS))
    assert read(html).published == datetime(2024, 5, 11, 10, 15, tzinfo=UTC)


def test_a_date_in_the_future_becomes_now() -> None:
    head = '<meta property="article:published_time" content="2099-01-01T00:00:00Z">'
    assert read(page(head)).published == NOW


def test_a_page_built_in_the_browser_is_read_from_its_linked_data() -> None:
    body = "\n".join(PARAGRAPHS)
    html = (
        f"<html><head><title>x</title>{linked(headline=TITLE, articleBody=body)}</head>"
        "<body><div id='app'></div></body></html>"
    )
    assert read(html).text == body


RUSSIAN = (
    "Трое заключённых были доставлены к литовской границе на следующий день, и среди них оказался "
    "один гражданин США, рассказали дипломаты, знакомые с ходом долгих и осторожных переговоров."
)


@pytest.mark.parametrize(
    ("encoding", "head", "charset"),
    [
        ("utf-8", "", None),
        ("utf-8", "", "windows-1251"),
        ("windows-1251", "<meta charset='windows-1251'>", None),
        ("windows-1251", "", "windows-1251"),
        ("koi8-r", "<meta http-equiv='Content-Type' content='text/html; charset=koi8-r'>", None),
        ("utf-16", "", None),
    ],
)
def test_charsets(encoding: str, head: str, charset: str | None) -> None:
    html = page(head, body=f"<p>{RUSSIAN}</p><p>{RUSSIAN}</p>").encode(encoding, "replace")
    found = extract(html, url=URL, fetched_at=NOW, charset=charset)
    assert RUSSIAN in found.text
    assert found.language == "ru"


def test_a_page_cut_in_the_middle_of_a_character_stays_utf8() -> None:
    html = page(body=f"<p>{RUSSIAN}</p>").encode()
    cut = html[: html.index("переговоров".encode()) + 3]
    assert "Трое заключённых" in extract(cut, url=URL, fetched_at=NOW, charset="latin-1").text


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200)))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_a_record(html: bytes | str) -> None:
    found = read(html)
    assert found.url == URL
    assert found.canonical_url == "https://example.com/news/talks"


@given(
    st.lists(
        st.sampled_from(
            [
                *("<p>", "</p>", "<article>", "<h1>", "<div class=date>", "<time datetime='x'>", "<svg"),
                *("<script type=application/ld+json>", "</script>", "<script", "<!--", "-->", "<![CDATA["),
                *('{"@type":"NewsArticle","headline":', '"a"}', "12 May 2024", "word " * 30, "\x00"),
                *("<meta property=og:url content=", "'http://[x'>", "<base href='//['>", "<table><tr>"),
                *("<link rel=canonical href='http://example.com:bad/'>", "\ud800", "İ"),
            ]
        ),
        max_size=25,
    ).map("".join)
)
@settings(max_examples=40, deadline=None)  # two opinions of trafilatura each
def test_any_soup_of_tags_gives_a_record(html: str) -> None:
    assert isinstance(read(html).text, str)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000,
        "<b><i>" * 100_000 + "x",
        "<p>word word " * 300_000,
        "<script>" * 100_000,
        "<!--" * 300_000,
        "<html><body><p>" + "word " * 1_000_000,
        "<" * 1_000_000,
        "&amp;" * 500_000,
    ],
    ids=lambda html: html[:12],
)
def test_hostile_pages_end(html: str) -> None:
    """The global timeout is the judge: each takes seconds at most."""
    assert len(read(html).text) <= 200_000


def test_a_heavy_page_is_mostly_scripts() -> None:
    heavy = page("<script>var x = '" + "y" * 2_000_000 + "';</script>")
    assert read(heavy).text.split("\n") == list(PARAGRAPHS)


def test_an_entry_with_full_text_needs_no_page() -> None:
    content = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    promotion = f"<p>The post <a href='x'>{TITLE}</a> appeared first on <a href='y'>Example</a>.</p>"
    entry = make_entry(content=content + promotion, summary="Short.", language="en")
    found = extract_entry(entry, url=URL)
    assert found.text.split("\n") == list(PARAGRAPHS)
    assert (found.title, found.authors, found.published) == (TITLE, entry.authors, entry.published)
    assert (found.canonical_url, found.site) == ("https://example.com/news/talks", "example.com")


def test_an_entry_without_content_is_its_summary() -> None:
    found = extract_entry(make_entry(summary=PARAGRAPHS[0]), url=URL)
    assert found.text == PARAGRAPHS[0]


def test_page_and_feed_of_one_text_share_its_key() -> None:
    content = "".join(f"<div>{paragraph}</div>" for paragraph in PARAGRAPHS)
    entry = make_entry(content=content)
    from_page = article(read(page()), entry=entry, source=SOURCE, seen_at=NOW)
    from_feed = article(extract_entry(entry, url=URL), entry=entry, source=SOURCE, seen_at=NOW)
    assert from_page.fingerprint == from_feed.fingerprint
    assert from_page.id == from_feed.id


def test_article_carries_its_source_and_keys() -> None:
    entry = make_entry(late=True)
    made = article(read(page()), entry=entry, source=SOURCE, seen_at=NOW)
    assert (made.source_id, made.source_name, made.tier, made.country) == (
        "example",
        "Example News",
        "independent",
        "LT",
    )
    assert made.fingerprint.url_key == url_key("https://example.com/news/talks")
    assert made.lead == PARAGRAPHS[0]
    assert made.entry_id == entry.id
    assert made.late
    assert made.seen_at == NOW


def test_reading_twice_gives_the_same_id_under_other_addresses() -> None:
    other = make_entry(url="http://m.example.com/news/talks/?fbclid=1", guid="guid-2")
    first = article(read(page()), entry=make_entry(), source=SOURCE, seen_at=NOW)
    second = article(read(page(), url=other.url), entry=other, source=SOURCE, seen_at=NOW)
    assert first.id == second.id


def test_an_empty_page_leaves_the_entrys_words() -> None:
    entry = make_entry(summary=PARAGRAPHS[1])
    made = article(read(b"", entry=entry), entry=entry, source=SOURCE, seen_at=NOW)
    assert (made.title, made.lead, made.language) == (TITLE, PARAGRAPHS[1], "en")
    assert not made.text
