"""Feeds: what is found in them, and how fast, beside feedparser and fastfeedparser.

* captured feeds of outlets: entries with a title, a link, and a date where the file has one;
* fixture sets of other parsers with what they expect: title, link, date, id equal;
* speed: CPU time of the captured feeds that every reader can read ("good": all entries found), from
  bytes to finished entries: ours are cleaned, dated, addressed and identified, ready to be stored; the
  peers' are their own results. The rounds take turns; each figure is the median.

    .venv/bin/python bench/feeds.py [--quick] [--failures]
"""

from __future__ import annotations

import argparse
import calendar
import importlib
import platform
import statistics
import time
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urljoin

import feedparser
from parts.feeds_truth import FEEDS, URL, Case, Entry, cases, publishers, right
from parts.last_line import last_line, skipped

from monitor.errors import ParseError
from monitor.model import Fetched, Source
from monitor.sources.kinds import feed

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SOURCE = Source(id="bench", name="Bench", kind="feed", url=URL)
GOALS = {"dates_found": 1.0, "fields_vs_feedparser": 1.0, "feeds_per_s_vs_feedparser": 15.0}

Headers = Sequence[tuple[str, str]]
Reader = Callable[[bytes, Headers], list[Entry]]


def ours(body: bytes, headers: Headers = ()) -> list[Entry]:
    names = {name.lower(): value for name, value in headers}
    url = urljoin(URL, names.get("content-location", ""))
    fetched = Fetched(url=url, status=200, body=body, fetched_at=NOW, headers=names)
    try:
        entries = feed.KIND.parse(SOURCE, fetched).entries
    except ParseError:
        return []
    return [
        {
            "title": one.title,
            "link": one.url,
            "published": one.published,
            "updated": one.updated,
            "id": one.guid,
        }
        for one in entries
    ]


def by_feedparser(body: bytes, headers: Headers = ()) -> list[Entry]:
    names = {"content-location": URL, **{name.lower(): value for name, value in headers}}
    found = feedparser.parse(body, response_headers=names)
    return [
        {
            "title": one.get("title"),
            "link": one.get("link"),
            "published": _moment(one.get("published_parsed") or one.get("updated_parsed")),
            "updated": _moment(one.get("updated_parsed")),
            "id": one.get("id"),
        }
        for one in found.entries
    ]


def _moment(parts: Any) -> datetime | None:
    return datetime.fromtimestamp(calendar.timegm(parts), UTC) if parts else None


def by_fastfeedparser(body: bytes, _headers: Headers = ()) -> list[Entry]:
    fast = importlib.import_module("fastfeedparser")
    try:
        found = fast.parse(body)
    except Exception:  # noqa: BLE001 - it raises what its parsers raise
        return []
    return [
        {
            "title": one.get("title"),
            "link": one.get("link"),
            "published": _iso(one.get("published")),
            "updated": _iso(one.get("updated")),
            "id": one.get("id"),
        }
        for one in found.entries
    ]


