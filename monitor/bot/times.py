"""Times, spans, intervals and durations as people type them in a chat, in each language of the interface.

Names of weekdays come from CLDR (Babel); the few small words ("every", "from", "to") stand here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time, timedelta
from functools import cache
from typing import Final, Literal

from babel import Locale
from babel.dates import get_day_names

from monitor.i18n.localizer import LANGUAGES
from monitor.model import Digest, QuietHours


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


OFF: Final = _words("off none no нет не выкл сразу ні адразу одразу вимк nie odrazu ne iškart 0")
"""How one says that a digest or quiet hours are not wanted."""
_EVERY: Final = _words(
    """
    every each on at @
    каждый каждую каждое по в во
    кожны кожную кожнае у па о
    кожен кожну кожне об що
    co każdy każdą każdego w o
    kas kiekvieną
    """
)
_HOURLY: Final = _words(
    """
    hourly hour час ежечасно гадзіну штогадзіны годину щогодини godzinę cogodzinny valandą kasvaland
    """
)
_DAILY: Final = _words(
    "daily day день ежедневно дзень штодня штодзень щодня щоденно dzień codziennie dieną kasdien"
)
_WEEKLY: Final = _words(
    """
    weekly week неделю еженедельно тыдзень штотыдзень тиждень щотижня tydzień cotygodniowo savaitę kassavaitę
    """
)
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s?(am|pm|a\.m\.|p\.m\.)?")
_SPAN: Final = re.compile(
    r"(?:from|с|со|з|ад|від|od|nuo)?\s*([\d:.]{1,5}\s?(?:[ap]\.?m\.?)?)"
    r"(?:\s*(?:-|–|—|to|till|until|до|да|do|iki)\s*|\s+)([\d:.]{1,5}\s?(?:[ap]\.?m\.?)?)"
)
_DURATION: Final = re.compile(r"(\d{1,4})\s?([^\W\d_]{0,9})\.?")
_MINUTE, _HOUR, _DAY, _WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=7)
# The beginnings of a unit's name; a number alone is one of hours.
_UNITS: Final[Mapping[str, timedelta]] = {
    "": _HOUR,
    "h": _HOUR,
    "hr": _HOUR,
    "hour": _HOUR,
    "ч": _HOUR,
    "час": _HOUR,
    "г": _HOUR,
    "гад": _HOUR,
    "год": _HOUR,
    "godz": _HOUR,
    "val": _HOUR,
    "m": _MINUTE,
    "min": _MINUTE,
    "мин": _MINUTE,
    "хв": _MINUTE,
    "мін": _MINUTE,
    "d": _DAY,
    "day": _DAY,
    "д": _DAY,
    "дн": _DAY,
    "ден": _DAY,
    "дзен": _DAY,
    "дзён": _DAY,
    "dni": _DAY,
    "dzie": _DAY,
    "dien": _DAY,
    "w": _WEEK,
    "week": _WEEK,
    "н": _WEEK,
    "нед": _WEEK,
    "тыд": _WEEK,
    "тиж": _WEEK,
    "tyg": _WEEK,
    "sav": _WEEK,
}
_LONGEST_UNIT: Final = 4
_FEWEST_LETTERS: Final = 3
_STEM: Final = 4


def read_clock(text: str) -> time | None:
    """A time of day: ``8``, ``8:30``, ``8.30``, ``8h30``, ``11pm``, ``7 a.m.``, ``24``."""
    found = _CLOCK.fullmatch(text.strip().casefold())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a clock's face
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour == 24 and minute == 0:  # noqa: PLR2004 - ISO 8601's end of a day
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004


def read_span(text: str) -> QuietHours | None:
    """``23-7``, ``11pm-7am``, ``from 23:00 to 7``, ``с 23 до 7``: two different times of a day."""
    found = _SPAN.fullmatch(text.strip().casefold())
    if found is None:
        return None
    start, end = read_clock(found[1]), read_clock(found[2])
    if start is None or end is None or start == end:
        return None
    return QuietHours(start=start, end=end)


def read_interval(text: str) -> Digest | None:
    """``hourly``, ``8:00``, ``every day``, ``daily 8``, ``каждый день в 9``, ``mon 8``, ``mondays``."""
    words = [word for word in text.casefold().replace(",", " ").split() if word not in _EVERY]
    at = None
    for count in (2, 1):
        clock = read_clock(" ".join(words[-count:])) if len(words) >= count else None
        if clock is not None:
            at, words = clock, words[:-count]
            break
    days = [number for word in words if (number := _weekday(word)) is not None]
    others = {word for word in words if _weekday(word) is None}
    if len(days) > 1 or len(others) > 1:
        return None
    if days and others <= _WEEKLY:
        return _digest("weekly", at, weekday=days[0])
    if others & _HOURLY and at is None and not days:
        return Digest(every="hourly")
    if (others & _DAILY or (not others and at is not None)) and not days:
        return _digest("daily", at)
    return _digest("weekly", at) if others & _WEEKLY else None


def read_duration(text: str) -> timedelta | None:
    """``2h``, ``30 min``, ``3 days``, ``2 часа``, ``1 tydz.``; a number alone is one of hours."""
    found = _DURATION.fullmatch(text.strip().casefold())
    if found is None or not found[1].isascii():
        return None
    name = found[2]
    for length in range(min(len(name), _LONGEST_UNIT), -1, -1):
        unit = _UNITS.get(name[:length])
        # One letter is a whole name, more are the beginning of one.
        if unit is not None and (length > 1 or length == len(name)):
            return int(found[1]) * unit
    return None


def _digest(every: Literal["daily", "weekly"], at: time | None, *, weekday: int | None = None) -> Digest:
    usual = Digest(every=every)
    return Digest(
        every=every, at=usual.at if at is None else at, weekday=usual.weekday if weekday is None else weekday
    )


def _weekday(word: str) -> int | None:
    """The number of a weekday by its name in any language of the interface, or its beginning; 0 is Monday."""
    names = _weekdays()
    if word in names:
        return names[word]
    if len(word) < _FEWEST_LETTERS:
        return None
    fits = {
        number
        for name, number in names.items()
        # "mon"; "по пятницам": a plural or a case begins as the name does.
        if name.startswith(word) or (len(name) > _STEM and word.startswith(name[: max(len(name) - 2, _STEM)]))
    }
    return fits.pop() if len(fits) == 1 else None


@cache
def _weekdays() -> Mapping[str, int]:
    found: dict[str, int] = {}
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for width in ("abbreviated", "wide"):
            for context in ("format", "stand-alone"):
                for number, name in get_day_names(width, context=context, locale=locale).items():
                    found.setdefault(name.casefold().rstrip("."), number)
    return found
