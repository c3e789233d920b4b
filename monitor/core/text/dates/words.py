"""Dates with a month's name or in day.month.year, wherever they stand in a short text."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from typing import Final

from monitor.core.text.dates.names import month_number
from monitor.core.text.dates.numbers import Kind, Stated, wall_clock
from monitor.core.text.dates.zones import leading_zone

_TIME: Final = re.compile(
    r"(?<![\d.])(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}))?(?:[.,]\d+)?(?!\d)"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
_HOUR: Final = re.compile(r"(?<!\d)(?P<hour>\d{1,2})\s?(?P<half>[ap])\.?m\b\.?")
_DOTTED_TIME: Final = re.compile(
    r"(?:kl\.?|um|at|ore|klo)\s(?P<a>\d{1,2})[.:](?P<b>\d\d)(?!\.?\d)"
    r"|(?<![\d.])(?P<c>\d{1,2})(?:[.:](?P<d>\d\d)\suhr|\s?h\s?(?P<e>\d\d)?\b)"
)
_DAY_MONTH_YEAR: Final = re.compile(r"(?<!\d)(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?!\d)")
_YEAR_MONTH_DAY: Final = re.compile(r"(?<!\d)(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?!\d)")
_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+")
# What may stand between a number and the month that it belongs to.
_FILLERS: Final = frozenset({*"demoaºгіи", "st", "nd", "rd", "th", "de", "of", "the", "er", "del", "gada"})
_MONTHS_IN_YEAR: Final = 12
_DAYS: Final = 31
_NOON: Final = 12
_PIVOT: Final = 90


def written(text: str, *, languages: tuple[str, ...], month_first: bool, now: datetime) -> Stated | None:
    """The date in a case-folded text, or None.

    ``month_first`` reads 10/11/2022 as October. A date without a year gets the latest year that
    is not in the future, seen from ``now``.
    """
    rest, clock, zone = _take_time(text)
    day = _in_digits(rest, month_first=month_first) or _in_words(rest, languages, now)
    if day is None:
        return None
    wall, kind = day
    if clock is None or kind in ("month", "year"):
        return Stated(wall=wall, zone=zone, kind=kind)
    timed = wall_clock(wall.year, wall.month, wall.day, *clock)
    if timed is None:
        return None
    if kind == "guess":
        return Stated(wall=timed, zone=zone, kind=kind)
    return Stated(wall=timed, zone=zone, kind="exact" if zone else "no-zone")


def _take_time(text: str) -> tuple[str, tuple[int, int, int] | None, tzinfo | None]:
    """The text without its time of day, the time, the zone behind it."""
    if found := _TIME.search(text) or _HOUR.search(text):
        groups = found.groupdict()
        hour = int(groups["hour"])
        if groups["half"]:
            hour = hour % _NOON + (_NOON if groups["half"] == "p" else 0)
        clock = (hour, int(groups.get("minute") or 0), int(groups.get("second") or 0))
    elif found := _DOTTED_TIME.search(text):
        hour_digits = found["a"] or found["c"]
        clock = (int(hour_digits), int(found["b"] or found["d"] or found["e"] or 0), 0)
    else:
        return text, None, None
    zone, taken = leading_zone(text[found.end() :])
    return f"{text[: found.start()]} ; {text[found.end() + taken :]}", clock, zone


def _in_digits(text: str, *, month_first: bool) -> tuple[datetime, Kind] | None:
    if found := _YEAR_MONTH_DAY.search(text):
        wall = wall_clock(int(found[1]), int(found[3]), int(found[4]))
        return (wall, "day") if wall else None
    found = _DAY_MONTH_YEAR.search(text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[3]), _full_year(found[4])
    swap = second > _MONTHS_IN_YEAR or (month_first and found[2] == "/" and first <= _MONTHS_IN_YEAR)
    day, month = (second, first) if swap else (first, second)
    wall = wall_clock(year, month, day)
    doubtful = found[2] == "/" and first <= _MONTHS_IN_YEAR and second <= _MONTHS_IN_YEAR and first != second
    return (wall, "guess" if doubtful else "day") if wall else None


def _in_words(text: str, languages: tuple[str, ...], now: datetime) -> tuple[datetime, Kind] | None:
    tokens = [token for token in _TOKEN.findall(text) if token not in _FILLERS]
    best: tuple[int, int, int | None, int | None] | None = None
    for at, token in enumerate(tokens):
        month = None if token[0].isdecimal() else month_number(token, languages)
        if month is None:
            continue
        score, day, year = _around(tokens, at)
        if score and (best is None or score > best[0]):
            best = (score, month, day, year)
    if best is None:
        return None
    _, month, day, year = best
    if year is None:
        return _latest(month, day or 1, now)
    wall = wall_clock(year, month, day or 1)
    return (wall, "day" if day else "month") if wall else None


def _around(tokens: list[str], at: int) -> tuple[int, int | None, int | None]:
    """How sure the token is a month (0: not at all), its day and its year."""
    before = _number(tokens, at - 1)
    after = _number(tokens, at + 1)
    later = _number(tokens, at + 2)
    years = [int(token) for token in tokens if len(token) == 4 and token.isdecimal()]  # noqa: PLR2004
    year = years[0] if years else None
    if before and len(before) <= 2 and 1 <= int(before) <= _DAYS:  # noqa: PLR2004
        if year is None and after and len(after) == 2:  # noqa: PLR2004
            year = _full_year(after)
        return (3 if after and len(after) in (2, 4) else 2), int(before), year
    if after and len(after) <= 2 and 1 <= int(after) <= _DAYS:  # noqa: PLR2004
        if year is None and later and len(later) == 2:  # noqa: PLR2004
            year = _full_year(later)
        return 1, int(after), year
    if year is not None and str(year) in (before, after):
        return 1, None, year
    return 0, None, None


def _number(tokens: list[str], at: int) -> str | None:
    return tokens[at] if 0 <= at < len(tokens) and tokens[at].isdecimal() else None


def _full_year(digits: str) -> int:
    """RFC 2822 §4.3 reads two digits from 50 on as 19xx; news begins in 1990."""
    year = int(digits)
    return year if len(digits) > 2 else year + (1900 if year >= _PIVOT else 2000)  # noqa: PLR2004


def _latest(month: int, day: int, now: datetime) -> tuple[datetime, Kind] | None:
    for year in range(now.year, now.year - 9, -1):  # 29 February may be eight years ago
        wall = wall_clock(year, month, day)
        if wall and wall <= now.replace(tzinfo=None) + timedelta(days=1):
            return wall, "guess"
    return None
