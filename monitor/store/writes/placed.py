"""Writing down one placed article, inside a job's commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from monitor.model import Placed, Seen
from monitor.store.codec import article_row, keys_of, match_row, placement_row
from monitor.store.database import insert_new, upsert
from monitor.store.queries.search import forget
from monitor.store.queries.trace import read_again
from monitor.store.tables.schema import (
    articles,
    entries,
    fingerprint_keys,
    matches,
    placements,
    stories,
    traces,
)
from monitor.store.writes.features import join_stories, write_marks
from monitor.store.writes.revision import keep_wording

# What a later reading may change; address, entry and the first sight stay.
_REVISED = (
    "title",
    "text",
    "lead",
    "lead_chars",
    "chars",
    "modified",
    "authors",
    "language",
    "site",
    "pictures",
)


def write_placed(connection: Connection, placed: Placed, now: datetime) -> None:
    """Write the article, its keys, matches and trace as the placement's verdict says."""
    verdict = placed.placement.verdict
    if verdict != "known":
        revised = verdict == "revision" and _revise(connection, placed, now)
        fresh = not revised and _insert(connection, placed)
        if verdict == "revision":
            _renew_keys(connection, placed)
        _write_keys(connection, placed)
        _write_matches(connection, placed, fresh=fresh)
        write_marks(connection, placed, fresh=fresh)
        join_stories(connection, placed.placement.merges, placed.placement.story_id, now)
    _write_trace(connection, placed, now)


def write_seen(connection: Connection, seen: Sequence[Seen], now: datetime) -> None:
    """Note entries whose pages were not extracted: verdict ``seen``, no article, no story."""
    if not seen:
        return
    rows = [
        {
            "entry_id": each.entry_id,
            "article_id": "",
            "verdict": "seen",
            "story_id": "",
            "copy_of": None,
            "reason": each.reason,
            "at": now,
            "trace": each.trace,
        }
        for each in seen
    ]
    connection.execute(upsert(connection.dialect.name, traces), rows)
    _drop_contents(connection, [each.entry_id for each in seen])


def _insert(connection: Connection, placed: Placed) -> bool:
    """Whether there was nothing of the article before."""
    article, placement = placed.article, placed.placement
    fresh = True
    for table, row in (
        (articles, article_row(article, placement.article_id)),
        (placements, placement_row(placed)),
        (
            stories,
            {
                "id": placement.story_id,
                "article_id": placement.article_id,
                "opened_at": article.seen_at,
                "follows": placement.follows,
            },
        ),
    ):
        done = connection.execute(insert_new(connection.dialect.name, table), row)
        fresh = fresh and (table is stories or done.rowcount == 1)
    return fresh


def _revise(connection: Connection, placed: Placed, now: datetime) -> bool:
    """Keep the wording so far as a revision row and put the new one in its place."""
    article, article_id = placed.article, placed.placement.article_id
    column = articles.c
    if not keep_wording(connection, article_id, placed.changes, now):
        return False
    before = connection.execute(
        select(column.number, column.title, column.text, column.indexed).where(column.id == article_id)
    ).one()
    if before.indexed:
        forget(connection, [(before.number, before.title, before.text)])
    row = article_row(article, article_id)
    values = {name: row[name] for name in _REVISED} | {"indexed": False}
    if article.published is not None:
        values["published"] = article.published
    connection.execute(update(articles).where(column.id == article_id).values(values))
    return True


def _renew_keys(connection: Connection, placed: Placed) -> None:
    keys = placed.article.fingerprint
    connection.execute(
        update(placements)
        .where(placements.c.article_id == placed.placement.article_id)
        .values(text_key=keys.text_key, headline_key=keys.headline_key)
    )


def _write_keys(connection: Connection, placed: Placed) -> None:
    rows = [
        {
            "kind": kind,
            "key": key,
            "article_id": placed.placement.article_id,
            "seen_at": placed.article.seen_at,
        }
        for kind, key in keys_of(placed.article.fingerprint).items()
    ]
    if rows:
        connection.execute(insert_new(connection.dialect.name, fingerprint_keys), rows)


def _write_matches(connection: Connection, placed: Placed, *, fresh: bool) -> None:
    # Spans are offsets into the current wording: those of an earlier one would point nowhere.
    article_id = placed.placement.article_id
    if not fresh:
        connection.execute(_FORGET_MATCHES, {"id": article_id})
    if placed.matches:
        rows = [match_row(match, article_id) for match in placed.matches]
        connection.execute(insert(matches), rows)


def _write_trace(connection: Connection, placed: Placed, now: datetime) -> None:
    article, placement = placed.article, placed.placement
    row: dict[str, object] = {
        "entry_id": article.entry_id,
        "article_id": placement.article_id,
        "verdict": placement.verdict,
        "story_id": placement.story_id,
        "copy_of": placement.copy_of,
        "reason": placement.reason,
        "at": now,
        "trace": placed.trace,
    }
    before = connection.execute(_READ_BEFORE, {"entry": article.entry_id}).one_or_none()
    if before is not None and before.article_id == placement.article_id:
        row |= read_again(before, row, now)
    connection.execute(upsert(connection.dialect.name, traces), row)
    _drop_contents(connection, [article.entry_id])


def _drop_contents(connection: Connection, entry_ids: Sequence[str]) -> None:
    # The article holds the text now; the feed's HTML of it would only fill the disk.
    connection.execute(_DROP_CONTENT, [{"entry": each} for each in entry_ids])


_READ_BEFORE = select(traces).where(traces.c.entry_id == bindparam("entry"), traces.c.verdict != "seen")
_FORGET_MATCHES = delete(matches).where(matches.c.article_id == bindparam("id"))
_DROP_CONTENT = (
    update(entries).where(entries.c.id == bindparam("entry"), entries.c.content != "").values(content="")
)
