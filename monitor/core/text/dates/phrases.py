"""The last resort: relative phrases ("2 hours ago", "вчера, 14:30") and scripts not read here."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from monitor.core.text.dates.names import month_number
from monitor.core.text.dates.numbers import Kind, Stated
from monitor.core.text.dates.zones import zone_named

MAX_PHRASE: Final = 60
_MAX_WORDS_WITHOUT_DIGIT: Final = 3
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
# Common ones first; asking all two hundred costs a tenth of a second a date.
_LANGUAGES: Final = tuple(
    """
    en ru be uk pl lt lv et de fr es it pt cs sk bg ro hu nl sv da nb fi tr el
    ar fa he hi ja ko zh vi id ka hy az kk
    """.split()  # noqa: SIM905  # a table to read
)
_KNOWN: Final = frozenset(_LANGUAGES)


def phrase(text: str, *, timezone: str | None, now: datetime, languages: tuple[str, ...]) -> Stated | None:
    """What ``dateparser`` reads in a case-folded text; the result's zone is always set.

    ``timezone`` holds for texts that name none. Texts over 60 characters, without a letter, or of
    many words without a digit are no phrases, nor is an address or a bare month: None.
    """
    has_digit = any(char.isdecimal() for char in text)
    words = text.split()
    if len(text) > MAX_PHRASE or "://" in text or not any(char.isalpha() for char in text):
        return None
    if not has_digit and (len(words) > _MAX_WORDS_WITHOUT_DIGIT or month_number(text.strip("."))):
        return None
    zone = zone_named(timezone) or UTC
    settings = {
        "TIMEZONE": timezone if timezone and zone_named(timezone) else "UTC",
        "RETURN_AS_TIMEZONE_AWARE": True,
        "RELATIVE_BASE": now.astimezone(zone).replace(tzinfo=None),
        "PREFER_DATES_FROM": "past",
    }
    asked = [language for language in languages if language in _KNOWN]
    order = [*asked, *(language for language in _LANGUAGES if language not in asked)]
    try:
        from dateparser.date import DateDataParser  # noqa: PLC0415 - 20 MB, and few dates need it

        reader = DateDataParser(languages=order, use_given_order=True, settings=settings)
        found = reader.get_date_data(text).date_obj
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError):
        return None  # dateparser trips over some texts that only resemble dates
    if found is None or found.tzinfo is None:
        return None
    kind: Kind = "guess" if _YEAR.search(text) else "relative"
    return Stated(wall=found.replace(tzinfo=None), zone=found.tzinfo, kind=kind)
