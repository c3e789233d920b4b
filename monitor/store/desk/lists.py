"""Lists as pages show them: each a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from monitor.model import (
    DayFigures,
    Delivery,
    Event,
    Gap,
    OpenWork,
    PollNote,
    SeenArticle,
    SourceState,
    StoryFilter,
    StoryRow,
)
from monitor.store.codec import delivery, gap, state
from monitor.store.database import Database, upsert
from monitor.store.event_codec import event
from monitor.store.queries.figures import find_figures, find_waits
from monitor.store.queries.source_list import find_sources
from monitor.store.queries.story_list import find_stories, stories_by_id, topics_of
from monitor.store.tables.desk import pinned_stories
from monitor.store.tables.outbox import deliveries, events
from monitor.store.tables.schema import articles, chats, gaps, jobs, matches, sources
from monitor.store.writes.polls import find_polls

MOST_PINNED = 50
WORD_CHARS = 6
"""Letters of a word and the space behind it, about: lists need no exact count."""


@dataclass(frozen=True, slots=True)
class StoredLists:
    """``monitor.ports.Lists`` in a database."""

    database: Database

    def sources(
        self, *, ids: Sequence[str] | None, health: Sequence[str], offset: int, limit: int
    ) -> tuple[tuple[SourceState, ...], int]:
        with self.database.read() as connection:
            rows, total = find_sources(connection, ids=ids, health=health, offset=offset, limit=limit)
        return tuple(state(row) for row in rows), total

    def health(self) -> Mapping[str, int]:
        statement = (
            select(sources.c.health, func.count())
            .where(sources.c.listed.is_(True))
            .group_by(sources.c.health)
        )
        with self.database.read() as connection:
            return {health: int(count) for health, count in connection.execute(statement)}

    def first_reads(self) -> tuple[SourceState, ...]:
        own = sources.c
        statement = select(own.source_id, own.next_fetch_at, own.first_read_at).where(own.listed.is_(True))
        with self.database.read() as connection:
            return tuple(
                SourceState(source_id=name, next_fetch_at=due, first_read_at=first)
                for name, due, first in connection.execute(statement)
            )

    def gaps(self, source_id: str, limit: int) -> tuple[Gap, ...]:
        statement = (
            select(gaps).where(gaps.c.source_id == source_id).order_by(gaps.c.began_at.desc()).limit(limit)
        )
        with self.database.read() as connection:
            return tuple(gap(row) for row in connection.execute(statement).mappings())

    def polls(self, source_id: str) -> tuple[PollNote, ...]:
        with self.database.read() as connection:
            return find_polls(connection, source_id)

    def pinned(self) -> tuple[StoryRow, ...]:
        with self.database.read() as connection:
            newest = select(pinned_stories.c.story_id).order_by(pinned_stories.c.at.desc())
            return stories_by_id(connection, list(connection.execute(newest).scalars()))

    def pin(self, story_id: str, account: str, now: datetime) -> None:
        row = {"story_id": story_id, "account": account, "at": now}
        with self.database.write() as connection:
            connection.execute(upsert(connection.dialect.name, pinned_stories), row)
            oldest = (
                select(pinned_stories.c.story_id).order_by(pinned_stories.c.at.desc()).offset(MOST_PINNED)
            )
            gone = list(connection.execute(oldest).scalars())
            connection.execute(delete(pinned_stories).where(pinned_stories.c.story_id.in_(gone)))

    def unpin(self, story_id: str) -> None:
        with self.database.write() as connection:
            connection.execute(delete(pinned_stories).where(pinned_stories.c.story_id == story_id))

    def articles_of(self, source_id: str, limit: int) -> tuple[SeenArticle, ...]:
        own = articles.c
        columns = (own.id, own.title, own.url, own.language, own.published, own.seen_at)
        statement = (
            select(*columns, (own.chars / WORD_CHARS).label("words"))
            .where(own.source_id == source_id)
            .order_by(own.seen_at.desc(), own.number.desc())
            .limit(limit)
        )
        with self.database.read() as connection:
            rows = connection.execute(statement).mappings()
            return tuple(SeenArticle(**{**row, "words": int(row["words"])}) for row in rows)

    def seen_at(self, source_id: str, since: datetime, limit: int) -> tuple[datetime, ...]:
        own = articles.c
        statement = (
            select(own.seen_at)
            .where(own.source_id == source_id, own.seen_at >= since)
            .order_by(own.seen_at.desc())
            .limit(limit)
        )
        with self.database.read() as connection:
            return tuple(connection.execute(statement).scalars())

    def stories(self, wanted: StoryFilter) -> tuple[StoryRow, ...]:
        with self.database.read() as connection:
            return find_stories(connection, wanted)

    def topic_counts(self, since: datetime) -> Mapping[str, int]:
        statement = (
            select(matches.c.topic_id, func.count())
            # A join would have SQLite walk through every match that there ever was.
            .where(matches.c.article_id.in_(select(articles.c.id).where(articles.c.seen_at >= since)))
            .group_by(matches.c.topic_id)
        )
        with self.database.read() as connection:
            return {topic: int(count) for topic, count in connection.execute(statement)}

    def deliveries(
        self, *, states: Sequence[str], chat_id: str, before: int | None, limit: int
    ) -> tuple[Delivery, ...]:
        own = deliveries.c
        statement = select(deliveries).order_by(own.sequence.desc()).limit(limit)
        if states:
            statement = statement.where(own.state.in_(states))
        if chat_id:
            statement = statement.where(own.chat_id == chat_id)
        if before is not None:
            statement = statement.where(own.sequence < before)
        with self.database.read() as connection:
            return tuple(delivery(row) for row in connection.execute(statement).mappings())

    def told(self, story_id: str, limit: int) -> tuple[Delivery, ...]:
        own = deliveries.c
        statement = select(deliveries).where(own.story_id == story_id).order_by(own.sequence).limit(limit)
        with self.database.read() as connection:
            return tuple(delivery(row) for row in connection.execute(statement).mappings())

    def open_work(self) -> OpenWork:
        own = deliveries.c
        troubled = ("pending", "sending", "unsure", "dead", "collected")
        by_state = select(own.state, func.count()).where(own.state.in_(troubled)).group_by(own.state)
        aside = select(func.count()).select_from(jobs).where(jobs.c.state == "quarantined")
        oldest = (
            select(func.min(own.not_before))
            .join(chats, chats.c.id == own.chat_id)
            .where(own.state == "pending", chats.c.state == "active")
        )
        with self.database.read() as connection:
            found = {name: int(count) for name, count in connection.execute(by_state)}
            return OpenWork(
                deliveries=found,
                quarantined=int(connection.execute(aside).scalar_one()),
                oldest_due=connection.execute(oldest).scalar_one(),
            )

    def events(self, limit: int) -> tuple[Event, ...]:
        statement = select(events).order_by(events.c.id.desc()).limit(limit)
        with self.database.read() as connection:
            return tuple(event(row) for row in connection.execute(statement).mappings())

    def figures(self, since: datetime, until: datetime) -> DayFigures:
        with self.database.read() as connection:
            return find_figures(connection, since, until)

    def waits(self, since: datetime, limit: int) -> tuple[float, ...]:
        with self.database.read() as connection:
            return find_waits(connection, since, limit)

    def article_topics(self, article_ids: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        with self.database.read() as connection:
            return topics_of(connection, article_ids)
