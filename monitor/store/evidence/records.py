"""The chain of evidence as it is read, and its retention."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, RowMapping, delete, func, insert, select

from monitor.core.evidence.links import PRUNED, pruned_link
from monitor.core.evidence.verifier import digest, record_hash
from monitor.model import EvidenceRecord
from monitor.store.articles import find_article_id
from monitor.store.database import Database, Turn, chunks
from monitor.store.evidence.append import head_of
from monitor.store.tables.evidence import evidence, evidence_parts, evidence_topics
from monitor.store.tables.schema import placements

_BATCH = 50
"""Records read at a time: a page is some ten kilobytes packed, and may be megabytes."""
_LINKS = 2_000
_PRUNED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """``monitor.ports.EvidenceChain`` in a database."""

    database: Database

    def records(self, after: int = 0) -> Iterator[EvidenceRecord]:
        """Between batches no connection is held."""
        while True:
            statement = select(evidence).where(evidence.c.n > after).order_by(evidence.c.n).limit(_BATCH)
            with self.database.read() as connection:
                rows = connection.execute(statement).all()
                found = _whole(connection, rows)
            yield from found
            if len(rows) < _BATCH:
                return
            after = rows[-1].n

    def hashes(self, first: int, last: int) -> Iterator[tuple[int, bytes, str]]:
        after = first - 1
        while True:
            statement = select(evidence.c.n, evidence.c.link, evidence.c.hash)
            these = statement.where(evidence.c.n > after, evidence.c.n <= last).order_by(evidence.c.n)
            with self.database.read() as connection:
                rows = connection.execute(these.limit(_LINKS)).all()
            yield from ((row.n, row.link, row.hash) for row in rows)
            if len(rows) < _LINKS:
                return
            after = rows[-1].n

    def head(self) -> tuple[int, str]:
        with self.database.read() as connection:
            return head_of(connection)

    def pruned_through(self) -> int:
        newest = select(evidence.c.link).where(evidence.c.kind == PRUNED)
        with self.database.read() as connection:
            link = connection.execute(newest.order_by(evidence.c.n.desc()).limit(1)).scalar_one_or_none()
        try:
            return int(json.loads(link)["through"]) if link is not None else 0
        except (ValueError, KeyError, TypeError):
            return 0  # changed by somebody: verifying names it

    def of_articles(
        self, article_ids: Sequence[str], since: datetime, until: datetime
    ) -> tuple[EvidenceRecord, ...]:
        with self.database.read() as connection:
            numbers: list[int] = []
            for part in chunks(list(dict.fromkeys(article_ids))):
                these = select(evidence.c.n).where(evidence.c.article_id.in_(part))
                within = these.where(evidence.c.at >= since, evidence.c.at < until)
                numbers.extend(connection.execute(within).scalars())
            return _by_number(connection, numbers)

    def of_topic(self, topic_id: str, since: datetime, until: datetime) -> tuple[EvidenceRecord, ...]:
        numbers = (
            select(evidence.c.n)
            .join(evidence_topics, evidence_topics.c.n == evidence.c.n)
            .where(evidence_topics.c.topic_id == topic_id, evidence.c.at >= since, evidence.c.at < until)
        )
        with self.database.read() as connection:
            return _by_number(connection, list(connection.execute(numbers).scalars()))

    def story_articles(self, story_id: str) -> tuple[str, ...]:
        """Also when the articles themselves were pruned: where they were placed stays."""
        those = select(placements.c.article_id).where(placements.c.story_id == story_id)
        with self.database.read() as connection:
            return tuple(connection.execute(those).scalars())

    def find_article(self, id_or_url: str) -> str | None:
        with self.database.read() as connection:
            return find_article_id(connection, id_or_url)

    def prune(self, before: datetime, *, now: datetime, go_on: Callable[[], bool] = lambda: True) -> int:
        pruned = 0
        while go_on():
            with self.database.write(Turn.PLACE) as connection:
                handful = _prune_some(connection, before, now)
            pruned += handful
            if not handful:
                break
        return pruned


def _prune_some(connection: Connection, before: datetime, now: datetime) -> int:
    """Delete the parts of the oldest records that are all older, and note it in the chain."""
    oldest = connection.execute(select(func.min(evidence_parts.c.n))).scalar_one()
    if oldest is None:
        return 0
    rows = connection.execute(
        select(evidence.c.n, evidence.c.at)
        .where(evidence.c.n >= oldest)
        .order_by(evidence.c.n)
        .limit(_PRUNED_AT_ONCE)
    ).all()
    through = 0
    for row in rows:
        if row.at >= before:
            break
        through = row.n
    if not through:
        return 0
    n, previous = head_of(connection)
    link = pruned_link(n + 1, through=through, now=now)
    note = {"n": n + 1, "kind": PRUNED, "article_id": "", "at": now}
    connection.execute(insert(evidence), {**note, "link": link, "hash": record_hash(previous, digest(link))})
    gone = evidence_parts.c.n <= through
    of = connection.execute(select(func.count(evidence_parts.c.n.distinct())).where(gone)).scalar_one()
    connection.execute(delete(evidence_parts).where(gone))
    return int(of)


def _by_number(connection: Connection, numbers: Sequence[int]) -> tuple[EvidenceRecord, ...]:
    found: list[EvidenceRecord] = []
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _BATCH):
        these = select(evidence).where(evidence.c.n.in_(ordered[start : start + _BATCH]))
        found.extend(_whole(connection, connection.execute(these.order_by(evidence.c.n)).all()))
    return tuple(found)


def _whole(connection: Connection, rows: Sequence[Row[tuple[object, ...]]]) -> list[EvidenceRecord]:
    """The records of these rows with their parts and topics."""
    numbers = [row.n for row in rows]
    packed: defaultdict[int, dict[str, bytes]] = defaultdict(dict)
    blocks: defaultdict[int, dict[str, bytes]] = defaultdict(dict)
    topics: defaultdict[int, list[str]] = defaultdict(list)
    if numbers:
        these = evidence_parts.c.n.in_(numbers)
        for part in connection.execute(select(evidence_parts).where(these)):
            packed[part.n][part.name] = part.packed
            blocks[part.n][part.name] = part.blocks
        for row in connection.execute(select(evidence_topics).where(evidence_topics.c.n.in_(numbers))):
            topics[row.n].append(row.topic_id)
    return [_record(row._mapping, packed[row.n], blocks[row.n], topics[row.n]) for row in rows]  # noqa: SLF001


def _record(
    row: RowMapping, packed: Mapping[str, bytes], blocks: Mapping[str, bytes], topics: Sequence[str]
) -> EvidenceRecord:
    return EvidenceRecord(
        **{name: row[name] for name in ("n", "kind", "article_id", "at", "link", "hash")},
        topics=tuple(sorted(topics)),
        packed=packed,
        blocks=blocks,
    )
