"""Backtests: what a draft would have found in the archive, beside the running rule."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from monitor.core.lab.backtest import ClauseUse, Sample
from monitor.core.search import prepared
from monitor.model import Topic
from monitor.web.backtests import BacktestRun
from monitor.web.desk import Desk, Editor, TheDesk, gone_to, seen_by_script
from monitor.web.forms import FormFields
from monitor.web.pages.topics import TopicDraft, draft_of

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["topics"])
ROUTERS = (page, api)

MOST_DAYS, USUAL_DAYS = 366, 7


class DayShown(BaseModel):
    """Articles and alerts of a day."""

    day: date
    articles: int
    alerts: int


class BacktestView(BaseModel):
    """A backtest: how far it is; once it is done, the forecast, the clauses and the difference."""

    id: str
    topic: str
    state: str
    looked_at: int
    total: int
    error: str
    matched: int = 0
    alerts_a_day: float = 0.0
    worst_day: int = 0
    days: list[DayShown] = []
    outlets: dict[str, int] = {}
    idle: list[ClauseUse] = []
    dominant: list[ClauseUse] = []
    samples: list[Sample] = []
    gained: int = 0
    lost: int = 0
    gained_samples: list[Sample] = []
    lost_samples: list[Sample] = []


class BacktestOrder(TopicDraft):
    """What to try, and on how many days of the archive."""

    days: int = Field(USUAL_DAYS, ge=1, le=MOST_DAYS)


@page.post("/topics/backtest")
def backtest_begin(desk: TheDesk, _: Editor, form: FormFields) -> Response:
    """Try a draft on the archive."""
    said = form.get("days", "")
    days = min(max(int(said), 1), MOST_DAYS) if said.isdecimal() and len(said) < 5 else USUAL_DAYS  # noqa: PLR2004
    run = begun(desk, draft_of(form), days)
    return gone_to(f"/topics/backtests/{run.id}")


@api.post("/topics/backtest", responses={409: {}})
def backtest_begin_json(desk: TheDesk, _: Editor, order: BacktestOrder) -> BacktestView:
    """Begin a backtest; ask for it by its id until it is done."""
    return tried(begun(desk, order, order.days))


@page.get("/topics/backtests/{run_id}")
def backtest_page(request: Request, desk: TheDesk, run_id: str) -> HTMLResponse:
    """How far it is, and what came of it; the page asks for itself again while it runs."""
    run = _run(desk, run_id)
    if seen_by_script(request):
        return desk.renderer.page("backtest_part.html", view=tried(run))
    return desk.page(request, "backtest.html", view=tried(run))


@api.get("/topics/backtests/{run_id}", responses={404: {}})
def backtest_json(desk: TheDesk, run_id: str) -> BacktestView:
    """How far it is, and what came of it."""
    return tried(_run(desk, run_id))


@page.post("/topics/backtests/{run_id}/cancel")
def backtest_cancel(desk: TheDesk, _: Editor, run_id: str) -> Response:
    """Do not go on with it."""
    _run(desk, run_id).cancelled.set()
    return gone_to(f"/topics/backtests/{run_id}")


def begun(desk: Desk, draft: TopicDraft, days: int) -> BacktestRun:
    """Begin a backtest of a draft; raises QueryError for a query that cannot be read."""
    topic = Topic(id=draft.id or "draft", query=draft.query, languages=tuple(draft.languages))
    prepared(topic.query, desk.rulebook, topic.languages)
    return desk.backtests.start(topic, days)


def tried(run: BacktestRun) -> BacktestView:
    """A run as pages show it."""
    view = BacktestView(
        id=run.id,
        topic=run.topic.id,
        state=run.state,
        looked_at=run.looked_at,
        total=run.total,
        error=run.error,
    )
    found, change = run.found, run.change
    if run.state != "done" or found is None:
        return view
    return view.model_copy(
        update={
            "matched": found.matched,
            "alerts_a_day": round(found.alerts_a_day, 2),
            "worst_day": max(found.alerts.values(), default=0),
            "days": [
                DayShown(day=day, articles=count, alerts=found.alerts.get(day, 0))
                for day, count in found.days.items()
            ],
            "outlets": dict(list(found.outlets.items())[:20]),
            "idle": list(found.idle),
            "dominant": list(found.dominant),
            "samples": list(found.samples),
            "gained": change.gained_count if change else 0,
            "lost": change.lost_count if change else 0,
            "gained_samples": list(change.gained) if change else [],
            "lost_samples": list(change.lost) if change else [],
        }
    )


def _run(desk: Desk, run_id: str) -> BacktestRun:
    run = desk.backtests.get(run_id)
    if run is None:
        raise HTTPException(404, "there is no such backtest any more: the latest twenty are kept")
    return run
