"""The rows of the delivery bench about every crash point and about a long outage."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.chores.crash_points import AT, LOG
from monitor.core.message.alert import REPEAT_MARK
from parts.delivery_world import Clock, Result, Verdict, World, alert, judge, server_for, wait
from parts.outlets import Outlets, Published
from tests.support.botapi.ledger import LedgerRow

# What a run leaves behind, without what tells when and how often.
TABLES = {
    "entries": "id, source_id, guid, url, title, stamp",
    "articles": "id, entry_id, url, title, text, language",
    "placements": "article_id, story_id, copy_of, version",
    "matches": "article_id, topic_id, score, spans",
    "stories": "id, article_id",
    "deliveries": "key, chat_id, kind, story_id, state",
    "jobs": "kind, key, state",
}
CHATS = (1, 2, -3)
PICTURED = (1, -3)  # these get each article's pictures after its alert
_ADDRESS = re.compile(r'href="([^"]+)"')


class Apart(Published):
    """An article that has no word in common with any other: a story of its own."""

    @property
    def title(self) -> str:
        """Its subject among words that no other one has."""
        first, *rest = self._own(7, seed=1)
        return " ".join([f"subject{first}" if self.matching else first, *rest])

    def page(self) -> str:
        """Nothing but its own words and two pictures."""
        words = list(self._words())
        paragraphs = "".join(f"<p>{' '.join(words[at : at + 60])}.</p>" for at in range(0, len(words), 60))
        return (
            f"<html lang=en><head><title>{self.title}</title>"
            f'<meta property="og:image" content="/ann-{self.number}.jpg">'
            f'<meta property="og:image" content="/bob-{self.number}.jpg"></head><body><article>'
            f"<h1>{self.title}</h1>{paragraphs}</article></body></html>"
        )

    def _words(self) -> Iterator[str]:
        return iter(self._own(300, seed=2))

    def _own(self, count: int, *, seed: int) -> list[str]:
        dice = random.Random(self.number * 10 + seed)
        return ["".join(dice.choices("abcdefghiklmnoprstuvy", k=dice.randint(4, 9))) for _ in range(count)]


class Distinct(Outlets):
    """Outlets whose articles are stories of their own."""

    def publish(self, feed: int, number: int, *, matching: bool) -> None:
        with self._lock:
            self._articles[feed].append(Apart(number=number, at=datetime.now(UTC), matching=matching))


def crash_points(folder: Path, *, rounds: int, most: int) -> Result:
    """The process dies at each named point; afterwards everything is as if it had not.

    ``most`` points at most, spread over all there are.
    """
    outlets = Distinct(feeds=2, ports=2)
    for number in range(6):
        outlets.publish(number % 2, number, matching=number != 3)
    whole, said, log = _undisturbed(folder / "whole", outlets)
    counts = Counter(log.read_text().split())
    points = sorted(counts)
    points = points[:: -(-len(points) // most)]
    dice = random.Random(5)
    died, differences, bad = 0, [], 0
    named = [f"{point}#{dice.randint(1, counts[point])}" for point in points for _ in range(rounds)]
    folders = [folder / f"run-{number}" for number in range(len(named))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = pool.map(lambda where, point: _disturbed(where, outlets, point), folders, named)
        for point, (after, ledger, killed) in zip(named, runs, strict=True):
            died += killed
            if after != whole:
                differences.append(point)
            bad += not _same(said, ledger)
    albums = sum(row.method == "sendMediaGroup" and _speaks(row) for row in said)
    return Result(
        figures={
            "points": len(points),
            "runs": len(points) * rounds,
            "died there": died,
            "albums": albums,
            "databases that differ": len(differences),
            "where": differences[:5],
            "ledgers that differ": bad,
        },
        holds=albums > 0 and not differences and not bad and died >= len(points) * rounds * 0.8,
    )


def _undisturbed(folder: Path, outlets: Outlets) -> tuple[object, list[LedgerRow], Path]:
    with server_for(CHATS) as server:
        world = _newsroom(folder, outlets, server.base_url)
        _once(world, **{LOG: str(folder / "points.log")})
        return _snapshot(world), server.ledger, folder / "points.log"


def _disturbed(folder: Path, outlets: Outlets, point: str) -> tuple[object, list[LedgerRow], bool]:
    with server_for(CHATS) as server:
        world = _newsroom(folder, outlets, server.base_url)
        killed = _once(world, **{AT: point}) == -signal.SIGKILL
        assert _once(world) == 0, f"{point}: see {world.log}"
        return _snapshot(world), server.ledger, killed


def _once(world: World, **environment: str) -> int:
    process = world.start(ONCE="1", **environment)
    process.join(300)
    assert process.exitcode is not None, f"the run does not end: see {world.log}"
    return process.exitcode


def _newsroom(folder: Path, outlets: Outlets, base_url: str) -> World:
    sources = "".join(
        f"  - {{id: s{feed}, url: '{outlets.url(feed)}', every: 1h, language: en}}\n"
        for feed in range(outlets.feeds)
    )
    chats = "".join(
        f"  - {{id: 'telegram:{chat}', pictures: {'album' if chat in PICTURED else 'off'},"
        " subscriptions: [{topic: '*'}]}\n"
        for chat in CHATS
    )
    world = World(
        folder=folder,
        base_url=base_url,
        sources=f"sources:\n{sources}",
        fetch="{host_delay_s: 0, per_second: 10000, allow_private: true}",
        topics="topics:\n  - {id: subjects, query: subject*, languages: [en]}\n",
    )
    (folder / "config" / "chats.yaml").write_text(f"chats:\n{chats}")
    return world


def _snapshot(world: World) -> object:
    with closing(sqlite3.connect(f"{world.folder}/monitor.db")) as database:
        return {
            table: sorted(map(repr, database.execute(f"SELECT {columns} FROM {table}")))  # noqa: S608 - ours
            for table, columns in TABLES.items()
        }


def _same(whole: list[LedgerRow], other: list[LedgerRow]) -> bool:
    """Whether each chat was told the same; what was in flight may have come twice, marked."""
    told: dict[tuple[int, str], list[bool]] = {}
    for row in filter(_speaks, other):
        told.setdefault((row.chat_id, _about(row)), []).append(REPEAT_MARK in row.text)
    once = {(row.chat_id, _about(row)) for row in whole if _speaks(row)}
    return once == set(told) and all(all(marks[1:]) and len(marks) <= 2 for marks in told.values())


def _speaks(row: LedgerRow) -> bool:
    """Of an album, its first picture carries the words for all."""
    return bool(row.text)


def _about(row: LedgerRow) -> str:
    """The article's address, or that of its first picture."""
    return row.file or str(_ADDRESS.findall(row.html)[0])


