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
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import trafilatura
from bs4 import BeautifulSoup
from lxml.html import fromstring
from parts.last_line import last_line, skipped

from monitor.app import load_rulebook
from monitor.core.page.extract import extract
from monitor.core.page.tree import decode, slim
from monitor.core.query.engine.matcher import Matcher
from monitor.model import MatchText, Topic

PAGES = Path(__file__).resolve().parents[1] / "../shared/data/pages"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CONFIG = Path(__file__).resolve().parents[1] / "config"
GOALS = {
    "f1_vs_best_peer": 1.0,
    "pages_per_s_vs_trafilatura_fast": 1.0,
    "first_look_pages_per_s_vs_trafilatura": 8.0,
}

Page = tuple[bytes, str]
Extractor = Callable[[bytes, str], str]


def ours(html: bytes, url: str) -> str:
    return extract(html, url=url, fetched_at=NOW).text


def trafilatura_default(html: bytes, url: str) -> str:
    return trafilatura.extract(html, url=url) or ""


def trafilatura_fast(html: bytes, url: str) -> str:
    return trafilatura.extract(html, url=url, fast=True) or ""


def trafilatura_precise(html: bytes, url: str) -> str:
    return trafilatura.extract(html, url=url, favor_precision=True) or ""


def trafilatura_metadata(html: bytes, url: str) -> str:
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True)
    return found.text or "" if isinstance(found, trafilatura.settings.Document) else ""


def soup_paragraphs(html: bytes, _url: str) -> str:
    return "\n".join(paragraph.get_text() for paragraph in BeautifulSoup(html, "lxml").find_all("p"))


def readability_summary(html: bytes, _url: str) -> str:
    document = import_module("readability").Document(decode(html, charset=None))
    return "".join(str(piece) for piece in fromstring(document.summary()).itertext())


def newspaper_text(html: bytes, url: str) -> str:
    article = import_module("newspaper").Article(url or "https://outlet.example/", fetch_images=False)
    article.download(input_html=decode(html, charset=None))
    with suppress(ImportError):  # word splitters of some languages are not part of it
        article.parse()
    return str(article.text)


EXTRACTORS: dict[str, Extractor] = {
    "ours": ours,
    "trafilatura": trafilatura_default,
    "trafilatura, fast": trafilatura_fast,
    "trafilatura, favor_precision": trafilatura_precise,
    "trafilatura, metadata": trafilatura_metadata,
    "BeautifulSoup paragraphs": soup_paragraphs,
}
OPTIONAL: Mapping[str, tuple[str, Extractor]] = {
    "readability-lxml": ("readability", readability_summary),
    "newspaper4k": ("newspaper", newspaper_text),
}
EXTRACTORS |= {name: run for name, (module, run) in OPTIONAL.items() if find_spec(module)}


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
    for extractor in EXTRACTORS.values():  # a few pages warm caches and lazy imports up
        for html, url in islice(pages.values(), 5):
            extractor(html, url)
    for turn in range(rounds):
        for name, extractor in EXTRACTORS.items():
            start = time.process_time()
            texts = {page: extractor(html, url) for page, (html, url) in pages.items()}
            spent[name].append(time.process_time() - start)
            if not turn:
                figures[name] = score(texts, truth)
    for name, seconds in spent.items():
        figures[name]["pages_per_s"] = len(pages) / statistics.median(seconds)
    return {name: {key: round(value, 4) for key, value in row.items()} for name, row in figures.items()}


