"""The last polls of each source: a line each in one short text a source, to which each poll adds its own.

Nothing is read for it, since every poll of every source comes here: the database itself cuts what is oldest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import Connection, Executable, bindparam, func, select

from monitor.model import PollNote
from monitor.store.database import insert_of
from monitor.store.tables.desk import source_polls

MOST = 50
_RESULT = 160
"""Letters kept of what was wrong; the source's own row has the whole of the last error."""
_KEPT_CHARS = 4_000
"""Some twenty for a poll that went well, so that fifty fit; fewer of those that failed at length."""


def write_polls(connection: Connection, polled: Sequence[tuple[str, PollNote]]) -> None:
    """Add each poll to those of its source; the oldest go."""
    if polled:
        rows = [{"source_id": source_id, "polls": _line(poll)} for source_id, poll in polled]
        connection.execute(_add(connection.dialect.name), rows)


def _line(poll: PollNote) -> str:
    result = " ".join(poll.result[:_RESULT].split())
    return f"{round(poll.at.timestamp())} {poll.listed} {poll.new} {result}\n"


def find_polls(connection: Connection, source_id: str) -> tuple[PollNote, ...]:
    """A source's polls, newest first."""
    kept = connection.execute(_KEPT, {"wanted": source_id}).scalar_one_or_none() or ""
    lines = kept.splitlines()
    if len(kept) >= _KEPT_CHARS:  # the first one is cut
        del lines[0]
    found = (line.split(" ", 3) for line in reversed(lines[-MOST:]))
    return tuple(
        PollNote(at=datetime.fromtimestamp(int(at), UTC), result=result, listed=int(listed), new=int(new))
        for at, listed, new, result in found
    )


_KEPT = select(source_polls.c.polls).where(source_polls.c.source_id == bindparam("wanted"))


@cache
def _add(dialect: str) -> Executable:
    statement = insert_of(dialect, source_polls)
    longer = source_polls.c.polls + statement.excluded.polls
    last = func.right if dialect == "postgresql" else func.substr
    count = _KEPT_CHARS if dialect == "postgresql" else -_KEPT_CHARS
    return statement.on_conflict_do_update(
        index_elements=[source_polls.c.source_id], set_={"polls": last(longer, count)}
    )