def outage(folder: Path, *, alerts: int, chats: int, hours: float, lasts_s: float) -> Result:
    """Telegram away for hours of a clock that runs fast, while alerts go on coming."""
    people = range(1, chats + 1)
    port = _free_port()
    clock = Clock(since=time.time() + 4.0, speed=hours * 3600 / lasts_s)
    world = World(
        folder=folder,
        base_url=f"http://127.0.0.1:{port}/bot",
        clock=clock,
        alerts={"unsure_resend_after_s": 30},
    )
    expected = world.fill(people, 0)
    process = world.start()
    world.wait_up(1)
    time.sleep(max(0.0, clock.since - time.time()))
    memory = [_resident_mb(process.pid)]
    made: dict[int, datetime] = {}
    with world.store() as store:
        batch = 50
        for number in range(0, alerts, batch):
            time.sleep(max(0.0, clock.since + number / alerts * lasts_s - time.time()))
            now = clock()
            numbers = range(number, min(number + batch, alerts))
            for one in numbers:
                expected[people[one % chats]].append(one)
                made[one] = now
            store.outbox.add([alert(people[one % chats], one, now) for one in numbers], now)
            memory.append(_resident_mb(process.pid))
    with server_for(people, port=port, clock=clock.seconds) as server:
        back = clock()
        deadline = time.monotonic() + 900
        while world.open_count():
            assert time.monotonic() < deadline, f"not all is sent: see {world.log}"
            memory.append(_resident_mb(process.pid))
            time.sleep(0.5)
        took = (clock() - back).total_seconds()
        world.end(signal.SIGTERM)
        ledger = server.ledger
        verdict = _with_counts(world, ledger, expected)
        digests = sum("alerts" in row.text.splitlines()[0] for row in ledger)
    grown = max(memory) - memory[0]
    old = {number for number, moment in made.items() if back - moment > timedelta(hours=1)}
    alone = sum(int(row.text.split()[3]) in old for row in ledger if row.text.startswith("This is alert"))
    return Result(
        figures={
            "queued": alerts,
            "messages": len(ledger),
            "digests": digests,
            "old ones sent alone": alone,
            "memory grew MB": round(grown, 1),
            "drained in s of its clock": round(took),
            **asdict(verdict),
        },
        # Before it is known that Telegram is back, one message has to find out.
        holds=grown < 50 and not any(asdict(verdict).values()) and alone <= 8 and digests >= chats * 0.9,
    )


def _with_counts(world: World, ledger: list[LedgerRow], expected: dict[int, list[int]]) -> Verdict:
    """The ledger's verdict; what a digest only counts is told too, and the outbox says by which one."""
    with world.store() as store:
        bundled = len(store.outbox.list(states=("bundled",), limit=1_000_000))
    verdict = judge(ledger, expected)
    alone = sum(row.text.startswith("This is alert") for row in ledger) - verdict.repeats
    counted = sum(
        int(found[1]) for row in ledger if (found := re.match(r"(\d+) alerts?\b", row.text.splitlines()[0]))
    )
    told = sum(map(len, expected.values())) - alone - counted
    return replace(verdict, lost=abs(told) + abs(bundled - counted))


def _resident_mb(process_id: int | None) -> float:
    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


__all__ = ["crash_points", "outage", "wait"]
