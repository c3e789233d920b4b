"""One polite GET, bounded in time, size and reach."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from urllib3.response import HTTPResponse

from monitor.core.source.failure_reason import error_text
from monitor.errors import FetchError, Forbidden, TooLarge
from monitor.http.deadline import CURRENT, Exchange, Watchdog
from monitor.http.decode import ACCEPT_ENCODING, read_body, too_large
from monitor.http.dial import Network, adapters, tls_context
from monitor.http.errors import CAUGHT, host_of, translate
from monitor.http.rate_limit import RateLimit
from monitor.http.response import fetched, lower_names, validator
from monitor.http.status import http_status
from monitor.i18n.lazy import lazy
from monitor.model import Fetched, FetchRequest, FetchSettings, NotModified

if TYPE_CHECKING:
    from monitor.ports import Clock

CHUNK = 16_384
# Each piece of a body costs as much CPU as a page of text: more small ones than this no server sends.
MAX_PIECES = 5_000
MIN_PIECE = 256
NOT_MODIFIED = 304
PERMANENT = frozenset({301, 308})
REDIRECTS = PERMANENT | {302, 303, 307}


class HttpFetcher:
    """Reads one address at a time for each calling thread; thread-safe, implements ``Fetcher``.

    It names itself, asks conditionally, keeps no cookies, ignores proxies and netrc, follows
    redirects by hand and goes only where ``addresses`` allows. Every call ends within its
    deadline, whatever the other side does, and starts within the budget of requests a second. How often
    a host is asked is the engine's part.

    ``network`` and ``ca_bundle`` (path of a PEM file) are for tests and for private roots.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        version: str,
        now: Clock,
        network: Network | None = None,
        ca_bundle: str | None = None,
    ) -> None:
        self._settings = settings
        self._now = now
        self._agent = user_agent(version, settings.contact)
        self._adapters = adapters(network or Network(), tls_context(ca_bundle))
        self._watchdog = Watchdog()
        self._budget = RateLimit(settings.per_second)
        # urllib3 logs whole addresses, keys in query strings included.
        logging.getLogger("urllib3").setLevel(logging.ERROR)

    def __call__(self, request: FetchRequest) -> Fetched | NotModified:
        """Make the request. Raises the ``FetchError`` tree and nothing else."""
        self._budget.wait()
        seconds = request.deadline_s or self._settings.deadline_s
        exchange = Exchange(
            host=host_of(request.url),
            allow_private=request.allow_private or self._settings.allow_private,
            seconds=seconds,
            ends=time.monotonic() + seconds,
        )
        token = CURRENT.set(exchange)
        self._watchdog.guard(exchange)
        try:
            return self._follow(request, exchange)
        except CAUGHT as error:
            if exchange.expired:
                raise exchange.overdue() from None
            # `from None`: their messages hold whole addresses, and tracebacks get logged.
            silence_s = min(seconds, self._settings.read_s)
            raise translate(error, host=exchange.host, seconds=silence_s) from None
        finally:
            self._watchdog.release(exchange)
            CURRENT.reset(token)

    def close(self) -> None:
        """Cut what still runs and drop every kept connection."""
        self._budget.close()
        self._watchdog.close()
        for adapter in self._adapters.values():
            adapter.close()

    def _follow(self, request: FetchRequest, exchange: Exchange) -> Fetched | NotModified:
        url, moved_to, permanent = request.url, None, True
        for hop in range(self._settings.max_redirects + 1):
            try:
                prepared = self._prepare(url, request)
                exchange.host = host_of(prepared.url or url)
                response = self._send(prepared, exchange)
            except Forbidden as error:
                if hop == 0:
                    raise
                raise Forbidden(
                    lazy(
                        "{host} redirects elsewhere: {trouble}",
                        host=host_of(request.url),
                        trouble=error_text(error),
                    )
                ) from None
            try:
                location = redirect_target(response)
                if location is None:
                    return self._finish(request, response, exchange, moved_to)
                if request.form:  # a form that goes elsewhere tells strangers what it holds
                    raise FetchError(lazy("{host} redirects what is posted to it", host=host_of(request.url)))
            finally:
                response.close()
            permanent = permanent and response.status_code in PERMANENT
            url = location
            moved_to = url if permanent else None
        raise FetchError(
            lazy(
                "{host} redirects more than {most} times; "
                "open the address in a browser and use the one it ends at",
                host=host_of(request.url),
                most=self._settings.max_redirects,
            )
        )

    def _prepare(self, url: str, request: FetchRequest) -> requests.PreparedRequest:
        headers = {
            "User-Agent": self._agent,
            "Accept": request.accept,
            "Accept-Encoding": ACCEPT_ENCODING,
            "If-None-Match": validator(request.etag),
            "If-Modified-Since": validator(request.last_modified),
        }
        given = {name: value for name, value in headers.items() if value is not None}
        try:
            method, form = ("POST", list(request.form)) if request.form else ("GET", None)
            prepared = requests.Request(method, urldefrag(url).url, headers=given, data=form).prepare()
        except CAUGHT as error:
            raise translate(error, host=host_of(url), seconds=0) from None
        parts = urlsplit(prepared.url or "")
        if parts.scheme not in {"http", "https"}:
            raise Forbidden(
                lazy("only http and https addresses are read, not {scheme}", scheme=repr(parts.scheme[:20]))
            )
        if "@" in parts.netloc:
            raise Forbidden(
                lazy(
                    "the address at {host} holds a user name or password; use an address without them",
                    host=host_of(url),
                )
            )
        return prepared

    def _send(self, prepared: requests.PreparedRequest, exchange: Exchange) -> requests.Response:
        adapter = self._adapters[exchange.allow_private]
        for kept_may_be_stale in (True, False):
            left = exchange.left()
            exchange.reused = False
            try:
                silence_s = min(left, self._settings.read_s)
                return adapter.send(prepared, stream=True, timeout=(left, silence_s))
            except requests.ConnectionError:
                # A kept connection may have been closed while the request was on its way.
                if not (kept_may_be_stale and exchange.reused) or exchange.expired:
                    raise
        raise exchange.overdue()  # pragma: no cover - the second round returns or raises

    def _finish(
        self,
        request: FetchRequest,
        response: requests.Response,
        exchange: Exchange,
        moved_to: str | None,
    ) -> Fetched | NotModified:
        now, url = self._now(), response.url or request.url
        headers, status = lower_names(response.headers), response.status_code
        asked = validator(request.etag) or validator(request.last_modified)
        if status == NOT_MODIFIED and asked:
            next(_chunks(response.raw, exchange), b"")  # reading the empty body gives the connection back
            return NotModified(url=url, fetched_at=now, moved_to=moved_to)
        if not 200 <= status < 300:  # noqa: PLR2004 - RFC 9110 §15.3
            raise http_status(status, headers, host=exchange.host, now=now)
        body = self._body(request, response, headers, exchange)
        return fetched(url, status, headers, body, now=self._now(), moved_to=moved_to)

    def _body(
        self,
        request: FetchRequest,
        response: requests.Response,
        headers: Mapping[str, str],
        exchange: Exchange,
    ) -> bytes:
        limit = request.max_bytes or self._settings.max_bytes
        announced = headers.get("content-length", "")
        if announced.isdecimal() and len(announced) > len(str(limit)):
            raise too_large(exchange.host, limit)
        coding = headers.get("content-encoding", "")
        body = read_body(_chunks(response.raw, exchange), coding=coding, limit=limit, host=exchange.host)
        exchange.left()  # a socket shut at the deadline looks like the end of the body
        return body


