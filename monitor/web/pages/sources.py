"""Sources: a list with those in trouble first, and one source with its week, gaps and articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from monitor.config.edit import file_of, files_of, put_all_checked, put_checked
from monitor.core.source.cadence import rates
from monitor.core.text.urls import host_key
from monitor.errors import FetchError, HttpStatus, ParseError
from monitor.http.robots_rules import MAX_BYTES, NO_RULES, rules_of
from monitor.inbox.hints import poll_soon
from monitor.jobs.preview import poll_once
from monitor.model import Fetched, FetchRequest, Job, PollNote, SeenArticle, Source, SourceState
from monitor.model.source import Tier
from monitor.web.desk import Desk, Editor, TheDesk, gone_to
from monitor.web.forms import FormFields
from monitor.web.pages.now import GapShown, gaps_shown

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["sources"])
ROUTERS = (page, api)

TROUBLE = ("failing", "quarantined", "stale")
WELL = ("fresh", "late", "new")
MOST_RETRIED = 500
MOST_BULK = 200
MOST_GAPS, MOST_ARTICLES, MOST_SEEN = 20, 50, 5_000
FULL_WORDS = 100
TIERS = tuple(tier for tier in get_args(Tier) if tier)
USUAL = 0.8
"""So many articles an hour are usual enough that an hour without one is worth a ring."""


class SourcesQuery(BaseModel):
    """Which sources: words of name, id or address; state of health (or ``broken``, ``well``); a page."""

    q: str = Field("", max_length=200)
    health: Literal["", "broken", "well", "new", "fresh", "late", "stale", "failing", "quarantined"] = ""
    tier: str = Field("", max_length=20)
    country: str = Field("", max_length=8)
    language: str = Field("", max_length=8)
    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(50, ge=1, le=200)


class SourceRow(BaseModel):
    """A source and how it does."""

    id: str
    name: str
    kind: str
    tier: str
    country: str | None
    language: str | None
    health: str
    error: str
    moved_to: str | None
    last_success: datetime | None
    last_new: datetime | None
    next_poll: datetime | None


class SourcesView(SourcesQuery):
    """A page of the sources. ``total`` fit the filters, ``all`` there are."""

    total: int
    all: int
    more: bool
    counts: dict[str, int]
    tiers: list[str]
    sources: list[SourceRow]


class CalendarHour(BaseModel):
    """An hour: articles ``seen``, and how many are usual; ``missed``: usual, and none came."""

    seen: int
    usual: float
    missed: bool


class CalendarDay(BaseModel):
    """A day, in the operator's zone."""

    name: str
    hours: list[CalendarHour]


class SourceView(BaseModel):
    """One source. ``full_share``: articles of a hundred with a text of more than a hundred words."""

    source: SourceRow
    url: str
    enabled: bool
    every_s: float | None
    failures: int
    note: str
    other_pages: int
    other_page: str
    calendar: list[CalendarDay]
    gaps: list[GapShown]
    articles: list[SeenArticle]
    topics: dict[str, list[str]]
    full_share: int
    polls: list[PollNote]


class EntryShown(BaseModel):
    """What a source lists."""

    title: str
    url: str
    published: datetime | None
    known: bool


class RobotsShown(BaseModel):
    """What the host's robots.txt says to us: of the source's address, and of pages beside it.

    ``state``: ``rules``, ``none`` (no such file: all is allowed) or ``unknown`` (it cannot be had)."""

    url: str
    state: Literal["rules", "none", "unknown"]
    said: str
    source_allowed: bool = True
    pages_allowed: int = 0
    pages: int = 0
    pause_s: float | None = None


class SourceTest(BaseModel):
    """What a source lists now; nothing of it is taken in."""

    id: str
    name: str
    error: str = ""
    warnings: list[str] = []
    entries: list[EntryShown] = []
    new: int = 0
    robots: RobotsShown | None = None


Wanted = Annotated[SourcesQuery, Query()]


