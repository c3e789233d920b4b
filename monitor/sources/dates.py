"""The date of an entry, from all that its document states: the surest one, in UTC.

Most dates are read by fixed forms; a few of each document may go to the slow reader of phrases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.core.text.dates.find import Dated, find_date, find_stamp
from monitor.model import Fetched, Source
from monitor.sources.draft import Sheet

SLOW_DATES: Final = 20


@dataclass(slots=True)
class SlowDates:
    """How many more dates of this document may go to the slow reader."""

    left: int = SLOW_DATES


def surest_date(
    texts: Sequence[str], sheet: Sheet, source: Source, fetched: Fetched, budget: SlowDates
) -> Dated | None:
    """The surest of the dates; the first one among equals."""
    best: Dated | None = None
    for text in texts:
        dated = find_stamp(text, now=fetched.fetched_at) or _read_date(text, sheet, source, fetched, budget)
        if dated and (best is None or dated.confidence > best.confidence):
            best = dated
        if best and best.confidence == 1:
            break
    return best


def _read_date(text: str, sheet: Sheet, source: Source, fetched: Fetched, budget: SlowDates) -> Dated | None:
    languages = date_languages(source, sheet.language)
    dated = find_date(
        text, timezone=source.timezone, now=fetched.fetched_at, languages=languages, phrases=False
    )
    if dated is None and budget.left > 0:
        budget.left -= 1
        dated = find_date(text, timezone=source.timezone, now=fetched.fetched_at, languages=languages)
    return dated


def date_languages(source: Source, language: str) -> tuple[str, ...]:
    """The tags to read dates by: the source's own with its country, then the document's."""
    own = source.language or ""
    if own and source.country and "-" not in own:
        own = f"{own}-{source.country}"
    return tuple(tag for tag in (own, language) if tag)


def moment(text: str, source: Source, fetched: Fetched) -> datetime | None:
    """The date of a text that is a date, without the slow last resort."""
    dated = find_date(text, timezone=source.timezone, now=fetched.fetched_at, phrases=False)
    return dated.stated if dated else None
