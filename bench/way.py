"""From publishing to the chat: articles a second, CPU by stage, and alert latency at 100 sources.

The real service runs in this process against loopback outlets that publish articles of ordinary size,
with SQLite and a Bot API server on loopback as the judge of what a user saw and when.

    .venv/bin/python bench/way.py [--quick]
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from parts.last_line import last_line

from monitor import jobs
from monitor.app import Service
from monitor.core import decide as decide_module
from monitor.core.page.extract import extract
from monitor.jobs import poll as poll_module
from monitor.jobs import read as read_module
from monitor.jobs import undecided
from monitor.logs import configure
from tests.support.botapi.server import TOKEN, BotApiServer

COMMON = [
    "the",
    "envoy",
    "spoke",
    "with",
    "officials",
    "about",
    "trade",
    "and",
    "the",
    "price",
    "of",
    "letters",
    "while",
    "groups",
    "waited",
    "for",
    "an",
    "answer",
]
SYLLABLES = [
    "ba",
    "de",
    "fi",
    "go",
    "lu",
    "ma",
    "ne",
    "pi",
    "ro",
    "sa",
    "te",
    "vu",
    "zi",
    "ka",
    "lo",
    "mi",
    "nu",
    "ra",
    "so",
    "ti",
]
# Every article is an event of its own: its names and rare words are drawn from 8,000.
RARE = ["".join(SYLLABLES[n // 20**place % 20] for place in range(3)) for n in range(8000)]
CHAT = 100
TOPICS = "topics:\n  - {id: ruler, query: Lukashenko, languages: [en]}\n"


@dataclass(slots=True)
class Published:
    """One article of the bench."""

    number: int
    at: datetime
    matching: bool

    @property
    def title(self) -> str:
        subject = "Lukashenko" if self.matching else "The council"
        one, two, three = (word.capitalize() for word in self._rare()[:3])
        return f"{subject} statement on {one} {two} number {self.number} was read out in {three}"

    def _rare(self) -> list[str]:
        return random.Random(self.number).sample(RARE, 60)

    def _words(self) -> Iterator[str]:
        dice, rare = random.Random(self.number), self._rare()
        for _ in range(450):
            yield dice.choice(rare if dice.random() < 0.4 else COMMON)

    def page(self) -> str:
        filler = " ".join(self._words())
        paragraphs = "".join(f"<p>{filler[i : i + 500]}.</p>" for i in range(0, len(filler), 500))
        menu = "".join(f"<li><a href='/s/{i}'>Section {i}</a></li>" for i in range(60))
        return (
            f"<html lang=en><head><title>{self.title}</title></head><body><nav><ul>{menu}</ul></nav>"
            f"<article><h1>{self.title}</h1><p>{self.title} in Minsk, case {self.number}.</p>"
            f"{paragraphs}</article>"
            f"<footer><ul>{menu}</ul></footer></body></html>"
        )


class Server(ThreadingHTTPServer):
    """One that says nothing of clients that were killed."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Outlets:
    """Many feeds on several ports of one process: each feed lists what was published in it."""

    def __init__(self, feeds: int, ports: int = 20) -> None:
        self._articles: dict[int, list[Published]] = defaultdict(list)
        self._lock = threading.Lock()
        outlets = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if not self.path.strip("/")[:1].isdigit():  # robots.txt: no rules
                    self.send_error(404)
                    return
                body, kind = outlets.answer(self.path)
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._servers = [Server(("127.0.0.1", 0), Handler) for _ in range(ports)]
        for server in self._servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.feeds = feeds

    def url(self, feed: int) -> str:
        server = self._servers[feed % len(self._servers)]
        return f"http://127.0.0.1:{server.server_address[1]}/{feed}"

    def publish(self, feed: int, number: int, *, matching: bool) -> None:
        with self._lock:
            self._articles[feed].append(Published(number=number, at=datetime.now(UTC), matching=matching))

    def answer(self, path: str) -> tuple[bytes, str]:
        feed, _, number = path.strip("/").partition("/")
        with self._lock:
            articles = list(self._articles[int(feed)])
        if number:
            page = next(item for item in articles if item.number == int(number))
            return page.page().encode(), "text/html; charset=utf-8"
        items = "".join(
            f"<item><title>{item.title}</title><link>{self.url(int(feed))}/{item.number}</link>"
            f"<guid>{item.number}</guid><pubDate>{format_datetime(item.at)}</pubDate></item>"
            for item in articles[-50:]
        )
        text = f"<rss version='2.0'><channel><title>Feed {feed}</title><link>x</link>{items}</channel></rss>"
        return text.encode(), "application/rss+xml"


