"""Copies: marks a second, look-up and insert as the store grows, and what of edited texts is found.

Look-ups go the service's own way: SQLite file, anchors, sketches, verification. Edits are made of texts of
the newsroom and, when it is there, of ../shared/data. Peers, when they are installed (the extra ``bench``):
datasketch's LSH in memory, rensa's MinHash in the same bands, SimHash.

    .venv/bin/python bench/copies.py [--quick] [--rows 1000000,10000000]
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import importlib
import json
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from parts.copies_peers import PEERS
from parts.last_line import last_line
from sqlalchemy import insert, text

from monitor.core.story.claims import claims_of
from monitor.core.story.copies import find_repeated
from monitor.core.story.pairs.features import profile_of
from monitor.core.story.pairs.rarity import weight_of
from monitor.core.story.terms import terms_of
from monitor.core.story.winnowing import print_of
from monitor.core.text.fingerprint import words_of
from monitor.core.text.language import detect
from monitor.demo.newsroom.seeds import bundled, load
from monitor.model import Article, Candidate, Claims, Features, Fingerprint, Print, StorySettings
from monitor.store.database import Database, open_database
from monitor.store.migrate import upgrade
from monitor.store.queries.candidates import find_around
from monitor.store.tables.stories import print_anchors, prints

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SETTINGS = StorySettings()
SHARED = Path(__file__).parents[2] / "shared" / "data"
PART = 50_000
ANCHORS, SKETCH = 14, 170
Peer = Callable[[Sequence[str], Sequence[tuple[int, str]]], float]


def texts() -> dict[str, str]:
    """Real texts of at least 60 words with the event that each is about.

    What the silver list calls near copies is left out. Reports of one event may share an agency's words:
    they are copies, so only pairs of different events count as false ones.
    """
    found = {item.text: item.story for item in load(bundled("seeds/newsroom")).articles if item.copy is None}
    again = _silver()
    for file in ("multilingual/bsnlp.jsonl.gz", "stories/ecbplus.jsonl.gz"):
        if (SHARED / file).exists():
            with gzip.open(SHARED / file, "rt", encoding="utf-8") as lines:
                rows = [json.loads(line) for line in lines]
            rows = [row for row in rows if row["id"] not in again]
            part = rows[:: max(len(rows) // 350, 1)]
            found |= {str(row["text"]): str(row.get("story") or row["id"]) for row in part}
    return {text_: event for text_, event in found.items() if len(words_of(text_)) >= 60}


def _silver() -> set[str]:
    """Ids of documents that the silver list calls near copies of an earlier one."""
    file = SHARED / "pairs" / "near-dup-silver.jsonl.gz"
    if not file.exists():
        return set()
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return {str(json.loads(line)["b"]) for line in lines}


def edits(whole: str, dice: random.Random, frame: str) -> dict[str, str]:
    """Edited versions of a text by the name of the edit."""
    words = whole.split()
    lines = [line for line in whole.splitlines() if line.strip()]
    names = {word for word in words if word[:1].isupper()}
    chosen = set(dice.sample(sorted(names), len(names) // 2))
    made = {f"cut {share} %": " ".join(words[: len(words) * (100 - share) // 100]) for share in (20, 40, 60)}
    made["cut at the start 40 %"] = " ".join(words[len(words) * 40 // 100 :])
    made["agency line"] = f"MINSK, 24 November (Agency) – {whole} © Agency"
    made["framed by boilerplate"] = f"{frame} {whole} {frame}"
    made["half of the names changed"] = " ".join(
        "Xyz" + word[-2:] if word in chosen else word for word in words
    )
    if len(lines) > 2:
        made["paragraphs reordered"] = "\n".join(dice.sample(lines, len(lines)))
    if len(words) >= 120:
        made["inside a longer piece"] = f"{frame} {' '.join(words[: len(words) // 2])} {frame}"
    return made


def stored(number: int, story: str, text_: str) -> Candidate:
    """A text as the store would hand it over."""
    return Candidate(
        number=number, article_id=str(number), story_id=story, source_id=f"o{number}", title=headline(text_),
        language=detect(text_), seen_at=NOW, copy_of=None, print=print_of("", text_),
        profile=profile_of(terms_of(headline(text_), text_, detect(text_)), weight_of({}, 0)),
        lead=claims_of(told(text_)).lead, text=text_,
    )  # fmt: skip


def headline(text_: str) -> str:
    """A text's headline: its first words. A reprint is given the same one."""
    return " ".join(text_.split()[:8])


