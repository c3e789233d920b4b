"""Stories: a list with filters; one story with who was first, who repeated whom, what was told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from monitor.core.story.syndication import syndication
from monitor.model import Delivery, Story, StoryArticle, StoryFilter, StoryRow
from monitor.web.desk import Desk, Editor, TheDesk, gone_to
from monitor.web.forms import FormFields

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["stories"])
ROUTERS = (page, api)

MOST_TOLD = 200
EARLIEST, LATEST = 1990, 2200


class StoriesQuery(BaseModel):
    """Which stories: of so many days before ``until``, of a topic, tier or language, of some outlets."""

    days: int = Field(2, ge=1, le=366)
    until: datetime | None = None
    topic: str = Field("", max_length=100)
    tier: str = Field("", max_length=20)
    language: str = Field("", max_length=8)
    outlets: int = Field(1, ge=1, le=1_000)
    offset: int = Field(0, ge=0, le=1_000_000)
    limit: int = Field(25, ge=1, le=100)


class StoriesView(StoriesQuery):
    """A page of the stories, the one with the newest article first."""

    more: bool
    topics: list[str]
    tiers: list[str]
    stories: list[StoryRow]
    pinned: list[StoryRow] = []


class BranchShown(BaseModel):
    """An article with those that repeat it; ``delays_s`` after it, in seconds."""

    article: StoryArticle
    repeated: list[StoryArticle]
    delays_s: list[float]


class ToldShown(BaseModel):
    """A message about the story."""

    key: str
    chat: str
    kind: str
    state: str
    at: datetime | None
    error: str | None
    article: str | None


class StoryView(BaseModel):
    """One story. ``sure``: that ``first`` was first rests on dates that the outlets gave."""

    id: str
    title: str
    follows: str | None
    first: StoryArticle
    sure: bool
    outlets: int
    tiers: dict[str, int]
    countries: dict[str, int]
    languages: list[str]
    branches: list[BranchShown]
    topics: dict[str, list[str]]
    told: list[ToldShown]
    told_more: bool
    is_pinned: bool


Wanted = Annotated[StoriesQuery, Query()]


@page.get("/stories")
def stories_page(request: Request, desk: TheDesk, query: Wanted) -> HTMLResponse:
    """The list."""
    return desk.page(request, "stories.html", view=listing(desk, query))


@api.get("/stories")
def stories_json(desk: TheDesk, query: Wanted) -> StoriesView:
    """Stories, the one with the newest article first."""
    return listing(desk, query)


@page.get("/stories/{story_id}")
def story_page(request: Request, desk: TheDesk, story_id: str) -> HTMLResponse:
    """One story."""
    return desk.page(request, "story.html", view=one(desk, story_id))


@api.get("/stories/{story_id}", responses={404: {}})
def story_json(desk: TheDesk, story_id: str) -> StoryView:
    """One story: syndication, outlets, what was told."""
    return one(desk, story_id)


@page.post("/stories/{story_id}/part")
def part(desk: TheDesk, _: Editor, story_id: str, form: FormFields) -> Response:
    """Give an article a story of its own; no chat is told again."""
    own = desk.store.articles.part(form.get("article", ""), now=desk.ports.now())
    if own is None:
        raise HTTPException(409, "there is no such article, or it is alone in its story already")
    return gone_to(f"/stories/{story_id}")


@page.post("/stories/{story_id}/pin")
def pin(desk: TheDesk, editor: Editor, story_id: str, form: FormFields) -> Response:
    """Keep a story on top of the list, or no longer."""
    story = desk.store.articles.story(story_id)
    if story is None:
        raise HTTPException(404, f"there is no story {story_id!r}")
    if form.get("pin") == "off":
        desk.store.lists.unpin(story.id)
    else:
        desk.store.lists.pin(story.id, editor.name, desk.ports.now())
    return gone_to(f"/stories/{story.id}")


@page.post("/stories/{story_id}/join")
def join(desk: TheDesk, _: Editor, story_id: str, form: FormFields) -> Response:
    """Make another story part of this one; no chat is told again."""
    other = form.get("other", "").strip().rpartition("/")[2]
    found, target = desk.store.articles.story(other), desk.store.articles.story(story_id)
    if found is None or target is None or found.id == target.id:
        raise HTTPException(409, "these are not two stories: give the id or the address of the other one")
    desk.store.articles.join(found.id, target.id, now=datetime.now(UTC))
    return gone_to(f"/stories/{story_id}")


def listing(desk: Desk, query: StoriesQuery) -> StoriesView:
    """A page of the stories: six statements. One story more than shown is asked for, to know of more."""
    until = query.until or desk.ports.now() + timedelta(seconds=1)
    if until.tzinfo is None:
        until = until.replace(tzinfo=desk.zone)
    if not EARLIEST <= until.year <= LATEST:
        raise HTTPException(422, f"until: a year from {EARLIEST} to {LATEST}")
    found = desk.store.lists.stories(
        StoryFilter(
            since=until - timedelta(days=query.days),
            until=until,
            topic=query.topic,
            tier=query.tier,
            language=query.language,
            outlets=query.outlets,
            offset=query.offset,
            limit=query.limit + 1,
        )
    )
    return StoriesView(
        **query.model_dump(),
        more=len(found) > query.limit,
        topics=list(desk.rulebook.topics),
        tiers=desk.tiers(),
        stories=list(found[: query.limit]),
        pinned=list(desk.store.lists.pinned()) if not query.offset else [],
    )


def one(desk: Desk, story_id: str) -> StoryView:
    """One story with all that a page shows of it."""
    story = desk.store.articles.story(story_id)
    if story is None:
        raise HTTPException(404, f"there is no story {story_id!r}")
    tree = syndication(story)
    told = desk.store.lists.told(story.id, MOST_TOLD + 1)
    topics = desk.store.lists.article_topics([item.article_id for item in story.articles])
    return StoryView(
        id=story.id,
        title=tree.first.title,
        follows=story.follows,
        first=tree.first,
        sure=tree.sure,
        outlets=tree.outlets,
        tiers=_by_outlet(story, lambda item: item.tier),
        countries=_by_outlet(story, lambda item: _country(desk, item)),
        languages=list(tree.languages),
        branches=[
            BranchShown(
                article=branch.article,
                repeated=list(branch.repeated),
                delays_s=[
                    max(0.0, (item.seen_at - branch.article.seen_at).total_seconds())
                    for item in branch.repeated
                ],
            )
            for branch in tree.branches
        ],
        topics={name: list(found) for name, found in topics.items()},
        told=[told_of(item) for item in told[:MOST_TOLD]],
        told_more=len(told) > MOST_TOLD,
        is_pinned=any(row.id == story.id for row in desk.store.lists.pinned()),
    )


def told_of(item: Delivery) -> ToldShown:
    """A delivery as a story or an article shows it."""
    return ToldShown(
        key=item.key,
        chat=item.chat_id,
        kind=item.kind,
        state=item.state,
        at=item.sent_at or item.not_before,
        error=item.error,
        article=item.article_id,
    )


def _by_outlet(story: Story, what: Callable[[StoryArticle], str]) -> dict[str, int]:
    outlets = {item.source_id: what(item) for item in story.articles}
    return dict(Counter(outlets.values()).most_common())


def _country(desk: Desk, item: StoryArticle) -> str:
    source = desk.rulebook.sources.get(item.source_id)
    return (source.country if source else None) or "?"
