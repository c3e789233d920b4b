"""Appending to the chain of evidence, inside the transaction that stores what it is about."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from monitor.core.evidence.links import CAPTURE, capture_link
from monitor.core.evidence.verifier import BEGINNING, digest, record_hash
from monitor.model import Capture
from monitor.store.tables.evidence import evidence, evidence_parts, evidence_topics


def head_of(connection: Connection) -> tuple[int, str]:
    """Number and hash of the newest record; 0 and the beginning's hash when there is none."""
    newest = select(evidence.c.n, evidence.c.hash).order_by(evidence.c.n.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    return (row.n, row.hash) if row is not None else (0, BEGINNING)


def write_captures(connection: Connection, captures: Sequence[Capture]) -> None:
    """Append each; only one transaction at a time may (``Turn.PLACE``)."""
    for capture in captures:
        n, previous = head_of(connection)
        link = capture_link(n + 1, capture)
        row = {"n": n + 1, "kind": CAPTURE, "article_id": capture.article_id, "at": capture.at}
        hashed = record_hash(previous, digest(link))
        connection.execute(insert(evidence), {**row, "link": link, "hash": hashed})
        parts = [
            {"n": n + 1, "name": part.name, "packed": part.packed, "blocks": part.blocks}
            for part in capture.parts
        ]
        connection.execute(insert(evidence_parts), parts)
        if capture.topics:
            topics = [{"n": n + 1, "topic_id": topic} for topic in sorted(set(capture.topics))]
            connection.execute(insert(evidence_topics), topics)
