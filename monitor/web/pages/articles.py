"""An article: its text with the words that matched, its wordings, what was told of it."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse

from monitor.core.delivery.preferences import is_watch
from monitor.model import Span
from monitor.web.desk import Desk, TheDesk
from monitor.web.pages.stories import ToldShown

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["articles"])
ROUTERS = (page, api)


class MatchShown(BaseModel):
    """A topic that the article matches, with the places."""

    topic: str
    score: float
    rulebook: str
    spans: list[Span]


class WordingShown(BaseModel):
    """An earlier wording: what it changed into, as (what, before, after)."""

    at: datetime | None
    title: str
    changes: list[tuple[str, str, str]]


class ArticleView(BaseModel):
    """One article. ``text`` is what was read of the page; ``by`` says how."""

    id: str
    title: str
    url: str
    source: str
    outlet: str
    tier: str
    country: str | None
    language: str | None
    authors: list[str]
    published: datetime | None
    modified: datetime | None
    seen_at: datetime
    late: bool
    text: str
    story: str | None
    copy_of: str | None
    matches: list[MatchShown]
    wordings: list[WordingShown]
    told: list[ToldShown]


@page.get("/articles/{article_id}")
def article_page(request: Request, desk: TheDesk, article_id: str) -> HTMLResponse:
    """The page."""
    view = one(desk, article_id)
    spans = [span for match in view.matches for span in match.spans]
    return desk.page(request, "article.html", view=view, spans=spans)


@api.get("/articles/{article_id}", responses={404: {}})
def article_json(desk: TheDesk, article_id: str) -> ArticleView:
    """One article with its matches, wordings and what was told of it."""
    return one(desk, article_id)


def one(desk: Desk, article_id: str) -> ArticleView:
    """The article by its id, the id of an entry that led to it, or its address."""
    article = desk.store.articles.article(article_id)
    found = desk.store.articles.trace(article_id) if article is not None else None
    if article is None or found is None:
        raise HTTPException(404, f"there is no article {article_id!r}; the archive may have let it go")
    placement, told = found["placement"], found["deliveries"]
    assert placement is None or isinstance(placement, dict)
    assert isinstance(told, list)
    return ArticleView(
        id=article.id,
        title=article.title,
        url=article.canonical_url or article.url,
        source=article.source_id,
        outlet=article.source_name or article.source_id,
        tier=article.tier,
        country=article.country,
        language=article.language,
        authors=list(article.authors),
        published=article.published,
        modified=article.modified,
        seen_at=article.seen_at,
        late=article.late,
        text=article.text,
        story=placement["story_id"] if placement else None,
        copy_of=placement["copy_of"] if placement else None,
        matches=[
            MatchShown(
                topic=match.topic_id, score=match.score, rulebook=match.rulebook, spans=list(match.spans)
            )
            for match in desk.store.articles.matches(article.id)
            if not is_watch(match.topic_id)
        ],
        wordings=_wordings(found["revisions"]),
        told=[
            ToldShown(
                key=row["key"],
                chat=row["chat_id"],
                kind=row["kind"],
                state=row["state"],
                at=row["sent_at"] or row["not_before"],
                error=row["error"],
                article=row["article_id"],
            )
            for row in told
            if row["article_id"] == article.id
        ],
    )


def _wordings(rows: object) -> list[WordingShown]:
    assert isinstance(rows, list)
    return [
        WordingShown(
            at=row["seen_at"],
            title=row["title"],
            changes=[(str(what), str(before), str(after)) for what, before, after in row["changes"] or ()],
        )
        for row in rows
    ]
