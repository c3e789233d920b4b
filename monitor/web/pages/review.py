"""Press review: the stories of a period by prominence; ticked, ordered and noted; as a page, HTML and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from monitor.core.delivery.preferences import digest_text
from monitor.core.delivery.report import report_of
from monitor.core.message.chart import coverage_png
from monitor.core.source.uptime import coverage_line
from monitor.web.desk import Desk, Editor, TheDesk
from monitor.web.documents import NoPdf, PrintedItem, PrintedReview, docx_of, pdf_of
from monitor.web.forms import FormFields
from monitor.web.pages.search import harmless_cell
from monitor.web.render import counted

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["review"])
ROUTERS = (page, api)

MOST = 100
TICKED = 20
"""So many of the most prominent stories are ticked to begin with."""
NOTE = 1_000
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class ReviewQuery(BaseModel):
    """The last so many days, and which topics (none: all)."""

    days: int = Field(1, ge=1, le=31)
    topics: list[str] = Field([], max_length=50)


class ReviewItem(BaseModel):
    """A story of the period. ``outlets`` tell it; ``note`` is the editor's."""

    story: str
    headline: str
    url: str
    outlet: str
    tier: str
    language: str | None
    at: datetime
    topics: list[str]
    outlets: int
    ticked: bool
    note: str = ""


class BucketShown(BaseModel):
    """Articles of an hour or a day: of state outlets, and of all others."""

    at: datetime
    state: int
    others: int


class ReviewView(ReviewQuery):
    """The review, the most prominent story first. ``footer`` says how much of the time was covered."""

    since: datetime
    until: datetime
    articles: int
    outlets: int
    tiers: dict[str, int]
    buckets: list[BucketShown]
    items: list[ReviewItem]
    more: int
    footer: str
    known_topics: list[str]
    scheduled: list[ScheduledReview]


class ScheduledReview(BaseModel):
    """A review that a chat gets by itself, as chats.yaml says."""

    chat: str
    title: str
    when: str
    topics: list[str]


Wanted = Annotated[ReviewQuery, Query()]


@page.get("/review")
def review_page(request: Request, desk: TheDesk, query: Wanted) -> HTMLResponse:
    """What may go into the review."""
    found = view(desk, query)
    bars = [(f"{each.at:%d %b %H:%M}", float(each.state + each.others)) for each in found.buckets]
    return desk.page(request, "review.html", view=found, bars=bars)


@api.get("/review")
def review_json(desk: TheDesk, query: Wanted) -> ReviewView:
    """The stories of a period by prominence, with its figures."""
    return view(desk, query)


@page.post("/review")
def made(request: Request, desk: TheDesk, _: Editor, form: FormFields) -> Response:
    """The review as it was ticked, ordered and noted: a preview, or a file."""
    days = form.get("days", "")
    query = ReviewQuery(
        days=min(int(days), 31) if days.isdecimal() and days[:3].strip("0") else 1,
        topics=[each for each in form.get("topics", "").split(",") if each][:50],
    )
    whole = view(desk, query)
    chosen = whole.model_copy(update={"items": _chosen(whole.items, form)})
    match form.get("form"):
        case "html":
            text = desk.renderer.text("review_file.html", view=chosen, title=form.get("title", "")[:200])
            return _file(text, "text/html", "press-review.html")
        case "csv":
            return _file(_csv(chosen.items), "text/csv", "press-review.csv")
        case "docx":
            return _document(docx_of(_printed(desk, chosen, form)), _DOCX, "press-review.docx")
        case "pdf":
            try:
                return _document(pdf_of(_printed(desk, chosen, form)), "application/pdf", "press-review.pdf")
            except NoPdf as error:
                raise HTTPException(501, str(error)) from error
        case _:
            title = form.get("title", "")[:200]
            return desk.page(request, "review_preview.html", view=chosen, title=title, form=form)


