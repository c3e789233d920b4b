"""What others match standing queries with, behind one shape: build with topics, then match a batch.

``match`` takes texts and returns the pairs (number of the text, id of the topic).
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import psycopg

from monitor.core.query.engine.matcher import Matcher
from monitor.model import MatchText, Topic
from parts.matching_corpus import BenchTopic, Term, as_query

Pairs = set[tuple[int, str]]
POSTGRES = os.environ.get("BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


_KEYS: dict[tuple[str, str], tuple[str, ...]] = {}


class Engine(Protocol):
    """One way to match."""

    def match(self, texts: Sequence[str]) -> Pairs: ...


class Ours:
    """The matcher; ``forms`` False: these forms only, as the others."""

    def __init__(self, topics: Sequence[BenchTopic], *, forms: bool) -> None:
        mark = "" if forms else "="
        self.matcher = Matcher.build(
            [Topic(id=each.id, query=as_query(each, mark), languages=("ru", "en")) for each in topics]
        )

        # Made-up words are slow to analyse and the same for every matcher here: once is enough.
        self.matcher.book.lexicon._keys = _KEYS  # saves minutes, no figure

    def match(self, texts: Sequence[str]) -> Pairs:
        matching = self.matcher.matching
        return {
            (number, topic) for number, text in enumerate(texts) for topic in matching(MatchText(body=text))
        }

    def spans(self, texts: Sequence[str]) -> int:
        """The same with spans and scores: what an alert needs."""
        return sum(len(self.matcher.match(MatchText(body=text))) for text in texts)


class RegexLoop:
    """What bots do: for each topic one alternation of its words, no AND, no NOT."""

    def __init__(self, topics: Sequence[BenchTopic]) -> None:
        self.topics = [
            (each.id, re.compile("|".join(map(_pattern, each.terms)), re.IGNORECASE)) for each in topics
        ]

    def match(self, texts: Sequence[str]) -> Pairs:
        return {
            (number, topic)
            for number, text in enumerate(texts)
            for topic, pattern in self.topics
            if pattern.search(text)
        }


class RegexBoolean:
    """One regular expression a term, and the boolean reading: slow, and simple to believe."""

    def __init__(self, topics: Sequence[BenchTopic]) -> None:
        self.topics = topics
        self.compiled = {
            term: re.compile(_pattern(term), re.IGNORECASE)
            for each in topics
            for term in (*each.terms, *each.none)
        }

    def match(self, texts: Sequence[str]) -> Pairs:
        return {
            (number, topic.id)
            for number, text in enumerate(texts)
            for topic in self.topics
            if all(any(self.compiled[term].search(text) for term in group) for group in topic.groups)
            and not any(self.compiled[term].search(text) for term in topic.none)
        }


def _pattern(term: Term) -> str:
    words = [re.escape(word) for word in term.words]
    match term.kind:
        case "prefix":
            return rf"\b{words[0]}\w*"
        case "phrase":
            return rf"\b{words[0]}\W+{words[1]}\b"
        case "near":
            gap = r"\W+(?:\w+\W+){0,5}"
            return rf"\b(?:{words[0]}{gap}{words[1]}|{words[1]}{gap}{words[0]})\b"
        case _:
            return rf"\b{words[0]}\b"


class Fts5:
    """SQLite by inversion: index a batch of texts, then ask each topic's query."""

    def __init__(self, topics: Sequence[BenchTopic]) -> None:
        self.queries = [(each.id, self._query(each)) for each in topics]

    @staticmethod
    def _query(topic: BenchTopic) -> str:
        def term(each: Term) -> str:
            if each.kind == "near":
                return f'NEAR("{each.words[0]}" "{each.words[1]}", 5)'
            return f'"{" ".join(each.words)}"' + (" *" if each.kind == "prefix" else "")

        yes = " AND ".join("(" + " OR ".join(map(term, group)) + ")" for group in topic.groups)
        return f"({yes})" + "".join(f" NOT {term(each)}" for each in topic.none)

    def match(self, texts: Sequence[str]) -> Pairs:
        base = sqlite3.connect(":memory:")
        base.execute("CREATE VIRTUAL TABLE t USING fts5(body, tokenize='unicode61 remove_diacritics 0')")
        base.executemany("INSERT INTO t(rowid, body) VALUES (?, ?)", enumerate(texts))
        ask = "SELECT rowid FROM t WHERE t MATCH ?"
        found = {(row[0], topic) for topic, query in self.queries for row in base.execute(ask, (query,))}
        base.close()
        return found


