"""Deletes rows that nobody needs any more, table by table, in small transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Select, delete, exists, select, tuple_

from monitor.model import RetentionSettings
from monitor.store.database import Database
from monitor.store.tables.outbox import deliveries, events
from monitor.store.tables.schema import articles, entries, fingerprint_keys, gaps, placements, traces

AT_ONCE: Final = 300
"""Rows a transaction: others wait meanwhile, and a service that is told to stop."""
LOOKED_UP: Final = 20_000
"""Rows that one look finds: looks of large tables are scans."""
OVER: Final = ("sent", "dead", "cancelled", "bundled")

Deleted = Callable[[], bool]


def retain(
    database: Database, settings: RetentionSettings, now: datetime, *, go_on: Callable[[], bool]
) -> Mapping[str, int]:
    """Delete what is older than the settings say; how many rows of each table."""
    found: dict[str, int] = {}
    for name, days, find, columns in _rules(settings):
        if days:
            before = now - timedelta(days=days)
            found[name] = sum(_emptied(database, find(before), columns, go_on))
    return {name: count for name, count in found.items() if count}


Rule = tuple[str, int, Callable[[datetime], Select[Any]], Sequence[Sequence[Column[Any]]]]


def _rules(settings: RetentionSettings) -> tuple[Rule, ...]:
    """Name, days, what finds the keys, and the columns that hold these keys in each table to be emptied."""
    return (
        ("traces", settings.passed_over_days, _passed_over, [[traces.c.entry_id]]),
        ("deliveries", settings.deliveries_days, _sent, [[deliveries.c.sequence]]),
        ("events", settings.events_days, _told, [[events.c.id]]),
        ("gaps", settings.gaps_days, _ended, [[gaps.c.source_id, gaps.c.began_at]]),
        ("entries", settings.entries_days, _unread, [[entries.c.id], [traces.c.entry_id]]),
        (
            "placements",
            settings.entries_days,
            _placed,
            [[placements.c.article_id], [fingerprint_keys.c.article_id]],
        ),
    )


def _passed_over(before: datetime) -> Select[Any]:
    return select(traces.c.entry_id).where(traces.c.verdict == "seen", traces.c.at < before)


def _sent(before: datetime) -> Select[Any]:
    own = deliveries.c
    return select(own.sequence).where(own.state.in_(OVER), own.created_at < before).order_by(own.sequence)


def _told(before: datetime) -> Select[Any]:
    return select(events.c.id).where(events.c.told_at < before)


def _ended(before: datetime) -> Select[Any]:
    return select(gaps.c.source_id, gaps.c.began_at).where(gaps.c.ended_at < before)


def _unread(before: datetime) -> Select[Any]:
    return select(entries.c.id).where(
        entries.c.seen_at < before, ~_has_article(articles.c.entry_id == entries.c.id)
    )


def _placed(before: datetime) -> Select[Any]:
    return select(placements.c.article_id).where(
        placements.c.seen_at < before, ~_has_article(articles.c.id == placements.c.article_id)
    )


def _has_article(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(condition)


def _emptied(
    database: Database,
    find: Select[Any],
    columns: Sequence[Sequence[Column[Any]]],
    go_on: Callable[[], bool],
) -> Iterator[int]:
    """Counts of deleted rows, a handful a transaction, until none is left or ``go_on`` says no."""
    while go_on():
        with database.read() as connection:
            keys = [tuple(row) for row in connection.execute(find.limit(LOOKED_UP))]
        for start in range(0, len(keys), AT_ONCE):
            if not go_on():
                return
            some = keys[start : start + AT_ONCE]
            with database.write() as connection:
                for of_table in columns:
                    named = tuple_(*of_table) if len(of_table) > 1 else of_table[0]
                    values = some if len(of_table) > 1 else [key[0] for key in some]
                    connection.execute(delete(of_table[0].table).where(named.in_(values)))
            yield len(some)
        if len(keys) < LOOKED_UP:
            return
