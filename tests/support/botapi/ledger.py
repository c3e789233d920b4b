"""What a Telegram user would have seen, in order."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One visible change in one chat, written before the bot is answered.

    ``at`` is aware UTC. ``text`` is what is read, ``html`` what the bot sent. An edit carries the
    text before it in ``edited_from``. ``answer`` names how the bot was answered: ``ok`` or the kind
    of the scripted fault.
    """

    at: datetime
    chat_id: int
    thread_id: int | None
    method: str
    message_id: int
    text: str
    html: str = ""
    edited_from: str | None = None
    reply_to: int | None = None
    silent: bool = False
    buttons: tuple[tuple[str, ...], ...] = ()
    file: str = ""
    answer: str = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request of the bot, seen by a user or not. ``at`` is seconds of the server's clock."""

    at: float
    method: str
    chat_id: int | None
    status: int


class Ledger:
    """A thread-safe list of rows, kept in a JSON-lines file too when ``path`` is given.

    Args:
        path: appended to, one row a line; rows of an earlier run are loaded.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Condition()
        self._rows: list[LedgerRow] = list(read_ledger(path)) if path and path.exists() else []
        self._path = path

    def rows(self, keep: Callable[[LedgerRow], bool] = lambda _row: True) -> list[LedgerRow]:
        """A copy of the rows that ``keep`` lets through."""
        with self._lock:
            return [row for row in self._rows if keep(row)]

    def add(self, row: LedgerRow) -> None:
        """Write one row; on disk when this returns."""
        with self._lock:
            self._rows.append(row)
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(_to_json(row) + "\n")
            self._lock.notify_all()

    def wait(self, enough: Callable[[list[LedgerRow]], bool], *, timeout_s: float) -> list[LedgerRow]:
        """The rows as soon as ``enough`` says so. Raises ``TimeoutError`` with what there is."""
        with self._lock:
            if not self._lock.wait_for(lambda: enough(self._rows), timeout_s):
                raise TimeoutError(f"after {timeout_s} s the ledger holds {self._rows}")
            return list(self._rows)


def read_ledger(path: Path) -> tuple[LedgerRow, ...]:
    """The rows that a server process wrote to ``path``; a half-written last line is left out."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            row = LedgerRow(**json.loads(line))
            at = datetime.fromisoformat(str(row.at)).astimezone(UTC)
            rows.append(replace(row, at=at, buttons=tuple(tuple(texts) for texts in row.buttons)))
    return tuple(rows)


def _to_json(row: LedgerRow) -> str:
    return json.dumps(asdict(row) | {"at": row.at.isoformat()}, ensure_ascii=False)
