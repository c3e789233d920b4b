"""What an error status means for a source, in words and as a moment to come back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.errors import HttpStatus
from monitor.i18n.lazy import lazy
from monitor.i18n.localizer import note

LONGEST_REST = timedelta(days=1)

MEANING: Mapping[int, str] = {
    304: note("{host} says that nothing changed, though it was not told what we have (HTTP {status})"),
    401: note(
        "{host} asks for a user name and a password; use a public address of the outlet (HTTP {status})"
    ),
    402: note("{host} wants to be paid; use a public address of the outlet (HTTP {status})"),
    403: note(
        "{host} refuses us; ask the outlet for permission, or use another address of it (HTTP {status})"
    ),
    404: note("{host} has no such page; check the address of the source (HTTP {status})"),
    406: note(
        "{host} cannot answer in a form that this source reads; check the kind of the source (HTTP {status})"
    ),
    410: note(
        "{host} says that this page is gone for good; give the source a new address or remove it "
        "(HTTP {status})"
    ),
    429: note("{host} asks us to slow down; it is left alone for a while (HTTP {status})"),
    451: note(
        "{host} may not show this page for legal reasons; use another address of the outlet (HTTP {status})"
    ),
    503: note("{host} is overloaded or under repair; it is asked again later (HTTP {status})"),
}
_FAULT = note("{host} has a fault of its own; it is asked again later (HTTP {status})")
_UNKNOWN = note("{host} does not answer this request; check the address of the source (HTTP {status})")
SERVER_ERROR = 500


def http_status(status: int, headers: Mapping[str, str], *, host: str, now: datetime) -> HttpStatus:
    """The error for an answer with ``status``; ``headers`` have lower-case names."""
    meaning = MEANING.get(status) or (_FAULT if status >= SERVER_ERROR else _UNKNOWN)
    return HttpStatus(
        lazy(meaning, host=host, status=str(status)),
        status=status,
        retry_at=retry_at(headers.get("retry-after", ""), now),
    )


def retry_at(value: str, now: datetime) -> datetime | None:
    """The moment (UTC) that a Retry-After header names, in seconds or as a date (RFC 9110 §10.2.3).

    Never before ``now`` and never more than a day later. None: absent or not readable.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        # A number of more digits than this is far over the cap, and int() refuses very long ones.
        rest = timedelta(seconds=int(text)) if len(text) < 10 else LONGEST_REST  # noqa: PLR2004
        return now + min(rest, LONGEST_REST)
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return min(max(moment, now), now + LONGEST_REST)