def told(text_: str, title: str = "") -> Article:
    """An article of these words."""
    return dataclasses.replace(article(), title=title or headline(text_), text=text_, language=detect(text_))


def quality(whole: Sequence[str], events: Sequence[str]) -> dict[str, Any]:
    """Recall by edit, and how many pairs of different texts count as copies."""
    dice = random.Random(5)
    held = [stored(at, f"s{at}", each) for at, each in enumerate(whole)]
    index: dict[int, list[int]] = {}
    for item in held:
        for anchor in item.print.anchors:
            index.setdefault(anchor, []).append(item.number)
    tried: dict[str, list[bool]] = {}
    for at, each in enumerate(whole):
        frame = " ".join(dice.choice(whole).split()[:40])
        for name, edited in edits(each, dice, frame).items():
            copy = _copy(told(edited, headline(each)), held, index)
            tried.setdefault(name, []).append(copy is not None and events[copy] == events[at])
    copies = ((at, _copy(told(each), held, index)) for at, each in enumerate(whole))
    false = sum(copy is not None and events[at] != events[copy] for at, copy in copies)
    pairs = len(whole) * (len(whole) - 1) / 2
    recall = {name: round(sum(found) / len(found), 4) for name, found in tried.items()}
    return {"recall": recall, "false_per_10000_pairs": round(false / pairs * 10_000, 3), "pairs": int(pairs)}


def _copy(new: Article, held: Sequence[Candidate], index: dict[int, list[int]]) -> int | None:
    """The text that an article is a copy of, found among all that share an anchor with it."""
    mine = print_of("", new.text)
    near = {number for anchor in mine.anchors for number in index.get(anchor, ())}
    copy = find_repeated(
        mine,
        article=new,
        claims=claims_of(new),
        found=[held[number] for number in sorted(near)],
        settings=SETTINGS,
        alike=lambda _: 1.0,
    ).copy
    return None if copy is None else copy.of.number


