"""Outbox: what is to be sent, what is in trouble and why; retry, drop, resend."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, Response

from monitor.core.delivery.plan import delivery_key
from monitor.jobs.preview import plain_text
from monitor.model import Delivery
from monitor.web.desk import Desk, Editor, TheDesk, gone_to
from monitor.web.forms import FormFields

page = APIRouter(include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["outbox"])
ROUTERS = (page, api)

REPEATABLE = frozenset({"alert", "digest", "notice"})
"""What says the same to a chat again; edits and replies speak of a message that has changed since."""
OPEN = ("pending", "sending", "unsure", "dead")
State = Literal["", "pending", "collected", "bundled", "sending", "sent", "unsure", "dead", "cancelled"]


class OutboxQuery(BaseModel):
    """Which deliveries: of a state ("" for what is open or in trouble), of a chat, before a sequence."""

    state: State = ""
    chat: str = Field("", max_length=200)
    before: int | None = Field(None, ge=0, le=2**60)
    limit: int = Field(50, ge=1, le=200)


class DeliveryRow(BaseModel):
    """A delivery and what became of it."""

    key: str
    sequence: int
    chat: str
    kind: str
    state: str
    attempts: int
    uncertain_sends: int
    created_at: datetime
    not_before: datetime
    sent_at: datetime | None
    error: str | None
    story: str | None
    article: str | None


class OutboxView(OutboxQuery):
    """A page of the outbox, newest first; ``next_before`` begins the next one."""

    next_before: int | None
    counts: dict[str, int]
    deliveries: list[DeliveryRow]


class DeliveryView(BaseModel):
    """One delivery with its message as its chat would get it now; "" when there is nothing to say."""

    delivery: DeliveryRow
    text: str


Wanted = Annotated[OutboxQuery, Query()]


@page.get("/outbox")
def outbox_page(request: Request, desk: TheDesk, query: Wanted) -> HTMLResponse:
    """The list."""
    return desk.page(request, "outbox.html", view=listing(desk, query))


@api.get("/outbox")
def outbox_json(desk: TheDesk, query: Wanted) -> OutboxView:
    """Deliveries, newest first."""
    return listing(desk, query)


@page.get("/outbox/{key}")
def delivery_page(request: Request, desk: TheDesk, key: str) -> HTMLResponse:
    """One delivery."""
    return desk.page(request, "delivery.html", view=one(desk, key))


@api.get("/outbox/{key}", responses={404: {}})
def delivery_json(desk: TheDesk, key: str) -> DeliveryView:
    """One delivery with its message."""
    return one(desk, key)


@page.post("/outbox/{key}/retry")
def retry(desk: TheDesk, _: Editor, key: str) -> Response:
    """Put a dead, held or cancelled one back to be sent."""
    if not desk.store.outbox.retry(key, desk.ports.now()):
        raise HTTPException(409, "it is neither dead nor held nor cancelled, so there is nothing to retry")
    desk.ports.wake()
    return gone_to(f"/outbox/{key}")


@page.post("/outbox/{key}/again")
def again(desk: TheDesk, _: Editor, key: str) -> Response:
    """Send a sent message once more, marked as a possible repeat; twice within a minute is once."""
    found, now = desk.store.outbox.get(key), desk.ports.now()
    if found is None or found.state != "sent" or found.kind not in REPEATABLE:
        raise HTTPException(409, "only an alert, a digest or a notice that was sent can be sent once more")
    once_more = Delivery(
        key=delivery_key(found.key, "again", f"{now:%Y-%m-%dT%H:%M}"),
        chat_id=found.chat_id,
        kind=found.kind,
        payload=found.payload,
        created_at=now,
        not_before=now,
        story_id=found.story_id,
        article_id=found.article_id,
        uncertain_sends=1,
    )
    desk.store.outbox.add((once_more,), now)
    desk.ports.wake()
    return gone_to(f"/outbox/{once_more.key}")


@page.post("/outbox/{key}/drop")
def drop(desk: TheDesk, editor: Editor, key: str) -> Response:
    """Give it up."""
    if not desk.store.outbox.cancel(key, f"dropped at the desk by {editor.name}"):
        raise HTTPException(409, "it is on its way or over, so it cannot be dropped")
    return gone_to(f"/outbox/{key}")


@page.post("/outbox/retry-dead")
def retry_dead(desk: TheDesk, _: Editor, form: FormFields) -> Response:
    """Put every dead delivery back, or those of one chat."""
    dead = desk.store.lists.deliveries(states=("dead",), chat_id=form.get("chat", ""), before=None, limit=500)
    for item in dead:
        desk.store.outbox.retry(item.key, desk.ports.now())
    desk.ports.wake()
    return gone_to("/outbox")


def listing(desk: Desk, query: OutboxQuery) -> OutboxView:
    """A page of the outbox: three statements."""
    states = (query.state,) if query.state else OPEN
    found = desk.store.lists.deliveries(
        states=states, chat_id=query.chat, before=query.before, limit=query.limit + 1
    )
    shown = found[: query.limit]
    return OutboxView(
        **query.model_dump(),
        next_before=shown[-1].sequence if len(found) > query.limit else None,
        counts=dict(desk.store.lists.open_work().deliveries),
        deliveries=[_row(item) for item in shown],
    )


def one(desk: Desk, key: str) -> DeliveryView:
    """A delivery with its message; 404 for none."""
    found = desk.store.outbox.get(key)
    if found is None:
        raise HTTPException(404, f"there is no delivery {key!r}")
    chat = desk.store.chats.chat(found.chat_id)
    text = plain_text(found, chat, desk.store.outbox, desk.ports.now()) if chat else ""
    return DeliveryView(delivery=_row(found), text=text)


def _row(item: Delivery) -> DeliveryRow:
    return DeliveryRow(
        key=item.key,
        sequence=item.sequence,
        chat=item.chat_id,
        kind=item.kind,
        state=item.state,
        attempts=item.attempts,
        uncertain_sends=item.uncertain_sends,
        created_at=item.created_at,
        not_before=item.not_before,
        sent_at=item.sent_at,
        error=item.error,
        story=item.story_id,
        article=item.article_id,
    )
