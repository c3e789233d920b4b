"""Everything stored about what happened to one article or entry, for ``monitor why``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, Table, or_, select

from monitor.core.text.fingerprint import url_key
from monitor.store.tables.schema import (
    article_revisions,
    articles,
    deliveries,
    entries,
    jobs,
    matches,
    placements,
    traces,
)

# A trace explains; it does not carry the archive's text about.
_HIDDEN = frozenset({"text", "content", "summary", "number", "indexed", "payload", "url_key"})

MOST_EARLIER = 5
"""Decisions about one entry that are remembered besides the last."""

_Found = list[dict[str, object]]


def find_trace(connection: Connection, id_or_url: str, article_id: str | None) -> Mapping[str, object] | None:
    """See ``monitor.ports.Articles.trace``; ``article_id`` is what the id or address means."""
    readings: _Found = []
    if article_id is not None:
        readings = _rows(connection, traces, [traces.c.article_id == article_id], "at")
    entry = _entry(connection, id_or_url, [str(item["entry_id"]) for item in readings])
    if entry is None and article_id is None:
        return None
    if entry is not None and not readings:
        readings = _rows(connection, traces, [traces.c.entry_id == entry["id"]], "at")
    about: dict[str, object] = {
        "entry": entry,
        "job": entry and _job(connection, str(entry["id"])),
        "article": None,
        "placement": None,
        "readings": readings,
        "matches": [],
        "revisions": [],
        "deliveries": [],
    }
    return about if article_id is None else about | _of_article(connection, article_id)


def read_again(before: Row[Any], values: Mapping[str, object], now: datetime) -> dict[str, object]:
    """What a later reading makes of a trace: one that changed nothing leaves the decision as it stands."""
    if values["verdict"] == "known":
        again = {"read_again": {"at": now.isoformat(), "reason": values["reason"]}}
        kept = {name: getattr(before, name) for name in values}
        return kept | {"trace": {**(before.trace or {}), **again}}
    earlier = list((before.trace or {}).get("earlier", []))
    earlier.append({"at": before.at.isoformat(), "verdict": before.verdict, "reason": before.reason})
    return {"trace": {**cast("dict[str, object]", values["trace"]), "earlier": earlier[-MOST_EARLIER:]}}


def _of_article(connection: Connection, article_id: str) -> dict[str, object]:
    placed = _rows(connection, placements, [placements.c.article_id == article_id])
    article = _rows(connection, articles, [articles.c.id == article_id])
    of_story = [deliveries.c.article_id == article_id]
    if placed:
        of_story.append(deliveries.c.story_id == placed[0]["story_id"])
    return {
        "article": article[0] if article else None,
        "placement": placed[0] if placed else None,
        "matches": _rows(connection, matches, [matches.c.article_id == article_id], "topic_id"),
        "revisions": _rows(
            connection, article_revisions, [article_revisions.c.article_id == article_id], "n"
        ),
        "deliveries": _rows(connection, deliveries, [or_(*of_story)], "sequence"),
    }


def _entry(connection: Connection, id_or_url: str, read_from: Sequence[str]) -> dict[str, object] | None:
    wanted: ColumnElement[bool] = entries.c.id.in_([id_or_url, *read_from])
    if "://" in id_or_url:
        wanted = or_(wanted, entries.c.url_key == url_key(id_or_url))
    found = _rows(connection, entries, [wanted], "seen_at")
    asked_for = [row for row in found if row["id"] == id_or_url]
    return next(iter(asked_for or found), None)


def _job(connection: Connection, entry_id: str) -> dict[str, object] | None:
    found = _rows(connection, jobs, [jobs.c.kind == "read", jobs.c.key == entry_id])
    return found[0] if found else None


def _rows(
    connection: Connection, table: Table, wanted: Sequence[ColumnElement[bool]], order: str = ""
) -> _Found:
    statement = select(*(column for column in table.c if column.name not in _HIDDEN)).where(*wanted)
    if order:
        statement = statement.order_by(table.c[order])
    rows = connection.execute(statement).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
