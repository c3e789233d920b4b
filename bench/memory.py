"""Resident memory of the running service while it reads articles made of ever new words.

A service process of its own reads loopback outlets; its RSS is printed over time for two set-ups: two
hundred sources in six languages, and six sources in three. Topics are those of ``config/``. Every article
holds words that were never seen before, which is the worst that vocabularies and caches can meet.

    .venv/bin/python bench/memory.py [--quick] [--setup NAME …]

The whole run takes an hour; ``--quick`` makes each article ten times as rich in new words and runs half a
minute a set-up after the start.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from parts.outlets import Outlets, Published

from tests.support.botapi.server import TOKEN, BotApiServer

ROOT = Path(__file__).parents[1]
LATIN, CYRILLIC = "abcdefghiklmnoprstuvyz", "абвгдежзиклмнопрстуфхцчшьюя"
# Enough of a language for it to be told: its commonest words, and letters that only it has.
_USUAL = {
    "en": "the and of to in is that for it was on with as by at from has his be have are not but said",
    "ru": "и в не на что с по это как из у он за от же бы мы так все его было для который",
    "be": "і у не на што з па гэта як да яго за ад ж аб мы так усё было для міністр урад які",
    "uk": "і в не на що з по це як до його за від же про ми так все було для який її є",
    "pl": "i w nie na że z po to jak do się za od o my tak wszystko jego było dla rząd",
    "lt": "ir į ne kad su po tai kaip iki jo už nuo apie mes taip viskas buvo kuris yra",
}
_LETTERS = {
    "en": LATIN,
    "pl": f"{LATIN}ąćęłńóśźż",
    "lt": f"{LATIN}ąčęėįšųūž",
    "ru": f"{CYRILLIC}иыэ",
    "be": f"{CYRILLIC}іўыэ".replace("и", ""),
    "uk": f"{CYRILLIC}іїєґ",
}
LANGUAGES = {name: (_LETTERS[name], usual) for name, usual in _USUAL.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """A kind of installation and what it may take."""

    sources: int
    languages: tuple[str, ...]
    goal_mb: float


SETUPS = {
    "200 sources": SetUp(sources=200, languages=tuple(LANGUAGES), goal_mb=300),
    "6 sources": SetUp(sources=6, languages=("en", "ru", "be"), goal_mb=200),
}


@dataclass(slots=True)
class Fresh(Published):
    """An article whose words were never seen before, but for the commonest of its language."""

    language: str = "en"
    words: int = 450

    @property
    def title(self) -> str:
        """Its first words; every fifth article is about somebody who is watched."""
        own = list(self._own(8, seed=1))
        watched = "Lukashenko" if self.language in {"en", "pl", "lt"} else "Лукашенко"
        return " ".join([*([watched] if self.number % 5 == 0 else []), *own])

    def page(self) -> str:
        """Paragraphs of fifty words."""
        words = list(self._own(self.words, seed=2))
        paragraphs = "".join(f"<p>{' '.join(words[at : at + 50])}.</p>" for at in range(0, len(words), 50))
        return (
            f"<html lang={self.language}><head><title>{self.title}</title></head><body><article>"
            f"<h1>{self.title}</h1>{paragraphs}</article></body></html>"
        )

    def _own(self, count: int, *, seed: int) -> Iterator[str]:
        letters, common = LANGUAGES[self.language]
        dice, usual = random.Random(self.number * 10 + seed), common.split()
        for place in range(count):
            yield dice.choice(usual) if place % 2 else "".join(dice.choices(letters, k=dice.randint(5, 11)))


class Publishing(Outlets):
    """Outlets of several languages."""

    def __init__(self, setup: SetUp, *, words: int) -> None:
        super().__init__(feeds=setup.sources, ports=min(setup.sources, 40))
        self._languages = setup.languages
        self._words = words
        self._articles = defaultdict(list)
        self.count = 0

    def next(self) -> None:
        """One more article, in the next outlet."""
        feed, self.count = self.count % self.feeds, self.count + 1
        language = self._languages[feed % len(self._languages)]
        article = Fresh(
            number=self.count, at=datetime.now(UTC), matching=False, language=language, words=self._words
        )
        with self._lock:
            self._articles[feed].append(article)


def measure(setup: SetUp, *, seconds: float, a_second: float, words: int, every_s: int) -> dict[str, Any]:
    """Run the service for so long; its resident memory over time, in MB."""
    outlets = Publishing(setup, words=words)
    with tempfile.TemporaryDirectory(prefix="memory-") as name, BotApiServer() as server:
        server.add_chat(1)
        folder = Path(name) / "config"
        _write(folder, outlets, server.base_url, every_s)
        log = (Path(name) / "log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run", "--config", str(folder)],
            env={**os.environ, "MONITOR_TELEGRAM_TOKEN": TOKEN},
            stdout=log,
            stderr=log,
        )
        try:
            _wait_up(process, Path(name) / "log")
            at_start = _resident_mb(process.pid)
            over_time: list[Any] = []
            began = time.monotonic()
            while (passed := time.monotonic() - began) < seconds:
                while outlets.count < passed * a_second:
                    outlets.next()
                time.sleep(0.2)
                if passed > len(over_time) * seconds / 10:
                    over_time.append(round(_resident_mb(process.pid)))
                    print(f"    {passed:6.0f} s  {over_time[-1]:4} MB, {outlets.count} articles", flush=True)
            over_time.append(round(_resident_mb(process.pid)))
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
            log.close()
        read = _read(Path(name))
    return {
        "at start": round(at_start),
        "most": max(over_time),
        "at end": over_time[-1],
        "articles published": outlets.count,
        "articles read": read,
        "over time": over_time,
    }


def _write(folder: Path, outlets: Publishing, base_url: str, every_s: int) -> None:
    shutil.copytree(ROOT / "config", folder)
    shutil.rmtree(folder / "sources")
    (folder / "sources").mkdir()
    rows = "".join(
        f"  - {{id: s{n}, name: Source {n}, kind: feed, url: '{outlets.url(n)}', every: {every_s}s,"
        f" language: {outlets._languages[n % len(outlets._languages)]}}}\n"
        for n in range(outlets.feeds)
    )
    (folder / "sources" / "s.yaml").write_text(f"sources:\n{rows}")
    (folder / "chats.yaml").write_text("chats:\n  - {id: 'telegram:1', subscriptions: [{topic: '*'}]}\n")
    (folder / "monitor.yaml").write_text(
        f"store: sqlite:///{folder.parent}/monitor.db\n"
        "fetch: {host_delay_s: 0, per_second: 10000, allow_private: true}\n"
        "alerts: {settle: 0s, hourly_budget: 0, per_second: 1000, per_chat_per_second: 1000}\n"
        f"telegram: {{base_url: '{base_url}', access: open}}\n"
    )


def _wait_up(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 300
    while "service runs" not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text(errors="replace")[-2000:])
        time.sleep(0.1)


def _resident_mb(process_id: int) -> float:
    return int(Path(f"/proc/{process_id}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def _read(folder: Path) -> int:
    import sqlite3  # noqa: PLC0415 - once, at the end

    with sqlite3.connect(folder / "monitor.db") as database:
        count: int = database.execute("SELECT count(*) FROM traces").fetchone()[0]
    return count


def main() -> int:
    """Measure both set-ups; print the table and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="under a minute, the same keys")
    parser.add_argument("--setup", action="append", choices=list(SETUPS), help="only these")
    chosen = parser.parse_args()
    size: dict[str, Any] = {"seconds": 1800.0, "a_second": 2.0, "words": 450, "every_s": 60}
    if chosen.quick:
        size = {"seconds": 22.0, "a_second": 4.0, "words": 4500, "every_s": 5}
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores", end="; ")
    print("load", *(f"{value:.1f}" for value in os.getloadavg()))
    ours: dict[str, Any] = {}
    goals: dict[str, bool] = {}
    for name in chosen.setup or SETUPS:
        print(name, flush=True)
        ours[name] = measure(SETUPS[name], **size)
        goals[f"{name}: at most {SETUPS[name].goal_mb:.0f} MB"] = ours[name]["most"] <= SETUPS[name].goal_mb
        print(f"  {ours[name]['at start']} MB at the start, {ours[name]['most']} MB at most", flush=True)
    holds = bool(goals) and all(goals.values())
    line = {"bench": "memory", "ours": ours, "peers": {}, "ratios": {}, "goals": goals, "holds": holds}
    print(json.dumps(line, ensure_ascii=False))
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
