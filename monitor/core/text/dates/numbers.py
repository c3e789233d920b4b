"""Dates in digits: ISO 8601 and W3C-DTF in full and in part, 14-digit stamps, Unix stamps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final, Literal

from monitor.core.text.dates.zones import leading_zone

Kind = Literal["exact", "no-zone", "day", "month", "year", "relative", "guess"]

_ISO: Final = re.compile(
    r"(?P<year>\d{4})(?:(?P<mark>[-/.]?)(?P<month>\d\d?)(?:(?P=mark)(?P<day>\d\d?))?)?(?!\d)"
    r"(?:(?:t|\s|,\s?|\st\s)(?P<half>오전|오후|午前|午後|上午|下午|)\s?"
    r"(?P<hour>\d\d?):?(?P<minute>\d\d)(?::?(?P<second>\d\d?))?(?:[.,:]\d+)?(?:\s?(?P<m>[ap])\.?m\b)?)?"
)
_COMPACT: Final = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?!\d)"
)
_EAST_ASIAN: Final = re.compile(r"(\d{4})\s?[年년]\s?(\d\d?)\s?[月월]\s?(\d\d?)\s?[日일]")
_ORDINAL: Final = re.compile(r"(\d{4})-?(\d{3})")
_WEEK: Final = re.compile(r"\d{4}-?w\d\d(?:-?\d)?")
# Seconds, milliseconds or microseconds.
_UNIX: Final = re.compile(r"(?:(\d{9,10})|(\d{10})\d{3}|(\d{10})\d{6})(?:\.\d+)?")
_RFC822: Final = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}, ?)?"
    r"(\d\d?) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r" (\d{4}) (\d\d?):(\d\d?)(?::(\d\d?))? ([A-Z]{1,4}|(?:GMT|UTC)?[+-]\d\d?(?::?[0-5]\d)?)"
)
_RFC3339: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(Z|[+-](?:0\d|1[0-3]):[0-5]\d)"
)
_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS: Final = {name: number for number, name in enumerate(_NAMES, start=1)}
_AFTERNOON: Final = frozenset({"p", "오후", "午後", "下午"})
_NOON: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a text states: a wall-clock time (naive) and the zone that stands beside it, if any."""

    wall: datetime
    zone: tzinfo | None
    kind: Kind


def wall_clock(  # noqa: PLR0917  # the order of datetime's own arguments
    year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0, second: int = 0
) -> datetime | None:
    """The naive time, with hour 24 as the next day's first and a leap second as 59; None if there
    is no such time."""
    try:
        if hour == 24 and minute == 0 and second == 0:  # noqa: PLR2004  # ISO 8601 §5.3.2
            return datetime(year, month, day) + timedelta(days=1)  # noqa: DTZ001  # naive by purpose
        return datetime(year, month, day, hour, minute, min(second, 59) if second <= 60 else second)  # noqa: DTZ001, PLR2004
    except (ValueError, OverflowError):
        return None


def plain_stamp(text: str) -> datetime | None:
    """RFC 822 and RFC 3339 as almost every feed writes them, read in one go into UTC; None for all
    else and for what is no time."""
    if found := _RFC822.fullmatch(text):
        day, name, year, hour, minute, second, zone = found.groups()
        month: int | str = _MONTHS[name]
    elif found := _RFC3339.fullmatch(text):
        year, month, day, hour, minute, second, zone = found.groups()
    else:
        return None
    offset = _offset(zone)
    if offset is None:
        return None
    try:
        wall = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
        return wall - offset if offset else wall
    except (ValueError, OverflowError):
        return None  # hour 24, second 60 and the like take the long way


@lru_cache(maxsize=128)
def _offset(zone: str) -> timedelta | None:
    """East of Greenwich; None for no zone and for places whose offset changes in the year."""
    found, taken = leading_zone(zone.casefold())
    return found.utcoffset(None) if found is not None and taken == len(zone) else None


def numeric(text: str) -> Stated | None:
    """The date that the case-folded text opens with, or None when it opens with none in digits."""
    text = _EAST_ASIAN.sub(r"\1-\2-\3", text)
    if not text[:4].isdecimal():
        return None
    if found := _UNIX.fullmatch(text):
        seconds = int(found[1] or found[2] or found[3])
        return Stated(wall=datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None), zone=UTC, kind="exact")
    if (_ORDINAL.fullmatch(text) or _WEEK.fullmatch(text)) and (wall := _ordinal(text)):
        return Stated(wall=wall, zone=None, kind="day")
    found = _COMPACT.match(text) or _ISO.match(text)
    return _from_parts(found, text[found.end() :]) if found else None


def _ordinal(text: str) -> datetime | None:
    """Day 123 of a year, or a week date (ISO 8601 §5.2.2–3)."""
    try:
        if "w" in text:
            return datetime.fromisoformat(text.upper())
        return datetime.strptime(text.replace("-", ""), "%Y%j")  # noqa: DTZ007  # naive by purpose
    except ValueError:
        return None


def _from_parts(found: re.Match[str], rest: str) -> Stated | None:
    groups = found.groupdict()
    parts = {name: int(value) for name, value in groups.items() if value and value.isdecimal()}
    zone, taken = leading_zone(rest) if "hour" in parts else (None, 0)
    if rest[:1].isalnum() and not taken:
        return None
    if "day" not in parts and rest.strip(" .z"):
        return None  # "2022 m. liepos 28 d." opens with a year and is not over
    if "hour" in parts and (groups.get("half") or groups.get("m")):
        is_afternoon = {groups.get("half"), groups.get("m")} & _AFTERNOON
        parts["hour"] = parts["hour"] % _NOON + (_NOON if is_afternoon else 0)
    wall = wall_clock(**parts)
    if wall is None:
        return None
    if "hour" in parts:
        return Stated(wall=wall, zone=zone, kind="exact" if zone else "no-zone")
    return Stated(
        wall=wall, zone=None, kind="day" if "day" in parts else "month" if "month" in parts else "year"
    )
