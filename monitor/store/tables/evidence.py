"""Tables of evidence: a chain of hashes that only grows, and the parts that the retention may delete."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table

from monitor.store.tables.columns import Utc
from monitor.store.tables.definitions import key, metadata

evidence = Table(
    "evidence",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    key("kind"),
    key("article_id"),
    Column("at", Utc, nullable=False),
    Column("link", LargeBinary, nullable=False),
    key("hash"),
    Index("ix_evidence_article_id", "article_id"),
    Index("ix_evidence_at", "at"),
)

evidence_parts = Table(
    "evidence_parts",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    key("name", primary_key=True),
    Column("packed", LargeBinary, nullable=False),
    Column("blocks", LargeBinary, nullable=False),
)

evidence_topics = Table(
    "evidence_topics",
    metadata,
    key("topic_id", primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_evidence_topics_n", "n"),
)

EVIDENCE = (evidence, evidence_parts, evidence_topics)
