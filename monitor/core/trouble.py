"""What an error says about a source, in a sentence and in a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.errors import FetchError, Forbidden, HttpStatus, MonitorError, TooLarge, Unreachable
from monitor.saying import Saying, saying, word

NO_ANSWER = saying("no answer")


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
    return Trouble(text=said(error), reason=_reason(error), retry_at=getattr(error, "retry_at", None))


def said(error: MonitorError) -> str:
    """What an error says, still to be translated if it can be."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, Saying) else str(error)


def _reason(error: MonitorError) -> Saying:
    match error:
        case HttpStatus(status=status):
            return word(f"HTTP {status}")
        case Unreachable():
            return NO_ANSWER
        case TooLarge():
            return saying("too large")
        case Forbidden():
            return saying("not allowed")
        case FetchError():
            return saying("not fetched")
        case _:
            return saying("unreadable")
