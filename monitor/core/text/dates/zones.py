"""Time zones as dates write them: offsets, and names with the offset most news means by them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

_OFFSETS: Final = """
z 0  ut 0  utc 0  gmt 0  wet 0  bst 1  west 1  cet 1  met 1  mez 1  cest 2  mest 2  mesz 2
eet 2  eest 3  msk 3  мск 3  msd 4  trt 3  fet 3  samt 4  gst 4  wat 1  cat 2  sast 2  eat 3
est -5  edt -4  cst -6  cdt -5  mst -7  mdt -6  pst -8  pdt -7  akst -9  akdt -8  hst -10
ast -4  adt -3  nst -3.5  ndt -2.5  brt -3  art -3  clt -4  cot -5  pet -5  vet -4
irst 3.5  pkt 5  yekt 5  ist 5.5  npt 5.75  almt 6  ict 7  wib 7  sgt 8  hkt 8  pht 8  awst 8
jst 9  kst 9  acst 9.5  aest 10  aedt 11  nzst 12  nzdt 13
"""
_HOURS: Final = {
    name: float(hours) for name, hours in zip(_OFFSETS.split()[::2], _OFFSETS.split()[1::2], strict=True)
}
_PLACES: Final = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
_MAX_OFFSET: Final = timedelta(hours=14)
_OFFSET: Final = re.compile(
    r"(?:(?:gmt|utc|ut|z)\s?([+\-−–])\s?(\d{1,2})|([+\-−])(\d\d))(?::?(\d\d))?(?![\d.:/-])"
)
# A name ends the text or stands before the year (asctime), else it is a word of some language.
_NAME: Final = re.compile(r"[^\W\d_]{1,5}(?=\s*(?:$|[(),;|\]]|\d{4}(?!\d)))")
_AREA: Final = re.compile(r"(?:africa|america|asia|atlantic|australia|europe|pacific)/[a-z_/]{3,30}")


@lru_cache(maxsize=256)
def zone_named(name: str | None) -> tzinfo | None:
    """The zone of an IANA name in any case; None when there is no such zone."""
    if not name:
        return None
    spelled = "/".join("_".join(word.capitalize() for word in part.split("_")) for part in name.split("/"))
    for tried in (name, spelled):
        try:
            return ZoneInfo(tried)
        except (ValueError, OSError, KeyError):
            continue
    return None


def leading_zone(text: str) -> tuple[tzinfo | None, int]:
    """The zone that the case-folded ``text`` opens with, and how many characters it takes.

    Offsets (RFC 2822 §3.3, ISO 8601, ``GMT+9``), abbreviations and IANA names. Abbreviations that
    stand for several zones get the one with most readers (IST is India, CST central America).
    (None, 0) when it opens with none; an offset over 14 hours is none.
    """
    opening = len(text) - len(text.lstrip(" ("))
    rest = text[opening:]
    if found := _OFFSET.match(rest):
        offset = timedelta(hours=int(found[2] or found[4]), minutes=int(found[5] or 0))
        if offset > _MAX_OFFSET:
            return None, 0
        east = (found[1] or found[3]) == "+"
        return timezone(offset if east else -offset), opening + found.end()
    if found := _AREA.match(rest):
        named = zone_named(found[0])
        return (named, opening + found.end()) if named else (None, 0)
    if found := _NAME.match(rest):
        if found[0] in _HOURS:
            return timezone(timedelta(hours=_HOURS[found[0]])), opening + found.end()
        if found[0] in _PLACES:
            return zone_named(_PLACES[found[0]]), opening + found.end()
    return None, 0


def to_utc(moment: datetime, zone: tzinfo | None) -> datetime | None:
    """A wall-clock time in ``zone`` (UTC when None) as UTC; None when it leaves the calendar."""
    try:
        return moment.replace(tzinfo=zone or UTC).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
