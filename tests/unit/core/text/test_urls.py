"""Two addresses of one article meet; two articles never do."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.core.text.urls import (
    canonical_url,
    host_key,
    http_url,
    same_site,
    site_label,
    site_of,
    usual_url,
)

ARTICLE = "https://example.com/news/minsk-talks"

SAME_ARTICLE = (
    "http://example.com/news/minsk-talks",
    "HTTPS://WWW.Example.COM/news/minsk-talks/",
    "https://m.example.com/news/minsk-talks",
    "https://mobile.example.com:443/news/minsk-talks",
    "https://amp.example.com/news/minsk-talks",
    "http://example.com:80/news/minsk-talks#comments",
    "https://example.com/news/minsk-talks/amp",
    "https://example.com/news/minsk-talks/amp/",
    "https://example.com/news/minsk-talks.amp",
    "https://example.com/amp/news/minsk-talks",
    "https://example.com/news/minsk-talks/print/",
    "https://example.com/news/minsk-talks/index.html",
    "https://example.com/news/minsk-talks?amp=1",
    "https://example.com/news/minsk-talks?amp",
    "https://example.com/news/minsk-talks?outputType=amp",
    "https://example.com/news/minsk-talks?utm_source=rss&utm_medium=feed&UTM_Campaign=x",
    "https://example.com/news/minsk-talks?fbclid=IwAR0&gclid=1&yclid=2&_ga=3&mc_cid=4",
    "https://example.com/news/minsk-talks?at_medium=RSS&at_campaign=KARANGA&ns_campaign=b",
    "https://example.com/news/minsk-talks?ref=rss",
    "https://example.com/news/minsk-talks?cmp=rss&ito=1490&spm=a.b",
    "https://example.com/news/minsk-talks?&amp;utm_source=x",
    "https://example.com//news/./minsk-talks",
    "https://example.com/old/../news/minsk-talks",
    "https://example.com/news/%6Dinsk%2Dtalks",
    "  https://example.com/news/minsk-talks\n",
    "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.com%2Fnews%2Fminsk-talks",
    "https://google.com/url?q=http://www.example.com/news/minsk-talks&sa=D",
    "https://www.google.com/amp/s/www.example.com/news/minsk-talks/amp/",
    "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/news/minsk-talks?amp_js_v=0.1",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fnews%2Fminsk-talks%3Ffbclid%3D1",
    "https://vk.com/away.php?to=https%3A%2F%2Fexample.com%2Fnews%2Fminsk-talks",
    "https://www.bing.com/news/apiclick.aspx?ref=F&url=https%3a%2f%2fexample.com%2fnews%2fminsk-talks",
)


@pytest.mark.parametrize("url", SAME_ARTICLE)
def test_variants_of_one_address_meet(url: str) -> None:
    assert canonical_url(url) == ARTICLE


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://example.com/?id=5", "https://example.com/?id=6"),
        ("https://example.com/news/1", "https://example.com/news/2"),
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/#!/news/1", "https://example.com/#!/news/2"),
        ("https://one.example.com/a", "https://two.example.com/a"),
        ("https://example.com/en/a", "https://example.com/ru/a"),
        ("https://example.com/a?source=1234", "https://example.com/a?source=1235"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a"),
        ("https://example.com/amplitude", "https://example.com/litude"),
    ],
)
def test_different_articles_stay_apart(first: str, second: str) -> None:
    assert canonical_url(first) != canonical_url(second)


def test_parameters_are_sorted_and_escapes_are_one() -> None:
    assert canonical_url("https://example.com/?b=2&a=%d0%bc&c=x%20y") == canonical_url(
        "https://example.com/?c=x+y&a=м&b=2"
    )


def test_international_hosts_are_ascii() -> None:
    assert canonical_url("https://ПРИМЕР.рф/новость") == (
        "https://xn--e1afmkfd.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C"
    )


@pytest.mark.parametrize("host", ["m.by", "www.com", "amp.dev", "mobile.de"])
def test_a_domain_that_looks_like_a_layout_label_is_kept(host: str) -> None:
    assert canonical_url(f"https://{host}/a") == f"https://{host}/a"


def test_a_layout_label_inside_the_host_is_dropped() -> None:
    assert canonical_url("https://be.m.wikipedia.org/wiki/a") == "https://be.wikipedia.org/wiki/a"


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:9000", "[::1]:8080", "127.0.0.1"])
def test_loopback_addresses_stay_reachable(host: str) -> None:
    assert canonical_url(f"http://{host}/a/?utm_source=x") == f"http://{host}/a"


def test_a_named_port_keeps_its_scheme() -> None:
    assert canonical_url("http://example.com:8080/a") == "http://example.com:8080/a"


@pytest.mark.parametrize("text", ["", "mailto:a@example.com", "not a link", "/relative", "http://"])
def test_what_is_no_address_comes_back(text: str) -> None:
    assert canonical_url(f" {text} ") == text


URL_PIECES = st.lists(
    st.sampled_from(
        [
            *"/?&=#;:@.%![]",
            *("amp", "print", "index.html", "utm_source", "..", "%2e", "%2F", "%61mp", "%zz", "//"),
            *("www.", "m.", "ex.com", "a", "б", "\u0130", "\ud800", " ", "http://", "https://"),
            *("google.com/url?q=", "%", "+", "%20", "&amp;", "1", ":80", "xn--"),
        ]
    ),
    max_size=14,
).map("".join)


@settings(deadline=None)
@given(st.one_of(URL_PIECES, st.text(max_size=60)), st.sampled_from(["", "http://ex.com/", "https://"]))
@example("/%2561mp", "http://ex.com/a")
@example("?%75tm_source=1", "http://ex.com/")
def test_canonical_form_is_stable_and_never_raises(tail: str, head: str) -> None:
    once = canonical_url(head + tail)
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/a", "https://example.com/a"),
        ("  http://example.com ", "http://example.com"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://example.com/a", None),
        ("//example.com/a", None),
        ("/a", None),
        ("https://user:secret@example.com/", None),
        ("https://example.com:99999/", None),
        ("https://exa\nmple.com/", None),
        ("https://", None),
        ("https://[::1/", None),
        ("https:// /a.jpg", None),
        ("https://two words.example/a", None),
        ("https://example.com/" + "a" * 2_048, None),
    ],
)
def test_only_plain_web_links_pass(url: str, expected: str | None) -> None:
    assert http_url(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://WWW.Example.com/a", "www.example.com"),
        ("http://www.example.com:80/b", "www.example.com"),
        ("https://example.com:8443/", "example.com:8443"),
        ("http://127.0.0.1:8080/feed", "127.0.0.1:8080"),
        ("http://[::1]:81/", "[::1]:81"),
        ("nothing", ""),
    ],
)
def test_lane_is_host_and_port(url: str, expected: str) -> None:
    assert host_key(url) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("https://www.bbc.co.uk/a", "http://news.bbc.co.uk/b", True),
        ("https://bbc.co.uk", "https://guardian.co.uk", False),
        ("https://one.blogspot.com", "https://two.blogspot.com", False),
        ("https://example.com", "https://example.com.evil.net", False),
        ("http://127.0.0.1:1/a", "http://127.0.0.1:1/b", True),
        ("http://127.0.0.1:1/a", "http://127.0.0.1:2/a", False),
        ("http://10.0.0.1/a", "http://20.0.0.1/a", False),
        ("", "", False),
    ],
)
def test_same_site_goes_by_registrable_domain(first: str, second: str, expected: bool) -> None:
    assert same_site(first, second) is expected


@settings(deadline=None)
@given(st.text(max_size=80))
def test_nothing_raises_on_any_text(text: str) -> None:
    host_key(text)
    http_url(text)
    assert same_site(text, "https://example.com") in {True, False}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://t.me/river/5?single", "https://t.me/river/5"),
        ("https://twitter.com/river/status/5?s=20&t=abc", "https://x.com/river/status/5"),
        ("https://youtu.be/abcdefghijk?si=1", "https://www.youtube.com/watch?v=abcdefghijk&feature=share"),
        ("https://a.example/dam?srsltid=1&maca=en-rss&traffic_source=x", "https://a.example/dam"),
        ("https://a.example/#section-2", "https://a.example/"),
    ],
)
def test_what_sharing_adds_makes_no_second_article(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/#/news/1", "https://a.example/#/news/2"),
        ("https://a.example/live#post-17", "https://a.example/live#post-18"),
        ("https://a.example/show?pk_id=1", "https://a.example/show?pk_id=2"),
        ("https://a.example/show?sc_id=1&sc_channel=x", "https://a.example/show?sc_id=2"),
        ("https://a.example/show?at_id=1", "https://a.example/show?at_id=2"),
    ],
)
def test_routes_posts_and_ids_tell_articles_apart(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)
    assert canonical_url(canonical_url(one)) == canonical_url(one)


def test_an_address_has_at_most_two_thousand_and_forty_eight_characters() -> None:
    for tail in ("/", "/ü"):  # the second is no usual one
        longest = f"https://example.com{tail}"
        longest += "x" * (2048 - len(longest))
        assert http_url(longest) == longest
        assert http_url(longest + "x") is None


@pytest.mark.parametrize(
    ("url", "label", "site"),
    [
        ("https://www.bbc.co.uk/news", "bbc", "bbc.co.uk"),
        ("https://news.example.com:8080/a", "example", "news.example.com:8080"),
        ("http://127.0.0.1/a", "", "127.0.0.1"),
        ("http://localhost/a", "", "localhost"),
        ("mailto:a@example.com", "", ""),
    ],
)
def test_the_outlets_own_part_of_a_name(url: str, label: str, site: str) -> None:
    assert (site_label(url), site_of(url)) == (label, site)


@pytest.mark.parametrize(
    ("url", "usual"),
    [
        ("https://example.com/a?b=c#d", True),
        ("http://example.com", True),
        ("https://example.com:8080/", False),
        ("https://EXAMPLE.com/", False),
        ("https://example.com/ü", False),
        ("ftp://example.com/", False),
    ],
)
def test_a_usual_address_takes_no_closer_look(url: str, usual: bool) -> None:
    assert usual_url(url) == (url if usual else None)


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("https://example.com/?b=2&a=1&&utm_source=x", "https://example.com/?a=1&b=2"),
        ("https://example.com/a/?b=2&a=1", "https://example.com/a?a=1&b=2"),
        ("https://example.com/a/../../b", "https://example.com/b"),
        ("http://example.com:443/a", "https://example.com/a"),
        ("https://example.com:80/a", "https://example.com/a"),
        ("http://example.com:8080/a", "http://example.com:8080/a"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("http://127.0.0.1/a/", "http://127.0.0.1/a"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://youtube.com/watch?v=dQw4w9WgXcQ"),
        ("https://example.com/?a=b=c&d", "https://example.com/?a=b%3Dc&d="),
    ],
)
def test_canonical_forms(url: str, form: str) -> None:
    assert canonical_url(url) in {form, form.removesuffix("="), form.replace("%3D", "=")}
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_redirectors_within_redirectors_are_followed_four_deep() -> None:
    def wrapped(times: int) -> str:
        url = "https://example.com/a"
        for _ in range(times):
            url = f"https://vk.com/away.php?to={quote(url, safe='')}"
        return url

    assert canonical_url(wrapped(4)) == "https://example.com/a"
    assert canonical_url(wrapped(5)) != "https://example.com/a"
