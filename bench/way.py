"""What one article costs, from a feed's listing to the chat: the service beside the loop that people write.

The pages are real (``../shared/data/pages``, 178 kB on average, each with seven words of ten replaced); every
outlet, the service and the loop are processes of their own, and the processor time is that of the service's
or the loop's process alone. The loop is ``bench/parts/way_loop.py``: requests, feedparser, trafilatura in its
fast mode, a regular expression a keyword and one SQLite row; it asks the feeds as often as the service did.

    .venv/bin/python bench/way.py [--quick]

Rows: 5 % and 30 % of the articles match, on SQLite and on a PostgreSQL server that the bench starts, with
100,000 stories stored (``--quick``: 2,000, and SQLite alone). Latency is from publishing to the Bot API.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from parts.faults_servers import Missing, postgres
from parts.last_line import last_line, skipped
from parts.stories_open import fill
from parts.way_pages import PEOPLE, address

from monitor.app import load_rulebook
from monitor.core.page.tree import decode, without_scripts
from monitor.logs import configure
from monitor.store import open_store
from tests.support.botapi.server import TOKEN, BotApiServer

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "../shared/data/pages"
CHAT = 100
FEEDS = 100
EVERY_S = 2
GOALS = {
    "service / loop, 5 %": 0.5,
    "service / loop, 30 %": 0.8,
    "poll / bare GET": 2.5,
    "prefilter ms per 100 kB": 1.0,
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A helper process that answers each line with a line."""

    process: subprocess.Popen[str]

    def ask(self, line: str) -> Any:
        """What it answers."""
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.hear()

    def hear(self) -> Any:
        """Its next line."""
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())


@contextlib.contextmanager
def spoken(script: str, *arguments: object) -> Iterator[Spoken]:
    """A process of ``bench/parts``."""
    command = [sys.executable, "-m", f"parts.{script}", *map(str, arguments)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT / "bench"
    ) as process:
        try:
            yield Spoken(process)
        finally:
            process.kill()


