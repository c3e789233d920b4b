"""What the processes beside the service need of the store: who lives, and who may send."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from monitor.model import WorkerProcess


class Workers(Protocol):
    """The processes that take jobs beside the service.

    A worker lives as long as its row is there. Whoever takes the row away (it is silent, or known to have
    ended) gives back in the same transaction what it held; it claims nothing more then.
    """

    def join(self, worker: WorkerProcess) -> None:
        """Begin to be a worker. Raises ``StoreError`` where one process has the store to itself (SQLite)."""

    def beat(self, worker_id: str) -> bool:
        """Say that it lives. False: it was taken for dead; what it held is others' now."""

    def leave(self, worker_id: str, *, rest: timedelta) -> None:
        """End: what it still holds is given back, and its hosts rest for so long."""

    def remove_silent(self, silent: timedelta, *, rest: timedelta) -> tuple[str, ...]:
        """Take away workers that said nothing for so long by the database's clock. Returns their ids."""

    def remove_ended(self, host: str, pid: int, *, rest: timedelta) -> tuple[str, ...]:
        """Take away the worker whose process is known to have ended."""

    def deaths(self, lately: timedelta) -> int:
        """How many workers were taken away in so long a time up to now, by the database's clock; a hundred
        at most. Those that left are none of them."""

    def all(self) -> tuple[WorkerProcess, ...]:
        """Every worker, the oldest first."""

    def take_sender(self, owner: str) -> bool:
        """Become or stay the one process that sends: a bot's limits are one for all. False: another is.

        Held by a lock that the server drops with the session, and fenced: from the moment on at which
        another owner has it, ``Outbox.claim`` gives this one nothing.
        """

    def drop_sender(self) -> None:
        """Let another process send."""