def view(desk: Desk, query: ReviewQuery) -> ReviewView:
    """The period's stories: two statements, and the coverage that is a minute old at most."""
    until = desk.ports.now()
    since = until - timedelta(days=query.days)
    topics = [each for each in query.topics if each in desk.rulebook.topics]
    wanted = topics or list(desk.rulebook.topics)
    report = report_of(desk.store.articles.period(since, until, wanted), since=since, until=until)
    uptime, names = desk.uptime(), {source.id: source.name for source in desk.rulebook.sources.values()}
    gaps = [gap for gap in uptime.gaps if gap.ended_at is None or gap.ended_at > since]
    items = [
        ReviewItem(
            story=line.story_id,
            headline=line.headline,
            url=line.url,
            outlet=line.outlet,
            tier=line.tier,
            language=line.language,
            at=line.at,
            topics=list(line.topics),
            outlets=line.outlets,
            ticked=number < TICKED,
        )
        for number, line in enumerate(report.lines[:MOST])
    ]
    return ReviewView(
        days=query.days,
        topics=topics,
        since=since,
        until=until,
        articles=report.articles,
        outlets=report.outlets,
        tiers=dict(report.tiers),
        buckets=[BucketShown(at=at, state=state, others=others) for at, state, others in report.buckets],
        items=items,
        more=max(0, len(report.lines) - MOST),
        footer=coverage_line(uptime.day, uptime.week, gaps, names, desk.zone),
        known_topics=list(desk.rulebook.topics),
        scheduled=[
            ScheduledReview(
                chat=chat.title or chat.id,
                title=each.title,
                when=digest_text(each.at),
                topics=list(each.topics),
            )
            for chat in desk.rulebook.chats.values()
            for each in chat.reviews
        ],
    )


def _chosen(items: list[ReviewItem], form: Mapping[str, str]) -> list[ReviewItem]:
    """The ticked ones, by the number that the editor gave each, with his notes."""

    def place(number: int, item: ReviewItem) -> tuple[int, int]:
        said = form.get(f"order-{item.story}", "")
        return (int(said) if said.isdecimal() and len(said) < 5 else number + 1, number)  # noqa: PLR2004

    ticked = [
        (place(number, item), item.model_copy(update={"note": form.get(f"note-{item.story}", "")[:NOTE]}))
        for number, item in enumerate(items)
        if form.get(f"pick-{item.story}")
    ]
    return [item for _, item in sorted(ticked, key=lambda each: each[0])]


def _csv(items: list[ReviewItem]) -> str:
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(("at", "outlet", "tier", "language", "headline", "outlets", "topics", "note", "url"))
    for item in items:
        cells = (item.outlet, item.tier, item.language or "", item.headline, str(item.outlets))
        more = (" ".join(item.topics), item.note, item.url)
        rows.writerow([item.at.isoformat(), *map(harmless_cell, (*cells, *more))])
    return out.getvalue()


def _printed(desk: Desk, chosen: ReviewView, form: Mapping[str, str]) -> PrintedReview:
    """The review in words, as its HTML has it, with a chart."""

    def moment(at: datetime) -> str:
        return f"{at.astimezone(desk.zone):%Y-%m-%d %H:%M}"

    tiers = ", ".join(f"{count} {name or 'other'}" for name, count in chosen.tiers.items())
    sums = f"{counted(chosen.articles, 'article')} of {counted(chosen.outlets, 'outlet')}"
    hourly = chosen.until - chosen.since <= timedelta(days=2)
    rows = tuple((each.at, each.state, each.others) for each in chosen.buckets)
    items = [
        PrintedItem(
            headline=item.headline,
            url=item.url,
            facts=" · ".join(
                part
                for part in (
                    item.outlet,
                    item.tier,
                    item.language or "",
                    moment(item.at),
                    counted(item.outlets, "outlet"),
                    ", ".join(item.topics),
                )
                if part
            ),
            note=item.note,
        )
        for item in chosen.items
    ]
    return PrintedReview(
        title=form.get("title", "")[:200] or "Press review",
        about=f"{moment(chosen.since)} – {moment(chosen.until)}. {sums}{': ' + tiers if tiers else ''}.",
        items=items,
        footer=chosen.footer,
        chart=coverage_png(rows, desk.rulebook.settings.timezone, hourly=hourly) if rows else b"",
    )


def _document(content: bytes, kind: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def _file(text: str, kind: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=f"{kind}; charset=utf-8", headers=headers)
