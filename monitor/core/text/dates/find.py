"""Dates as feeds, sitemaps and pages write them, read into UTC.

ISO 8601 and W3C-DTF with their partial forms, RFC 822/2822 with every odd zone, Unix stamps, and
day-month-year in some twenty-five languages are read here; only what is left (relative phrases,
other scripts) goes to ``dateparser``, which costs a thousand times more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from monitor.core.text.dates.numbers import Kind, Stated, numeric, plain_stamp
from monitor.core.text.dates.phrases import phrase
from monitor.core.text.dates.words import written
from monitor.core.text.dates.zones import to_utc, zone_named

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
TOLERANCE: Final = timedelta(minutes=10)
MAX_TEXT: Final = 200
_CONFIDENCE: Final[dict[Kind, float]] = {
    "exact": 1.0,
    "no-zone": 0.8,
    "day": 0.7,
    "relative": 0.6,
    "guess": 0.4,
    "month": 0.3,
    "year": 0.1,
}
_FUTURE: Final = 0.3
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date that was read.

    ``moment`` is aware UTC and never later than ``now`` plus ten minutes; ``stated`` is what the
    text says before that clamp. ``confidence`` is 0–1. ``kind``: ``exact`` to the minute or better
    with a zone, ``no-zone`` without, ``day`` (start of it), ``month`` and ``year`` (start of it),
    ``relative`` ("2 hours ago": differs at each reading), ``guess`` (parts missing or doubtful).
    """

    moment: datetime
    confidence: float
    kind: Kind
    stated: datetime


def find_date(
    text: str,
    *,
    timezone: str | None,
    now: datetime,
    languages: Sequence[str] = (),
    phrases: bool = True,
) -> Dated | None:
    """The date that ``text`` states, or None when it states none after 1989.

    ``timezone`` (IANA name) holds for dates without a zone, else UTC does. ``languages`` (ISO 639-1,
    also with a region) decide between readings. ``now`` (aware) is what relative dates count from;
    later dates become ``now``, with less confidence. ``phrases=False`` leaves out the slow last
    resort. Texts are read up to 200 characters.
    """
    if exact := find_stamp(text, now=now):
        return exact
    folded = _fold(text)
    if not any(char.isdecimal() or char.isalpha() for char in folded):
        return None
    asked = tuple(tag.replace("_", "-").split("-")[0].lower() for tag in languages if tag)
    month_first = _is_month_first(timezone, languages)
    stated = numeric(folded) or written(folded, languages=asked, month_first=month_first, now=now)
    if stated is None and phrases:
        stated = phrase(folded, timezone=timezone, now=now, languages=asked)
    return None if stated is None else _dated(stated, timezone, now)


def find_stamp(text: str, *, now: datetime) -> Dated | None:
    """``find_date`` for the two exact forms that almost every feed writes; None for all others."""
    moment = plain_stamp(text)
    if moment is None or moment < EARLIEST:
        return None
    if moment <= now + TOLERANCE:
        return Dated(moment=moment, confidence=1.0, kind="exact", stated=moment)
    return Dated(moment=now.astimezone(UTC), confidence=_FUTURE, kind="exact", stated=moment)


def _dated(stated: Stated, timezone: str | None, now: datetime) -> Dated | None:
    """In UTC, between 1990 and now."""
    moment = to_utc(stated.wall, stated.zone or zone_named(timezone))
    if moment is None or moment < EARLIEST:
        return None
    confidence = _CONFIDENCE[stated.kind]
    if moment <= now + TOLERANCE:
        return Dated(moment=moment, confidence=confidence, kind=stated.kind, stated=moment)
    clamped = now.astimezone(UTC)
    return Dated(moment=clamped, confidence=confidence * _FUTURE, kind=stated.kind, stated=moment)


def _fold(text: str) -> str:
    """Case-folded, one space between words, every script's digits as ASCII ones."""
    folded = unicodedata.normalize("NFKC", text[:MAX_TEXT]).casefold()
    digits = "".join(str(unicodedata.decimal(char, char)) for char in folded)
    return _SPACES.sub(" ", digits).strip(" \t,;|·•")


def _is_month_first(timezone: str | None, languages: Sequence[str]) -> bool:
    """American order: English without a hint of another country."""
    tags = {tag.replace("_", "-").lower() for tag in languages}
    if "en-us" in tags:
        return True
    return "en" in tags and (timezone is None or timezone.startswith("America/"))
