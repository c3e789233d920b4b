"""How long a host is left alone after a request, and whose rules hold for the request."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

from monitor.core.source.failure_reason import NO_ANSWER
from monitor.errors import FetchError
from monitor.model import Fetched, FetchRequest, FetchSettings, NotModified, SourceState
from monitor.ports import SourceKind

IMPATIENT_S = 10.0


def obeying(request: FetchRequest, kind: SourceKind, limits: FetchSettings) -> FetchRequest:
    """A source's request under robots rules where they hold: for pages, and for all if so set."""
    robots = limits.robots == "all" or (limits.robots == "pages" and not kind.offered)
    return dataclasses.replace(request, robots=robots)


def impatient(request: FetchRequest, state: SourceState, limits: FetchSettings) -> FetchRequest:
    """The request with less time for a source that gave no answer the last time."""
    if not state.failures or state.gap_reason != NO_ANSWER:
        return request
    shorter_s = min(request.deadline_s or limits.deadline_s, IMPATIENT_S)
    return dataclasses.replace(request, deadline_s=shorter_s)


def cooldown_until(
    answer: Fetched | NotModified | FetchError | None, now: datetime, limits: FetchSettings
) -> datetime | None:
    """Until when nothing more is asked of the host: the usual pause, its crawl-delay, or its own wish.

    None: no pause at all.
    """
    pause_s = limits.host_delay_s
    if isinstance(answer, Fetched | NotModified) and answer.rest_s is not None:
        pause_s = max(pause_s, min(answer.rest_s, limits.longest_rest_s))
    until = now + timedelta(seconds=pause_s) if pause_s else None
    wish = answer.retry_at if isinstance(answer, FetchError) else None
    return max(filter(None, (until, wish)), default=None)
