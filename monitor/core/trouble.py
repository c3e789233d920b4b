"""What an error says about a source, in a sentence and in a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.errors import FetchError, Forbidden, HttpStatus, MonitorError, TooLarge, Unreachable

NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a poll failed: ``text`` in a sentence, ``reason`` in a word or two for the ledger.

    ``retry_at`` is the host's own wish; ``grave`` means quarantine at once.
    """

    text: str
    reason: str
    retry_at: datetime | None = None
    grave: bool = False


def trouble(error: MonitorError) -> Trouble:
    """The trouble that an error means."""
    return Trouble(text=str(error), reason=_reason(error), retry_at=getattr(error, "retry_at", None))


def _reason(error: MonitorError) -> str:
    match error:
        case HttpStatus(status=status):
            return f"HTTP {status}"
        case Unreachable():
            return NO_ANSWER
        case TooLarge():
            return "too large"
        case Forbidden():
            return "not allowed"
        case FetchError():
            return "not fetched"
        case _:
            return "unreadable"
