"""What an error says about a source, in a sentence and in a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.errors import FetchError, Forbidden, HttpStatus, MonitorError, TooLarge, Unreachable
from monitor.i18n.lazy import LazyText, lazy, word

NO_ANSWER = lazy("no answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a poll failed: ``text`` in a sentence, ``reason`` in a word or two for the ledger.

    ``retry_at`` is the host's own wish; ``grave`` means quarantine at once.
    """

    text: str
    reason: str
    retry_at: datetime | None = None
    grave: bool = False


def failure_of(error: MonitorError) -> Failure:
    """The trouble that an error means."""
    return Failure(text=error_text(error), reason=_reason(error), retry_at=getattr(error, "retry_at", None))


def error_text(error: MonitorError) -> str:
    """What an error says, still to be translated if it can be."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, LazyText) else str(error)


def _reason(error: MonitorError) -> LazyText:
    match error:
        case HttpStatus(status=status):
            return word(f"HTTP {status}")
        case Unreachable():
            return NO_ANSWER
        case TooLarge():
            return lazy("too large")
        case Forbidden():
            return lazy("not allowed")
        case FetchError():
            return lazy("not fetched")
        case _:
            return lazy("unreadable")
