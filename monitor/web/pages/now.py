"""Now: what is broken first, then today beside the same weekday."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse

from monitor import __version__
from monitor.core.source.uptime import gap_text
from monitor.model import DayFigures, Gap, OpenWork, SourceState
from monitor.web.desk import Desk, TheDesk

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["now"])
ROUTERS = (page, api)

MOST = 10
MOST_WAITS = 2_000
DAY, WEEK = timedelta(days=1), timedelta(days=7)


class BrokenSource(BaseModel):
    """A source that fails, is silent or has moved."""

    id: str
    name: str
    health: str
    error: str
    since: datetime | None
    next_try: datetime | None


class GapShown(BaseModel):
    """A time in which a source was not covered."""

    source: str
    name: str
    text: str
    began_at: datetime
    ended_at: datetime | None
    complete: bool | None


class EventShown(BaseModel):
    """What operators were told: of sources, of edits that were refused or are held, of chats."""

    at: datetime
    kind: str
    subject: str
    text: str


class NowView(BaseModel):
    """What the page Now shows. Shares are per cent, waits are seconds from publication to the alert."""

    at: datetime
    version: str
    running_since: datetime | None
    rules: str
    rules_taken_at: datetime | None
    broken: list[BrokenSource]
    health: dict[str, int]
    work: OpenWork
    paused: list[str]
    today: DayFigures
    last_week: DayFigures
    coverage_day: float | None
    coverage_week: float | None
    gaps: list[GapShown]
    events: list[EventShown]
    wait_median_s: float | None
    wait_p95_s: float | None


@page.get("/")
def now_page(request: Request, desk: TheDesk) -> HTMLResponse:
    """The page."""
    return desk.page(request, "now.html", view=view(desk))


@api.get("/now")
def now_json(desk: TheDesk) -> NowView:
    """What is broken, today beside the same weekday, coverage, latency."""
    return view(desk)


def view(desk: Desk) -> NowView:
    """All of it: a constant number of statements; what concerns every source is a minute old at most."""
    moment, lists = desk.ports.now(), desk.store.lists
    uptime = desk.uptime()
    states, _ = lists.sources(ids=None, health=("failing", "quarantined", "stale"), offset=0, limit=MOST)
    kept = next(iter(desk.store.admin.rulebooks(1)), None)
    waits = sorted(lists.waits(moment - DAY, MOST_WAITS))
    lately = sorted(uptime.gaps, key=lambda gap: (gap.ended_at is None, gap.began_at), reverse=True)
    paused = [chat.title or chat.id for chat in desk.store.chats.all() if chat.state == "paused"]
    return NowView(
        at=moment,
        version=__version__,
        running_since=desk.store.admin.service_since(),
        rules=desk.rulebook.revision,
        rules_taken_at=kept.taken_at if kept else None,
        broken=[broken(state, desk) for state in states],
        health=dict(desk.health()),
        work=lists.open_work(),
        paused=paused,
        today=lists.figures(moment - DAY, moment),
        last_week=lists.figures(moment - WEEK - DAY, moment - WEEK),
        coverage_day=uptime.day.percent,
        coverage_week=uptime.week.percent,
        gaps=gaps_shown(lately[:MOST], desk),
        events=[
            EventShown(at=each.at, kind=each.kind, subject=each.subject, text=str(each.text))
            for each in lists.events(MOST)
        ],
        wait_median_s=statistics.median(waits) if waits else None,
        wait_p95_s=waits[int(len(waits) * 0.95)] if waits else None,
    )


def broken(state: SourceState, desk: Desk) -> BrokenSource:
    """A source in trouble, in words."""
    source = desk.rulebook.sources.get(state.source_id)
    return BrokenSource(
        id=state.source_id,
        name=source.name if source else state.source_id,
        health=state.health,
        error=state.error or "nothing new",
        since=state.gap_since or state.last_success_at,
        next_try=state.next_fetch_at,
    )


def gaps_shown(gaps: Sequence[Gap], desk: Desk) -> list[GapShown]:
    """Gaps in words, with the names of their sources."""
    sources, zone = desk.rulebook.sources, desk.zone
    return [
        GapShown(
            source=gap.source_id,
            name=sources[gap.source_id].name if gap.source_id in sources else gap.source_id,
            text=str(gap_text(gap, zone)),
            began_at=gap.began_at,
            ended_at=gap.ended_at,
            complete=gap.complete,
        )
        for gap in gaps
    ]