@page.get("/sources")
def sources_page(request: Request, desk: TheDesk, query: Wanted) -> HTMLResponse:
    """The list."""
    return desk.page(request, "sources.html", view=listing(desk, query), all_tiers=TIERS)


@api.get("/sources")
def sources_json(desk: TheDesk, query: Wanted) -> SourcesView:
    """Sources, those in trouble first, a page at a time."""
    return listing(desk, query)


@page.get("/sources/{source_id}")
def source_page(request: Request, desk: TheDesk, source_id: str) -> HTMLResponse:
    """One source."""
    return desk.page(request, "source.html", view=one(desk, source_id))


@api.get("/sources/{source_id}", responses={404: {}})
def source_json(desk: TheDesk, source_id: str) -> SourceView:
    """One source: its week, gaps and newest articles."""
    return one(desk, source_id)


@page.post("/sources/retry")
def retry_failing(desk: TheDesk, _: Editor) -> Response:
    """Have every failing source asked now."""
    states, _total = desk.store.lists.sources(
        ids=None, health=("failing", "quarantined"), offset=0, limit=MOST_RETRIED
    )
    sources = [found for state in states if (found := desk.rulebook.sources.get(state.source_id))]
    jobs = [Job(kind="poll", key=source.id, host_key=host_key(source.url)) for source in sources]
    desk.store.jobs.add(jobs, desk.ports.now())
    desk.ports.wake()
    return gone_to("/sources?health=broken")


@page.post("/sources/{source_id}/poll")
def poll(desk: TheDesk, _: Editor, source_id: str) -> Response:
    """Have it asked now."""
    poll_soon(desk.ports, known(desk, source_id))
    return gone_to(f"/sources/{source_id}")


@page.post("/sources/{source_id}/test")
def source_test_page(request: Request, desk: TheDesk, _: Editor, source_id: str) -> HTMLResponse:
    """What it lists now."""
    return desk.page(request, "source_test.html", view=tested(desk, source_id))


@api.post("/sources/{source_id}/test", responses={404: {}})
def source_test_json(desk: TheDesk, _: Editor, source_id: str) -> SourceTest:
    """Ask a source and show what it lists; nothing is taken in."""
    return tested(desk, source_id)


@page.post("/sources/{source_id}/move")
def accept_move(desk: TheDesk, _: Editor, source_id: str) -> Response:
    """Write the address to which it moved for good into its file."""
    known(desk, source_id)
    state = desk.store.sources.state(source_id)
    path = file_of(source_id, "sources", desk.folder)
    if state is None or not state.moved_to or path is None:
        raise HTTPException(409, f"{source_id} has not moved, or stands in no file")
    put_checked(path, "sources", {"id": source_id, "url": state.moved_to}, desk.check)
    return gone_to(f"/sources/{source_id}")


@page.post("/sources/{source_id}/switch")
def switch(desk: TheDesk, _: Editor, source_id: str, form: FormFields) -> Response:
    """Switch it on or off in its file; what was read of it stays."""
    known(desk, source_id)
    path = file_of(source_id, "sources", desk.folder)
    if path is None:
        raise HTTPException(409, f"{source_id} stands in no file of {desk.folder}")
    record = {"id": source_id, "enabled": form.get("enabled") == "on"}
    put_checked(path, "sources", record, desk.check)
    return gone_to(f"/sources/{source_id}")


@page.post("/sources/bulk")
def bulk(desk: TheDesk, _: Editor, form: FormFields) -> Response:
    """Switch the ticked sources on or off, or give them a tier, country or language, in their files."""
    ids = [name.removeprefix("pick-") for name in form if name.startswith("pick-")][:MOST_BULK]
    change = _bulk_change(form)
    if not ids or not change:
        raise HTTPException(409, "tick some sources, and say what is to be done with them")
    files = files_of(frozenset(ids), "sources", desk.folder)
    missing = [source_id for source_id in ids if source_id not in files]
    if missing:
        raise HTTPException(409, f"these stand in no file of {desk.folder}: {', '.join(missing[:5])}")
    records: dict[Path, list[Mapping[str, object]]] = {}
    for source_id in ids:
        records.setdefault(files[source_id], []).append({"id": source_id, **change})
    put_all_checked(records, "sources", desk.check)
    return gone_to("/sources" + (form.get("back", "") if form.get("back", "").startswith("?") else ""))


