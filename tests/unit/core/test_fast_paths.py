"""The short ways through text, addresses and dates end where the long ones do."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from monitor.core.text import clean as texts
from monitor.core.text import urls
from monitor.core.text.dates.find import find_date
from monitor.core.text.dates.numbers import plain_stamp

NOW = datetime(2026, 11, 24, tzinfo=UTC)
PATHS = st.lists(
    st.sampled_from(
        [
            "/",
            "news",
            "amp",
            "print",
            "index.html",
            "default.php",
            ".",
            "..",
            "2026",
            "a_b~c",
            ".amp",
            "-",
            "x.amp.html",
        ]
    ),
    max_size=6,
).map("".join)
QUERIES = st.lists(
    st.sampled_from(["id=1", "utm_source=x", "a", "b=", "=c", "amp=1", "ref=rss", "z=2", "", "m=1", "p=a=b"]),
    max_size=4,
).map("&".join)
HOSTS = st.sampled_from(
    [
        "outlet.example",
        "www.outlet.co.uk",
        "m.news.example",
        "google.com",
        "yandex.ru",
        "x.cdn.ampproject.org",
        "bing.com",
    ]
)
MARKUP = st.lists(
    st.sampled_from(
        [
            *(
                "<p>",
                "</p>",
                "<br/>",
                "<b>",
                "</b>",
                "<a href='x'>",
                "</a>",
                '<div class="a>b">',
                "<x-y>",
                "<!-- c -->",
            ),
            *(
                "&nbsp;",
                "&amp;lt;",
                "&",
                "<",
                ">",
                " ",
                "\n",
                "\t",
                "\xa0",
                "word",
                "слова",
                "<script>no</script>",
                "<li >",
            ),
            *("<img src=a>", "\u200b", "e\u0301", "\r\n", "\u3000"),
        ]
    ),
    max_size=14,
).map("".join)


@example(scheme="https", host="a.example", path="/x/..amp", query="")
@given(scheme=st.sampled_from(["http", "https"]), host=HOSTS, path=PATHS, query=QUERIES)
def test_usual_addresses_have_the_canonical_form_of_the_parser(
    scheme: str, host: str, path: str, query: str
) -> None:
    path = path if not path or path.startswith("/") else f"/{path}"
    url = f"{scheme}://{host}{path}" + (f"?{query}" if query else "")
    assert urls.canonical_url(url) == urls._canonical(urls._unwrap(url))


@given(text=st.one_of(st.text(max_size=60), MARKUP), limit=st.integers(1, 80))
def test_clean_text_is_what_the_patterns_make_of_it(text: str, limit: int) -> None:
    long = texts._LINE_END.sub("\n", text[: limit * 4 + 1_000])
    long = texts._JOINER.sub(texts._needed_joiner, texts._UNWANTED.sub("", long))
    long = unicodedata.normalize("NFC", long)
    long = texts._BREAKS.sub("\n", texts._SPACES.sub(" ", long)).strip()
    expected = long if len(long) <= limit else long[:limit].rstrip().rstrip("\u200c\u200d")
    assert texts.clean(text, limit=limit) == expected


@given(markup=MARKUP)
def test_simple_markup_gives_the_text_that_the_parser_gives(markup: str) -> None:
    found = texts._simple(markup) if texts._TAG.search(markup) else None
    if found is None:
        return
    raw = f"<div>{markup}</div>".encode()
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    root = etree.fromstring(raw, parser)
    parsed = texts._BREAKS.sub("\n", texts._SPACES.sub(" ", "".join(texts._pieces(root)))).strip()
    assert "".join(found.split()) == "".join(parsed.split())  # stray end tags break lines here


@given(
    moment=st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2026, 1, 1)),  # noqa: DTZ001
    zone=st.sampled_from(["GMT", "UTC", "+0300", "-0530", "EST", "MSK", "GMT+9", "+03:00", "Z", "XYZ", "ET"]),
    shape=st.sampled_from(["%a, %d %b %Y %H:%M:%S ", "%d %b %Y %H:%M ", "%A,%d %b %Y %H:%M:%S "]),
)
def test_usual_dates_are_read_as_the_long_way_reads_them(moment: datetime, zone: str, shape: str) -> None:
    text = moment.strftime(shape) + zone
    fast = plain_stamp(text)
    slow = find_date(f" {text}", timezone=None, now=NOW)  # the space bars the short way
    if fast is not None:
        assert slow is not None
        assert (slow.moment, slow.kind) == (fast, "exact")