class Tantivy:
    """Lucene's younger sister by inversion, index in memory. NEAR is asked as AND: a bit less work."""

    def __init__(self, topics: Sequence[BenchTopic]) -> None:
        import tantivy  # noqa: PLC0415 - a bench without it skips this peer

        self.tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("n", stored=True)
        builder.add_text_field("body")
        self.schema = builder.build()
        self.queries = [(each.id, self._query(each)) for each in topics]

    def _query(self, topic: BenchTopic):  # type: ignore[no-untyped-def]  # noqa: ANN202
        occur, query = self.tantivy.Occur, self.tantivy.Query
        parts = [
            (occur.Must, query.boolean_query([(occur.Should, self._term(term)) for term in group]))
            for group in topic.groups
        ]
        parts += [(occur.MustNot, self._term(term)) for term in topic.none]
        return query.boolean_query(parts)

    def _term(self, term: Term):  # type: ignore[no-untyped-def]  # noqa: ANN202
        occur, query = self.tantivy.Occur, self.tantivy.Query
        match term.kind:
            case "prefix":
                return query.regex_query(self.schema, "body", f"{term.words[0]}.*")
            case "phrase":
                return query.phrase_query(self.schema, "body", list(term.words))
            case "near":
                both = [query.term_query(self.schema, "body", word) for word in term.words]
                return query.boolean_query([(occur.Must, each) for each in both])
            case _:
                return query.term_query(self.schema, "body", term.words[0])

    def match(self, texts: Sequence[str]) -> Pairs:
        index = self.tantivy.Index(self.schema)
        writer = index.writer(heap_size=50_000_000, num_threads=1)
        for number, text in enumerate(texts):
            writer.add_document(self.tantivy.Document(n=number, body=text))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        searcher = index.searcher()
        return {
            (searcher.doc(address)["n"][0], topic)
            for topic, query in self.queries
            for _, address in searcher.search(query, limit=len(texts)).hits
        }


class Postgres:
    """``tsvector @@ tsquery`` over a table of topics, text by text. NEAR is asked as AND."""

    def __init__(self, topics: Sequence[BenchTopic]) -> None:
        self.base = psycopg.connect(POSTGRES, connect_timeout=3, autocommit=True)
        self.base.execute("CREATE TEMP TABLE topics (id text, q tsquery)")
        with self.base.cursor() as cursor:
            rows = [(each.id, self._query(each)) for each in topics]
            cursor.executemany("INSERT INTO topics VALUES (%s, %s::tsquery)", rows)
        self.base.execute("ANALYZE topics")

    def clock(self) -> float:
        """Seconds of CPU of this process and of the backend, where the system tells; else of the clock."""
        pid = self.base.info.backend_pid
        try:
            told = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii")
        except OSError:
            return time.perf_counter()
        return time.process_time() + int(told.split()[0]) / 1e9

    @staticmethod
    def _query(topic: BenchTopic) -> str:
        def term(each: Term) -> str:
            match each.kind:
                case "prefix":
                    return f"{each.words[0]}:*"
                case "phrase":
                    return f"({each.words[0]} <-> {each.words[1]})"
                case "near":
                    return f"({each.words[0]} & {each.words[1]})"
                case _:
                    return each.words[0]

        yes = " & ".join("(" + " | ".join(map(term, group)) + ")" for group in topic.groups)
        return yes + "".join(f" & !{term(each)}" for each in topic.none)

    def match(self, texts: Sequence[str]) -> Pairs:
        ask = "SELECT id FROM topics, (SELECT to_tsvector('simple', %s) AS v OFFSET 0) AS d WHERE d.v @@ q"
        return {
            (number, row[0]) for number, text in enumerate(texts) for row in self.base.execute(ask, (text,))
        }
