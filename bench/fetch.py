"""Polls a second from 2,000 loopback hosts, and what hosts that hang or drip do to the others.

The service's own engine, jobs, fetcher and SQLite store; requests and threads; one request a host at a
time with a pause after it. Nine answers in ten are 304.

    .venv/bin/python bench/fetch.py [--quick]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from parts.fetch_hosts import address

from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.text.language import detect
from monitor.engines.local import LocalEngine
from monitor.http import HttpFetcher, RobotsFetcher
from monitor.logs import configure
from monitor.model import FetchSettings, Settings, Source, SourceState, Topic
from monitor.plugins import source_kinds
from monitor.ports import Ports
from monitor.store import open_store

GOAL_LATE_S = 5.0
LONGEST_START_S = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run: ``bad`` hosts of each sort, an interval, and how long to settle and to measure."""

    hosts: int
    bad: int
    every_s: float
    settle_s: float
    measure_s: float


@dataclass(slots=True)
class Watched:
    """``ports.Sources`` that writes down how late each poll begins. ``bad`` are the first hosts."""

    inner: Any
    bad: int
    seen: set[str] = field(default_factory=set)
    measuring: threading.Event = field(default_factory=threading.Event)
    late_s: list[float] = field(default_factory=list)
    polls: int = 0

    def state(self, source_id: str) -> SourceState | None:
        state: SourceState | None = self.inner.state(source_id)
        self.seen.add(source_id)
        if self.measuring.is_set() and state is not None:
            self.polls += 1
            if int(source_id) >= self.bad:
                self.late_s.append((datetime.now(UTC) - state.next_fetch_at).total_seconds())
        return state

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


