"""The fetcher against servers that hang, swell, lie and break off. Each test's end is its proof:
the servers here never finish by themselves."""

from __future__ import annotations

import gzip
import threading
import traceback
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from monitor.errors import FetchError, TooLarge, Unreachable
from monitor.http import HttpFetcher, Network
from monitor.model import FetchRequest, FetchSettings, NotModified
from tests.support.hostile_server import HostileServer, Reply, Talk, answer

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LIMIT = 50_000
SECRET = "s3cret"
OK = b"HTTP/1.1 200 OK\r\n"
MILLION = b"\0" * 1_000_000

Serve = Callable[[Reply], HostileServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda reply: stack.enter_context(HostileServer({"/": reply}))


def fetcher(*, deadline_s: float = 20.0, network: Network | None = None) -> HttpFetcher:
    settings = FetchSettings(allow_private=True, deadline_s=deadline_s, max_bytes=LIMIT)
    return HttpFetcher(settings, version="1", now=lambda: NOW, network=network)


def failure(url: str, *, deadline_s: float = 20.0) -> FetchError:
    """The error that fetching ``url`` ends with; a secret in the query must not show up in it."""
    fetch = fetcher(deadline_s=deadline_s)
    with pytest.raises(FetchError) as caught:
        fetch(FetchRequest(url=f"{url}?key={SECRET}"))
    fetch.close()
    shown = "".join(traceback.format_exception(caught.value))
    assert SECRET not in shown
    assert "127.0.0.1" in str(caught.value)
    return caught.value


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def slow_status(talk: Talk) -> None:
    talk.drip(b"H")


def slow_headers(talk: Talk) -> None:
    talk.send(OK)
    talk.drip(b"X-Slow: yes\r\n")


def slow_interim(talk: Talk) -> None:
    talk.drip(b"HTTP/1.1 100 Continue\r\n\r\n", every_s=0.001)


def slow_body(talk: Talk) -> None:
    talk.send(OK + b"Content-Length: 9999\r\n\r\n")
    talk.drip(b"x")


def slow_open_end(talk: Talk) -> None:
    talk.send(OK + b"\r\n")
    talk.drip(b"x")


def slow_chunks(talk: Talk) -> None:
    talk.send(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    talk.drip(chunk(b"x"))


def slow_trailer(talk: Talk) -> None:
    talk.send(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n")
    talk.drip(b"T: t\r\n")


def silence(talk: Talk) -> None:
    talk.stop.wait()


@pytest.mark.parametrize(
    "reply",
    [
        slow_status,
        slow_headers,
        slow_interim,
        slow_body,
        slow_open_end,
        slow_chunks,
        slow_trailer,
        silence,
    ],
)
def test_the_deadline_holds_for_the_whole_exchange(serve: Serve, reply: Reply) -> None:
    """A byte now and then never fires a socket timeout; the watchdog ends it all the same."""
    error = failure(serve(reply).url(), deadline_s=0.4)
    assert type(error) is Unreachable
    assert "no complete answer" in str(error)
    assert "within 0.4 s" in str(error)


def test_a_silent_host_is_given_up_before_the_deadline(serve: Serve) -> None:
    """Its silence takes a thread; a host that drips has until the deadline."""
    settings = FetchSettings(allow_private=True, read_s=0.2, deadline_s=3_600)
    fetch = HttpFetcher(settings, version="1", now=lambda: NOW)

    def silent(talk: Talk) -> None:
        talk.stop.wait()

    with pytest.raises(Unreachable, match=r"says nothing for 0\.2 s"):
        fetch(FetchRequest(url=serve(silent).url()))
    fetch.close()


def test_the_deadline_holds_over_redirects(serve: Serve) -> None:
    """Each hop eats from the same allowance."""

    def later(talk: Talk) -> None:
        talk.stop.wait(0.15)
        talk.send(answer(b"", "Location: /", status="302 Found"))

    assert "within 0.4 s" in str(failure(serve(later).url(), deadline_s=0.4))


def test_the_deadline_holds_for_kept_connections(serve: Serve) -> None:
    """A connection from an earlier exchange is watched as a new one is."""
    server = serve(answer(b"x"))
    fetch = fetcher()
    fetch(FetchRequest(url=server.url()))
    server.replies["/"] = slow_body
    with pytest.raises(Unreachable, match="no complete answer"):
        fetch(FetchRequest(url=server.url(), deadline_s=0.4))
    assert server.connections == 1
    fetch.close()


def test_the_deadline_holds_for_a_resolver_that_hangs() -> None:
    """A look-up cannot be interrupted; the fetch ends without it."""
    done = threading.Event()

    def hang(_host: str) -> tuple[str, ...]:
        done.wait()
        return ()

    fetch = fetcher(deadline_s=0.3, network=Network(look_up=hang))
    with pytest.raises(Unreachable, match=r"outlet\.test within 0\.3 s"):
        fetch(FetchRequest(url="http://outlet.test/"))
    done.set()
    fetch.close()


def test_closing_cuts_what_still_runs(serve: Serve) -> None:
    """A service that is told to stop does not wait for a slow host."""
    fetch = fetcher()

    def hang(talk: Talk) -> None:
        threading.Thread(target=fetch.close).start()
        talk.stop.wait()

    server = serve(hang)
    with pytest.raises(Unreachable, match="the monitor stopped"):
        fetch(FetchRequest(url=server.url()))
    with pytest.raises(Unreachable, match="the monitor stopped"):
        fetch(FetchRequest(url=server.url()))
    assert server.connections == 1


def gzip_bomb(talk: Talk) -> None:
    talk.send(OK + b"Content-Encoding: gzip\r\n\r\n")
    squeeze = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    while True:
        talk.send(squeeze.compress(MILLION) + squeeze.flush(zlib.Z_SYNC_FLUSH))


def empty_members(talk: Talk) -> None:
    talk.send(OK + b"Content-Encoding: gzip\r\n\r\n")
    talk.pour(gzip.compress(b"") * 100)


def empty_blocks(talk: Talk) -> None:
    talk.send(OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(b"x")[:2])
    talk.pour(b"\x00\x00\x00\xff\xff" * 1_000)


def endless(talk: Talk) -> None:
    talk.send(OK + b"\r\n")
    talk.pour(b"x" * 10_000)


def endless_chunks(talk: Talk) -> None:
    talk.send(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    talk.pour(chunk(b"x" * 10_000))


@pytest.mark.parametrize(
    "reply",
    [
        gzip_bomb,
        empty_blocks,
        endless,
        endless_chunks,
        answer(gzip.compress(MILLION), "Content-Encoding: gzip"),
        answer(zlib.compress(MILLION), "Content-Encoding: deflate"),
        answer(b"x" * (LIMIT + 1)),
        answer(b"", length=10**30),
    ],
)
def test_the_size_cap_holds_while_reading(serve: Serve, reply: Reply) -> None:
    """Bombs and endless bodies stop at the cap, packed and unpacked."""
    error = failure(serve(reply).url())
    assert type(error) is TooLarge
    assert "larger than 50,000 bytes" in str(error)


def test_a_body_of_exactly_the_cap_is_read(serve: Serve) -> None:
    """The cap is what may be, not what may not; a request may bring its own."""
    fetch = fetcher()
    server = serve(answer(b"x" * LIMIT))
    fetch(FetchRequest(url=server.url()))
    with pytest.raises(TooLarge):
        fetch(FetchRequest(url=server.url(), max_bytes=LIMIT - 1))
    fetch.close()


def test_not_modified_with_a_body(serve: Serve) -> None:
    """What a 304 may not have is not read, however long it is."""

    def liar(talk: Talk) -> None:
        talk.send(b"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n")
        talk.pour(chunk(b"x" * 10_000))

    fetch = fetcher()
    assert isinstance(fetch(FetchRequest(url=serve(liar).url(), etag='"v1"')), NotModified)
    fetch.close()


def truncated(talk: Talk) -> None:
    talk.send(answer(b"half", length=100))


def reset_midway(talk: Talk) -> None:
    talk.send(answer(b"half", length=100))
    talk.stop.wait(0.05)
    talk.reset()


def dropped(talk: Talk) -> None:
    del talk


def short_gzip(talk: Talk) -> None:
    talk.send(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"news" * 99)[:-9])


def cut_chunks(talk: Talk) -> None:
    talk.send(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel")


@pytest.mark.parametrize(
    "reply",
    [
        truncated,
        reset_midway,
        Talk.reset,
        dropped,
        short_gzip,
        cut_chunks,
        empty_members,
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        OK + b"X-Huge: " + b"x" * 70_000 + b"\r\n\r\n",
        OK + b"".join(b"X-%d: x\r\n" % number for number in range(200)) + b"\r\n",
        OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"SSH-2.0-OpenSSH_9\r\n\r\n",
        b"\0" * 70_000,
        b"\r\n\r\n",
        answer(b"not packed", "Content-Encoding: gzip"),
        answer(b"x", "Content-Encoding: gzip"),
        answer(b"", "Content-Encoding: deflate", length=3),
    ],
)
def test_broken_answers(serve: Serve, reply: Reply) -> None:
    """Whatever breaks on the wire is `Unreachable`, with the host named and the query kept back."""

    def once(talk: Talk) -> None:
        if isinstance(reply, bytes):
            talk.send(reply)
        else:
            reply(talk)

    assert type(failure(serve(once).url())) is Unreachable


@pytest.mark.parametrize("coding", ["compress", "rot13", "gzip, gzip, gzip, gzip"])
def test_unasked_codings_are_not_taken_for_text(serve: Serve, coding: str) -> None:
    """Bytes in an unknown coding would look like an empty feed further on."""
    error = failure(serve(answer(b"???", f"Content-Encoding: {coding}")).url())
    assert "not asked for" in str(error)


def test_nobody_listens() -> None:
    """A refused connection says so."""
    with HostileServer({}) as server:
        url = server.url()
    assert "Connection refused" in str(failure(url))
