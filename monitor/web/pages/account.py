"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from monitor.web.desk import Desk, TheDesk, gone_to
from monitor.web.forms import FormFields
from monitor.web.guard import COOKIE, PLAIN_COOKIE
from monitor.web.identity import SESSION, TooManyAttempts, sign_in
from monitor.web.server import is_loopback

page = APIRouter(include_in_schema=False)
ROUTERS = (page,)

WRONG = "Name or password is wrong."
TOO_MANY = "Too many tries failed. Wait a quarter of an hour."
PLAIN = (
    "This desk is reached over plain http, where others can read the password: put a proxy with TLS before "
    "it, and name that under web: proxies (docs/desk.md)."
)


@page.get("/sign-in")
def sign_in_page(request: Request, desk: TheDesk, next: str = "/") -> HTMLResponse:  # noqa: A002
    """The form."""
    return _form(desk, next, "" if _safe(request) else PLAIN)


@page.post("/sign-in")
def begin(request: Request, desk: TheDesk, form: FormFields) -> Response:
    """A session for a name and its password."""
    where = form.get("next", "/")
    if not _safe(request):
        return _form(desk, where, PLAIN, 403)
    try:
        secret = sign_in(
            desk.store,
            form.get("name", "")[:100],
            form.get("password", "")[:1000],
            client=request.state.client,
            now=desk.ports.now(),
        )
    except TooManyAttempts:
        return _form(desk, where, TOO_MANY, 429)
    if secret is None:
        return _form(desk, where, WRONG, 403)
    answer = gone_to(own_path(where))
    answer.set_cookie(
        COOKIE if request.state.secure else PLAIN_COOKIE,
        secret,
        max_age=int(SESSION.total_seconds()),
        path="/",
        secure=request.state.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@page.post("/sign-out")
def end(request: Request, desk: TheDesk) -> Response:
    """The session is over, for every copy of its cookie."""
    visitor = request.state.visitor
    if visitor is not None and visitor.session:
        desk.store.accounts.end_session(visitor.session)
    answer = gone_to("/sign-in")
    answer.delete_cookie(
        COOKIE if request.state.secure else PLAIN_COOKIE,
        path="/",
        secure=request.state.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def own_path(where: str) -> str:
    """Where to go after signing in: a path of ours, whatever the form says.

    >>> own_path("/sources"), own_path("//evil.example"), own_path("https://evil.example")
    ('/sources', '/', '/')
    """
    fine = where.startswith("/") and not where.startswith(("//", "/\\")) and where.isprintable()
    return where if fine and where.isascii() and "\\" not in where else "/"


def _safe(request: Request) -> bool:
    """Whether nobody on the way reads what is sent: TLS, or a client on this machine."""
    return bool(request.state.secure) or is_loopback(request.state.client)


def _form(desk: Desk, where: str, said: str, status: int = 200) -> HTMLResponse:
    return desk.renderer.page("sign_in.html", status, next=own_path(where), said=said, closed=said == PLAIN)