def cpu_s(process_id: int) -> float:
    """Processor seconds of a process and of the children it has or had."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    own = sum(int(fields[at]) for at in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    return own + sum(cpu_s(int(child)) for child in children)


def write_config(folder: Path, *, port: int, store: str, base_url: str) -> None:
    """The service's config: a topic for each of ``PEOPLE``, a source for each feed."""
    (folder / "topics").mkdir(parents=True)
    (folder / "sources").mkdir()
    fetch = "{host_delay_s: 0, per_second: 10000, allow_private: true, contact: bench@example.org}"
    alerts = "{settle: 0s, per_chat_per_second: 1000, per_group_per_minute: 60000,"
    alerts += " per_second: 1000, hourly_budget: 0}"
    (folder / "monitor.yaml").write_text(
        f"store: {store}\nfetch: {fetch}\nalerts: {alerts}\ntelegram: {{base_url: '{base_url}'}}\n"
    )
    topics = "".join(f"  - {{id: t{n}, query: {name}, languages: [en]}}\n" for n, name in enumerate(PEOPLE))
    (folder / "topics/t.yaml").write_text("topics:\n" + topics)
    sources = "".join(
        f"  - {{id: feed-{n}, name: Feed {n}, kind: feed, url: 'http://{address(n)}:{port}/feed',"
        f" every: {EVERY_S}s, language: en}}\n"
        for n in range(FEEDS)
    )
    (folder / "sources/s.yaml").write_text("sources:\n" + sources)
    chats = f"chats:\n  - id: telegram:{CHAT}\n    subscriptions: [{{topic: '*'}}]\n"
    (folder / "chats.yaml").write_text(chats)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[int]:
    """The service as a process; its id."""
    log = folder.parent / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run", "--config", str(folder)],
            env={**os.environ, "MONITOR_TELEGRAM_TOKEN": TOKEN},
            stdout=out,
            stderr=out,
        )
        try:
            until(lambda: "service runs" in log.read_text(errors="replace"), 60)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def row(*, per_cent: int, articles: int, latencies: int, stored: int, store: str) -> dict[str, Any]:
    """One row: the service, then the loop with as many polls, over the same articles."""
    with tempfile.TemporaryDirectory(prefix="way-") as name, spoken("way_pages", FEEDS, PAGES) as outlets:
        port = outlets.hear()
        ours = _service(
            outlets,
            port,
            Path(name),
            per_cent=per_cent,
            articles=articles,
            latencies=latencies,
            stored=stored,
            url=store,
        )
        passes = round(ours["polls"] / FEEDS)
        idle = ours.pop("idle")
        with spoken("way_pages", FEEDS, PAGES) as fresh:
            port = fresh.hear()
            with spoken("way_loop", port, FEEDS, passes, f"{name}/loop.db") as loop:
                before = loop.hear()
                fresh.ask(f"publish 0 {articles} {per_cent}")
                after = loop.ask("go")
                again = loop.ask("go")
    if (after["articles"], after["kept"]) != (articles, len(range(0, articles, 100 // per_cent))):
        sys.exit(f"bench/way.py: the loop read {after}, not {articles}")
    peer = {
        "cpu_ms_per_article": round(1e3 * (after["cpu_s"] - before["cpu_s"]) / articles, 2),
        "cpu_ms_per_poll": round(1e3 * (again["cpu_s"] - after["cpu_s"]) / (passes * FEEDS), 3),
    }
    ours["cpu_ms_per_poll"] = round(idle, 3)
    return {"service": ours, "loop": peer}


def _service(
    outlets: Spoken,
    port: int,
    home: Path,
    *,
    per_cent: int,
    articles: int,
    latencies: int,
    stored: int,
    url: str,
) -> dict[str, Any]:
    with BotApiServer() as botapi:
        botapi.add_chat(CHAT)
        url = url or f"sqlite:///{home}/way.db"
        write_config(home / "config", port=port, store=url, base_url=botapi.base_url)
        store = open_store(url, now=lambda: datetime.now(UTC))
        store.admin.upgrade()
        fill(url, stored, datetime.now(UTC))
        with running(home / "config") as process_id:
            until(lambda: sum(one.first_read_at is not None for one in store.sources.states()) == FEEDS, 60)
            # What is loaded once a process is not the cost of an article.
            outlets.ask("publish 1000000 1000040 10")
            until(lambda: _done(store, 40), 120)
            idle = _idle(outlets, process_id)
            asked, cpu, began = outlets.ask("count"), cpu_s(process_id), time.monotonic()
            outlets.ask(f"publish 0 {articles} {per_cent}")
            until(lambda: _done(store, 40 + articles), 600)
            seconds, cpu = time.monotonic() - began, cpu_s(process_id) - cpu
            polls = outlets.ask("count")["feeds"] - asked["feeds"]
            told = len(botapi.ledger)
            waits = _latencies(outlets, botapi, latencies)
    return {
        "cpu_ms_per_article": round(1e3 * cpu / articles, 2),
        "articles_per_second": round(articles / seconds, 1),
        "polls": polls,
        "messages": told,
        "latency_s_p50": round(statistics.median(waits), 2),
        "latency_s_p99": round(sorted(waits)[int(0.99 * (len(waits) - 1))], 2),
        "idle": idle,
    }


def _idle(outlets: Spoken, process_id: int) -> float:
    """Milliseconds of processor time a poll, while nothing is published."""
    asked, cpu = outlets.ask("count")["feeds"], cpu_s(process_id)
    time.sleep(4 * EVERY_S)
    polls: int = outlets.ask("count")["feeds"] - asked
    return 1e3 * (cpu_s(process_id) - cpu) / polls


def _done(store: Any, articles: int) -> bool:
    """So many were read, and what came of them was sent."""
    status, now = store.admin.status(), datetime.now(UTC)
    if status["articles"] + status["seen"] < articles or status["deliveries"].get("sending"):
        return False
    return not store.jobs.more_to_read(now - timedelta(hours=1), now, besides=0)


def _latencies(outlets: Spoken, botapi: BotApiServer, count: int) -> list[float]:
    """Seconds from publishing to the ledger, articles spread over feeds and time."""
    published: dict[int, datetime] = {}
    for number in range(2_000_000, 2_000_000 + 20 * count, 20):
        outlets.ask(f"publish {number} {number + 1} 100")
        published[number] = datetime.now(UTC)
        time.sleep(0.05)
    seen: dict[int, float] = {}

    def all_seen() -> bool:
        for sent in list(botapi.ledger):
            for found in re.findall(r"number (\d+)", sent.text):
                number = int(found)
                if number in published:
                    seen.setdefault(number, (sent.at - published[number]).total_seconds())
        return len(seen) == count

    with contextlib.suppress(TimeoutError):  # one that joined another's story is told by an edit
        until(all_seen, 20)
    return list(seen.values())


def bare_get_ms(count: int) -> float:
    """Milliseconds of processor time for one GET of a feed by requests, answered 304."""
    script = (
        "import sys, time, requests\n"
        "session = requests.Session()\n"
        "tags = {'If-None-Match': '\"v0\"'}\n"
        "urls = sys.argv[2:]\n"
        "[session.get(url, headers=tags) for url in urls]\n"
        "began = time.process_time()\n"
        "for at in range(int(sys.argv[1])): session.get(urls[at % len(urls)], headers=tags)\n"
        "print(1e3 * (time.process_time() - began) / int(sys.argv[1]))\n"
    )
    with spoken("way_pages", FEEDS, PAGES) as outlets:
        port = outlets.hear()
        urls = [f"http://{address(n)}:{port}/feed" for n in range(FEEDS)]
        told = subprocess.run(
            [sys.executable, "-c", script, str(count), *urls], check=True, capture_output=True, text=True
        )
    return float(told.stdout)


def prefilter_ms(rounds: int) -> float:
    """Milliseconds of processor time a 100 kB of page to see that no topic is in it."""
    import gzip  # noqa: PLC0415 - for this row alone

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "config"
        write_config(folder, port=1, store=f"sqlite:///{name}/x.db", base_url="http://127.0.0.1:1")
        matcher = load_rulebook(folder).matcher
    pages = [gzip.decompress(file.read_bytes()) for file in sorted((PAGES / "html").glob("*.gz"))]
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        for page in pages:
            matcher.could_match(without_scripts(decode(page, charset=None)), source=None, further=())
        best = min(best, time.process_time() - began)
    return 1e3 * best / (sum(map(len, pages)) / 1e5)


def until(condition: Any, timeout_s: float) -> None:
    """Wait for it. Raises ``TimeoutError``."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"bench/way.py: not done within {timeout_s} s")
        time.sleep(0.1)


def main() -> None:
    """Measure and print: a table, then one JSON line."""
    configure(level=logging.ERROR, json_lines=False)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="300 articles, 2,000 stories, SQLite alone")
    quick = parser.parse_args().quick
    if not PAGES.is_dir():
        print(f"bench/way.py: skipped, {PAGES} is missing")
        print(skipped("way", GOALS, "shared/data/pages"))
        return
    print(f"{platform.machine()}, Python {platform.python_version()}, trafilatura {version('trafilatura')}\n")
    sizes = {"articles": 300, "latencies": 20, "stored": 2000} if quick else SIZES
    rows, missing = _rows(sizes, sqlite_only=quick)
    ours: dict[str, Any] = {name: found["service"] for name, found in rows.items()}
    bare = bare_get_ms(2000)
    ours["prefilter ms per 100 kB"] = round(prefilter_ms(3), 3)
    ratios = {
        f"service / loop, {name}": round(
            found["service"]["cpu_ms_per_article"] / found["loop"]["cpu_ms_per_article"], 3
        )
        for name, found in rows.items()
    }
    polls = [found["service"]["cpu_ms_per_poll"] for name, found in rows.items() if "PostgreSQL" not in name]
    ratios["poll / bare GET"] = round(min(polls) / bare, 2)
    figures = {**ratios, "prefilter ms per 100 kB": ours["prefilter ms per 100 kB"]}
    for name, figure in figures.items():
        print(f"{name:<40} {figure:8.3f}   goal ≤ {_goal(name)}")
    peers = {"loop": {name: found["loop"] for name, found in rows.items()}, "bare GET ms": round(bare, 3)}
    holds = all(figure <= _goal(name) for name, figure in figures.items())
    print(last_line("way", ours=ours, peers=peers, ratios=ratios, goals=GOALS, holds=holds, missing=missing))


SIZES = {"articles": 1500, "latencies": 100, "stored": 100_000}


def _goal(name: str) -> float:
    return next(goal for start, goal in GOALS.items() if name.startswith(start))


def _rows(sizes: dict[str, int], *, sqlite_only: bool) -> tuple[dict[str, Any], Sequence[str]]:
    found: dict[str, Any] = {}
    for per_cent in (5, 30):
        found[f"{per_cent} %"] = _printed(f"{per_cent} %", row(per_cent=per_cent, store="", **sizes))
    if sqlite_only:
        return found, ()
    for per_cent in (5, 30):
        try:
            with tempfile.TemporaryDirectory(prefix="way-") as name, postgres(Path(name)) as server:
                title = f"{per_cent} %, PostgreSQL"
                found[title] = _printed(title, row(per_cent=per_cent, store=server.url, **sizes))
        except Missing as error:
            print(f"PostgreSQL: {error}")
            return found, ("PostgreSQL",)
    return found, ()


def _printed(title: str, figures: dict[str, Any]) -> dict[str, Any]:
    print(f"{title}:")
    for who, what in figures.items():
        print(f"    {who:<8} " + ", ".join(f"{name} {value}" for name, value in what.items()))
    return figures


if __name__ == "__main__":
    main()