def _iso(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        return None


def readers() -> dict[str, Reader]:
    found: dict[str, Reader] = {"ours": ours, "feedparser": by_feedparser}
    try:
        version("fastfeedparser")
    except PackageNotFoundError:
        return found
    return {**found, "fastfeedparser": by_fastfeedparser}


def captured(read: Reader) -> dict[str, float]:
    """Shares of the entries of captured feeds with a title and link, and with the date that is there."""
    total = whole = dated = stated = 0
    for _, body, dates in publishers():
        entries = read(body, ())
        total += len(dates)
        stated += sum(dates)
        whole += sum(bool(one["title"] and str(one["link"]).startswith("http")) for one in entries)
        dated += sum(bool(one["published"]) for one, has in zip(entries, dates, strict=False) if has)
    return {"title_and_link": round(whole / total, 4), "dates_found": round(dated / stated, 4)}


def fixtures(read: Reader, every: Sequence[Case], *, tell: bool) -> dict[str, Any]:
    """How many fields are as expected, by set and field."""
    asked: Counter[str] = Counter()
    good: Counter[str] = Counter()
    cache: dict[object, list[Entry]] = {}
    for case in every:
        if case.path not in cache:
            cache[case.path] = read(case.body, case.headers)
        entries, name = cache[case.path], f"{case.set} {case.field}"
        asked[name] += 1
        good[name] += right(case, entries)
        if tell and not right(case, entries):
            got = entries[case.at].get(case.field) if case.at < len(entries) else "no entry"
            print(f"  {case.path.relative_to(FEEDS)} {case.field}: {case.expected!r:.100} | {got!r:.100}")
    rows = {name: f"{good[name]}/{asked[name]}" for name in sorted(asked)}
    return {"fields_equal": round(good.total() / asked.total(), 4), "fields": rows}


def good_feeds(every: Mapping[str, Reader]) -> list[bytes]:
    """Captured feeds in which every reader finds every entry."""
    return [
        body
        for _, body, dates in publishers()
        if all(len(read(body, ())) == len(dates) for read in every.values())
    ]


def feed_of_items(count: int) -> bytes:
    """A plain feed as most outlets have it."""
    item = (
        "<item><title>Headline number {0} of the day: what happened &amp; why</title>"
        "<link>https://outlet.example/news/2026/11/{0}-what-happened</link>"
        '<guid isPermaLink="true">https://outlet.example/news/2026/11/{0}-what-happened</guid>'
        "<pubDate>Mon, 23 Nov 2026 08:{1:02d}:00 +0300</pubDate><category>News</category>"
        "<description><![CDATA[<p>A paragraph of {0} that says in <b>some</b> forty words what the article"
        " is about, who said what to whom, when it was said and where, and what the others answered when"
        " they were asked about it on the same evening in the same town.</p>]]></description></item>"
    )
    items = "".join(item.format(1000 + at, at % 60) for at in range(count))
    head = '<rss version="2.0"><channel><title>The Outlet</title><link>https://outlet.example/</link>'
    return f"<?xml version='1.0' encoding='UTF-8'?>{head}{items}</channel></rss>".encode()


def speed(every: Mapping[str, Reader], bodies: Sequence[bytes], rounds: int) -> dict[str, float]:
    """Feeds a second of CPU time."""
    spent: dict[str, list[float]] = {name: [] for name in every}
    for turn in range(rounds + 1):
        for name, read in every.items():
            start = time.process_time()
            for body in bodies:
                read(body, ())
            if turn:  # the first round warms up
                spent[name].append(time.process_time() - start)
    return {name: round(len(bodies) / statistics.median(times), 1) for name, times in spent.items()}


def report(figures: Mapping[str, Mapping[str, Any]], bodies: int) -> None:
    libraries = ("feedparser", "fastfeedparser", "lxml")
    named = ", ".join(f"{name} {version(name)}" for name in libraries if name in figures or name == "lxml")
    print(
        f"{platform.machine()}, Python {platform.python_version()}, {named}; {bodies} good captured feeds\n"
    )
    print(f"{'':<16}{'title+link':>11}{'dates':>8}{'fields':>8}{'feeds/s':>9}{'plain/s':>9}")
    for name, row in figures.items():
        print(
            f"{name:<16}{row['title_and_link']:>11.3f}{row['dates_found']:>8.3f}{row['fields_equal']:>8.3f}"
            f"{row['feeds_per_s']:>9.0f}{row['plain_feeds_per_s']:>9.0f}"
        )
    print()
    for name, score in figures["ours"]["fields"].items():
        peers = "  ".join(
            f"{peer} {row['fields'].get(name)}" for peer, row in figures.items() if peer != "ours"
        )
        print(f"  {name:<32}{score:>9}   {peers}")


def summary(figures: dict[str, dict[str, Any]]) -> str:
    mine, theirs = figures["ours"], figures["feedparser"]
    ratios = {
        "feeds_per_s_vs_feedparser": round(mine["feeds_per_s"] / theirs["feeds_per_s"], 2),
        "plain_feeds_per_s_vs_feedparser": round(mine["plain_feeds_per_s"] / theirs["plain_feeds_per_s"], 2),
        "fields_vs_feedparser": round(mine["fields_equal"] / theirs["fields_equal"], 3),
        "dates_vs_feedparser": round(mine["dates_found"] / theirs["dates_found"], 3),
    }
    reached = {**mine, **ratios}
    return last_line(
        "feeds",
        ours=mine,
        peers={name: row for name, row in figures.items() if name != "ours"},
        ratios=ratios,
        goals=GOALS,
        holds=all(reached[name] >= goal for name, goal in GOALS.items()),
        missing=[] if "fastfeedparser" in figures else ["fastfeedparser"],
    )


def main() -> None:
    """Measure and print: a table, then one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under 50 seconds")
    parser.add_argument("--failures", action="store_true", help="name each field that differs")
    given = parser.parse_args()
    warnings.simplefilter("ignore")  # feedparser's about its own fallbacks
    if not FEEDS.exists():
        reason = f"captured feeds are not here: {FEEDS}"
        print(f"skipped: {reason}")
        print(skipped("feeds", GOALS, reason))
        return
    every, expected = readers(), list(cases())
    bodies = good_feeds(every)
    rounds = 5 if given.quick else 15
    captured_speed = speed(every, bodies, rounds)
    plain_speed = speed(every, [feed_of_items(30)] * 10, rounds)
    figures = {
        name: {
            **captured(read),
            **fixtures(read, expected, tell=given.failures and name == "ours"),
            "feeds_per_s": captured_speed[name],
            "plain_feeds_per_s": plain_speed[name],
        }
        for name, read in every.items()
    }
    report(figures, len(bodies))
    print(summary(figures))


if __name__ == "__main__":
    main()
