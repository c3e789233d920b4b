"""The one place where errors of requests, urllib3, http.client and sockets become ours.

Messages name the host and what happens next. They are never built from ``str(error)``: the
libraries put whole addresses in there, and query strings hold keys.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests.exceptions as rq
import urllib3.exceptions as u3

from monitor.errors import FetchError, Forbidden, Unreachable
from monitor.i18n.lazy import lazy
from monitor.i18n.localizer import note

# What requests, urllib3 and the standard library raise for what the other side does.
CAUGHT = (rq.RequestException, u3.HTTPError, http.client.HTTPException, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class TransportFault:
    """What one kind of error means; ``text`` may use ``{host}``, ``{why}`` and ``{seconds}``."""

    kind: type[FetchError]
    text: str


ADDRESS = TransportFault(
    Forbidden, note("{host} is no web address ({why}); write it in full, as https://host/path")
)
CERTIFICATE = TransportFault(
    Unreachable,
    note(
        "the certificate of {host} cannot be trusted ({why}); open the site in a browser to see "
        "whether the outlet moved"
    ),
)
TLS = TransportFault(Unreachable, note("no secure connection to {host} ({why}); it is asked again later"))
SLOW = TransportFault(Unreachable, note("{host} says nothing for {seconds} s; it is asked again later"))
CLOSED = TransportFault(
    Unreachable, note("{host} closed the connection before its answer was complete; asked again later")
)
GARBLED = TransportFault(
    Unreachable, note("what {host} answers is not proper HTTP ({why}); it is asked again later")
)
NETWORK = TransportFault(Unreachable, note("no connection to {host} ({why}); it is asked again later"))
NAME = TransportFault(Unreachable, note("the name {host} cannot be found ({why}); check the address"))
INTERNAL = TransportFault(
    Unreachable, note("reading {host} failed inside the HTTP library ({why}); it is asked again later")
)

FAULTS: dict[type[BaseException], TransportFault] = {
    **dict.fromkeys(
        (
            rq.URLRequired,
            rq.MissingSchema,
            rq.InvalidSchema,
            rq.InvalidURL,
            u3.LocationValueError,
            u3.LocationParseError,
            u3.URLSchemeUnknown,
            http.client.InvalidURL,
            UnicodeError,
            ValueError,
        ),
        ADDRESS,
    ),
    ssl.SSLCertVerificationError: CERTIFICATE,
    **dict.fromkeys((rq.SSLError, u3.SSLError, ssl.SSLError), TLS),
    **dict.fromkeys(
        (
            rq.Timeout,
            rq.ConnectTimeout,
            rq.ReadTimeout,
            u3.TimeoutError,
            u3.ReadTimeoutError,
            u3.ConnectTimeoutError,
            u3.TimeoutStateError,
            TimeoutError,
        ),
        SLOW,
    ),
    **dict.fromkeys(
        (
            rq.ChunkedEncodingError,
            u3.ProtocolError,
            u3.IncompleteRead,
            http.client.IncompleteRead,
            http.client.RemoteDisconnected,
            ssl.SSLEOFError,
            BrokenPipeError,
            ConnectionResetError,
            ConnectionAbortedError,
        ),
        CLOSED,
    ),
    **dict.fromkeys(
        (
            rq.ContentDecodingError,
            rq.InvalidHeader,
            u3.DecodeError,
            u3.InvalidChunkLength,
            u3.InvalidHeader,
            u3.HeaderParsingError,
            u3.ResponseNotChunked,
            u3.BodyNotHttplibCompatible,
            http.client.HTTPException,
        ),
        GARBLED,
    ),
    **dict.fromkeys(
        (rq.ConnectionError, u3.NewConnectionError, u3.MaxRetryError, u3.RequestError, OSError),
        NETWORK,
    ),
    **dict.fromkeys((u3.NameResolutionError, socket.gaierror), NAME),
    # Proxies, retries, uploads and JSON are not used: one of these is our own mistake.
    **dict.fromkeys(
        (
            rq.RequestException,
            rq.HTTPError,
            rq.InvalidJSONError,
            rq.JSONDecodeError,
            rq.InvalidProxyURL,
            rq.ProxyError,
            rq.RetryError,
            rq.StreamConsumedError,
            rq.TooManyRedirects,
            rq.UnrewindableBodyError,
            u3.HTTPError,
            u3.PoolError,
            u3.EmptyPoolError,
            u3.FullPoolError,
            u3.ClosedPoolError,
            u3.HostChangedError,
            u3.ProxyError,
            u3.ProxySchemeUnknown,
            u3.ProxySchemeUnsupported,
            u3.ResponseError,
            u3.UnrewindableBodyError,
        ),
        INTERNAL,
    ),
}


def translate(error: BaseException, *, host: str, seconds: float) -> FetchError:
    """Our error for one of theirs. The innermost cause with a meaning decides."""
    meaning, cause = INTERNAL, error
    for inner in causes(error):
        found = next((FAULTS[kind] for kind in type(inner).__mro__ if kind in FAULTS), None)
        if found is not None:
            meaning, cause = found, inner
    return meaning.kind(lazy(meaning.text, host=host, why=_why(cause), seconds=format(seconds, "g")))


def causes(error: BaseException) -> Iterator[BaseException]:
    """``error`` and what it wraps, outermost first: libraries use args, ``reason`` and ``from``."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if any(current is known for known in seen):
            continue
        seen.append(current)
        yield current
        wrapped = (*current.args, getattr(current, "reason", None), current.__cause__)
        waiting += [inner for inner in wrapped if isinstance(inner, BaseException)]


def host_of(url: str) -> str:
    """Host and port of ``url`` for a message; never user names, paths or queries."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "this address"
    if not host or not host.isprintable():
        return "this address"
    return f"{host[:100]}:{port}" if port else host[:100]


def _why(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return getattr(error, "verify_message", "") or lazy("it cannot be verified")
    if isinstance(error, ssl.SSLError):  # made by hand it has no reason
        return getattr(error, "reason", "") or "TLS failed"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
