"""Content codings, in whatever pieces they arrive."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import FetchError, TooLarge, Unreachable
from monitor.http.decode import read_body

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": lambda body: zlib.compress(body)[2:-4],
    "br": brotli.compress,
    "zstd": zstd.compress,
    "": lambda body: body,
}


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


@given(st.binary(max_size=500), st.sampled_from(sorted(PACKERS)), st.integers(1, 40))
def test_what_was_packed_comes_out(body: bytes, coding: str, size: int) -> None:
    packed = PACKERS[coding](body)
    if coding == "Deflate" and looks_like_zlib(packed):
        return  # a header by accident: nothing can tell
    got = read_body(pieces(packed, size), coding=coding, limit=2_000, host="h")
    assert got == body


def looks_like_zlib(data: bytes) -> bool:
    return data.startswith(b"\x1f\x8b") or (data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0)


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5), st.integers(1, 30))
def test_members_follow_each_other(bodies: list[bytes], size: int) -> None:
    packed = b"".join(gzip.compress(body) for body in bodies)
    assert read_body(pieces(packed, size), coding="gzip", limit=2_000, host="h") == b"".join(bodies)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.integers(1, 30))
def test_rubbish_ends_in_our_errors(body: bytes, coding: str, size: int) -> None:
    try:
        got = read_body(pieces(body, size), coding=coding, limit=1_000, host="h")
    except FetchError:
        return
    assert len(got) <= 1_000


@pytest.mark.parametrize("cut", [1, 8, 9, 30])
@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_cut_streams_are_told(coding: str, cut: int) -> None:
    packed = PACKERS[coding](bytes(range(256)))[:-cut]
    with pytest.raises(Unreachable, match="ends too early"):
        read_body([packed], coding=coding, limit=1_000, host="h")


def test_a_zstd_frame_that_wants_a_huge_window_is_refused() -> None:
    """RFC 9659: 8 MiB are enough on the web; a frame may ask for gigabytes."""
    stream = zstd.ZstdCompressor(
        options={zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0}
    )
    wide = stream.compress(b"news" * 10) + stream.flush()
    with pytest.raises(Unreachable, match="broken"):
        read_body([wide], coding="zstd", limit=1_000, host="h")


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_bombs_are_never_unpacked(coding: str) -> None:
    """Reading stops at the cap: the rest of the source is not even asked for."""
    bomb = PACKERS[coding](b"\0" * 20_000_000)
    asked: list[bytes] = []

    def source() -> Iterator[bytes]:
        for piece in pieces(bomb, 1_000):
            asked.append(piece)
            yield piece

    with pytest.raises(TooLarge, match=r"outlet\.example is larger than 10,000 bytes"):
        read_body(source(), coding=coding, limit=10_000, host="outlet.example")
    assert len(asked) == 1


def test_an_empty_packed_body() -> None:
    """Some servers label an empty answer as packed."""
    assert read_body([], coding="gzip", limit=10, host="h") == b""


FEED = b"<?xml version='1.0'?><rss><channel><title>River Times</title></channel></rss>"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("none", FEED),
        ("UTF-8", FEED),
        ("aws-chunked", b"\xef\xbb\xbf" + FEED),
        ("binary", b'{"version": 1}'),
        ("gzip", FEED),
        ("deflate", FEED),
        ("br", FEED),
        ("zstd", b"\n" + FEED),
        ("gzip, gzip", FEED),
    ],
)
def test_text_is_read_under_a_header_that_lies(coding: str, body: bytes) -> None:
    assert read_body(pieces(body, 7), coding=coding, limit=2_000, host="h") == body


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip, br", "identity, gzip", "aws-chunked, gzip"])
def test_codings_one_over_another_are_all_undone(coding: str) -> None:
    body = FEED
    for name in coding.split(", "):
        body = PACKERS.get(name, bytes)(body)
    assert read_body(pieces(body, 9), coding=coding, limit=2_000, host="h") == FEED


def test_codings_without_end_are_refused() -> None:
    with pytest.raises(FetchError, match="was not asked for"):
        read_body(iter([FEED]), coding=", ".join(["gzip"] * 9), limit=2_000, host="h")
