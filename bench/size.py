"""What an article takes in the store, table by table and index by index, on SQLite and PostgreSQL.

Real news (``../shared/data``: BSNLP documents in six languages, ECB+), each cut to some thousand characters,
goes the way of every article: listed, read, placed, matched by three topics that about a third of them meet,
announced to a chat, indexed for search. What a page of a database leaves empty counts too. Two figures: of an
article that new ones are compared with, and of one in the archive, whose marks are gone.

    .venv/bin/python bench/size.py [--quick] [--articles N] [--chars N]
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import random
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from parts.last_line import last_line
from sqlalchemy import create_engine, text

from monitor.app import load_rulebook
from monitor.core.decide import analyse
from monitor.core.page.extract import article as article_of
from monitor.core.page.extract import extract_entry
from monitor.core.rulebook import Rulebook
from monitor.jobs.undecided import Undecided, outcome_of
from monitor.model import Entry, Fetched, FetchRequest, Job, Outcome, Placed, Source
from monitor.plugins import channel_kinds, source_kinds
from monitor.ports import Ports, Store
from monitor.store import open_store

ROOT: Final = Path(__file__).parents[1]
DATA: Final = Path(os.environ.get("MONITOR_SHARED", ROOT.parent / "shared")) / "data"
POSTGRES: Final = os.environ.get(
    "MONITOR_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
BEGIN: Final = datetime(2026, 11, 2, tzinfo=UTC)
SOURCES: Final = 50
CONFIG: Final = {
    "topics/topics.yaml": "topics: [{id: a, query: Ryanair}, {id: b, query: Bibi}, {id: c, query: Covid}]",
    "sources/sources.yaml": "sources:",
    "chats.yaml": 'chats: [{id: "console:desk", subscriptions: [{topic: "*"}]}]',
}
GOALS: Final = {
    "sqlite_kb": 6.5,
    "sqlite_archived_kb": 6.5,
    "postgres_kb": 13.5,
    "postgres_archived_kb": 13.5,
}
"""Kilobytes an article of a thousand characters: half of what it was at first (13, 27)."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document of the shared data."""

    title: str
    text: str
    language: str


def texts(chars: int) -> list[Text]:
    """All documents in an order that chance gave, each cut at a word's end."""
    found = []
    with gzip.open(DATA / "multilingual/bsnlp.jsonl.gz", "rt", encoding="utf-8") as lines:
        found += [
            Text(row["title"] or row["text"][:80], row["text"], row["lang"]) for row in map(json.loads, lines)
        ]
    with gzip.open(DATA / "stories/ecbplus.jsonl.gz", "rt", encoding="utf-8") as lines:
        found += [
            Text(row["text"].partition(".")[0][:120], row["text"], "en") for row in map(json.loads, lines)
        ]
    random.Random(7).shuffle(found)
    return [Text(each.title, each.text[:chars].rpartition(" ")[0], each.language) for each in found]


def no_network(request: FetchRequest) -> Fetched:
    raise AssertionError(request.url)


@dataclass(slots=True)
class Archive:
    """A store that is filled as jobs fill it."""

    store: Store
    rulebook: Rulebook
    now: datetime = BEGIN
    epoch: int = 0
    matched: int = 0
    sources: list[Source] = field(default_factory=list)

    def begin(self) -> None:
        self.store.admin.upgrade()
        self.sources = list(self.rulebook.sources.values())[:SOURCES]
        self.store.sources.sync(self.sources, self.now)
        self.store.chats.sync(list(self.rulebook.chats.values()), self.now)
        self.epoch = self.store.admin.acquire_service()

    def ports(self) -> Ports:
        return Ports(
            store=self.store,
            fetch=no_network,
            kinds=source_kinds(),
            channels={},
            channel_kinds=channel_kinds(),
            rulebook=lambda: self.rulebook,
            now=lambda: self.now,
            owner="bench",
            epoch=self.epoch,
        )

    def age(self) -> None:
        """Let go of what articles are compared by, as the service does when they are old; and close."""
        self.store.admin.prune_marks(self.now + timedelta(days=1))
        self.store.admin.close()

    def keep(self, number: int, item: Text) -> None:
        """List and read one article."""
        source = self.sources[number % len(self.sources)]
        listed = self._listed(number, item, source)
        self.store.jobs.add([Job(kind="read", key=listed.id, host_key=source.id)], self.now)
        (claimed,) = self.store.jobs.claim(now=self.now, owner="bench", epoch=self.epoch, limit=1)
        extracted = extract_entry(listed, url=listed.url, language_hint=item.language)
        found = article_of(extracted, entry=listed, source=source, seen_at=self.now)
        trace = {"extracted_by": "content", "score": 0.93, "rulebook": self.rulebook.revision}
        analysis = analyse(found, self.rulebook, trace=trace)
        self.matched += bool(analysis.matches)

        def finish(placed: Placed) -> Outcome:
            return Outcome(entries=(listed,), placed=(placed,))

        work = Undecided(analysis=analysis, rulebook=self.rulebook, finish=finish)
        self.store.jobs.commit(claimed, outcome_of(work, self.ports()), now=self.now)

    def _listed(self, number: int, item: Text, source: Source) -> Entry:
        self.now += timedelta(seconds=25)
        slug = "-".join(item.title.lower().split()[:6])
        url = f"https://www.{source.id}.example/news/2026/11/{number:06d}-{slug}"
        return Entry(
            id=f"{number:032x}",
            source_id=source.id,
            guid=url,
            url=url,
            title=item.title,
            summary=item.text[:200],
            content=item.text,
            published=self.now - timedelta(minutes=4),
            seen_at=self.now,
            authors=("A. Reporter",),
            language=item.language,
        )


