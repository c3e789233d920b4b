"""What a discovery gives: candidates with their reasons, and what was tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from monitor.model import Entry, Parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """An address worth asking, and why. ``weight`` says how sure the site itself is of it (0–1)."""

    url: str
    why: str
    weight: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """An address that was read: its kind, what it lists, and the lead that led there."""

    kind: str
    url: str
    parsed: Parsed
    lead: Lead
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCandidate:
    """A source that the site offers.

    ``score`` orders candidates of one discovery and means nothing else. ``reason`` is a line for a
    person. ``options`` are those of its kind. ``newest`` is the newest date (UTC) of ``entries``.
    """

    kind: str
    url: str
    title: str
    language: str | None
    entries: tuple[Entry, ...]
    score: float
    reason: str
    newest: datetime | None = None
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An address that was asked and what came of it."""

    url: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found at ``url`` (the address after redirects), best first."""

    url: str
    title: str
    language: str | None
    candidates: tuple[SourceCandidate, ...]
    tried: tuple[Tried, ...]
