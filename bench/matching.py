"""Matching articles against standing queries: ours beside what others use, in one run.

    .venv/bin/python bench/matching.py [--quick]

Articles of about 4 kB, half of them Cyrillic; topics of 3 to 12 terms with AND, OR, NOT, phrases,
NEAR and wildcards; medians of interleaved rounds, warm, microseconds of CPU an article (all threads;
PostgreSQL's: this process and the server's backend), so that a busy machine hurts no one more than
another. "floor" only cuts the text into words. The largest sets are smaller with --quick; ``sizes`` says
how large they were.
"""

from __future__ import annotations

import argparse
import gc
import platform
import re
import resource
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg
from parts.last_line import last_line
from parts.matching_corpus import BenchTopic, Corpus
from parts.matching_peers import Engine, Fts5, Ours, Pairs, Postgres, RegexBoolean, RegexLoop, Tantivy

GOALS = {
    "10k: x re loop": 4000.0,
    "10k: x tantivy": 15.0,
    "10k: x postgresql": 50.0,
    "10: x re loop": 1.0,
    "live+dead / live": 1.3,
    "100k / 1k": 2.5,
    "forms / surface": 1.3,
    "10k: compile s": 3.0,
    "100k: compile s": 15.0,
    "100k: compile MB": 400.0,
}
AT_MOST = {name for name in GOALS if "/" in name or "compile" in name}
_WORD = re.compile(r"\w+")
Clock = Callable[[], float]
"""Seconds of CPU spent so far."""


