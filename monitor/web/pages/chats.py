"""Chats: where alerts go, what each wants, which take no messages and why."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from monitor.core.delivery.preferences import is_quiet, is_watch
from monitor.model import Chat
from monitor.web.desk import Desk, Editor, TheDesk, gone_to

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["chats"])
ROUTERS = (page, api)


class ChatsQuery(BaseModel):
    """A page of the chats."""

    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(50, ge=1, le=200)


class ChatRow(BaseModel):
    """A chat. ``watches`` counts its own topics, which are nobody else's business."""

    id: str
    title: str
    channel: str
    state: str
    reason: str
    retry_at: datetime | None
    operator: bool
    language: str
    timezone: str
    digest: str | None
    quiet: str | None
    quiet_now: bool
    hourly_budget: int
    topics: dict[str, str]
    watches: int
    mutes: int


class ChatsView(ChatsQuery):
    """Chats, those that take no messages first."""

    total: int
    more: bool
    chats: list[ChatRow]


Wanted = Annotated[ChatsQuery, Query()]


@page.get("/chats")
def chats_page(request: Request, desk: TheDesk, query: Wanted) -> HTMLResponse:
    """The list."""
    return desk.page(request, "chats.html", view=listing(desk, query))


@api.get("/chats")
def chats_json(desk: TheDesk, query: Wanted) -> ChatsView:
    """Chats, those that take no messages first."""
    return listing(desk, query)


@page.post("/chats/{chat_id:path}/wake")
def wake(desk: TheDesk, _: Editor, chat_id: str) -> Response:
    """Write to a paused chat again, with what was held for it."""
    if desk.store.chats.chat(chat_id) is None:
        raise HTTPException(404, f"there is no chat {chat_id!r}")
    desk.store.chats.wake(chat_id, desk.ports.now())
    desk.ports.wake()
    return gone_to("/chats")


def listing(desk: Desk, query: ChatsQuery) -> ChatsView:
    """A page of the chats."""
    every = sorted(
        desk.store.chats.all(), key=lambda chat: (chat.state != "paused", not chat.operator, chat.id)
    )
    shown = every[query.offset : query.offset + query.limit]
    return ChatsView(
        **query.model_dump(),
        total=len(every),
        more=query.offset + query.limit < len(every),
        chats=[_row(desk, chat) for chat in shown],
    )


def _row(desk: Desk, chat: Chat) -> ChatRow:
    budget = chat.hourly_budget
    return ChatRow(
        id=chat.id,
        title=chat.title,
        channel=chat.channel,
        state=chat.state,
        reason=chat.paused_because,
        retry_at=chat.retry_at,
        operator=chat.operator,
        language=chat.language,
        timezone=chat.timezone,
        digest=chat.digest.every if chat.digest else None,
        quiet=f"{chat.quiet.start:%H:%M}–{chat.quiet.end:%H:%M}" if chat.quiet else None,
        quiet_now=is_quiet(chat, desk.ports.now()),
        hourly_budget=desk.rulebook.settings.alerts.hourly_budget if budget is None else budget,
        topics={item.topic_id: item.mode for item in chat.subscriptions if not is_watch(item.topic_id)},
        watches=sum(is_watch(item.topic_id) for item in chat.subscriptions),
        mutes=len(chat.mutes),
    )
