"""Terms with a star on both sides: which of them stand in a word, by one search for all.

    .venv/bin/python bench/infix.py [--quick]

"loop" asks for one piece after the other. Microseconds a word (what binding a new word costs) and a 4 kB
article; medians of interleaved rounds. The peers are in the extra ``bench``.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import statistics
import time
from collections.abc import Callable, Sequence

from ahocorasick_rs import AhoCorasick
from parts.last_line import last_line
from parts.matching_corpus import Corpus

GOALS = {"10k pieces: x loop": 100.0}
Find = Callable[[str], object]


def ours(pieces: Sequence[str]) -> Find:
    automaton = AhoCorasick(pieces)
    return lambda text: automaton.find_matches_as_indexes(text, overlapping=True)


def loop(pieces: Sequence[str]) -> Find:
    return lambda text: [number for number, piece in enumerate(pieces) if piece in text]


def daachorse(pieces: Sequence[str]) -> Find:
    automaton = importlib.import_module("daachorse").CharwiseDoubleArrayAhoCorasick(list(pieces))
    return lambda text: automaton.find_overlapping(text)  # noqa: PLW0108 - the same call for all


def pyahocorasick(pieces: Sequence[str]) -> Find:
    automaton = importlib.import_module("ahocorasick").Automaton()
    for number, piece in enumerate(pieces):
        automaton.add_word(piece, number)
    automaton.make_automaton()
    return lambda text: [number for _, number in automaton.iter(text)]


def hyperscan(pieces: Sequence[str]) -> Find:
    module = importlib.import_module("hyperscan")
    database = module.Database()
    count = len(pieces)
    database.compile(
        expressions=[piece.encode() for piece in pieces],
        ids=list(range(count)),
        elements=count,
        flags=[module.HS_FLAG_SINGLEMATCH] * count,
        literal=True,
    )

    def find(text: str) -> list[int]:
        found: list[int] = []
        database.scan(text.encode(), match_event_handler=lambda number, *_: found.append(number))
        return found

    return find


ENGINES = {"ours": ours, "loop": loop, "daachorse": daachorse, "pyahocorasick": pyahocorasick}
ENGINES["hyperscan"] = hyperscan


def measure(sizes: Sequence[int], rounds: int) -> tuple[dict[str, float], dict[str, str]]:
    """Microseconds by "engine pieces word|article", and why an engine is missing."""
    corpus = Corpus()
    articles = corpus.articles(60)
    words = sorted({word.strip(".,").lower() for text in articles for word in text.split()})
    spent: dict[str, list[float]] = {}
    missing: dict[str, str] = {}
    for size in sizes:
        names = corpus.chance.choices(corpus.names["ru"] + corpus.names["en"], k=size)
        pieces = sorted({name[1:-1] for name in names if len(name) > 4})
        engines: dict[str, Find] = {}
        for name, make in ENGINES.items():
            try:
                engines[name] = make(pieces)
            except ImportError as error:
                missing[name] = str(error)
        for _ in range(rounds):
            for name, find in engines.items():
                few = name == "loop" and size > 100
                _timed(spent, f"{name} {size} word", find, words[:100] if few else words[:3_000])
                _timed(spent, f"{name} {size} article", find, articles[:2] if few else articles)
    return {name: round(statistics.median(times), 2) for name, times in spent.items()}, missing


def _timed(spent: dict[str, list[float]], name: str, find: Find, texts: Sequence[str]) -> None:
    started = time.perf_counter()
    for text in texts:
        find(text)
    spent.setdefault(name, []).append((time.perf_counter() - started) / len(texts) * 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    sizes = (10, 1_000, 10_000)
    us, missing = measure(sizes, 3 if quick else 7)
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print(f"{'microseconds a word / an article':<34}" + "".join(f"{size:>20,}" for size in sizes))
    for name in ENGINES:
        if name in missing:
            print(f"{name:<34}skipped: {missing[name]}")
            continue
        cells = (f"{us[f'{name} {size} word']:.2f} / {us[f'{name} {size} article']:,.1f}" for size in sizes)
        print(f"{name:<34}" + "".join(f"{cell:>20}" for cell in cells))
    found = {"10k pieces: x loop": round(us["loop 10000 word"] / us["ours 10000 word"], 1)}
    print(
        last_line(
            "infix",
            ours={name: value for name, value in us.items() if name.startswith("ours")},
            peers={name: value for name, value in us.items() if not name.startswith("ours")},
            ratios=found,
            goals=GOALS,
            holds=all(found[name] >= goal for name, goal in GOALS.items()),
            missing=missing,
        )
    )


if __name__ == "__main__":
    main()
