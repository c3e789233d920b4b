"""The gate before every page: host, origin, size, who asks, and the headers of every answer.

Everything is refused that is not open to all or asked by somebody with a role: a route that forgets to say
who may is for viewers, and for editors where it changes anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.errors import StoreError
from monitor.model import WebSettings
from monitor.ports import Ports
from monitor.web.identity import LOCAL, Visitor, by_session, by_token

MOST_BODY: Final = 1_000_000
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
WATCHERS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Answered though the store is away, so nobody asks it who comes."""
OPEN: Final = WATCHERS | {"/sign-in"}
OPEN_BELOW: Final = ("/static/", "/feeds/")
SIGN_OUT: Final = "/sign-out"
COOKIE: Final = "__Host-monitor"
PLAIN_COOKIE: Final = "monitor-loopback"
"""Its name on http://127.0.0.1: some browsers keep no Secure cookie there."""

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_PROXY_SAYS: Final = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"})
_LOCAL_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the gate knows of a request."""

    path: str
    method: str
    host: str
    scheme: str
    client: str
    headers: Mapping[str, str]


class Guard:
    """Wraps the application. ``loopback``: the desk listens where only this machine reaches it.

    What it finds out stands in ``scope["state"]``: ``visitor``, ``client`` (an address), ``secure``.
    """

    def __init__(self, app: ASGIApp, *, ports: Ports, settings: WebSettings, loopback: bool) -> None:
        self._app = app
        self._ports = ports
        self._settings = settings
        self._loopback = loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return
        answer = _with_headers(send, private=not scope["path"].startswith(OPEN_BELOW[0]))
        asked = self._asked(scope)
        refused = self._refused(asked)
        visitor = None
        if refused is None and asked.path not in WATCHERS:
            try:
                visitor = await run_in_threadpool(self._visitor, asked)
            except StoreError as error:
                await _refuse(answer, asked, 503, f"the store does not answer: {error}")
                return
            refused = _not_allowed(asked, visitor)
        if refused is not None:
            await _refuse(answer, asked, *refused)
            return
        scope.setdefault("state", {})
        scope["state"] |= {"visitor": visitor, "client": asked.client, "secure": asked.scheme == "https"}
        body = _Bounded(receive)
        await self._app(scope, body, answer)

    def _asked(self, scope: Scope) -> _Asked:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        client = (scope.get("client") or ("", 0))[0]
        scheme = "http"
        if client in self._settings.proxies:
            scheme = headers.get("x-forwarded-proto", "http").split(",")[-1].strip().lower()
            # The last address is the one that the listed proxy itself saw.
            client = headers.get("x-forwarded-for", client).split(",")[-1].strip()[:100] or client
        return _Asked(
            path=scope["path"],
            method=scope["method"],
            host=headers.get("host", ""),
            scheme=scheme,
            client=client,
            headers=headers,
        )

    def _refused(self, asked: _Asked) -> tuple[int, str] | None:
        """What is refused whoever asks: another host's name (DNS rebinding), another site's form."""
        name = urlsplit(f"//{asked.host}").hostname if _is_host(asked.host) else None
        if name is None:
            return 400, "the request names no host"
        checked = self._loopback or self._settings.hosts
        own = {self._settings.listen.rpartition(":")[0].strip("[]")}
        if checked and name not in {*_LOCAL_NAMES, *own, *self._settings.hosts}:
            return 421, f"the desk is not known as {name!r} (web: hosts in monitor.yaml)"
        if asked.headers.get("content-length", "0").isdecimal():
            if int(asked.headers.get("content-length", "0")[:12]) > MOST_BODY:
                return 413, f"the request is larger than {MOST_BODY:,} bytes"
        else:
            return 400, "the request's length is no number"
        if asked.method not in SAFE and not is_same_origin(asked.headers, asked.host, asked.scheme):
            return 403, "this form was sent by another site"
        return None

    def _alone(self, asked: _Asked) -> bool:
        """Whether whoever asks sits at this machine: no proxy is set up before it, and none speaks."""
        set_up = bool(self._settings.hosts or self._settings.proxies)
        return self._loopback and not set_up and not _PROXY_SAYS & asked.headers.keys()

    def _visitor(self, asked: _Asked) -> Visitor | None:
        store, now = self._ports.store, self._ports.now()
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return by_token(store, token.strip(), now)
        if self._alone(asked) and not store.accounts.exist():
            return LOCAL
        return by_session(store, cookie_of(asked.headers.get("cookie", ""), asked.scheme), now)


def is_same_origin(headers: Mapping[str, str], host: str, scheme: str) -> bool:
    """Whether a request that changes something comes from our own pages, or from a program with a token.

    ``Sec-Fetch-Site`` decides where it is sent, else ``Origin`` must be this host. A browser sends one of the
    two; a program that sends neither needs a token, which no other site can know.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is not None:
        return origin == f"{scheme}://{host}"
    return headers.get("authorization", "").lower().startswith("bearer ")


def cookie_of(header: str, scheme: str) -> str:
    """The session's id in a Cookie header, under the name that goes with the scheme; "" for none."""
    try:
        found = SimpleCookie(header).get(COOKIE if scheme == "https" else PLAIN_COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _is_host(host: str) -> bool:
    try:
        urlsplit(f"//{host}").port  # noqa: B018 - raises for what is no port
    except ValueError:
        return False
    return bool(host) and not set(host) & set("/@\\ ?#")


def _not_allowed(asked: _Asked, visitor: Visitor | None) -> tuple[int, str] | None:
    if asked.path in OPEN or asked.path.startswith(OPEN_BELOW):
        return None
    if visitor is None:
        return 401, "sign in first"
    if asked.method not in SAFE and asked.path != SIGN_OUT and not visitor.may("editor"):
        return 403, f"{visitor.name} may look but change nothing: an editor may"
    if not visitor.reaches(asked.path):
        return 403, f"{visitor.name} is for {', '.join(visitor.scopes)} only"
    return None


class _Bounded:
    """Receives a body that does not say its length, up to the bound."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._got = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._got += len(message.get("body", b""))
        if self._got > MOST_BODY:
            return {"type": "http.disconnect"}
        return message


def _with_headers(send: Send, *, private: bool) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: list[tuple[bytes, bytes]] = [*message.get("headers", ()), *HEADERS]
            if private:
                headers.append((b"cache-control", b"no-store"))
            message = {**message, "headers": headers}
        await send(message)

    return answer


async def _refuse(send: Send, asked: _Asked, status: int, reason: str) -> None:
    """A sentence; whoever looks with a browser and is not signed in is led to the form."""
    headers: list[tuple[bytes, bytes]] = []
    as_json = asked.path.startswith("/api/")
    if status == 401 and not as_json and asked.method in SAFE:  # noqa: PLR2004
        status, reason = 303, ""
        headers.append((b"location", f"/sign-in?next={quote(asked.path, safe='/')}".encode()))
    body: Any = json.dumps({"detail": reason}) if as_json else f"{reason}\n"
    kind = b"application/json" if as_json else b"text/plain; charset=utf-8"
    headers += [(b"content-type", kind), (b"content-length", str(len(body.encode())).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
