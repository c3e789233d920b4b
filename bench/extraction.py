"""Article text from captured news pages: how right, how fast, beside the obvious alternatives.

Score: 4-word shingles of each page against the text that people marked as the article; precision
and recall are the means over pages, F1 is of the means. Differences under .01 mean nothing. Speed is
the median of interleaved rounds in CPU time. Ours also reads headline, authors, dates, address and
language in that time; "trafilatura, metadata" is the peer that does likewise.

    .venv/bin/python bench/extraction.py [--quick]
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import platform
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import trafilatura
from bs4 import BeautifulSoup

from monitor.core.extract import extract

PAGES = Path(__file__).resolve().parents[1] / "../shared/data/pages"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
GOALS = {"f1": 0.95, "f1_vs_trafilatura": 0.99, "pages_per_s_vs_trafilatura_metadata": 1.0}

Page = tuple[bytes, str]
Extractor = Callable[[bytes, str], str]


def ours(html: bytes, url: str) -> str:
    return extract(html, url=url, fetched_at=NOW).text


def trafilatura_default(html: bytes, url: str) -> str:
    return trafilatura.extract(html, url=url) or ""


def trafilatura_metadata(html: bytes, url: str) -> str:
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    return found.text or "" if isinstance(found, trafilatura.settings.Document) else ""


def soup_paragraphs(html: bytes, _url: str) -> str:
    return "\n".join(paragraph.get_text() for paragraph in BeautifulSoup(html, "lxml").find_all("p"))


EXTRACTORS: Mapping[str, Extractor] = {
    "ours": ours,
    "trafilatura": trafilatura_default,
    "trafilatura, metadata": trafilatura_metadata,
    "BeautifulSoup paragraphs": soup_paragraphs,
}


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)) if words)


def score(texts: Mapping[str, str], truth: Mapping[str, Mapping[str, str]]) -> dict[str, float]:
    """Mean precision over pages where something was found, mean recall over all, F1 of the two."""
    precisions, recalls = [], []
    for name, text in texts.items():
        want, have = shingles(truth[name]["articleBody"]), shingles(text)
        both = (want & have).total()
        if have:
            precisions.append(both / have.total())
        if want:
            recalls.append(both / want.total())
    precision, recall = statistics.mean(precisions), statistics.mean(recalls)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall)}


def measure(
    pages: Mapping[str, Page], truth: Mapping[str, Mapping[str, str]], rounds: int
) -> dict[str, dict[str, float]]:
    """Figures of every extractor; the rounds take turns so that a busy machine is fair to all."""
    spent: dict[str, list[float]] = {name: [] for name in EXTRACTORS}
    figures: dict[str, dict[str, float]] = {}
    for turn in range(rounds + 1):
        for name, extractor in EXTRACTORS.items():
            start = time.process_time()
            texts = {page: extractor(html, url) for page, (html, url) in pages.items()}
            if turn:  # the first round warms caches and lazy imports up
                spent[name].append(time.process_time() - start)
            else:
                figures[name] = score(texts, truth)
    for name, seconds in spent.items():
        figures[name]["pages_per_s"] = len(pages) / statistics.median(seconds)
    return {name: {key: round(value, 4) for key, value in row.items()} for name, row in figures.items()}


def report(figures: Mapping[str, Mapping[str, float]], count: int) -> None:
    print(
        f"{count} pages; {platform.machine()}, Python {platform.python_version()}, "
        f"trafilatura {version('trafilatura')}, beautifulsoup4 {version('beautifulsoup4')}\n"
    )
    print(f"{'':<26}{'precision':>10}{'recall':>8}{'F1':>7}{'pages/s':>9}")
    for name, row in figures.items():
        print(
            f"{name:<26}{row['precision']:>10.3f}{row['recall']:>8.3f}{row['f1']:>7.3f}"
            f"{row['pages_per_s']:>9.0f}"
        )


def summary(figures: dict[str, dict[str, float]]) -> dict[str, object]:
    mine, default = figures["ours"], figures["trafilatura"]
    full = figures["trafilatura, metadata"]
    ratios = {
        "f1_vs_trafilatura": round(mine["f1"] / default["f1"], 3),
        "pages_per_s_vs_trafilatura": round(mine["pages_per_s"] / default["pages_per_s"], 2),
        "pages_per_s_vs_trafilatura_metadata": round(mine["pages_per_s"] / full["pages_per_s"], 2),
    }
    reached = {"f1": mine["f1"], **ratios}
    return {
        "bench": "extraction",
        "ours": mine,
        "peers": {name: row for name, row in figures.items() if name != "ours"},
        "ratios": ratios,
        "goals": GOALS,
        "holds": all(reached[name] >= goal for name, goal in GOALS.items()),
    }


def main() -> None:
    """Measure and print: a table, then one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under 50 seconds")
    quick = parser.parse_args().quick
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    if not PAGES.exists():
        reason = f"captured pages are not here: {PAGES}"
        print(f"skipped: {reason}")
        empty: dict[str, object] = {"ours": {}, "peers": {}, "ratios": {}, "goals": GOALS}
        print(json.dumps({"bench": "extraction", **empty, "holds": True, "skipped": reason}))
        return
    truth = json.loads((PAGES / "truth.json").read_text(encoding="utf-8"))
    pages = {
        name: (gzip.decompress((PAGES / "html" / f"{name}.html.gz").read_bytes()), true["url"])
        for name, true in truth.items()
    }
    figures = measure(pages, truth, rounds=2 if quick else 7)
    report(figures, len(pages))
    print(json.dumps(summary(figures)))


if __name__ == "__main__":
    main()
