"""An address that a template gives to all pages is nobody's; two articles do not share one."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from monitor.core.page.checks.identity import is_plausible, with_own_address
from monitor.core.page.extract import article, extract
from monitor.core.text.urls import canonical_url
from monitor.model import Article, Entry, Source

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BASE = "https://rivertimes.example"
SOURCE = Source(id="s", name="River Times", kind="feed", url=f"{BASE}/feed")


@pytest.mark.parametrize(
    ("stated", "url"),
    [
        ("/en", "/en/news/dam-drained-71"),
        ("/news", "/news/dam-drained"),
        ("/404", "/a/17"),
        ("/index.php", "/a/17"),
        ("/show.php", "/show.php?id=17"),
        ("/{{ page.url }}", "/a/17"),
        ("/news/%7B%7Bslug%7D%7D", "/a/17"),
        ("/articles/undefined", "/a/17"),
        ("/category/water", "/2026/03/dam-is-drained"),
    ],
)
def test_addresses_that_are_not_this_pages(stated: str, url: str) -> None:
    assert not is_plausible(BASE + stated, BASE + url)


@pytest.mark.parametrize(
    ("stated", "url"),
    [
        ("/news/dam-is-drained", "/amp/dam-is-drained"),
        ("/dam-above-vileyka-is-drained", "/2026/03/02/71234"),
        ("/a/71234", "/dam-drained_71234.html"),
        ("/a/0", "/x/mayor-signs"),
        ("/story.php?id=5", "/story/5"),
        ("/dam", "/dam.html"),
    ],
)
def test_addresses_that_may_be(stated: str, url: str) -> None:
    assert is_plausible(BASE + stated, BASE + url)


def made(path: str, title: str, text: str, *, canonical: str = "/story-of-the-day") -> Article:
    entry = Entry(id=path, source_id="s", guid="", url=BASE + path, title=title)
    head = f"<title>{title}</title><link rel='canonical' href='{BASE}{canonical}'>"
    page = f"{head}<article><h1>{title}</h1>{text}"
    found = extract(page, url=BASE + path, fetched_at=NOW)
    return article(found, entry=entry, source=SOURCE, seen_at=NOW)


DAM = "".join(
    f"<p>The water board drains the dam in month number {n} of the plan that it made last year.</p>"
    for n in range(6)
)
CHOIR = "".join(
    f"<p>The choir sang song number {n} in the church, and the whole town came to hear it there.</p>"
    for n in range(6)
)


def test_a_shared_canonical_does_not_make_two_articles_one() -> None:
    first, second = made("/a/1", "Dam is drained", DAM), made("/a/2", "Choir wins prize", CHOIR)
    assert first.id == second.id
    entry = Entry(id="/a/2", source_id="s", guid="", url=f"{BASE}/a/2", title="Choir wins prize")
    own = with_own_address(second, entry, first)
    assert own.canonical_url == canonical_url(f"{BASE}/a/2")
    assert own.id != first.id
    assert own.fingerprint.url_key != first.fingerprint.url_key


def test_two_addresses_of_one_article_stay_one() -> None:
    first, second = made("/a/1", "Dam is drained", DAM), made("/amp/x", "Dam is drained", DAM)
    entry = Entry(id="/amp/x", source_id="s", guid="", url=f"{BASE}/amp/x", title="Dam is drained")
    assert with_own_address(second, entry, first) == second
    renamed = dataclasses.replace(second, title="Gates are taken out")
    assert with_own_address(renamed, entry, first) == renamed


def test_the_article_that_an_entry_gave_before_is_its_own() -> None:
    first = made("/a/1", "Dam is drained", DAM)
    again = dataclasses.replace(made("/a/1", "Choir wins prize", CHOIR), entry_id=first.entry_id)
    entry = Entry(id=first.entry_id, source_id="s", guid="", url=f"{BASE}/a/1", title="Choir wins prize")
    assert with_own_address(again, entry, first) == again


@pytest.mark.parametrize(
    ("stated", "url", "plausible"),
    [
        ("https://a.example/news/dam", "https://a.example/x/dam", True),
        ("https://a.example/news/dam.html", "https://a.example/x/DAM.php", True),
        ("https://a.example/article.php", "https://a.example/article.php?id=7", False),
        ("https://a.example/article.php?id=7", "https://a.example/article.php?id=7", True),
        ("https://a.example/", "https://a.example/news/dam", False),
        ("https://a.example/news", "https://a.example/news/dam", False),
        ("https://a.example/7/123", "https://a.example/a/b/c/dam-123", True),
        ("https://a.example/7/12", "https://a.example/a/b/c/dam-12", False),
        ("https://a.example/{slug}", "https://a.example/a", False),
        ("https://a.example/news/undefined", "https://a.example/a", False),
        ("https://a.example/404", "https://a.example/a/b", False),
        ("https://a.example/sport/pike", "https://a.example/news/dam", True),
    ],
)
def test_which_stated_addresses_are_believed(stated: str, url: str, plausible: bool) -> None:
    assert is_plausible(stated, url) is plausible