def _bulk_change(form: Mapping[str, str]) -> dict[str, object]:
    """What is written into each record; values that no source may have are refused by the check."""
    match form.get("do"):
        case "on" | "off" as wanted:
            return {"enabled": wanted == "on"}
        case "set":
            said = {name: form.get(name, "").strip()[:20] for name in ("tier", "country", "language")}
            return {name: value for name, value in said.items() if value}
        case _:
            return {}


def known(desk: Desk, source_id: str) -> Source:
    """The source of this id; 404 for none."""
    source = desk.rulebook.sources.get(source_id)
    if source is None:
        raise HTTPException(404, f"there is no source {source_id!r}")
    return source


def listing(desk: Desk, query: SourcesQuery) -> SourcesView:
    """A page of the sources: three statements, however many there are."""
    health: Sequence[str] = {"": (), "broken": TROUBLE, "well": WELL}.get(query.health, (query.health,))
    states, total = desk.store.lists.sources(
        ids=_fitting(desk, query), health=health, offset=query.offset, limit=query.limit
    )
    counts = dict(desk.health())
    return SourcesView(
        **query.model_dump(),
        total=total,
        all=sum(counts.values()),
        more=query.offset + len(states) < total,
        counts=counts,
        tiers=desk.tiers(),
        sources=[_row(desk, state.source_id, state) for state in states],
    )


def one(desk: Desk, source_id: str) -> SourceView:
    """One source with all that a page shows of it."""
    source = known(desk, source_id)
    state, lists = desk.store.sources.state(source_id), desk.store.lists
    articles = lists.articles_of(source_id, MOST_ARTICLES)
    full = sum(item.words > FULL_WORDS for item in articles)
    return SourceView(
        source=_row(desk, source_id, state),
        url=source.url,
        enabled=source.enabled,
        every_s=(state.interval_s if state else None) or source.every.total_seconds(),
        failures=state.failures if state else 0,
        note=(state.note if state else "") or "",
        other_pages=state.other_pages if state else 0,
        other_page=state.other_page if state else "",
        calendar=_calendar(desk, source_id, state),
        gaps=gaps_shown(lists.gaps(source_id, MOST_GAPS), desk),
        articles=list(articles),
        topics={name: list(found) for name, found in lists.article_topics([a.id for a in articles]).items()},
        full_share=round(100 * full / len(articles)) if articles else 0,
        polls=list(lists.polls(source_id)),
    )


def tested(desk: Desk, source_id: str) -> SourceTest:
    """Ask the source once, beside its schedule."""
    source = known(desk, source_id)
    kind = desk.ports.kinds.get(source.kind)
    if kind is None:
        raise HTTPException(409, f"the kind {source.kind!r} is not installed")
    try:
        parsed = poll_once(source, kind, desk.ports.fetch, desk.rulebook.settings.fetch)
    except (FetchError, ParseError) as error:
        robots = robots_of(desk, source, ())
        return SourceTest(id=source_id, name=source.name, error=str(error), robots=robots)
    stored = desk.store.articles.known(parsed.entries)
    entries = [
        EntryShown(title=entry.title, url=entry.url, published=entry.published, known=entry.id in stored)
        for entry in parsed.entries[:MOST_ARTICLES]
    ]
    return SourceTest(
        id=source_id,
        name=source.name,
        warnings=list(parsed.warnings),
        entries=entries,
        new=sum(entry.id not in stored for entry in parsed.entries),
        robots=robots_of(desk, source, [entry.url for entry in parsed.entries]),
    )


