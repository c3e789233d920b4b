"""Search: the query language over the archive, a page at a time, and as CSV or JSON lines."""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import PlainTextResponse, Response

from monitor.core.match import match_text
from monitor.core.query import pointer
from monitor.core.query.engine.matcher import Matcher
from monitor.core.search import Found, pick, prepared
from monitor.errors import QueryError
from monitor.model import Article, SavedSearch, Span
from monitor.web.desk import Desk, Editor, TheDesk, gone_to
from monitor.web.forms import FormFields

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["search"])
ROUTERS = (page, api)

MOST_CANDIDATES = 5_000
"""Articles that the index offers and the matcher looks at for one page."""
MOST_EXPORTED = 1_000
MOST_NEW = 50


class SearchQuery(BaseModel):
    """A query as in topics, and a page of what it finds, newest first."""

    q: str = Field("", max_length=5_000)
    offset: int = Field(0, ge=0, le=2_000)
    limit: int = Field(20, ge=1, le=100)


class Hit(BaseModel):
    """An article that matches, with the places."""

    id: str
    title: str
    text: str = Field(exclude=True)
    url: str
    source: str
    outlet: str
    tier: str
    language: str | None
    published: datetime | None
    seen_at: datetime
    spans: list[Span]


class SavedShown(BaseModel):
    """A saved search. ``new``: articles since somebody looked, at most fifty are counted."""

    id: str
    title: str
    query: str
    account: str
    new: int
    feed: str


class SearchView(SearchQuery):
    """What was found. ``whole`` is false when there were more candidates than are looked at at once."""

    hits: list[Hit]
    more: bool
    looked_at: int
    whole: bool
    error: str = ""
    pointer: str = ""


Wanted = Annotated[SearchQuery, Query()]


@page.get("/search")
def search_page(
    request: Request, desk: TheDesk, query: Wanted, form: Literal["", "csv", "jsonl"] = ""
) -> Response:
    """The page, or its export."""
    if form and query.q.strip():
        found, _ = _found(desk, query.q, MOST_EXPORTED)
        return _exported(found.articles, form)
    saved = [] if query.q else saved_shown(desk)
    return desk.page(request, "search.html", view=view(desk, query), saved=saved)


@page.post("/search/save")
def save(desk: TheDesk, editor: Editor, form: FormFields) -> Response:
    """Keep a query, with a feed."""
    query = form.get("q", "")[:5_000]
    prepared(query, desk.rulebook)
    now = desk.ports.now()
    search = SavedSearch(
        id=secrets.token_urlsafe(9),
        title=form.get("title", "").strip()[:200] or query[:80],
        query=query,
        account=editor.name,
        made_at=now,
        seen_at=now,
        secret=secrets.token_urlsafe(24),
    )
    desk.store.accounts.save_search(search)
    return gone_to("/search")


@page.post("/search/saved/{search_id}/open")
def open_saved(desk: TheDesk, _: Editor, search_id: str) -> Response:
    """Look at a saved search: what is there now is new no more."""
    found = next((each for each in desk.store.accounts.searches() if each.id == search_id), None)
    if found is None:
        raise HTTPException(404, "there is no such saved search")
    desk.store.accounts.save_search(replace(found, seen_at=desk.ports.now()))
    return gone_to(f"/search?{urlencode({'q': found.query})}")


@page.post("/search/saved/{search_id}/remove")
def remove_saved(desk: TheDesk, _: Editor, search_id: str) -> Response:
    """Keep it no longer; its feed leads nowhere then."""
    desk.store.accounts.remove_search(search_id)
    return gone_to("/search")


@api.get("/searches")
def searches_json(desk: TheDesk) -> list[SavedShown]:
    """The saved searches with what is new since somebody looked."""
    return saved_shown(desk)


@api.get("/search")
def search_json(desk: TheDesk, query: Wanted) -> SearchView:
    """Articles that match a query, newest first; a mistake in it stands in ``error``."""
    return view(desk, query)


def view(desk: Desk, query: SearchQuery) -> SearchView:
    """A page of what the query finds."""
    nothing = SearchView(**query.model_dump(), hits=[], more=False, looked_at=0, whole=True)
    if not query.q.strip():
        return nothing
    try:
        found, matcher = _found(desk, query.q, query.offset + query.limit + 1)
    except QueryError as error:
        hint = f" ({error.hint})" if error.hint else ""
        shown = pointer(query.q, error.line, error.column)
        return nothing.model_copy(update={"error": f"{error.message}{hint}", "pointer": shown})
    shown_articles = found.articles[query.offset : query.offset + query.limit]
    return SearchView(
        **query.model_dump(),
        hits=[hit(article, matcher) for article in shown_articles],
        more=len(found.articles) > query.offset + query.limit,
        looked_at=found.looked_at,
        whole=found.whole,
    )


def saved_shown(desk: Desk) -> list[SavedShown]:
    """Every saved search; a query that the files made unreadable counts nothing."""
    return [
        SavedShown(
            id=each.id,
            title=each.title,
            query=each.query,
            account=each.account,
            new=sum(item.seen_at > each.seen_at for item in found_by(desk, each.query, MOST_NEW)),
            feed=f"/feeds/{each.secret}",
        )
        for each in desk.store.accounts.searches()
    ]


def found_by(desk: Desk, query: str, limit: int) -> tuple[Article, ...]:
    """The newest articles that a query finds; none for one that cannot be read."""
    try:
        return _found(desk, query, limit)[0].articles
    except QueryError:
        return ()


def hit(article: Article, matcher: Matcher) -> Hit:
    """An article with the places at which the matcher's only topic matches it."""
    spans = next((match.spans for match in matcher.match(match_text(article))), ())
    return Hit(
        id=article.id,
        title=article.title,
        text=article.text,
        url=article.canonical_url or article.url,
        source=article.source_id,
        outlet=article.source_name or article.source_id,
        tier=article.tier,
        language=article.language,
        published=article.published,
        seen_at=article.seen_at,
        spans=list(spans),
    )


def _found(desk: Desk, query: str, limit: int) -> tuple[Found, Matcher]:
    wanted, matcher = desk.prepared(query)
    return pick(desk.store.articles.search(wanted), matcher, limit=limit, most=MOST_CANDIDATES), matcher


def _exported(articles: Iterable[Article], form: str) -> Response:
    names = ("id", "title", "url", "source", "language", "published", "seen")
    rows = [
        (a.id, a.title, a.canonical_url or a.url, a.source_id, a.language, _iso(a.published), _iso(a.seen_at))
        for a in articles
    ]
    headers = {"content-disposition": f'attachment; filename="search.{form}"'}
    if form == "jsonl":
        lines = [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in rows]
        return PlainTextResponse("".join(f"{line}\n" for line in lines), headers=headers)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([harmless_cell(str(cell or "")) for cell in row] for row in rows)
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def harmless_cell(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an outlet chose it."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
