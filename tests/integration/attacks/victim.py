"""The service's own code in a process of its own, set upon hostile servers one attack at a time.

``python -m tests.integration.attacks.victim`` reads one order a line (JSON) and answers one report a
line. Each order runs in a fork of the warmed-up process: a fresh store, the real source kinds, the real
fetchers, ``run_job`` for polls and readings. Names ending in ``.test`` stand for the public web; what
else is dialled is written down as reached, and must not be.
"""

from __future__ import annotations

import json
import os
import re
import resource
import socket
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select

from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.text.urls import host_key
from monitor.http import HttpFetcher, Network, RobotsFetcher
from monitor.jobs.run import run_job
from monitor.model import FetchSettings, Recipe, Settings, Source, Topic
from monitor.plugins import source_kinds
from monitor.ports import Ports, Store
from monitor.store import open_store
from monitor.store.database import open_database
from monitor.store.tables.schema import jobs

PUBLIC = "93.184.216.34"
NAMES: Mapping[str, list[str]] = {
    "inside.test": ["10.1.2.3"],
    "mixed.test": ["127.0.0.1", "169.254.169.254"],
    "rebind.test": [PUBLIC, "127.0.0.1"],
}
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MOST_READINGS = 6
ALL_READINGS = 200
_MEGABYTE = 1024.0


@dataclass(slots=True)
class Web:
    """The public web as one loopback server plays it. ``reached`` are the addresses that it is not."""

    port: int
    looked_up: dict[str, int] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)

    def look_up(self, host: str) -> tuple[str, ...]:
        name = host.rstrip(".").lower()
        if not name.endswith(".test"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        answers = NAMES.get(name, [PUBLIC])
        if name != "rebind.test":
            return tuple(answers)
        turn = self.looked_up[name] = self.looked_up.get(name, -1) + 1
        return (answers[min(turn, len(answers) - 1)],)

    def dial(self, address: str, port: int, timeout_s: float) -> socket.socket:
        if address != PUBLIC or port not in {80, 443, 8080, 8443}:
            self.reached.append(f"{address}:{port}")
            raise ConnectionRefusedError(111, "Connection refused")
        return socket.create_connection(("127.0.0.1", self.port), timeout_s)


@dataclass(slots=True)
class Clock:
    moment: datetime = START

    def __call__(self) -> datetime:
        return self.moment


def rulebook(order: Mapping[str, Any]) -> Rulebook:
    topics = (Topic(id="ruler", query="Lukashenko", languages=("en",)),)
    source = Source(
        id="outlet",
        name="The Outlet",
        kind=order["kind"],
        url=f"http://outlet.test{order['path']}",
        every=timedelta(minutes=10),
        options=order["options"],
        recipe=Recipe(select=order["known"], remove="p.promo, div.letter") if order["known"] else None,
    )
    return Rulebook(
        revision="r1",
        settings=Settings(fetch=FetchSettings(deadline_s=order["deadline_s"], host_delay_s=0, tell_after=1)),
        topics={topic.id: topic for topic in topics},
        sources={source.id: source},
        chats={},
        matcher=Matcher.build(topics),
    )


def attack(order: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """Poll and read what the order says; what came of it, and what it cost."""
    clock, web, rules = Clock(), Web(order["port"]), rulebook(order)
    url = f"sqlite:///{folder}/victim.db"
    store = open_store(url, now=clock)
    store.admin.upgrade()
    store.sources.sync(list(rules.sources.values()), clock())
    network = Network(look_up=web.look_up, dial=web.dial)
    polite = HttpFetcher(rules.settings.fetch, version="1", now=clock, network=network)
    ports = Ports(
        store=store,
        fetch=RobotsFetcher(polite, now=clock),
        kinds=source_kinds(),
        channels={},
        channel_kinds={},
        rulebook=lambda: rules,
        now=clock,
        owner="victim",
    )
    _reset_peak()
    before_mb, cost_s = _memory("VmRSS"), []
    for _ in range(order["polls"]):
        cost_s += _one_round(ports, clock, MOST_READINGS if order["polls"] == 1 else ALL_READINGS)
        clock.moment += timedelta(minutes=30)
    peak_mb = _memory("VmHWM") - before_mb
    polite.close()
    report = _report(store, url, rules)
    store.admin.close()
    return report | {"reached": web.reached, "cpu_s": max(cost_s, default=0.0), "peak_mb": peak_mb}


def _one_round(ports: Ports, clock: Clock, readings: int) -> list[float]:
    """A poll and some readings; CPU seconds of each job."""
    hosts = {source.id: host_key(source.url) for source in ports.rulebook().sources.values()}
    ports.store.sources.enqueue_due(hosts, clock(), 10)
    cost_s: list[float] = []
    for _ in range(readings + 1):
        clock.moment += timedelta(seconds=10)
        claimed = ports.store.jobs.claim(now=clock(), owner="victim", epoch=0, limit=1)
        if not claimed:
            break
        began = _cpu_s()
        run_job(claimed[0], ports)
        cost_s.append(_cpu_s() - began)
    return cost_s


def _report(store: Store, url: str, rules: Rulebook) -> dict[str, Any]:
    state = store.sources.state("outlet")
    assert state is not None
    database = open_database(url)
    with database.read() as connection:
        errors = [row.error or "" for row in connection.execute(select(jobs.c.error))]
    database.engine.dispose()
    counts = store.admin.status()
    return {
        "health": state.health,
        "said": " ".join(filter(None, (state.error, state.note))),
        "told": [event.text for _, event in store.outbox.untold_events()],
        "entries": counts["entries"],
        "articles": counts["articles"],
        # What the net in run_job catches ends with file and line: a bug, not an answer.
        "crashes": [error for error in errors if re.search(r"\(\S+:\d+\)$", error)],
        "topics": len(rules.topics),
    }


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _memory(name: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / _MEGABYTE
    return 0.0


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def in_a_fork(order: Mapping[str, Any]) -> dict[str, Any]:
    """Run one attack in a child; a child that dies is a crash."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        with tempfile.TemporaryDirectory() as folder, os.fdopen(writer, "w", encoding="utf-8") as out:
            out.write(json.dumps(attack(order, folder)))
        sys.stdout.flush()
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as told:
        text = told.read()
    _, status = os.waitpid(child, 0)
    if not text:
        return {"crashes": [f"the process died (status {status})"]}
    report: dict[str, Any] = json.loads(text)
    return report


def main() -> None:
    """Warm up on the first order, then serve orders until there are no more."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    warm = json.loads(sys.stdin.readline())
    for order in warm:
        with tempfile.TemporaryDirectory() as folder:
            attack(order, folder)
    _say("ready")
    for line in sys.stdin:
        _say(json.dumps(in_a_fork(json.loads(line))))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