class Stopwatch:
    """Thread CPU seconds spent in each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                with self._lock:
                    self.seconds[stage] += time.thread_time() - began

        return timed


def write_config(folder: Path, outlets: Outlets, base_url: str) -> None:
    """A service config for the bench's outlets."""
    (folder / "topics").mkdir(parents=True)
    (folder / "sources").mkdir()
    fetch = "{host_delay_s: 0, per_second: 10000, allow_private: true, contact: bench@example.org}"
    alerts = "{settle: 0s, per_chat_per_second: 1000, per_group_per_minute: 60000,"
    alerts += " per_second: 1000, hourly_budget: 0}"
    (folder / "monitor.yaml").write_text(
        f"store: sqlite:///{folder}/way.db\nfetch: {fetch}\nalerts: {alerts}\n"
        f"telegram: {{base_url: '{base_url}'}}\n"
    )
    (folder / "topics/t.yaml").write_text(TOPICS)
    rows = "".join(
        f"  - {{id: feed-{n}, name: Feed {n}, kind: feed, url: '{outlets.url(n)}', every: 1s}}\n"
        for n in range(outlets.feeds)
    )
    (folder / "sources/s.yaml").write_text("sources:\n" + rows)
    chats = f"chats:\n  - id: telegram:{CHAT}\n    subscriptions: [{{topic: '*'}}]\n"
    (folder / "chats.yaml").write_text(chats)