def fill(database: Database, rows: int, seed: int) -> list[tuple[list[int], bytes]]:
    """Store ``rows`` made-up articles as a bulk load would: sorted. Returns some to look up."""
    dice = np.random.default_rng(seed)
    anchors = dice.integers(-(2**63), 2**63 - 1, size=(rows, ANCHORS), dtype=np.int64)
    flat = anchors.ravel()
    order = np.argsort(flat, kind="stable")
    kept = []
    with database.write() as connection:
        raw: Any = connection.connection.cursor()
        for start in range(0, rows, PART):
            stop = min(start + PART, rows)
            sketches = np.sort(dice.integers(0, 65536, size=(stop - start, SKETCH), dtype=np.uint16), axis=1)
            raw.executemany(
                "INSERT INTO prints (number, article_id, seen_at, title, language, words, anchors, sketch,"
                " profile, lead, vector) VALUES (?,?,?,'','en',400,?,?,x'',x'',x'')",
                (
                    (
                        at + 1,
                        f"{at + 1:032x}",
                        int(NOW.timestamp() * 1e6) + at,
                        anchors[at].tobytes(),
                        sketches[at - start].tobytes(),
                    )
                    for at in range(start, stop)
                ),
            )
            raw.executemany(
                "INSERT INTO placements (article_id, story_id, source_id, version, url_key, text_key,"
                " headline_key, guid_key, seen_at) VALUES (?,?,'o',1,'','','','',?)",
                (
                    (f"{at + 1:032x}", f"s{at + 1:031x}", int(NOW.timestamp() * 1e6) + at)
                    for at in range(start, stop)
                ),
            )
            kept.append((anchors[start].tolist(), sketches[0].tobytes()))
            kept.append((anchors[stop - 1].tolist(), sketches[-1].tobytes()))
        for start in range(0, len(order), PART * ANCHORS):
            part = order[start : start + PART * ANCHORS]
            raw.executemany(
                "INSERT INTO print_anchors (anchor, number) VALUES (?,?)",
                zip(flat[part].tolist(), (part // ANCHORS + 1).tolist(), strict=True),
            )
    picks = dice.integers(0, rows, size=400)
    with database.read() as connection:
        wanted = [int(each) + 1 for each in picks]
        found = connection.execute(prints.select().where(prints.c.number.in_(wanted))).mappings().all()
    return [(anchors[row["number"] - 1].tolist(), row["sketch"]) for row in found]


def article() -> Article:
    """An article whose keys meet nothing."""
    keys = Fingerprint(version=1, url_key="", text_key="", headline_key="")
    return Article(
        id="x", entry_id="x", source_id="mine", url="", canonical_url="", title="", text="", lead="",
        fingerprint=keys, seen_at=NOW, language="en",
    )  # fmt: skip


def look_up(database: Database, samples: Sequence[tuple[list[int], bytes]]) -> tuple[list[float], int]:
    """Milliseconds of each look-up with verification of a text cut by 40 %, and how many were found."""
    times, found = [], 0
    for anchors, sketch in samples:
        cut = sketch[: len(sketch) * 6 // 10 // 2 * 2]
        mine = Print(words=240, anchors=tuple(anchors[: ANCHORS * 6 // 10]), sketch=cut)
        started = time.perf_counter()
        with database.read() as connection:
            surroundings = find_around(connection, article(), Features(print=mine), SETTINGS)
        kept = find_repeated(
            mine,
            article=article(),
            claims=Claims(),
            found=surroundings.copies,
            settings=SETTINGS,
            alike=lambda _: 1.0,
        ).copy
        times.append((time.perf_counter() - started) * 1e3)
        found += kept is not None
    return times, found


def insert_some(database: Database, rows: int, count: int) -> float:
    """Articles a second, a transaction each, as the commit writes their marks."""
    dice = np.random.default_rng(99)
    started = time.perf_counter()
    for at in range(count):
        anchors = dice.integers(-(2**63), 2**63 - 1, size=ANCHORS, dtype=np.int64)
        row = {
            "article_id": f"new{rows}-{at}", "seen_at": NOW, "title": "", "language": "en", "words": 400,
            "anchors": anchors.tobytes(), "sketch": b"\0" * 2 * SKETCH, "profile": b"", "lead": b"",
            "vector": b"",
        }  # fmt: skip
        with database.write() as connection:
            number = connection.execute(insert(prints).values(row).returning(prints.c.number)).scalar_one()
            connection.execute(
                insert(print_anchors), [{"anchor": each, "number": number} for each in anchors.tolist()]
            )
    return count / (time.perf_counter() - started)


def growth(sizes: Sequence[int], folder: Path) -> list[dict[str, Any]]:
    """One database a size; look-ups interleaved over five rounds at the service's own cache size."""
    databases, samples, load_s = [], [], []
    for rows in sizes:
        database = open_database(f"sqlite:///{folder}/{rows}.db")
        with database.write() as connection:
            upgrade(connection)
        started = time.perf_counter()
        samples.append(fill(database, rows, rows))
        load_s.append(time.perf_counter() - started)
        databases.append(database)
    times: list[list[float]] = [[] for _ in sizes]
    found = [0] * len(sizes)
    rounds = 5
    for turn in range(rounds):
        for at, database in enumerate(databases):
            part = samples[at][turn::rounds]
            took, right = look_up(database, part)
            times[at] += took
            found[at] += right
    results = []
    for at, (rows, database) in enumerate(zip(sizes, databases, strict=True)):
        with database.read() as connection:
            size = connection.execute(
                text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            ).scalar_one()
        results.append(
            {
                "rows": rows,
                "look_up_ms": round(statistics.median(times[at]), 3),
                "p95_ms": round(sorted(times[at])[int(len(times[at]) * 0.95)], 3),
                "found": round(found[at] / len(times[at]), 4),
                "inserts_a_second": round(insert_some(database, rows, 100)),
                "bytes_an_article": round(size / rows),
                "bulk_load_s": round(load_s[at], 1),
            }
        )
        database.engine.dispose()
    return results


def speed(whole: Sequence[str], make: Callable[[str], object]) -> float:
    """Texts a second, the best of three rounds."""
    rounds = []
    for _ in range(3):
        started = time.perf_counter()
        for each in whole:
            make(each)
        rounds.append(len(whole) / (time.perf_counter() - started))
    return max(rounds)


def peers(whole: Sequence[str]) -> dict[str, Any]:
    """The same edits by other means; those that are not installed are left out."""
    dice = random.Random(5)
    asked: dict[str, list[tuple[int, str]]] = {}
    for at, each in enumerate(whole):
        frame = " ".join(dice.choice(whole).split()[:40])
        for name, edited in edits(each, dice, frame).items():
            asked.setdefault(name, []).append((at, edited))
    found: dict[str, Any] = {}
    for name, (module, make) in PEERS.items():
        try:
            importlib.import_module(module)
        except ImportError:
            continue
        peer = make(whole)
        found[name] = {
            "texts_a_second": round(speed(whole[:100], peer.sign)),
            "recall": {edit: round(_recall(peer.find, pairs), 4) for edit, pairs in asked.items()},
        }
    return found


def _recall(find: Callable[[str], Iterable[int]], pairs: Sequence[tuple[int, str]]) -> float:
    return sum(at in find(edited) for at, edited in pairs) / len(pairs)


def main() -> None:
    """Print the table and, last, one JSON object."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="100,000 articles at most, fewer texts")
    arguments.add_argument("--rows", default="1000000,10000000", help="sizes of the store")
    chosen = arguments.parse_args()
    sizes = [10_000, 100_000] if chosen.quick else [int(each) for each in chosen.rows.split(",")]
    known = texts()
    whole = list(known)[:: 4 if chosen.quick else 1]
    ours = {
        "texts_a_second": round(speed(whole[:200], lambda each: print_of("", each))),
        **quality(whole, [known[each] for each in whole]),
    }
    others = peers(whole)
    with tempfile.TemporaryDirectory(prefix="copies-") as folder:
        grown = growth(sizes, Path(folder))
    ours["store"] = grown
    _table(ours, others, len(whole))
    cut = ours["recall"]["cut 40 %"]
    ratio = grown[-1]["look_up_ms"] / grown[0]["look_up_ms"]
    good = (
        cut >= 0.98 and ours["false_per_10000_pairs"] <= 1 and grown[-1]["look_up_ms"] <= 1 and ratio <= 1.5
    )
    ratios = {
        f"speed/{name}": round(ours["texts_a_second"] / each["texts_a_second"], 2)
        for name, each in others.items()
    }
    goals = {
        "look_up_ms": 1.0,
        "look_up_growth": 1.5,
        "recall cut 40 %": 0.98,
        "false copies in 10,000 pairs": 1.0,
    }
    print(
        last_line(
            "copies",
            ours=ours,
            peers=others,
            ratios=ratios | {"look_up_growth": round(ratio, 2)},
            goals=goals,
            holds=bool(good),
            missing=set(PEERS) - set(others),
        )
    )


def _table(ours: dict[str, Any], others: dict[str, Any], count: int) -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}, {count} texts")
    print(f"{'recall of':28}{'ours':>8}" + "".join(f"{name:>16}" for name in others))
    for edit, share in ours["recall"].items():
        print(f"{edit:28}{share:8.3f}" + "".join(f"{each['recall'][edit]:16.3f}" for each in others.values()))
    print(
        f"{'texts a second':28}{ours['texts_a_second']:8}"
        + "".join(f"{each['texts_a_second']:16}" for each in others.values())
    )
    print(f"false copies in 10,000 pairs: {ours['false_per_10000_pairs']} (of {ours['pairs']:,} pairs)")
    for row in ours["store"]:
        print(", ".join(f"{name} {value:,}" for name, value in row.items()))


if __name__ == "__main__":
    main()
