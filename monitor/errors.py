"""Every error the monitor raises itself, with its fate.

::

    MonitorError
    ├── ConfigError          refuse: the edit is not taken, the old rulebook stays
    ├── QueryError           refuse: carries line, column and the mend
    ├── FetchError           retry: the source backs off, after N failures it is quarantined
    │   ├── Unreachable      retry: no connection, no answer in time
    │   │   └── Offline      retry soon, nobody's fault: no host at all answers
    │   ├── HttpStatus       retry or disable by status code
    │   ├── TooLarge         quarantine: the body is over the cap
    │   └── Forbidden        refuse: private address, scheme or port not allowed
    ├── ParseError           retry: what came is not what the kind reads (challenge page, empty body)
    ├── CostlyPage           go on without: the entry's own title and summary are matched
    ├── StoreError           what was asked cannot be done, now or later
    │   ├── StoreUnavailable wait and ask again: restarted, locked, its disk full
    │   ├── Conflict         retry at once: another job placed a neighbour first
    │   │   └── NotOurs      drop it: another service, or the sweep, took the job over
    │   ├── StoreBusy        stand by: another service owns this store
    │   └── StoreReplaced    end: another file stands in the place of the store's
    ├── EngineError          refuse: the engine cannot be set up (no broker address, an extra is missing)
    └── ChannelError         refuse: a channel cannot be set up (no token, bad address)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.i18n.lazy import NOTHING, LazyText


class MonitorError(Exception):
    """Root of the tree; ``str(error)`` is a sentence for a person."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing wrong with the operator's files.

    ``line`` and ``column`` count from 1; 0 means the whole file. ``hint`` says what to do.
    ``level`` is ``error`` (the edit is refused) or ``warning`` (it is taken).
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    level: str = "error"

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        level = "warning: " if self.level == "warning" else ""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {level}{self.message}{hint}"


class ConfigError(MonitorError):
    """The operator's files are wrong; ``problems`` lists every error at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class QueryError(MonitorError):
    """A query cannot be read. ``line`` and ``column`` count from 1 inside the query text."""

    def __init__(self, message: LazyText, *, line: int, column: int, hint: LazyText = NOTHING) -> None:
        self.message = message
        self.line = line
        self.column = column
        self.hint = hint
        super().__init__(f"{line}:{column}: {message}" + (f" ({hint})" if hint else ""))


class FetchError(MonitorError):
    """A request failed. ``retry_at`` is the earliest moment (UTC) the host asks to be left alone until."""

    def __init__(self, message: str, *, retry_at: datetime | None = None) -> None:
        self.retry_at = retry_at
        super().__init__(message)


class Unreachable(FetchError):
    """No connection, a broken one, or no complete answer before the deadline."""


class Offline(Unreachable):
    """No host answers since ``since`` (UTC): the machine has no network, the hosts are not to blame."""

    def __init__(self, message: str, *, since: datetime) -> None:
        self.since = since
        super().__init__(message)


class HttpStatus(FetchError):
    """The host answered with an error status (``status`` is the code)."""

    def __init__(self, message: str, *, status: int, retry_at: datetime | None = None) -> None:
        self.status = status
        super().__init__(message, retry_at=retry_at)


class TooLarge(FetchError):
    """The body is over the size cap."""


class Forbidden(FetchError):
    """The address may not be asked: private network, scheme, port or robots rule."""


class CostlyPage(MonitorError):
    """Reading a page takes more CPU or memory than one page may."""


class ParseError(MonitorError):
    """What came back is not what the source kind reads."""


class StoreError(MonitorError):
    """The database cannot do what was asked."""


class Conflict(StoreError):
    """Between reading and committing another job stored a neighbour; read again and decide again."""


class NotOurs(Conflict):
    """The job that is to be committed is no longer held by whoever commits it; nothing was written."""


class StoreUnavailable(StoreError):
    """The database does not answer or cannot write now: restarted, locked, its disk full."""


class StoreBusy(StoreError):
    """Another service process owns this store."""


class StoreReplaced(StoreError):
    """Another file stands in the place of the one that was opened: what is written goes nowhere."""


class EngineError(MonitorError):
    """What runs the jobs cannot be set up."""


class ChannelError(MonitorError):
    """A channel cannot be set up as the config says."""
