"""Entries, articles, matches and stories, as they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, and_, bindparam, exists, or_, select

from monitor.core.text.fingerprint import url_key
from monitor.model import (
    ArchivedArticle,
    Article,
    Entry,
    Look,
    Match,
    Period,
    Placed,
    Snapshot,
    SnapshotQuery,
    Story,
    StoryLabel,
)
from monitor.model.search import Wanted
from monitor.store.codec import entry
from monitor.store.database import Database, Turn, chunks
from monitor.store.queries.articles import find_article, find_matches, read_articles, whole_articles
from monitor.store.queries.period import moments_of, period_of
from monitor.store.queries.search import find, index_articles
from monitor.store.queries.snapshot import check_basis, find_snapshot, stories_in
from monitor.store.queries.story import find_story, newest_stories
from monitor.store.queries.trace import find_trace
from monitor.store.tables.schema import articles, entries, fingerprint_keys, matches, placements, traces
from monitor.store.writes.features import join_stories, part_opening, part_story
from monitor.store.writes.placed import write_placed
from monitor.store.writes.revision import find_look
from monitor.store.writes.story_labels import find_labels, label_pairs, voices

MAX_SAME = 20


@dataclass(frozen=True, slots=True)
class StoredArticles:
    """``monitor.ports.Articles`` in a database."""

    database: Database

    def known(self, entries: Sequence[Entry]) -> Mapping[str, str]:
        with self.database.read() as connection:
            return _known(connection, entries)

    def entry(self, entry_id: str) -> Entry | None:
        """``content`` is empty once the entry was read: the article holds its text."""
        with self.database.read() as connection:
            row = connection.execute(_ENTRY, {"entry_id": entry_id}).mappings().one_or_none()
        return None if row is None else entry(row)

    def to_read(self, entry_id: str) -> tuple[Entry, bool] | None:
        with self.database.read() as connection:
            row = connection.execute(_TO_READ, {"entry_id": entry_id}).mappings().one_or_none()
        return None if row is None else (entry(row), bool(row["was_read"]))

    def snapshot(self, query: SnapshotQuery) -> Snapshot:
        with self.database.read() as connection:
            return find_snapshot(connection, query)

    def same_text(self, text_key: str) -> tuple[str, ...]:
        column = fingerprint_keys.c
        statement = select(column.article_id).where(column.key == text_key, column.kind == "text").distinct()
        with self.database.read() as connection:
            return tuple(connection.execute(statement.limit(MAX_SAME)).scalars())

    def keep(self, placed: Placed, *, now: datetime) -> None:
        with self.database.write(Turn.PLACE) as connection:
            check_basis(connection, placed)
            write_placed(connection, placed, now)

    def article(self, id_or_url: str) -> Article | None:
        """By its own id, the id of an entry that led to it, or any form of its address."""
        with self.database.read() as connection:
            article_id = find_article_id(connection, id_or_url)
            if article_id is None:
                return None
            return find_article(connection, article_id)

    def matches(self, article_id: str) -> tuple[Match, ...]:
        with self.database.read() as connection:
            return find_matches(connection, article_id)

    def story(self, story_id: str) -> Story | None:
        with self.database.read() as connection:
            return find_story(connection, story_id)

    def stories(self, *, since: datetime | None = None, limit: int = 20) -> tuple[Story, ...]:
        with self.database.read() as connection:
            return newest_stories(connection, since, limit)

    def part(self, article_id: str, *, now: datetime) -> str | None:
        with self.database.write(Turn.PLACE) as connection:
            story = select(placements.c.story_id).where(placements.c.article_id == article_id)
            before = connection.execute(story).scalar_one_or_none()
            others = voices(connection, before) if before is not None else []
            own = part_story(connection, [article_id], now) or part_opening(connection, article_id, now)
            if own is not None:
                label_pairs(connection, [article_id], others, same=False, now=now)
            return own

    def join(self, story_id: str, into: str, *, now: datetime) -> None:
        with self.database.write(Turn.PLACE) as connection:
            these, those = voices(connection, story_id), voices(connection, into)
            label_pairs(connection, these, those, same=True, now=now)
            join_stories(connection, [story_id], into, now)

    def labels(self) -> tuple[StoryLabel, ...]:
        with self.database.read() as connection:
            return find_labels(connection)

    def story_of(self, article_id: str) -> Story | None:
        belongs = select(placements.c.story_id).where(placements.c.article_id == article_id)
        with self.database.read() as connection:
            story_id = connection.execute(belongs).scalar_one_or_none()
        return None if story_id is None else self.story(story_id)

    def stories_of(self, article_ids: Sequence[str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        with self.database.read() as connection:
            for part in chunks(list(article_ids)):
                found.update(stories_in(connection, part))
        return found

    def look(self, article_id: str) -> Look | None:
        with self.database.read() as connection:
            return find_look(connection, article_id)

    def latest(self, *, topic_ids: Sequence[str] = (), limit: int = 10) -> tuple[Article, ...]:
        """The newest articles that match any of the topics; without topics, any topic at all."""
        matched = exists().where(matches.c.article_id == articles.c.id)
        if topic_ids:
            matched = matched.where(matches.c.topic_id.in_(topic_ids))
        statement = (
            whole_articles()
            .where(matched)
            .order_by(articles.c.seen_at.desc(), articles.c.number.desc())
            .limit(limit)
        )
        with self.database.read() as connection:
            return read_articles(connection, statement)

    def search(self, wanted: Wanted | None, *, batch: int = 200) -> Iterator[Article]:
        """What ``index`` has not yet taken in is not found, unless every article is wanted."""
        before: int | None = None
        while True:
            with self.database.read() as connection:
                numbers = (
                    _newest(connection, batch, before)
                    if wanted is None
                    else find(connection, wanted, batch, before)
                )
                statement = (
                    whole_articles().where(articles.c.number.in_(numbers)).order_by(articles.c.number.desc())
                )
                found = read_articles(connection, statement) if numbers else ()
            yield from found
            if len(numbers) < batch:
                return
            before = numbers[-1]

    def index(self, limit: int = 500) -> int:
        with self.database.write() as connection:
            return index_articles(connection, limit)

    def since(self, moment: datetime, *, batch: int = 2_000) -> Iterator[ArchivedArticle]:
        """Between batches no connection is held, so a slow reader disturbs nobody. Rows are made by hand:
        through ``whole_articles`` and its join each costs five times as much."""
        after = articles.c.seen_at >= moment
        while True:
            statement = (
                select(*_ARCHIVED, articles.c.number)
                .where(after)
                .order_by(articles.c.seen_at, articles.c.number)
                .limit(batch)
            )
            with self.database.read() as connection:
                rows = connection.execute(statement).all()
            for row in rows:
                yield _archived(row)
            if len(rows) < batch:
                return
            seen_at, number = rows[-1].seen_at, rows[-1].number
            after = or_(
                articles.c.seen_at > seen_at,
                and_(articles.c.seen_at == seen_at, articles.c.number > number),
            )

    def period(self, since: datetime, until: datetime, topic_ids: Sequence[str] = ()) -> Period:
        with self.database.read() as connection:
            return period_of(connection, since, until, topic_ids)

    def moments(self, since: datetime) -> Mapping[str, Sequence[tuple[datetime, str]]]:
        with self.database.read() as connection:
            return moments_of(connection, since)

    def trace(self, id_or_url: str) -> Mapping[str, object] | None:
        """JSON types only: ``entry``, ``article``, ``placement``, ``readings`` (one an entry that led
        to it), ``matches``, ``revisions``, ``deliveries``, ``job``; what there is none of is null
        or empty."""
        with self.database.read() as connection:
            return find_trace(connection, id_or_url, find_article_id(connection, id_or_url))


_ARCHIVED = tuple(articles.c[each.name] for each in fields(ArchivedArticle))


def _archived(row: Row[*tuple[Any, ...]]) -> ArchivedArticle:
    id_, seen_at, title, text, url, canonical_url, authors, source_id, source_name, site, tier, *rest = row
    return ArchivedArticle(
        id=id_,
        seen_at=seen_at,
        title=title,
        text=text,
        url=url,
        canonical_url=canonical_url,
        authors=tuple(authors),
        source_id=source_id,
        source_name=source_name,
        site=site,
        tier=tier,
        language=rest[0],
        country=rest[1],
    )


def find_article_id(connection: Connection, id_or_url: str) -> str | None:
    """The article that an article id, entry id or address means; it may be pruned already."""
    lookups, wanted = (_BY_ID, _BY_ENTRY), id_or_url
    if "://" in id_or_url:
        lookups, wanted = (_BY_URL, _BY_LISTED_URL), url_key(id_or_url)
    for lookup in lookups:
        found: str | None = connection.execute(lookup, {"wanted": wanted}).scalar_one_or_none()
        if found is not None:
            return found
    return None


_WANTED: BindParameter[str] = bindparam("wanted")
_BY_ID = select(placements.c.article_id).where(placements.c.article_id == _WANTED).limit(1)
_BY_ENTRY = (
    select(traces.c.article_id).where(traces.c.entry_id == _WANTED, traces.c.article_id != "").limit(1)
)
_BY_URL = (
    select(fingerprint_keys.c.article_id)
    .where(fingerprint_keys.c.kind == "url", fingerprint_keys.c.key == _WANTED)
    .limit(1)
)
_BY_LISTED_URL = (
    select(traces.c.article_id)
    .join(entries, entries.c.id == traces.c.entry_id)
    .where(entries.c.url_key == _WANTED, traces.c.article_id != "")
    .limit(1)
)
_ENTRY = select(entries).where(entries.c.id == bindparam("entry_id"))
_TO_READ = _ENTRY.add_columns(
    exists().where(traces.c.entry_id == entries.c.id, traces.c.article_id != "").label("was_read")
)
_STAMPS = select(entries.c.id, entries.c.stamp).where(entries.c.id.in_(bindparam("ids", expanding=True)))
_LISTED = select(entries.c.url_key).where(entries.c.url_key.in_(bindparam("keys", expanding=True))).distinct()


def _known(connection: Connection, listed: Sequence[Entry]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in chunks([item.id for item in listed]):
        found |= dict(connection.execute(_STAMPS, {"ids": part}).all())
    keys = {item.id: url_key(item.url) for item in listed if item.id not in found}
    elsewhere: set[str] = set()
    for part in chunks(sorted(set(keys.values()) - {""})):
        elsewhere.update(connection.execute(_LISTED, {"keys": part}).scalars())
    return found | {entry_id: "" for entry_id, key in keys.items() if key in elsewhere}


def _newest(connection: Connection, limit: int, before: int | None) -> list[int]:
    statement = select(articles.c.number).order_by(articles.c.number.desc()).limit(limit)
    if before is not None:
        statement = statement.where(articles.c.number < before)
    return list(connection.execute(statement).scalars())
