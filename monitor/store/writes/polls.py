"""The last polls of each source: one short row a source, written anew by each poll."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from monitor.model import PollNote
from monitor.store.database import upsert
from monitor.store.tables.desk import source_polls

MOST = 50
_RESULT = 160
"""Letters kept of what was wrong; the source's own row has the whole of the last error."""


def write_poll(connection: Connection, source_id: str, poll: PollNote | None) -> None:
    """Add a poll to those of its source; the oldest goes."""
    if poll is None:
        return
    kept = select(source_polls.c.polls).where(source_polls.c.source_id == source_id)
    before = connection.execute(kept).scalar_one_or_none() or []
    note = [round(poll.at.timestamp()), poll.result[:_RESULT], poll.listed, poll.new]
    row = {"source_id": source_id, "polls": [*before[1 - MOST :], note]}
    connection.execute(upsert(connection.dialect.name, source_polls), row)


def find_polls(connection: Connection, source_id: str) -> tuple[PollNote, ...]:
    """A source's polls, newest first."""
    kept = select(source_polls.c.polls).where(source_polls.c.source_id == source_id)
    return tuple(
        PollNote(at=datetime.fromtimestamp(at, UTC), result=result, listed=listed, new=new)
        for at, result, listed, new in reversed(connection.execute(kept).scalar_one_or_none() or [])
    )
