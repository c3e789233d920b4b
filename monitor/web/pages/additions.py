"""A new source: what a site offers, tried, and one of it written into the files."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from monitor.config import additions
from monitor.config.edit import put_checked
from monitor.errors import ConfigError, FetchError
from monitor.sources.discovery import discover
from monitor.sources.discovery.proposal import as_source
from monitor.web.desk import Desk, Editor, TheDesk, gone_to
from monitor.web.forms import FormFields

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["sources"])
ROUTERS = (page, api)

FILE = "added.yaml"
"""Where new sources are written, below ``sources/``."""
MOST_SHOWN = 5
_walks = threading.BoundedSemaphore(2)
"""A discovery asks up to 80 addresses, one after the other: two at a time are enough for people."""


class SiteQuery(BaseModel):
    """A site, a section or any page of it."""

    url: str = Field("", max_length=2_000)


class NewSource(BaseModel):
    """A source to be added; "" for what is not known. ``options`` are those of its kind."""

    url: str = Field(max_length=2_000)
    kind: str = Field("feed", max_length=40)
    id: str = Field("", max_length=64)
    name: str = Field("", max_length=200)
    site: str = Field("", max_length=2_000)
    language: str = Field("", max_length=8)
    country: str = Field("", max_length=8)
    tier: str = Field("", max_length=20)
    options: dict[str, Any] = {}


class CandidateShown(BaseModel):
    """What a site offers: why, what it lists, and the source that it would be."""

    reason: str
    entries: int
    newest: datetime | None
    headlines: list[str]
    source: NewSource


class DiscoveryView(SiteQuery):
    """What a site offers, best first; ``error`` says why nothing was found."""

    candidates: list[CandidateShown] = []
    tried: list[str] = []
    error: str = ""


@page.get("/sources/new")
def new_page(request: Request, desk: TheDesk, query: Annotated[SiteQuery, Query()]) -> HTMLResponse:
    """The form."""
    return desk.page(request, "source_new.html", view=DiscoveryView(url=query.url), problem="")


@page.post("/sources/discover")
def discover_page(request: Request, desk: TheDesk, _: Editor, form: FormFields) -> HTMLResponse:
    """What the site offers."""
    view = found_at(desk, form.get("url", "")[:2_000])
    return desk.page(request, "source_new.html", view=view, problem="")


@api.post("/sources/discover")
def discover_json(desk: TheDesk, _: Editor, query: SiteQuery) -> DiscoveryView:
    """Ask a site for feeds, sitemaps and pages of headlines; nothing is written."""
    return found_at(desk, query.url)


@page.post("/sources")
def add(request: Request, desk: TheDesk, _: Editor, form: FormFields) -> Response:
    """Write a source into the files."""
    try:
        wanted = _from_form(form)
        added(desk, wanted)
    except (HTTPException, ConfigError) as error:
        reason = str(error.detail) if isinstance(error, HTTPException) else str(error)
        view = DiscoveryView(url=form.get("url", "")[:2_000])
        return desk.page(request, "source_new.html", 409, view=view, problem=reason)
    return gone_to("/sources")


@api.post("/sources", status_code=201, responses={409: {}})
def add_json(desk: TheDesk, _: Editor, wanted: NewSource) -> NewSource:
    """Write a source into the files; refused when it is there already, or the config is not valid then."""
    return added(desk, wanted)


def found_at(desk: Desk, url: str) -> DiscoveryView:
    """What the site at ``url`` offers. Private addresses are never asked for anybody at the desk."""
    address = url.strip() if "://" in url else f"https://{url.strip()}"
    if not _walks.acquire(blocking=False):
        return DiscoveryView(url=url, error="two sites are being looked at already; try again in a moment")
    try:
        found = discover(address, fetch=desk.ports.fetch, kinds=desk.ports.kinds, now=desk.ports.now())
    except FetchError as error:
        return DiscoveryView(url=url, error=f"{address}: {error}")
    finally:
        _walks.release()
    nothing = {"id": "", "name": "", "language": "", "country": "", "tier": ""}
    candidates = [
        CandidateShown(
            reason=each.reason,
            entries=len(each.entries),
            newest=each.newest,
            headlines=[entry.title or entry.url for entry in each.entries[:MOST_SHOWN]],
            source=NewSource.model_validate(as_source(each, found, nothing, allow_private=False)),
        )
        for each in found.candidates
    ]
    why = "" if candidates else "no feed, no sitemap and no repeated headlines were found"
    tried = [f"{each.url}: {each.outcome}" for each in found.tried[:20]]
    return DiscoveryView(url=url, candidates=candidates, tried=tried, error=why)


def added(desk: Desk, wanted: NewSource) -> NewSource:
    """Write it; 409 with the reason when it cannot be."""
    record = {name: value for name, value in wanted.model_dump().items() if value not in ("", {})}
    found = additions((("", record),), desk.rulebook.sources, desk.ports.kinds)
    for passed in (*found.known, *found.wrong):
        raise HTTPException(409, f"{passed.name}: {passed.why}")
    put_checked(desk.folder / "sources" / FILE, "sources", found.new[0], desk.check)
    return NewSource.model_validate(found.new[0])


def _from_form(form: Mapping[str, str]) -> NewSource:
    try:
        options = json.loads(form.get("options", "") or "{}")
        return NewSource.model_validate({**form, "options": options})
    except ValueError as error:
        raise HTTPException(409, "the source cannot be read") from error
