"""Bytes beside the body: interim answers, chunk sizes, trailers. What nobody counts costs CPU by the line."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from monitor.errors import FetchError, TooLarge
from monitor.http import HttpFetcher
from monitor.http.meter import MAX_BESIDE_BODY
from monitor.model import Fetched, FetchRequest, FetchSettings
from tests.support.hostile_server import HostileServer, Reply, Talk, answer

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def fetched(reply: Reply) -> Fetched:
    with HostileServer({"/": reply}) as server:
        fetch = HttpFetcher(FetchSettings(allow_private=True, deadline_s=60.0), version="1", now=lambda: NOW)
        try:
            found = fetch(FetchRequest(url=server.url()))
        finally:
            fetch.close()
        assert isinstance(found, Fetched)
        return found


def chunked(*parts: bytes, trailer: bytes = b"") -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return CHUNKED + body + b"0\r\n" + trailer + b"\r\n"


def interim(talk: Talk) -> None:
    talk.pour(b"HTTP/1.1 100 Continue\r\n\r\n")


def interim_with_headers(talk: Talk) -> None:
    talk.pour(b"HTTP/1.1 100 Continue\r\nX-A: b\r\nX-C: d\r\n\r\n")


def trailers(talk: Talk) -> None:
    talk.send(CHUNKED + b"3\r\nabc\r\n0\r\n")
    talk.pour(b"X-More: and more\r\n" * 100)


def trailers_in_bits(talk: Talk) -> None:
    talk.send(CHUNKED + b"3\r\nabc\r\n0\r\n")
    talk.pour(b"a\r\n" * 100)


def chunks_of_a_byte(talk: Talk) -> None:
    talk.send(CHUNKED)
    talk.pour(b"1\r\nx\r\n" * 100)


def chunks_with_extensions(talk: Talk) -> None:
    talk.send(CHUNKED)
    talk.pour(b"1;" + b"a=b;" * 300 + b"\r\nx\r\n")


@pytest.mark.parametrize(
    "reply",
    [interim, interim_with_headers, trailers, trailers_in_bits, chunks_of_a_byte, chunks_with_extensions],
)
def test_what_is_no_body_is_counted_too(reply: Reply) -> None:
    """It ends long before the deadline: by what came, not by the clock."""
    began = time.thread_time()
    with pytest.raises(FetchError) as caught:
        fetched(reply)
    assert isinstance(caught.value, TooLarge), caught.value
    assert time.thread_time() - began < 10


def test_honest_answers_pass() -> None:
    paragraph = b"<p>Nobody minds how a page is cut.</p>"
    assert fetched(chunked(*[paragraph] * 4_000)).body == paragraph * 4_000
    assert fetched(chunked(*[b"x"] * 3_000)).body == b"x" * 3_000
    assert fetched(chunked(b"abc", trailer=b"X-Sum: 1\r\n" * 50)).body == b"abc"
    assert fetched(answer(b"y" * 1_000_000)).body == b"y" * 1_000_000
    early = b"HTTP/1.1 100 Continue\r\n\r\n" * 5
    assert fetched(early + answer(b"z")).body == b"z"
    assert fetched(OK + b"X-Long: " + b"h" * 60_000 + b"\r\nContent-Length: 1\r\n\r\nw").body == b"w"


def test_a_kept_connection_counts_each_answer_by_itself() -> None:
    page = answer(b"p" * 10, "X-Pad: " + "h" * (MAX_BESIDE_BODY // 5))
    with HostileServer({"/": page}) as server:
        fetch = HttpFetcher(FetchSettings(allow_private=True), version="1", now=lambda: NOW)
        for _ in range(12):
            found = fetch(FetchRequest(url=server.url()))
            assert isinstance(found, Fetched)
        fetch.close()
        assert server.connections == 1
