"""A week of simulated time: a thousand sources, their polls and readings on an injected clock.

The real jobs, store and retention run without threads or network, one after the other, on a SQLite file.
After each simulated day the process's memory and the sizes of the file and of its log (WAL) are printed.
Every source is asked every two hours; one poll in four brings an article, one article in twenty has a word
of the topic, the others are passed over. What is watched for is growth that does not come from articles.

    .venv/bin/python bench/week.py [--quick] [--sources N] [--hours N]

A whole week is 84,000 polls and 20,000 articles: half an hour; ``--quick`` is 200 sources for a day.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import resource
import tempfile
import time
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from parts.last_line import last_line

from monitor.app import load_rulebook
from monitor.chores.allocator import give_back
from monitor.core.rulebook import Rulebook
from monitor.core.text.urls import host_key
from monitor.jobs.run import run_job
from monitor.model import Fetched, FetchRequest, RetentionSettings
from monitor.plugins import channel_kinds, source_kinds
from monitor.ports import Ports, Store
from monitor.store import open_store
from tests.support.made_up import event, prose

START = datetime(2026, 11, 2, tzinfo=UTC)
STEP = timedelta(minutes=5)
ASKED_EVERY_H = 2
ROW = "\n  - {{id: s{0}, name: S{0}, kind: feed, url: 'https://s{0}.example/rss', language: en, every: 2h}}"
ITEM = "<item><title>{title}</title><link>https://{host}/{n}</link><guid>{n}</guid><pubDate>{at}</pubDate></item>"


@dataclass(slots=True)
class Outlets:
    """Feeds whose lists grow by an article now and then; pages of a few hundred words."""

    now: datetime = START
    chance: random.Random = field(default_factory=lambda: random.Random(3))
    listed: dict[str, list[str]] = field(default_factory=dict)

    def __call__(self, request: FetchRequest) -> Fetched:
        """What an outlet answers."""
        host, _, path = request.url.removeprefix("https://").partition("/")
        body = self._feed(host) if path == "rss" else self._page(f"{host}{path}")
        kind = "application/rss+xml" if path == "rss" else "text/html"
        return Fetched(
            url=request.url, status=200, body=body.encode(), fetched_at=self.now, content_type=kind
        )

    def _feed(self, host: str) -> str:
        items = self.listed.setdefault(host, [])
        if self.chance.random() < 1 / 4:
            number = self.chance.randrange(10**9)
            at = f"{self.now:%a, %d %b %Y %H:%M:%S +0000}"
            title = event(8, number).title()
            items.append(ITEM.format(title=title, host=host, n=number, at=at))
            del items[:-20]
        return f"<rss version='2.0'><channel><title>S</title>{''.join(items)}</channel></rss>"

    def _page(self, name: str) -> str:
        seed = zlib.crc32(name.encode())
        told = "".join(f"<p>{event(30, seed + part)}. {prose(20, seed + part)}.</p>" for part in range(6))
        word = "Minsk " if seed % 20 == 0 else ""
        return f"<html lang=en><body><article><h1>{word}{event(8, seed)}</h1>{told}</article></body></html>"


def rules(sources: int) -> Rulebook:
    """One topic that a twentieth of the articles meets, one chat."""
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "topics/t.yaml": "topics: [{id: minsk, query: Minsk}]",
            "sources/s.yaml": "sources:" + "".join(ROW.format(number) for number in range(sources)),
            "chats.yaml": 'chats: [{id: "console:desk", subscriptions: [{topic: "*"}]}]',
        }
        for name, content in files.items():
            file = Path(folder) / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(content, encoding="utf-8")
        return load_rulebook(Path(folder), env={})


def resident_mb() -> float:
    with Path("/proc/self/statm").open() as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 1e6


def turn(store: Store, ports: Ports, hosts: dict[str, str]) -> int:
    """What an engine does in one step of the clock; how many jobs."""
    done = 0
    store.sources.enqueue_due(hosts, ports.now(), limit=1000)
    while jobs := store.jobs.claim(now=ports.now(), owner="bench", epoch=ports.epoch, limit=64):
        for job in jobs:
            run_job(job, ports)
        done += len(jobs)
    store.articles.index()
    store.admin.heartbeat(ports.now())
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--sources", type=int)
    parser.add_argument("--hours", type=int)
    asked = parser.parse_args()
    sources = asked.sources or (200 if asked.quick else 1000)
    hours = asked.hours or (24 if asked.quick else 7 * 24)
    outlets, rulebook = Outlets(), rules(sources)
    began, done, days = time.monotonic(), 0, []
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/week.db", now=lambda: outlets.now)
        store.admin.upgrade()
        store.sources.sync(list(rulebook.sources.values()), START)
        store.chats.sync(list(rulebook.chats.values()), START)
        ports = Ports(
            store=store,
            fetch=outlets,
            kinds=source_kinds(),
            channels={},
            channel_kinds=channel_kinds(),
            rulebook=lambda: rulebook,
            now=lambda: outlets.now,
            owner="bench",
            epoch=store.admin.acquire_service(),
        )
        hosts = {source.id: host_key(source.url) for source in rulebook.sources.values()}
        most_wal, part_h = 0, min(24, max(hours // 4, 1))
        for hour in range(hours):
            for _ in range(int(timedelta(hours=1) / STEP)):
                done += turn(store, ports, hosts)
                outlets.now += STEP
                most_wal = max(most_wal, store.admin.sizes().get("wal", 0))
            if hour % part_h == part_h - 1:
                store.admin.retain(RetentionSettings(), outlets.now)
                give_back()
                articles = int(str(store.admin.status()["articles"]))
                days.append((resident_mb(), store.admin.sizes()["file"] / 1e6, articles))
                print(
                    f"hour {hour + 1:>4}: {days[-1][0]:>6.0f} MB resident, file {days[-1][1]:>7.1f} MB, "
                    f"most WAL {most_wal / 1e6:>5.1f} MB, {articles:,} articles, {done:,} jobs",
                    flush=True,
                )
        store.admin.close()
    grown = days[-1][0] - days[0][0]
    ours: dict[str, Any] = {
        "sources": sources,
        "hours": hours,
        "jobs": done,
        "articles": days[-1][2],
        "resident_mb": round(days[-1][0]),
        "grown_mb": round(grown, 1),
        "file_mb": round(days[-1][1], 1),
        "wal_mb": round(most_wal / 1e6, 1),
        "ms_a_job": round(1e3 * (time.monotonic() - began) / done, 1),
    }
    goals = {"grown_mb <= 60": grown <= 60, "wal_mb <= 16": most_wal <= 16e6}
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, simulated {hours} hours")
    print(last_line("week", ours=ours, peers={}, ratios={}, goals=goals, holds=all(goals.values())))


if __name__ == "__main__":
    main()