def _chunks(raw: HTTPResponse, exchange: Exchange) -> Iterator[bytes]:
    """The body as it comes: ``read1`` returns what is there instead of waiting for a full chunk.

    Raises ``TooLarge`` for a body in so many pieces that taking them apart is the work.
    """
    pieces = 0
    while chunk := raw.read1(CHUNK, decode_content=False):
        pieces += 1
        exchange.body_bytes += len(chunk)
        if pieces > MAX_PIECES + exchange.body_bytes // MIN_PIECE:
            raise TooLarge(
                lazy(
                    "{host} sends its answer in more than {most} tiny pieces",
                    host=exchange.host,
                    most=f"{MAX_PIECES:,}",
                )
            )
        yield chunk


def redirect_target(response: requests.Response) -> str | None:
    """The absolute address that a redirect names, without fragment, or None when it is none."""
    location = response.headers.get("location", "").strip()
    if response.status_code not in REDIRECTS or not location:
        return None
    # Header bytes come as latin-1; addresses written in UTF-8 are common all the same.
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urldefrag(urljoin(response.url or "", location)).url
    except ValueError:
        return location  # no address at all: refused when the next request is prepared


def user_agent(version: str, contact: str) -> str:
    """``CoverageMonitor/<version> (+<contact>)``; what cannot stand in a header is left out."""
    plain = "".join(char for char in contact if char.isascii() and char.isprintable()).strip()
    return f"CoverageMonitor/{version}" + (f" (+{plain})" if plain else "")