def robots_of(desk: Desk, source: Source, pages: Sequence[str]) -> RobotsShown | None:
    """The host's rules for robots, asked for now; None for what no host lists (an inbox)."""
    parts = urlsplit(source.url)
    if parts.scheme not in {"http", "https"}:
        return None
    url = f"{parts.scheme}://{parts.netloc}/robots.txt"
    request = FetchRequest(url=url, allow_private=source.allow_private, max_bytes=MAX_BYTES)
    try:
        answer = desk.ports.fetch(request)
    except HttpStatus as error:
        gone = error.status is not None and 400 <= error.status < 500  # noqa: PLR2004
        return RobotsShown(url=url, state="none" if gone else "unknown", said=str(error))
    except FetchError as error:
        return RobotsShown(url=url, state="unknown", said=str(error))
    rules = rules_of(answer.body) if isinstance(answer, Fetched) else NO_RULES
    beside = [page for page in pages if urlsplit(page).netloc == parts.netloc]
    return RobotsShown(
        url=url,
        state="rules",
        said="",
        source_allowed=rules.allow(source.url),
        pages_allowed=sum(map(rules.allow, beside)),
        pages=len(beside),
        pause_s=rules.rest_s,
    )


def _fitting(desk: Desk, query: SourcesQuery) -> list[str] | None:
    """The ids of the sources that the words and the facts of the files fit; None when nothing was asked."""
    if not (query.q or query.tier or query.country or query.language):
        return None
    words, sources = query.q.casefold().split(), desk.rulebook.sources
    found: Iterable[str] = sources
    if words:
        left = list(desk.source_texts().items())
        for word in sorted(words, key=len, reverse=True):  # a long word leaves fewest
            left = [pair for pair in left if word in pair[1]]
        found = [id_ for id_, _ in left]
    if not (query.tier or query.country or query.language):
        return list(found)
    country = query.country.casefold()
    return [
        id_
        for id_ in found
        if (source := sources.get(id_)) is not None
        and (not query.tier or source.tier == query.tier)
        and (not country or (source.country or "").casefold() == country)
        and (not query.language or source.language == query.language)
    ]


def _row(desk: Desk, source_id: str, state: SourceState | None) -> SourceRow:
    source = desk.rulebook.sources.get(source_id)
    return SourceRow(
        id=source_id,
        name=source.name if source else source_id,
        kind=source.kind if source else "",
        tier=source.tier if source else "",
        country=source.country if source else None,
        language=source.language if source else None,
        health=state.health if state else "new",
        error=(state.error if state else "") or "",
        moved_to=state.moved_to if state else None,
        last_success=state.last_success_at if state else None,
        last_new=state.last_new_at if state else None,
        next_poll=state.next_fetch_at if state else None,
    )


def _calendar(desk: Desk, source_id: str, state: SourceState | None) -> list[CalendarDay]:
    zone, now = desk.zone, desk.ports.now()
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    begin = today - timedelta(days=6)
    moments = desk.store.lists.seen_at(source_id, begin, MOST_SEEN)
    seen = Counter((each.astimezone(zone).date(), each.astimezone(zone).hour) for each in moments)
    usual = rates(state.cadence, now) if state and state.cadence.since else (0.0,) * 168
    begun = state.first_read_at if state else None
    days = []
    for number in range(7):
        day = begin + timedelta(days=number)
        hours = []
        for hour in range(24):
            at = (day + timedelta(hours=hour)).astimezone(now.tzinfo)
            rate = usual[at.weekday() * 24 + at.hour]
            count = seen[day.date(), hour]
            over = at + timedelta(hours=1) <= now and begun is not None and at >= begun
            hours.append(
                CalendarHour(seen=count, usual=round(rate, 2), missed=over and not count and rate >= USUAL)
            )
        days.append(CalendarDay(name=f"{day:%a %d %b}", hours=hours))
    return days
