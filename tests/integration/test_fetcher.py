"""The fetcher against proper answers: what a source's operator gets to see."""

from __future__ import annotations

import gzip
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from backports import zstd

from monitor.errors import FetchError, HttpStatus
from monitor.http import HttpFetcher
from monitor.model import Fetched, FetchRequest, FetchSettings, NotModified
from tests.support.hostile_server import HostileServer, Reply, Talk, answer

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SETTINGS = FetchSettings(
    contact="https://monitor.example/bot", allow_private=True, deadline_s=20, max_bytes=100_000
)

Serve = Callable[[dict[str, Reply]], HostileServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that end with the test."""
    with ExitStack() as stack:
        yield lambda replies: stack.enter_context(HostileServer(replies))


@pytest.fixture
def fetch() -> Iterator[HttpFetcher]:
    fetcher = HttpFetcher(SETTINGS, version="9.9", now=lambda: NOW)
    yield fetcher
    fetcher.close()


def get(fetch: HttpFetcher, url: str) -> Fetched:
    got = fetch(FetchRequest(url=url))
    assert isinstance(got, Fetched)
    return got


def test_a_complete_answer(serve: Serve, fetch: HttpFetcher) -> None:
    """Body, type, character set, validators and headers arrive; the moment is the clock's."""
    server = serve(
        {
            "/feed": answer(
                b"hello world",
                "Content-Type: Text/XML; Charset=windows-1251",
                'ETag: "v1"',
                "Last-Modified: Sun, 01 Mar 2026 10:00:00 GMT",
                "X-Thing: Yes",
            )
        }
    )
    got = get(fetch, server.url("/feed?a=1#part"))
    assert (got.status, got.body, got.fetched_at) == (200, b"hello world", NOW)
    assert (got.content_type, got.charset) == ("text/xml", "cp1251")
    assert (got.etag, got.last_modified) == ('"v1"', "Sun, 01 Mar 2026 10:00:00 GMT")
    assert got.headers["x-thing"] == "Yes"
    assert got.url == server.url("/feed?a=1")
    assert got.moved_to is None


def test_it_says_who_it_is(serve: Serve, fetch: HttpFetcher) -> None:
    """User-Agent with version and contact; only codings that are read are asked for."""
    server = serve({"/": answer(b"x")})
    fetch(FetchRequest(url=server.url(), accept="application/rss+xml"))
    headers = server.asked[0].headers
    assert headers["user-agent"] == "CoverageMonitor/9.9 (+https://monitor.example/bot)"
    assert headers["accept-encoding"] == "gzip, deflate, br, zstd"
    assert headers["accept"] == "application/rss+xml"
    assert "if-none-match" not in headers


def test_not_modified(serve: Serve, fetch: HttpFetcher) -> None:
    """Validators are sent back as they came, and 304 is an answer of its own."""
    server = serve({"/": b"HTTP/1.1 304 Not Modified\r\n\r\n"})
    request = FetchRequest(url=server.url(), etag='W/"v1"', last_modified="a date")
    assert fetch(request) == NotModified(url=server.url(), fetched_at=NOW)
    assert server.asked[0].headers["if-none-match"] == 'W/"v1"'
    assert server.asked[0].headers["if-modified-since"] == "a date"
    fetch(request)
    assert server.connections == 1


def test_not_modified_unasked_is_an_error(serve: Serve, fetch: HttpFetcher) -> None:
    """Without validators there is nothing that could be unchanged."""
    server = serve({"/": b"HTTP/1.1 304 Not Modified\r\n\r\n"})
    with pytest.raises(HttpStatus) as caught:
        fetch(FetchRequest(url=server.url()))
    assert caught.value.status == 304


@pytest.mark.parametrize(
    ("codes", "moved"),
    [((301,), True), ((308, 301), True), ((302,), False), ((301, 307), False), ((303, 308), False)],
)
def test_redirects(serve: Serve, fetch: HttpFetcher, codes: tuple[int, ...], *, moved: bool) -> None:
    """Relative targets are followed; only a chain of permanent ones is a move."""
    replies: dict[str, Reply] = {
        f"/{hop}": answer(b"go on", f"Location: {hop + 1}#frag", status=f"{code} Moved")
        for hop, code in enumerate(codes)
    }
    last = f"/{len(codes)}"
    server = serve(replies | {last: answer(b"here")})
    got = get(fetch, server.url("/0"))
    assert (got.body, got.url) == (b"here", server.url(last))
    assert got.moved_to == (server.url(last) if moved else None)


def test_redirect_target_in_cyrillic(serve: Serve, fetch: HttpFetcher) -> None:
    """UTF-8 bytes in Location are common; they are sent on percent-encoded."""
    server = serve(
        {
            "/": b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: /" + "новости".encode() + b"\r\n\r\n",
            "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8": answer(b"da"),
        }
    )
    assert get(fetch, server.url()).body == b"da"


def test_endless_redirects_end(serve: Serve, fetch: HttpFetcher) -> None:
    """Six redirects are followed, the seventh is too many."""
    server = serve({"/": answer(b"", "Location: /", status="302 Found")})
    with pytest.raises(FetchError, match="redirects more than 6 times"):
        fetch(FetchRequest(url=server.url()))
    assert len(server.asked) == SETTINGS.max_redirects + 1


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"news " * 99, mtime=0)),
        ("x-gzip", gzip.compress(b"news " * 50, mtime=0) + gzip.compress(b"news " * 49, mtime=0)),
        ("deflate", zlib.compress(b"news " * 99)),
        ("deflate", zlib.compress(b"news " * 99)[2:-4]),
        ("br", brotli.compress(b"news " * 99)),
        ("zstd", zstd.compress(b"news " * 50) + zstd.compress(b"news " * 49)),
        ("identity", b"news " * 99),
        ("gzip, identity", gzip.compress(b"news " * 99, mtime=0) + b"rubbish"),
    ],
)
def test_packed_answers(serve: Serve, fetch: HttpFetcher, coding: str, packed: bytes) -> None:
    """gzip, several members of it, zlib, deflate without a header, br, several frames of zstd."""
    server = serve({"/": answer(packed, f"Content-Encoding: {coding}")})
    assert get(fetch, server.url()).body == b"news " * 99


