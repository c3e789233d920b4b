"""Why: give an address, a headline or words; a verdict in one sentence, then gate by gate."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse

from monitor.chores.why import Explained, explained, is_address
from monitor.core.match import match_text
from monitor.core.message.explanation import explanation_json
from monitor.core.search import pick, prepared
from monitor.core.why.verdict import Verdict
from monitor.errors import QueryError
from monitor.web.desk import Desk, TheDesk

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["why"])
ROUTERS = (page, api)

MOST_FOUND, MOST_CANDIDATES, MOST_WORDS = 10, 2_000, 12
_WORD = re.compile(r"\w{3,}")


class WhyQuery(BaseModel):
    """An address, an article's or entry's id, a headline, or words of it."""

    q: str = Field("", max_length=2_000)


class FoundArticle(BaseModel):
    """An article of the archive that has the words."""

    id: str
    title: str
    outlet: str
    published: datetime | None


class WhyView(WhyQuery):
    """The verdict; where words were given, the articles that have them. ``topics`` are the clause trees of
    every topic for the article as it is now. ``site``: the front page of an address that nobody watches."""

    verdict: Verdict | None = None
    article: str | None = None
    title: str = ""
    url: str = ""
    site: str = ""
    source: str | None = None
    found: list[FoundArticle] = []
    topics: list[dict[str, object]] = []


Wanted = Annotated[WhyQuery, Query()]


@page.get("/why")
def why_page(request: Request, desk: TheDesk, query: Wanted) -> HTMLResponse:
    """The page."""
    return desk.page(request, "why.html", view=view(desk, query.q.strip()))


@api.get("/why")
def why_json(desk: TheDesk, query: Wanted) -> WhyView:
    """Why an article was or was not told: the verdict and its gates."""
    return view(desk, query.q.strip())


def view(desk: Desk, asked: str) -> WhyView:
    """What is known of an address, an id or words."""
    if not asked:
        return WhyView(q=asked)
    about = explained(asked, desk.store, desk.rulebook, desk.ports.now())
    if about.found is not None:
        return _known(desk, asked, about)
    if is_address(asked):
        return WhyView(q=asked, verdict=about.verdict, url=asked, site=_front_page(asked))
    found = _with_words(desk, asked)
    if len(found) == 1:
        only = explained(found[0].id, desk.store, desk.rulebook, desk.ports.now())
        return _known(desk, asked, only)
    return WhyView(q=asked, found=found)


def _known(desk: Desk, asked: str, about: Explained) -> WhyView:
    assert about.found is not None
    entry, article = about.found["entry"] or {}, about.article
    topics: list[dict[str, object]] = []
    if article is not None:
        text = match_text(article)
        topics = [
            explanation_json(desk.rulebook.matcher.explain(topic.id, text))
            for topic in desk.rulebook.topics.values()
            if topic.enabled
        ]
    return WhyView(
        q=asked,
        verdict=about.verdict,
        article=article.id if article else None,
        title=article.title if article else str(entry.get("title") or ""),
        url=article.url if article else str(entry.get("url") or ""),
        source=article.source_id if article else entry.get("source_id"),
        topics=sorted(topics, key=lambda item: not item["true"]),
    )


def _front_page(url: str) -> str:
    """Where a site offers what it has: an article's page offers at best its related ones."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else url


def _with_words(desk: Desk, words: str) -> list[FoundArticle]:
    """The newest articles that have all the words of a headline."""
    asked = " ".join(f"={word}" for word in _WORD.findall(words)[:MOST_WORDS])
    if not asked:
        return []
    try:
        wanted, matcher = prepared(asked, desk.rulebook)
    except QueryError:
        return []
    found = pick(desk.store.articles.search(wanted), matcher, limit=MOST_FOUND, most=MOST_CANDIDATES)
    return [
        FoundArticle(
            id=item.id, title=item.title, outlet=item.source_name or item.source_id, published=item.published
        )
        for item in found.articles
    ]
