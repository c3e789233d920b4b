"""What each kind of delivery says: one frozen record a kind; ``core.delivery.payload_json`` stores them.

Alerts, edits and replies carry an ``Alert``; its record is in ``model.alert``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from monitor.model.digest import DigestItem

DigestReason = Literal["waited", "hourly", "daily", "weekly", "review"]
Buckets = tuple[tuple[datetime, int, int], ...]
"""(start of the hour or day, articles of state outlets, of all others)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """Plain words for an operator, or about an unusual topic."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPart:
    """One message of a digest. ``count`` are the alerts of all parts, ``more`` those that none lists,
    ``copies`` the articles of their stories that were not alerted because they say the same.

    A ``review`` lists stories instead of alerts, maybe none; ``title`` is what its chat calls it.
    """

    reason: DigestReason
    count: int
    since: datetime
    until: datetime
    part: int = 1
    parts: int = 1
    lines: tuple[DigestItem, ...] = ()
    more: int = 0
    copies: int = 0
    tiers: Mapping[str, int] = field(default_factory=dict)
    health: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFigures:
    """The figures of the chart under a digest."""

    buckets: Buckets
    reason: DigestReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What changed in an article: (what, before, after) of each change, the most telling first."""

    headline: str
    url: str
    outlet: str
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSet:
    """Addresses of an article's pictures, shown after its alert (a delivery's key)."""

    alert: str
    outlet: str
    source_id: str
    topics: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A stored payload that is none of its kind; ``why`` it is not. It is kept as it is and never sent."""

    stored: object
    why: str = ""
