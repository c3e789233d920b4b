"""Content codings, undone as the bytes arrive and never beyond a limit.

RFC 9110 §8.4 (the header), RFC 1952 (gzip), RFC 7932 (br), RFC 8878 and 9659 (zstd, its window).
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

import brotli

from monitor.errors import FetchError, TooLarge, Unreachable
from monitor.i18n.lazy import lazy

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
CODINGS = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
MAX_CODINGS = 3
# So many bytes tell packed ones from text.
HEAD = 64
BLANK = 32
GZIP = b"\x1f\x8b"
# Members of one gzip body, frames of one zstd body. Empty ones cost work and yield nothing.
MAX_MEMBERS = 1_000
# Decoded bytes handed on at a time: what a bomb costs before the limit is looked at again.
STEP = 65_536
# A zstd frame may ask its reader for gigabytes of window; on the web 8 MiB are allowed (RFC 9659).
WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}


def read_body(chunks: Iterable[bytes], *, coding: str, limit: int, host: str) -> bytes:
    """Join ``chunks``, undoing the ``coding`` of a Content-Encoding header.

    ``limit`` holds for the bytes on the wire and for the decoded ones. Raises ``TooLarge``,
    ``Unreachable`` (broken or cut short) or ``FetchError`` (a coding that was not asked for).
    """
    named = [part.strip() for part in coding.lower().split(",")]
    if len(named) > MAX_CODINGS:
        raise _unasked(host, coding)
    decoded = _bounded(chunks, limit, host)
    for name in reversed(named):  # the last one was applied last (RFC 9110 §8.4)
        if name and name != "identity":
            decoded = _undone(name, decoded, limit, host)
    return b"".join(_bounded(decoded, limit, host))


def _undone(name: str, chunks: Iterator[bytes], limit: int, host: str) -> Iterator[bytes]:
    """One coding undone. A header may lie: what is text already is passed on as it is, and so is text under
    a name that is no coding (``none``, ``utf-8``, ``aws-chunked``)."""
    head, rest = _peeked(chunks)
    is_text = _looks_like_text(head)
    match name:
        case "gzip" | "x-gzip" if not is_text:
            return _inflate(rest, limit, host, raw=False)
        case "deflate" if not (is_text and _is_no_deflate(head)):
            return _inflate(rest, limit, host, raw=True)
        case "br" if not (is_text and _is_no_brotli(head)):
            return _brotli(rest, host)
        case "zstd" if not is_text:
            return _zstd(rest, host)
    if is_text or not head:
        return rest
    if name not in CODINGS and head.startswith(GZIP):
        return _inflate(rest, limit, host, raw=False)
    raise _unasked(host, name)


def _peeked(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, and all chunks, those included."""
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= HEAD:
            break
    return b"".join(held)[:HEAD], chain(held, chunks)


def _looks_like_text(head: bytes) -> bool:
    """Whether bytes open like markup or JSON: packed ones hold bytes below the blank soon."""
    opening = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return opening[:1] in {b"<", b"{", b"["} and not any(
        byte < BLANK and byte not in b"\t\r\n" for byte in head
    )


def _is_no_deflate(head: bytes) -> bool:
    try:
        zlib.decompressobj(_window(head, raw=True)).decompress(head)
    except zlib.error:
        return True
    return False


def _is_no_brotli(head: bytes) -> bool:
    try:
        brotli.Decompressor().process(head)
    except brotli.error:
        return True
    return False


def _unasked(host: str, coding: str) -> FetchError:
    return FetchError(
        lazy(
            "{host} sends its answer in a coding that was not asked for "
            "({coding}, asked for {wanted}); it is asked again later",
            host=host,
            coding=repr(coding[:40]),
            wanted=ACCEPT_ENCODING,
        )
    )


def _bounded(chunks: Iterable[bytes], limit: int, host: str) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > limit:
            raise too_large(host, limit)
        yield chunk


def too_large(host: str, limit: int) -> TooLarge:
    """The error for an answer of more than ``limit`` bytes."""
    return TooLarge(
        lazy(
            "the answer of {host} is larger than {most} bytes; raise fetch.max_bytes if that "
            "is what the source really sends",
            host=host,
            most=f"{limit:,}",
        )
    )


def _inflate(chunks: Iterable[bytes], limit: int, host: str, *, raw: bool) -> Iterator[bytes]:
    """Undo gzip or zlib; with ``raw`` also deflate without a header, as old servers send it."""
    stream: zlib._Decompress | None = None
    members, held = 0, b""
    try:
        for chunk in chunks:
            data = held + chunk
            held = b""
            while data:
                if stream is None or stream.eof:
                    if len(data) < len(GZIP):
                        held = data
                        break
                    if stream is not None and not data.startswith(GZIP):
                        return  # rubbish after the end, as every browser lets pass
                    members += 1
                    if members > MAX_MEMBERS:
                        raise _broken(host)
                    stream = zlib.decompressobj(_window(data, raw=raw))
                yield stream.decompress(data, limit + 1)
                data = stream.unused_data if stream.eof else stream.unconsumed_tail
    except zlib.error:
        raise _broken(host) from None
    if (stream is None and held) or (stream is not None and not stream.eof):
        raise _broken(host)


def _brotli(chunks: Iterable[bytes], host: str) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    begun = False
    try:
        for chunk in chunks:
            begun = True
            yield stream.process(chunk, output_buffer_limit=STEP)
            while not stream.is_finished() and not stream.can_accept_more_data():
                yield stream.process(b"", output_buffer_limit=STEP)
            if stream.is_finished():
                return  # what follows the end is let pass, as with gzip
    except brotli.error:
        raise _broken(host) from None
    if begun:
        raise _broken(host)


def _zstd(chunks: Iterable[bytes], host: str) -> Iterator[bytes]:
    stream: zstd.ZstdDecompressor | None = None
    frames = 0
    try:
        for chunk in chunks:
            data = chunk
            while data or not (stream is None or stream.eof or stream.needs_input):
                if stream is None or stream.eof:
                    frames += 1
                    if frames > MAX_MEMBERS:
                        raise _broken(host)
                    stream = zstd.ZstdDecompressor(options=WINDOW)
                yield stream.decompress(data, max_length=STEP)
                data = stream.unused_data if stream.eof else b""
    except zstd.ZstdError:
        raise _broken(host) from None
    if stream is not None and not stream.eof:
        raise _broken(host)


def _window(head: bytes, *, raw: bool) -> int:
    zlib_header = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2]) % 31 == 0
    if raw and not zlib_header and not head.startswith(GZIP):
        return -zlib.MAX_WBITS
    return zlib.MAX_WBITS | 32  # gzip or zlib, told apart by their headers


def _broken(host: str) -> Unreachable:
    return Unreachable(
        lazy("the packed answer of {host} is broken or ends too early; it is asked again later", host=host)
    )