@contextmanager
def outlets(plan: Plan) -> Iterator[int]:
    """The hosts' process; yields their port."""
    command = [sys.executable, str(Path(__file__).parent / "parts" / "fetch_hosts.py")]
    numbers = [str(plan.hosts), str(plan.bad), str(plan.bad)]
    with subprocess.Popen(
        command + numbers, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.stdin.close()


def rulebook(plan: Plan, port: int) -> Rulebook:
    topics = (Topic(id="strike", query="strike", languages=("en",)),)
    sources = {
        f"{number:04}": Source(
            id=f"{number:04}",
            name=f"Outlet {number}",
            kind="feed",
            url=f"http://{address(number)}:{port}/rss",
            every=timedelta(seconds=plan.every_s),
            allow_private=True,
        )
        for number in range(plan.hosts)
    }
    limits = FetchSettings(host_delay_s=0.5, per_second=10_000.0, full_pages=False, stretch=1.0)
    limits = dataclasses.replace(limits, fastest=timedelta(seconds=plan.every_s))
    return Rulebook(
        revision="bench",
        settings=Settings(fetch=limits),
        topics={topic.id: topic for topic in topics},
        sources=sources,
        matcher=Matcher.build(topics),
    )


def run(plan: Plan) -> dict[str, float]:
    """Start the engine, let it settle, measure."""
    with outlets(plan) as port, tempfile.TemporaryDirectory() as folder:
        rules = rulebook(plan, port)
        store = open_store(f"sqlite:///{folder}/bench.db", now=lambda: datetime.now(UTC))
        store.admin.upgrade()
        watched = Watched(store.sources, 2 * plan.bad)
        store.sources.sync(list(rules.sources.values()), datetime.now(UTC))
        polite = HttpFetcher(rules.settings.fetch, version="bench", now=lambda: datetime.now(UTC))
        engine = LocalEngine(
            workers=rules.settings.fetch.workers, slow_workers=rules.settings.fetch.slow_workers
        )
        ports = Ports(
            store=dataclasses.replace(store, sources=watched),
            fetch=RobotsFetcher(polite, now=lambda: datetime.now(UTC)),
            kinds=source_kinds(),
            channels={},
            channel_kinds={},
            rulebook=lambda: rules,
            now=lambda: datetime.now(UTC),
            owner="bench",
            epoch=store.admin.acquire_service(),
            wake=engine.wake,
        )
        engine.start(ports)
        first_round_s = _first_round(watched, plan)
        time.sleep(plan.settle_s)
        watched.measuring.set()
        began, cpu = time.monotonic(), _cpu_s()
        time.sleep(plan.measure_s)
        watched.measuring.clear()
        seconds, cpu_s = time.monotonic() - began, _cpu_s() - cpu
        polite.close()  # what hangs need not be waited for
        engine.stop()
        store.admin.close()
        late = sorted(watched.late_s)
        return {
            "polls_per_s": watched.polls / seconds,
            "cpu_ms_per_poll": 1_000 * cpu_s / max(watched.polls, 1),
            "late_p50_s": _share(late, 0.5),
            "late_p99_s": _share(late, 0.99),
            "late_max_s": late[-1] if late else 0.0,
            "first_round_s": first_round_s,
        }


def _first_round(watched: Watched, plan: Plan) -> float:
    """Seconds until every host was asked once: at the start all are due at the same moment."""
    began = time.monotonic()
    while len(watched.seen) < plan.hosts and time.monotonic() - began < LONGEST_START_S:
        time.sleep(0.25)
    return time.monotonic() - began


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("inf")


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def bare_requests(hosts: int, seconds: float) -> float:
    """The floor: the same GETs by one thread's ``requests.Session``, nothing stored; ms of CPU each."""
    with (
        outlets(Plan(hosts=hosts, bad=0, every_s=1, settle_s=0, measure_s=0)) as port,
        requests.Session() as session,
    ):
        began, until, number = _cpu_s(), time.monotonic() + seconds, 0
        while time.monotonic() < until:
            session.get(
                f"http://{address(number % hosts)}:{port}/rss", headers={"If-None-Match": '"v0"'}, timeout=5
            )
            number += 1
        return 1_000 * (_cpu_s() - began) / number


def median(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(statistics.median(row[name] for row in rows), 3) for name in rows[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    configure(level=logging.CRITICAL, json_lines=True)
    detect("The council of the town met on Monday.")  # its model takes seconds to load, once
    hosts = 200 if quick else 2_000
    rounds = 1
    measure_s = 6.0 if quick else 60.0
    every_s = 6.0 if quick else 60.0
    settle_s = every_s / 2
    flat_out = Plan(hosts=hosts, bad=0, every_s=1.0, settle_s=2.0, measure_s=measure_s / 2)
    calm = Plan(hosts=hosts, bad=0, every_s=every_s, settle_s=settle_s, measure_s=measure_s)
    beset = dataclasses.replace(calm, bad=hosts // 20)
    rows: dict[str, list[dict[str, float]]] = {"flat out": [], "calm": [], "10 % bad": []}
    for _ in range(rounds):
        for name, plan in zip(rows, (flat_out, calm, beset), strict=True):
            rows[name].append(run(plan))
    ours = {name: median(found) for name, found in rows.items()}
    floor_ms = bare_requests(hosts, 3.0)
    print(
        f"{hosts} hosts, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    print(f"{'run':10} {'polls/s':>8} {'CPU ms':>7} {'late p50':>9} {'p99':>7} {'max':>7} {'start s':>8}")
    for name, row in ours.items():
        print(
            f"{name:10} {row['polls_per_s']:8.1f} {row['cpu_ms_per_poll']:7.2f} {row['late_p50_s']:9.2f} "
            f"{row['late_p99_s']:7.2f} {row['late_max_s']:7.2f} {row['first_round_s']:8.1f}"
        )
    print(f"bare requests.Session, nothing stored: {floor_ms:.2f} ms of CPU a GET")
    late = ours["10 % bad"]["late_p99_s"]
    print(
        json.dumps(
            {
                "bench": "fetch",
                "ours": ours,
                "peers": {"requests.Session": {"cpu_ms_per_get": round(floor_ms, 3)}},
                "ratios": {"cpu_over_bare": round(ours["flat out"]["cpu_ms_per_poll"] / floor_ms, 2)},
                "goals": {"healthy_late_p99_s": GOAL_LATE_S},
                "holds": late < GOAL_LATE_S,
            }
        )
    )


if __name__ == "__main__":
    main()