@dataclass
class Run:
    """Things to time: name → (what to do with a slice of the articles, how many articles)."""

    articles: Sequence[str]
    work: dict[str, tuple[Callable[[Sequence[str]], object], int, Clock]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    compiled: dict[str, tuple[float, float]] = field(default_factory=dict)
    """For each set of topics the seconds of CPU and the megabytes that compiling it took."""

    def add(
        self,
        name: str,
        do: Callable[[Sequence[str]], object],
        articles: int,
        clock: Clock = time.process_time,
    ) -> None:
        self.work[name] = (do, articles, clock)

    def medians(self, rounds: int) -> dict[str, float]:
        """Microseconds an article; every round does every piece of work once, in turn."""
        spent: dict[str, list[float]] = {name: [] for name in self.work}
        for _ in range(rounds):
            for name, (do, count, clock) in self.work.items():
                texts = self.articles[:count]
                started = clock()
                do(texts)
                spent[name].append((clock() - started) / count * 1e6)
        return {name: round(statistics.median(times), 1) for name, times in spent.items()}


def floor(texts: Sequence[str]) -> int:
    """Cut into words, lower the case, make a set: nothing is matched."""
    return sum(len(set(_WORD.findall(text.lower()))) for text in texts)


def agreement(corpus: Corpus, articles: Sequence[str], peers: Sequence[type]) -> dict[str, str]:
    """How every engine's matches differ from those of the slow and simple one, on the shared subset."""
    topics = [topic for n in range(600) if (topic := corpus.topic(f"s{n}")).shared]
    frequent = [corpus.frequent(f"f{n}") for n in range(200)]
    truth = RegexBoolean([*topics, *frequent]).match(articles)
    said = {"pairs": str(len(truth))}
    engines: dict[str, Callable[[], Engine]] = {
        "ours": lambda: Ours([*topics, *frequent], forms=False),
        **{peer.__name__: partial(peer, [*topics, *frequent]) for peer in peers},
    }
    for name, make in engines.items():
        found: Pairs = make().match(articles)
        said[name] = "same" if found == truth else f"{len(found - truth)} more, {len(truth - found)} less"
    return said


def available() -> tuple[list[type], dict[str, str]]:
    """The peers that can run here, and why others cannot."""
    peers: list[type] = [Fts5]
    missing = {}
    try:
        import tantivy  # noqa: F401, PLC0415 - only asked for

        peers.append(Tantivy)
    except ImportError:
        missing["Tantivy"] = "the package tantivy is not installed"
    try:
        psycopg.connect(Postgres.__init__.__globals__["POSTGRES"], connect_timeout=3).close()
        peers.append(Postgres)
    except psycopg.OperationalError as error:
        missing["Postgres"] = f"no server: {str(error).splitlines()[0]}"
    return peers, missing


def prepare(run: Run, corpus: Corpus, *, quick: bool) -> dict[str, int]:
    """Build every engine and set of topics, warm them up, and put them into the run."""
    sizes = {"10": 10, "1k": 1_000, "10k": 10_000, "100k": 15_000 if quick else 100_000}
    dead = 9_000 if quick else 99_000
    live = [corpus.topic(f"t{n}") for n in range(sizes["100k"])]
    for name, size in sizes.items():
        add_ours(run, f"ours {name}", live[:size], forms=True)
    add_ours(run, "ours 10k surface", live[: sizes["10k"]], forms=False)
    silent = [corpus.topic(f"d{n}", dead=True) for n in range(dead)]
    add_ours(run, "ours 1k+dead", [*live[: sizes["1k"]], *silent], forms=True)
    run.add("floor", floor, len(run.articles))
    add_peers(run, live, quick=quick)
    return {**sizes, "dead": dead}


def add_ours(run: Run, name: str, topics: Sequence[BenchTopic], *, forms: bool) -> None:
    gc.collect()
    before, started = resident_mb(), time.process_time()
    engine = Ours(topics, forms=forms)
    compiled, held = time.process_time() - started, resident_mb() - before
    run.compiled[name] = compiled, held
    engine.match(run.articles[:2])
    ready, all_held = time.process_time() - started, resident_mb() - before
    for _ in range(3):
        hits = len(engine.match(run.articles))
    per_article = hits / len(run.articles)
    run.notes[name] = (
        f"compiled in {compiled:.1f} s of CPU, {held:,.0f} MB; with word forms at the first texts "
        f"{ready:.1f} s, {all_held:,.0f} MB; {per_article:.2f} matches an article"
    )
    run.add(name, engine.match, len(run.articles))
    if name == "ours 10k":
        run.add("ours 10k with spans", engine.spans, len(run.articles))


def resident_mb() -> float:
    """Memory of this process, where the system tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 1e6


def add_peers(run: Run, live: Sequence[BenchTopic], *, quick: bool) -> None:
    run.add("re loop 10", RegexLoop(live[:10]).match, 60)
    run.add("re loop 1k", RegexLoop(live[:1_000]).match, 4)
    run.add("re loop 10k", RegexLoop(live[:10_000]).match, 2)
    peers, missing = available()
    run.notes.update({name: f"skipped: {why}" for name, why in missing.items()})
    counts = {
        "Fts5": 100 if quick else 200,
        "Tantivy": 160 if quick else 200,
        "Postgres": 20 if quick else 40,
    }
    for peer in peers:
        engine = peer(live[:10_000])
        clock = getattr(engine, "clock", time.process_time)
        run.add(f"{peer.__name__} 10k", engine.match, counts[peer.__name__], clock)


def ratios(us: dict[str, float]) -> dict[str, float]:
    """The figures that the goals speak of."""
    found = {
        "10k: x re loop": us["re loop 10k"] / us["ours 10k"],
        "1k: x re loop": us["re loop 1k"] / us["ours 1k"],
        "10: x re loop": us["re loop 10"] / us["ours 10"],
        "10k: x fts5": us["Fts5 10k"] / us["ours 10k"],
        "live+dead / live": us["ours 1k+dead"] / us["ours 1k"],
        "100k / 1k": us["ours 100k"] / us["ours 1k"],
        "forms / surface": us["ours 10k"] / us["ours 10k surface"],
        "10k / floor": us["ours 10k"] / us["floor"],
    }
    if "Tantivy 10k" in us:
        found["10k: x tantivy"] = us["Tantivy 10k"] / us["ours 10k"]
    if "Postgres 10k" in us:
        found["10k: x postgresql"] = us["Postgres 10k"] / us["ours 10k"]
    return {name: round(value, 2) for name, value in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    corpus = Corpus()
    run = Run(corpus.articles(160 if quick else 600))
    sizes = prepare(run, corpus, quick=quick)
    peers, missing = available()
    agree = agreement(corpus, run.articles[:40], peers)
    gc.collect()
    gc.freeze()
    us = run.medians(5 if quick else 7)
    found = ratios(us)
    found["10k: compile s"] = round(run.compiled["ours 10k"][0], 2)
    if not quick:
        found["100k: compile s"], found["100k: compile MB"] = (
            round(value, 1) for value in run.compiled["ours 100k"]
        )
    kept = {
        name: found[name] <= goal if name in AT_MOST else found[name] >= goal
        for name, goal in GOALS.items()
        if name in found
    }
    same = all(value == "same" for name, value in agree.items() if name != "pairs")
    print(f"{platform.machine()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    for name, value in us.items():
        print(f"{name:<22}{value:>14,.1f} us an article   {run.notes.get(name, '')}")
    for name, note in run.notes.items():
        if name not in us:
            print(f"{name:<22}{note}")
    print(f"agreement on {agree.pop('pairs')} matches of the shared subset: {agree}")
    for name, value in found.items():
        goal = f"goal {'<=' if name in AT_MOST else '>='} {GOALS[name]:g}" if name in GOALS else ""
        print(f"{name:<22}{value:>14,.2f}   {goal} {'' if kept.get(name, True) else 'MISSED'}")
    ours = {name: value for name, value in us.items() if name.startswith("ours") or name == "floor"}
    print(
        last_line(
            "matching",
            ours=ours,
            peers={name: value for name, value in us.items() if name not in ours},
            ratios=found,
            goals=GOALS if not quick else {name: GOALS[name] for name in kept},
            holds=all(kept.values()) and same,
            missing=missing,
            sizes=sizes,
            agreement=agree,
        )
    )


if __name__ == "__main__":
    main()