def rules() -> Rulebook:
    """Three topics, a chat that wants them, fifty outlets."""
    row = (
        "\n  - {{id: out{0}, name: Outlet {0}, kind: feed, url: 'https://out{0}.example/rss', language: en}}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, content in CONFIG.items():
            file = Path(folder) / name
            file.parent.mkdir(exist_ok=True)
            more = "".join(row.format(number) for number in range(SOURCES)) if content == "sources:" else ""
            file.write_text(content + more, encoding="utf-8")
        return load_rulebook(Path(folder), env={})


def filled(url: str, documents: list[Text]) -> Archive:
    """An archive of these documents, searchable."""
    at: list[Archive] = []
    store = open_store(url, now=lambda: at[0].now if at else BEGIN)
    rulebook = rules()
    archive = Archive(store, rulebook)
    at.append(archive)
    archive.begin()
    for number, item in enumerate(documents):
        archive.keep(number, item)
        if number % 100 == 0:
            store.articles.index()
    while store.articles.index():
        pass
    return archive


def sqlite_sizes(file: Path, *, packed: bool = False) -> dict[str, int]:
    """Bytes of each table and index of a file; its empty pages too. ``packed``: without what was deleted."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        if packed:
            connection.execute(text("VACUUM"))
        rows = connection.execute(text("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")).all()
    engine.dispose()
    return {str(name): int(size) for name, size in rows}


def postgres_sizes(url: str, *, packed: bool = False) -> dict[str, int]:
    """Bytes of each table (with what is stored beside it) and index of the schema.

    ``packed``: without what was deleted.
    """
    engine = create_engine(url)
    query = (
        "SELECT c.relname, "
        "CASE WHEN c.relkind = 'r' THEN pg_table_size(c.oid) ELSE pg_relation_size(c.oid) END "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'i')"
    )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM FULL" if packed else "VACUUM ANALYZE"))
        rows = connection.execute(text(query)).all()
    engine.dispose()
    return {str(name): int(size) for name, size in rows}


def archived(full: Mapping[str, int], aged: Mapping[str, int], empty: Mapping[str, int]) -> Mapping[str, int]:
    """The tables that still hold something when articles are old, as large as they were: what else a database
    saves when it is written anew, no service does by itself."""
    return {name: size for name, size in full.items() if aged.get(name, 0) > empty.get(name, 0)}


def print_sizes(title: str, sizes: Mapping[str, int], empty: Mapping[str, int], articles: int) -> float:
    """The table; returns kilobytes an article."""
    grown = {name: (size - empty.get(name, 0)) / articles for name, size in sizes.items()}
    total = sum(grown.values())
    print(f"\n{title}: {total / 1000:.2f} kB an article")
    for name, size in sorted(grown.items(), key=lambda item: -item[1]):
        if size >= 20:
            print(f"  {name:<34} {size:>7.0f} B  {100 * size / total:>4.1f} %")
    return total / 1000


def on_sqlite(documents: list[Text]) -> Iterator[float]:
    with tempfile.TemporaryDirectory() as folder:
        full, empty = Path(folder) / "full.db", Path(folder) / "empty.db"
        filled(f"sqlite:///{empty}", []).store.admin.close()
        archive = filled(f"sqlite:///{full}", documents)
        print(f"{archive.matched} of {len(documents)} articles match a topic")
        sizes = sqlite_sizes(full)
        yield print_sizes("SQLite", sizes, sqlite_sizes(empty), len(documents))
        archive.age()
        kept = archived(sizes, sqlite_sizes(full, packed=True), sqlite_sizes(empty))
        yield print_sizes("SQLite, in the archive", kept, sqlite_sizes(empty), len(documents))


def on_postgres(documents: list[Text]) -> Iterator[float]:
    made: list[dict[str, int]] = []
    for name, some in (("bench_size_empty", list[Text]()), ("bench_size_full", documents)):
        engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        url = POSTGRES.rpartition("/")[0] + f"/{name}"
        try:
            archive = filled(url, some)
            made.append(postgres_sizes(url))
            archive.age()
            made.append(postgres_sizes(url, packed=True))
        finally:
            with engine.connect() as connection:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
            engine.dispose()
    empty, _, full, aged = made
    yield print_sizes("PostgreSQL", full, empty, len(documents))
    yield print_sizes("PostgreSQL, in the archive", archived(full, aged, empty), empty, len(documents))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="600 articles")
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--chars", type=int, default=1000)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    asked = parser.parse_args()
    if not DATA.is_dir():
        print(last_line("size", ours={}, peers={}, ratios={}, goals={}, holds=False, missing=["data"]))
        return
    documents = texts(asked.chars)[: 600 if asked.quick else asked.articles]
    mean = sum(len(each.text) for each in documents) / len(documents)
    in_bytes = sum(len(each.text.encode()) for each in documents) / len(documents)
    print(f"{len(documents)} articles of {mean:.0f} characters ({in_bytes:.0f} bytes) on the average; "
          f"Python {platform.python_version()}, {os.cpu_count()} cores")  # fmt: skip
    ours: dict[str, Any] = {"articles": len(documents), "text_bytes": round(in_bytes)}
    if asked.only != "postgres":
        ours["sqlite_kb"], ours["sqlite_archived_kb"] = on_sqlite(documents)
    if asked.only != "sqlite":
        ours["postgres_kb"], ours["postgres_archived_kb"] = on_postgres(documents)
    ours = {name: round(value, 2) for name, value in ours.items()}
    goals = {f"{name} <= {most}": ours[name] <= most for name, most in GOALS.items() if name in ours}
    print(last_line("size", ours=ours, peers={}, ratios={}, goals=goals, holds=all(goals.values())))


if __name__ == "__main__":
    main()
