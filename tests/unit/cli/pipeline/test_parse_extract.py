"""``monitor parse`` and ``monitor extract`` on files."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.command_line import Command

SHARED = Path(__file__).parents[4] / "../shared/data"
PUBLISHERS = SHARED / "feeds" / "publishers"

FEED = """\
<rss version="2.0"><channel><title>[/b] Wire \x1b</title>
<item><title>[/red] Potash &amp; banks \u202e</title><link>https://a.example/1</link>
<pubDate>Mon, 23 Nov 2026 12:00:00 +0300</pubDate><description>Talks</description></item>
</channel></rss>"""
SITEMAP = """\
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/2</loc>
<news:news><news:publication><news:name>A</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2026-11-23</news:publication_date><news:title>Second</news:title></news:news>
</url></urlset>"""
LISTING = "<html><title>News</title><body>" + "".join(
    f'<article><h2><a href="/n/{n}">Headline number {n} of the day stands here</a></h2></article>'
    for n in range(5)
)
PAGE = (
    """\
<html lang="en"><head><title>Potash talks go on</title>
<link rel="canonical" href="https://a.example/1">
<meta property="article:published_time" content="2026-11-23T12:00:00+03:00"></head><body><article>
<h1>Potash talks go on</h1>"""
    + "<p>Delegations met again to talk about potash and about banks.</p>" * 6
)

PARSED = ["kind", "title", "entries"]
ENTRY = ["id", "url", "title", "summary", "published", "authors", "language"]
EXTRACTED = [
    *("url", "canonical_url", "title", "text", "authors", "published", "modified", "language", "site"),
]


def save(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_parse_contract(monitor: Command, tmp_path: Path) -> None:
    done = monitor("parse", "--json", save(tmp_path, "feed.xml", FEED.replace("\x1b", "")))
    (line,) = done.lines
    assert list(line)[:3] == PARSED
    (entry,) = line["entries"]
    assert list(entry)[:7] == ENTRY
    assert entry["url"] == "https://a.example/1"
    assert datetime.fromisoformat(entry["published"]).utcoffset() is not None
    assert datetime.fromisoformat(entry["published"]).timestamp() == 1795424400


def test_parse_finds_the_kind_out(monitor: Command, tmp_path: Path) -> None:
    feed = save(tmp_path, "feed", FEED)
    sitemap = save(tmp_path, "map.gz", gzip.compress(SITEMAP.encode()))
    listing = save(tmp_path, "page", LISTING)
    done = monitor("parse", "--json", "--url", "https://a.example/", feed, sitemap, listing)
    assert done.code == 0, done.err
    assert [line["kind"] for line in done.lines] == ["feed", "sitemap", "listing"]
    assert len(done.lines[2]["entries"]) == 5


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_no_binary_files(monitor: Command, encoding: str) -> None:
    done = monitor("parse", "--json", "-", stdin=SITEMAP.encode(encoding))
    assert "binary" not in done.err


def test_parse_reads_standard_input(monitor: Command) -> None:
    assert monitor("parse", "--json", "-", stdin=SITEMAP).lines[0]["kind"] == "sitemap"


def test_what_a_feed_says_cannot_steer_the_terminal(monitor: Command, tmp_path: Path) -> None:
    """Neither rich's markup nor an escape character in a headline does anything."""
    done = monitor("parse", save(tmp_path, "feed.xml", FEED))
    assert done.code == 0, done.err
    assert "[/red] Potash & banks" in done.out
    assert not {"\x1b", "\u202e"} & set(done.out)
    written = monitor("parse", "--json", save(tmp_path, "feed.xml", FEED))
    assert not {"\x1b", "\u202e"} & set(written.out)


@pytest.mark.parametrize("command", ["parse", "extract"])
def test_bad_files_are_reported_and_the_rest_goes_on(monitor: Command, tmp_path: Path, command: str) -> None:
    good = save(tmp_path, "good", FEED if command == "parse" else PAGE)
    binary = save(tmp_path, "binary", bytes(range(256)) * 40)
    cut = save(tmp_path, "cut.gz", gzip.compress(FEED.encode())[:-20])
    bad = [binary, cut, tmp_path / "none", tmp_path]
    done = monitor(command, "--json", *bad, good)
    assert done.code == 1
    assert [line.get("id") for line in done.lines] == [*map(str, bad), None]
    for line, said in zip(done.lines, ("binary", "gzip", "no such file", "folder"), strict=False):
        assert list(line) == ["id", "error"]
        assert said in line["error"]
        assert line["error"] in done.err


def test_parse_says_what_came_instead(monitor: Command, tmp_path: Path) -> None:
    done = monitor("parse", save(tmp_path, "a.txt", "Just words."))
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert "a.txt: no source kind recognises it" in line
    done = monitor("parse", "--kind", "feed", tmp_path / "a.txt")
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert "not a feed" in done.err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--kind", "bogus", "listing"),
        ("--timezone", "Nowhere/City", "Europe/Minsk"),
        ("--url", "a.example", "https://"),
    ],
)
def test_wrong_options_are_usage_errors(
    monitor: Command, tmp_path: Path, option: str, value: str, said: str
) -> None:
    done = monitor("parse", option, value, save(tmp_path, "feed.xml", FEED))
    assert done.code == 2
    assert said in done.err


def test_extract_contract(monitor: Command, tmp_path: Path) -> None:
    plain, packed = save(tmp_path, "a.html", PAGE), save(tmp_path, "b.gz", gzip.compress(PAGE.encode()))
    done = monitor("extract", "--json", "--url", "https://a.example/1?utm_source=x", plain, packed)
    first, second = done.lines
    assert list(first)[:9] == EXTRACTED
    assert first["canonical_url"] == "https://a.example/1"
    assert first["title"] == "Potash talks go on"
    assert first["published"].startswith("2026-11-23T")
    assert {**first, "file": ""} == {**second, "file": ""}


def test_what_extract_prints_match_reads(monitor: Command, tmp_path: Path) -> None:
    page = save(tmp_path, "a.html", PAGE)
    found = monitor("extract", "--json", "--url", "https://a.example/1", page).out
    done = monitor("match", "-q", "title:potash AND bank", "--json", "-", stdin=found)
    assert done.lines[0]["topics"], done.err


@pytest.mark.shared
@pytest.mark.skipif(not PUBLISHERS.is_dir(), reason="needs ../shared/data/feeds/publishers")
def test_every_captured_feed_is_parsed_in_one_run(monitor: Command) -> None:
    files = sorted(PUBLISHERS.iterdir())
    done = monitor("parse", "--json", *files)
    assert done.code == 0, done.err
    assert len(done.lines) == len(files)
    for line in done.lines:
        assert line["entries"], line["file"]
        for entry in line["entries"]:
            assert entry["url"], line["file"]
            assert entry["title"], line["file"]
    assert json.loads(json.dumps(done.lines)) == done.lines
