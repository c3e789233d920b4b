"""Content codings, undone as the bytes arrive and never beyond a limit (RFC 9110 §8.4, RFC 1952)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

from monitor.errors import FetchError, TooLarge, Unreachable

ACCEPT_ENCODING = "gzip, deflate"
GZIP = b"\x1f\x8b"
# Members of one gzip body. Empty ones cost work and yield nothing.
MAX_MEMBERS = 1_000

Decoder = Callable[[Iterable[bytes]], Iterator[bytes]]


def read_body(chunks: Iterable[bytes], *, coding: str, limit: int, host: str) -> bytes:
    """Join ``chunks``, undoing the ``coding`` of a Content-Encoding header.

    ``limit`` holds for the bytes on the wire and for the decoded ones. Raises ``TooLarge``,
    ``Unreachable`` (broken or cut short) or ``FetchError`` (a coding that was not asked for).
    """
    codings = [name for part in coding.lower().split(",") if (name := part.strip()) != "identity"]
    match [name for name in codings if name]:
        case []:
            decoded = _bounded(chunks, limit, host)
        case ["gzip" | "x-gzip"]:
            decoded = _inflate(_bounded(chunks, limit, host), limit, host, raw=False)
        case ["deflate"]:
            decoded = _inflate(_bounded(chunks, limit, host), limit, host, raw=True)
        case _:
            raise FetchError(
                f"{host} sends its answer in a coding that was not asked for "
                f"({coding[:40]!r}, asked for {ACCEPT_ENCODING}); it is asked again later"
            )
    return b"".join(_bounded(decoded, limit, host))


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
        f"the answer of {host} is larger than {limit:,} bytes; raise fetch.max_bytes if that "
        "is what the source really sends"
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


def _window(head: bytes, *, raw: bool) -> int:
    zlib_header = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2]) % 31 == 0
    if raw and not zlib_header and not head.startswith(GZIP):
        return -zlib.MAX_WBITS
    return zlib.MAX_WBITS | 32  # gzip or zlib, told apart by their headers


def _broken(host: str) -> Unreachable:
    return Unreachable(f"the packed answer of {host} is broken or ends too early; it is asked again later")