def test_chunked_answer(serve: Serve, fetch: HttpFetcher) -> None:
    """Chunks of any size, with extension and trailer."""
    server = serve(
        {
            "/": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"1;a=b\r\nx\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
        }
    )
    assert get(fetch, server.url()).body == b"x0123456789"
    get(fetch, server.url())
    assert server.connections == 1


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("400 Bad", "does not answer this request"),
        ("401 No", "password"),
        ("403 No", "refuses us"),
        ("404 No", "no such page"),
        ("410 No", "gone for good"),
        ("429 No", "slow down"),
        ("500 No", "fault of its own"),
        ("503 No", "overloaded"),
        ("302 No", "does not answer this request"),  # a redirect to nowhere
    ],
)
def test_error_statuses(serve: Serve, fetch: HttpFetcher, status: str, says: str) -> None:
    """The message names the host, what it means and the code."""
    server = serve({"/": answer(b"sorry", status=status)})
    with pytest.raises(HttpStatus, match=rf"127\.0\.0\.1:\d+ .*{says}.*{status[:3]}") as caught:
        fetch(FetchRequest(url=server.url()))
    assert caught.value.status == int(status[:3])
    assert caught.value.retry_at is None


@pytest.mark.parametrize(
    ("value", "rest"),
    [
        ("120", timedelta(minutes=2)),
        ("Sun, 01 Mar 2026 12:30:00 GMT", timedelta(minutes=30)),
        ("9999999999", timedelta(days=1)),
    ],
)
def test_retry_after(serve: Serve, fetch: HttpFetcher, value: str, rest: timedelta) -> None:
    """Both forms, at most a day."""
    server = serve({"/": answer(b"", f"Retry-After: {value}", status="429 Slow")})
    with pytest.raises(HttpStatus) as caught:
        fetch(FetchRequest(url=server.url()))
    assert caught.value.retry_at == NOW + rest


def test_connections_are_kept_and_cookies_are_not(serve: Serve, fetch: HttpFetcher) -> None:
    """Two requests go over one connection; neither sends nor shows a cookie."""
    server = serve({"/": answer(b"x", "Set-Cookie: id=1")})
    assert "set-cookie" not in get(fetch, server.url()).headers
    get(fetch, server.url())
    assert server.connections == 1
    assert "cookie" not in server.asked[1].headers


def test_a_stale_kept_connection_is_replaced(serve: Serve, fetch: HttpFetcher) -> None:
    """A host that drops a kept connection on its second use is simply asked anew."""
    dropped = threading.Event()

    def once(talk: Talk) -> None:
        if dropped.is_set():
            talk.send(answer(b"second", "Connection: close"))
        else:
            dropped.set()

    server = serve({"/first": answer(b"first"), "/second": once})
    get(fetch, server.url("/first"))
    assert get(fetch, server.url("/second")).body == b"second"
    assert server.connections == 2


def test_environment_is_ignored(serve: Serve, fetch: HttpFetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment gets nothing to see."""
    proxy, server = serve({}), serve({"/": answer(b"direct")})
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url())
    assert get(fetch, server.url()).body == b"direct"
    assert proxy.connections == 0


def test_many_threads_share_one_fetcher(serve: Serve, fetch: HttpFetcher) -> None:
    """Answers do not get mixed up."""
    paths = [f"/{number}" for number in range(40)]
    server = serve({path: answer(path.encode()) for path in paths})
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda path: get(fetch, server.url(path)).body, paths))
    assert bodies == [path.encode() for path in paths]
