"""Captured feeds of real outlets and the feed corpora of other projects, read where they lie."""

from __future__ import annotations

import ast
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.text.clean import clean, plain
from monitor.errors import ParseError
from monitor.model import Entry, Fetched, Source
from monitor.ports import SourceKind
from monitor.sources.kinds import feed, listing, sitemap

FEEDS = (Path(__file__).parents[4] / "../shared/data/feeds").resolve()
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
URL = "http://127.0.0.1:8097/feed"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FEEDS.is_dir(), reason="the captured material is not in ../shared/data"),
]

# Elements of an entry that state when it was written.
_DATED = re.compile(rb"<(?:pubdate|published|updated|issued|modified|dc:date)\b[^>]*>\s*\S", re.IGNORECASE)
_ENTRY = re.compile(rb"<(item|entry)\b.*?</\1>", re.IGNORECASE | re.DOTALL)
_EXPECTED = re.compile(
    r"""(entries\[0\]|feed)(?:\[['"]|\.)(title|link|id|published_parsed|updated_parsed|created_parsed|summary|description)"""
    r"""(?:['"]\])?\s*==\s*(u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*"|\([^)]*\))"""
)


def read(body: bytes, kind: SourceKind = feed.KIND, url: str = URL) -> tuple[Entry, ...]:
    source = Source(id="shared", name="Shared", kind=kind.name, url=url)
    return kind.parse(source, Fetched(url=url, status=200, body=body, fetched_at=NOW)).entries


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (FEEDS / folder).rglob("*") if path.is_file())


def test_publishers_every_entry_has_title_link_and_the_date_that_is_in_the_file() -> None:
    """What feedparser misses for a quarter of them."""
    missing: list[str] = []
    total = 0
    for path in files("publishers"):
        body = path.read_bytes()
        entries = read(body)
        blocks = [found[0] for found in _ENTRY.finditer(body)]
        assert len(entries) == len(blocks), path.name
        for entry, block in zip(entries, blocks, strict=True):
            total += 1
            if not entry.title or not entry.url.startswith("http"):
                missing.append(f"{path.name}: {entry.url} {entry.title}")
            if bool(_DATED.search(block)) != (entry.published is not None):
                missing.append(f"{path.name}: {entry.url} {entry.published}")
    assert not missing
    assert total == 605


def test_nothing_but_parse_errors_from_any_file() -> None:
    """1,700 odd documents, each tried as every kind that looks at XML."""
    for path in files("."):
        body = path.read_bytes()
        for kind in (feed.KIND, sitemap.KIND):
            try:
                read(body, kind)
            except ParseError as error:
                assert len(str(error)) < 500  # noqa: PT017  # most are no feeds


def expectations() -> Iterator[tuple[Path, str, object]]:
    """What feedparser's own tests expect of the fields that entries have."""
    for path in files("feedparser-tests"):
        comment = re.search(rb"<!--(.*?)-->", path.read_bytes(), re.DOTALL)
        expected = re.search(r"Expect:(.*)", comment[1].decode("utf-8", "replace")) if comment else None
        for where, name, value in _EXPECTED.findall(expected[1] if expected else ""):
            if where == "feed" and name != "title":
                continue
            try:
                yield path, f"{where[:4]}.{name}", ast.literal_eval(value)
            except (SyntaxError, ValueError):
                continue


def found(path: Path, name: str) -> object:
    """Our reading of a field; entries of nothing but the field get a link, to be entries at all."""
    body = path.read_bytes()
    if name == "feed.title":
        source = Source(id="s", name="S", kind="feed", url=URL)
        return feed.KIND.parse(source, Fetched(url=URL, status=200, body=body, fetched_at=NOW)).title
    if name != "entr.link":
        link = rb"\1<link>http://x.example/</link>"
        body = re.sub(rb"(<(?:item|entry)\b[^>/]*>)(?!.*?<title)", link, body, count=1, flags=re.DOTALL)
    entries = read(body)
    if not entries:
        return None
    entry = entries[0]
    dates = {
        "published_parsed": entry.published,
        "created_parsed": entry.published,
        "updated_parsed": entry.updated,
    }
    key = name.partition(".")[2]
    if key in dates:
        moment = dates[key]
        return moment and tuple(moment.timetuple()[:6])
    texts = {"title": entry.title, "link": entry.url, "id": entry.guid}
    return texts.get(key, entry.summary)


def holds(expected: object, ours: object) -> bool:
    if isinstance(expected, tuple):
        return ours == expected[:6]
    spellings = {str(expected), plain(str(expected)), plain(plain(str(expected)))}
    flat = " ".join(str(ours).split())
    return flat in {" ".join(clean(text, limit=5_000).split()) for text in spellings}


def test_feedparsers_expectations_hold() -> None:
    """Titles, links, ids and dates; what differs is pictures as titles and broken script."""
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for path, name, expected in expectations():
        asked[name] += 1
        right[name] += holds(expected, found(path, name))
    assert asked.total() >= 480
    assert right.total() / asked.total() >= 0.94, {name: (right[name], asked[name]) for name in asked}
    assert right["entr.link"] == asked["entr.link"]


@pytest.mark.parametrize("folder", ["feed-rs-fixtures", "gofeed-testdata"])
def test_titles_links_and_dates_of_other_parsers_hold(folder: str) -> None:
    """Documents with their reading by feed-rs or gofeed beside them."""
    asked = right = 0
    for path in files(folder):
        truth = next(
            (p for p in (path.with_suffix(".json"), path.with_suffix(".serde.json")) if p.is_file()), None
        )
        if path.suffix != ".xml" or truth is None:
            continue
        wanted = json.loads(truth.read_text(encoding="utf-8"))
        items = wanted.get("items") or wanted.get("entries") or []
        try:
            entries = read(path.read_bytes())
        except ParseError:
            entries = ()
        for item, entry in zip(items, entries, strict=False):
            title = item.get("title")
            title = title.get("content") if isinstance(title, dict) else title
            if title:
                asked += 1
                right += holds(title, entry.title)
    assert asked
    assert right / asked >= 0.9, (right, asked)


@pytest.mark.parametrize(
    ("name", "count", "first"),
    [
        (
            "sitemap-publishers/wapo-mockingData-0.xml",
            4,
            "The Latest: Roy Moore thanks Trump in new fundraising appeal",
        ),
        ("sitemap-usp/google-news.xml", 2, "News Article Two"),
        ("sitemap-trafilatura/sitemap.xml", 84, ""),
        ("sitemap-trafilatura/sitemap.xml.gz", 84, ""),
        ("sitemap-trafilatura/sitemap-hreflang.xml", 3, ""),
    ],
)
def test_captured_sitemaps(name: str, count: int, first: str) -> None:
    """One real news sitemap with a prefix of its own among them."""
    entries = read((FEEDS / name).read_bytes(), sitemap.KIND)
    assert (len(entries), entries[0].title) == (count, first)
    assert all(entry.url.startswith("http") for entry in entries)


def test_article_pages_as_listings_never_fail_otherwise() -> None:
    """Every captured page lists something or is refused in a sentence."""
    pages = sorted((FEEDS / "../pages/html").glob("*.html.gz"))[::5]
    for path in pages:
        try:
            entries = read(gzip.decompress(path.read_bytes()), listing.KIND, "https://page.example/")
        except ParseError:
            continue
        assert all(entry.title for entry in entries)