def first_look(pages: Mapping[str, Page], rounds: int) -> dict[str, float]:
    """Pages a second when one page in twenty is about a topic: the first look, then extraction.

    The topics are those of config/ and, for every twentieth page, two words that stand in it alone.
    Counted beside trafilatura, which extracts all pages. ``lost`` must be 0: pages that match when
    extracted and that the first look passed over.
    """
    texts = {name: ours(html, url) for name, (html, url) in pages.items()}
    rulebook = load_rulebook(CONFIG)
    shared = rulebook.matcher.book.shared
    topics = [*rulebook.topics.values(), *_topics(texts)]
    matcher = Matcher.build(topics, lists=shared.lists, people=shared.people, orgs=shared.orgs)
    relevant = {name for name, text in texts.items() if matcher.matching(MatchText(body=text, language="en"))}
    spent: dict[str, list[float]] = {"ours": [], "trafilatura": []}
    passed: set[str] = set()
    for turn in range(rounds + 1):
        start = time.process_time()
        for name, (html, url) in pages.items():
            if matcher.could_match(slim(decode(html, charset=None))):
                ours(html, url)
                passed.add(name)
        between = time.process_time()
        for html, url in pages.values():
            trafilatura_default(html, url)
        if turn:
            spent["ours"].append(between - start)
            spent["trafilatura"].append(time.process_time() - between)
    speeds = {name: len(pages) / statistics.median(seconds) for name, seconds in spent.items()}
    return {
        "pages_per_s": round(speeds["ours"], 1),
        "trafilatura_pages_per_s": round(speeds["trafilatura"], 1),
        "ratio": round(speeds["ours"] / speeds["trafilatura"], 2),
        "relevant_share": round(len(relevant) / len(pages), 3),
        "extracted_share": round(len(passed) / len(pages), 3),
        "lost": len(relevant - passed),
        "topics": len(matcher.topics),
    }


def _topics(texts: Mapping[str, str]) -> list[Topic]:
    words = {name: set(re.findall(r"[^\W\d_]{6,}", text)) for name, text in texts.items()}
    everywhere = Counter(word for found in words.values() for word in found)
    topics = []
    for number, name in enumerate(sorted(words)):
        own = sorted(word for word in words[name] if everywhere[word] == 1)
        if number % 20 == 0 and len(own) > 1:
            query = f"={own[0]} AND ={own[len(own) // 2]}"
            topics.append(Topic(id=f"page-{number}", query=query, languages=("en",)))
    return topics


def report(figures: Mapping[str, Mapping[str, float]], count: int) -> None:
    print(
        f"{count} pages; {platform.machine()}, Python {platform.python_version()}, "
        f"trafilatura {version('trafilatura')}, beautifulsoup4 {version('beautifulsoup4')}, "
        f"missing peers: {', '.join(name for name in OPTIONAL if name not in figures) or 'none'}\n"
    )
    print(f"{'':<30}{'precision':>10}{'recall':>8}{'F1':>7}{'pages/s':>9}")
    for name, row in figures.items():
        print(
            f"{name:<30}{row['precision']:>10.3f}{row['recall']:>8.3f}{row['f1']:>7.3f}"
            f"{row['pages_per_s']:>9.0f}"
        )


def _key(name: str) -> str:
    return re.sub(r"\W+", "_", name)


def summary(figures: dict[str, dict[str, float]], mix: dict[str, float]) -> str:
    mine = figures["ours"]
    peers = {name: row for name, row in figures.items() if name != "ours"}
    ratios = {
        "f1_vs_best_peer": round(mine["f1"] / max(row["f1"] for row in peers.values()), 3),
        **{
            f"pages_per_s_vs_{_key(name)}": round(mine["pages_per_s"] / row["pages_per_s"], 2)
            for name, row in peers.items()
        },
        "first_look_pages_per_s_vs_trafilatura": mix["ratio"],
        "first_look_lost": mix["lost"],
    }
    reached = ratios
    return last_line(
        "extraction",
        ours=mine | {"first_look": mix},
        peers=peers,
        ratios=ratios,
        goals=GOALS,
        holds=all(reached[name] >= goal for name, goal in GOALS.items()) and not mix["lost"],
        missing=[name for name in OPTIONAL if name not in figures],
    )


def main() -> None:
    """Measure and print: a table, then one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under 50 seconds")
    quick = parser.parse_args().quick
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    if not PAGES.exists():
        reason = f"captured pages are not here: {PAGES}"
        print(f"skipped: {reason}")
        print(skipped("extraction", GOALS, reason))
        return
    truth = json.loads((PAGES / "truth.json").read_text(encoding="utf-8"))
    pages = {
        name: (gzip.decompress((PAGES / "html" / f"{name}.html.gz").read_bytes()), true["url"])
        for name, true in truth.items()
    }
    figures = measure(pages, truth, rounds=1 if quick else 7)
    report(figures, len(pages))
    mix = first_look(pages, rounds=2 if quick else 7)
    print("\nwith the first look, one page in twenty relevant:")
    for key, value in mix.items():
        print(f"  {key:<28}{value:>10}")
    print(summary(figures, mix))


if __name__ == "__main__":
    main()