def measure(*, feeds: int, burst: int, latency_rounds: int) -> dict[str, Any]:
    """One run: a burst for throughput and CPU, then single articles for latency."""
    # What is loaded once a process (language statistics) is not the cost of an article.
    extract(
        Published(number=0, at=datetime.now(UTC), matching=True).page(), url="", fetched_at=datetime.now(UTC)
    )
    watch = Stopwatch()
    _instrument(watch)
    outlets = Outlets(feeds)
    with tempfile.TemporaryDirectory() as name, BotApiServer() as botapi:
        botapi.add_chat(CHAT)
        folder = Path(name) / "config"
        write_config(folder, outlets, botapi.base_url)
        os.environ["MONITOR_TELEGRAM_TOKEN"] = TOKEN
        service = Service(folder)
        ready = threading.Event()
        thread = threading.Thread(target=service.run, kwargs={"ready": ready.set})
        thread.start()
        ready.wait(30)
        _until(lambda: service.store.admin.status() and _polled(service, feeds), 60)
        cpu, wall = time.process_time(), time.monotonic()
        watch.seconds.clear()
        for number in range(burst):
            outlets.publish(number % feeds, number, matching=number % 20 == 0)
        _until(lambda: len(botapi.ledger) >= burst // 20 and _articles(service) >= burst, 300)
        seconds, cpu = time.monotonic() - wall, time.process_time() - cpu
        stages = {stage: 1000 * spent / burst for stage, spent in sorted(watch.seconds.items())}
        saving = _saving(service, stages)
        latencies = _latencies(outlets, botapi, burst, feeds, latency_rounds)
        service.stop()
        thread.join()
    return {
        "articles_per_second": round(burst / seconds, 1),
        "cpu_ms_per_article_whole_process": round(1000 * cpu / burst, 2),
        "stages_cpu_ms_per_article": {key: round(value, 3) for key, value in stages.items()},
        "latency_s_p50": round(statistics.median(latencies), 2),
        "latency_s_p99": round(sorted(latencies)[int(0.99 * (len(latencies) - 1))], 2),
        "first_look": saving,
        "sources": feeds,
        "articles": burst,
    }


def _saving(service: Service, stages: Mapping[str, float]) -> dict[str, float]:
    """What the first look spared: pages it passed over, at the cost of extracting the others."""
    status = service.store.admin.status()
    read, passed = _status_number(status, "articles"), _status_number(status, "seen")
    each = stages.get("extract", 0.0) * (read + passed) / max(read, 1)
    cost = stages.get("first look", 0.0)
    return {
        "pages_passed_over": passed,
        "pages_extracted": read,
        "cpu_ms_a_page_with": round(cost + stages.get("extract", 0.0), 3),
        "cpu_ms_a_page_without": round(each, 3),
    }


def _latencies(outlets: Outlets, botapi: BotApiServer, start: int, feeds: int, rounds: int) -> list[float]:
    """Seconds from publishing to the ledger, articles spread over feeds and time."""
    published: dict[int, datetime] = {}
    for step in range(rounds):
        number = start + step
        outlets.publish(step * 7 % feeds, number, matching=True)
        published[number] = datetime.now(UTC)
        time.sleep(0.05)
    wanted = {f"number {number} was" for number in published}
    _until(lambda: all(any(w in row.text for row in botapi.ledger) for w in wanted), 120)
    seen: dict[int, float] = {}
    for row in botapi.ledger:
        for number, at in published.items():
            if f"number {number} was" in row.text and number not in seen:
                seen[number] = (row.at - at).total_seconds()
    return list(seen.values())


def _instrument(watch: Stopwatch) -> None:
    for stage, module, name in (
        ("first look", read_module, "worth_extracting"),
        ("fingerprint", read_module, "article_of"),
        ("features", decide_module, "features_of"),
        ("place", decide_module, "place"),
        ("match", decide_module, "match"),
        ("plan", decide_module, "plan"),
        ("take_in", poll_module, "take_in"),
    ):
        setattr(module, name, watch.around(stage, getattr(module, name)))
    run = jobs.run
    run.HANDLERS = {key: watch.around(f"{key} handler", value) for key, value in run.HANDLERS.items()}
    setattr(run, "outcome_of", watch.around("decision, its reads included", undecided.outcome_of))  # noqa: B010
    inner = Service._ports

    def ports(self: Service, *args: Any, **named: Any) -> Any:
        made = inner(self, *args, **named)
        object.__setattr__(made, "fetch", watch.around("fetch", made.fetch))
        object.__setattr__(made, "extract", watch.around("extract", made.extract))
        commit = watch.around("commit", made.store.jobs.commit)
        object.__setattr__(made.store, "jobs", _Jobs(made.store.jobs, commit))
        return made

    setattr(Service, "_ports", ports)  # noqa: B010 - a stopwatch around what the service is given


class _Jobs:
    def __init__(self, inner: Any, commit: Callable[..., Any]) -> None:
        self._inner = inner
        self.commit = commit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _status_number(status: Mapping[str, Any], name: str) -> int:
    value = status.get(name, 0)
    return sum(value.values()) if isinstance(value, Mapping) else int(value)


def _articles(service: Service) -> int:
    """Pages that were read to their end: extracted, or passed over by the first look."""
    status = service.store.admin.status()
    return _status_number(status, "articles") + _status_number(status, "seen")


def _polled(service: Service, feeds: int) -> bool:
    return sum(state.first_read_at is not None for state in service.store.sources.states()) >= feeds


def _until(condition: Callable[[], object], timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"bench/way.py: not done within {timeout_s} s")
        time.sleep(0.05)


def main() -> None:
    """Measure and print: a table, then one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    configure(level=logging.WARNING, json_lines=False)
    ours = measure(feeds=100, burst=300 if quick else 3000, latency_rounds=40 if quick else 300)
    print(f"{platform.machine()}, Python {platform.python_version()}, loopback, SQLite, one process\n")
    for name, value in ours.items():
        if isinstance(value, dict):
            print(f"{name}:")
            for stage, spent in value.items():
                print(f"    {stage:<32} {spent:8.3f}")
        else:
            print(f"{name:<36} {value}")
    print(last_line("way", ours=ours, peers={}, ratios={}, goals={}, holds=True))


if __name__ == "__main__":
    main()
