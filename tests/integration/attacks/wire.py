"""Attacks below the document: time, size, headers, packing, redirects, names, robots files."""

from __future__ import annotations

import gzip
from typing import Any, Final

import brotli
from backports import zstd

from tests.integration.attacks.attack import FAILING, HTML, Attack, feed, item, scripted
from tests.support.hostile_server import Reply, Talk, answer

OK: Final = b"HTTP/1.1 200 OK\r\n"
ZEROS: Final = b"\0" * 60_000_000
GOOD: Final = answer(feed(item()))
LISTING: Final = answer(b"<h2><a href='/page'>Lukashenko met an envoy today</a></h2>", HTML)


def redirect(target: str, status: str = "302 Found") -> bytes:
    return answer(b"", f"Location: {target.encode().decode('latin-1')}", status=status)


def drip_status(talk: Talk) -> None:
    talk.drip(b"H", every_s=0.05)


def drip_headers(talk: Talk) -> None:
    talk.send(OK)
    talk.drip(b"X-Slow: yes\r\n", every_s=0.05)


def drip_body(talk: Talk) -> None:
    talk.send(OK + b"Content-Length: 99999\r\n\r\n")
    talk.drip(b"<", every_s=0.05)


def drip_chunks(talk: Talk) -> None:
    talk.send(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    talk.drip(b"1\r\n<\r\n", every_s=0.05)


def silence(talk: Talk) -> None:
    talk.stop.wait()


def endless_headers(talk: Talk) -> None:
    talk.send(OK)
    talk.pour(b"X-More: and more\r\n" * 100)


def endless_interim(talk: Talk) -> None:
    talk.pour(b"HTTP/1.1 100 Continue\r\n\r\n")


def endless_body(talk: Talk) -> None:
    talk.send(OK + b"\r\n")
    talk.pour(b"<item>" * 10_000)


def endless_chunks(talk: Talk) -> None:
    talk.send(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    talk.pour(b"1000\r\n" + b"x" * 4096 + b"\r\n")


def endless_trailer(talk: Talk) -> None:
    talk.send(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n")
    talk.pour(b"X-More: and more\r\n" * 100)


def tiny_chunks(talk: Talk) -> None:
    talk.send(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    talk.pour(b"1\r\nx\r\n" * 500)


def tiny_trailers(talk: Talk) -> None:
    talk.send(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n")
    talk.pour(b"a\r\n" * 500)


def long_chunk_sizes(talk: Talk) -> None:
    talk.send(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    talk.pour(b"1;" + b"a=b;" * 300 + b"\r\nx\r\n")


def reset(talk: Talk) -> None:
    talk.send(OK + b"Content-Length: 99999\r\n\r\n<rss>")
    talk.reset()


def packed(coding: str, body: bytes) -> bytes:
    return answer(body, f"Content-Encoding: {coding}")


def wide_zstd() -> bytes:
    options: dict[int, int] = {
        zstd.CompressionParameter.window_log: 27,
        zstd.CompressionParameter.content_size_flag: 0,
    }
    stream = zstd.ZstdCompressor(options=options)
    return stream.compress(b"news" * 10) + stream.flush()


SLOW: Final = tuple(
    scripted(reply.__name__.replace("_", " "), reply)
    for reply in (
        *(drip_status, drip_headers, drip_body, drip_chunks, silence),
        *(endless_headers, endless_interim, endless_trailer, reset),
    )
)

# What the body's own limit does not see; the deadline is far off.
BESIDE: Final = tuple(
    scripted(f"{reply.__name__.replace('_', ' ')}, counted", reply, says=says, deadline_s=30.0)
    for reply, says in (
        *((endless_interim, "beside the page"), (endless_trailer, "beside the page")),
        *((tiny_trailers, "beside the page"), (long_chunk_sizes, "beside the page")),
        (tiny_chunks, "tiny pieces|beside the page"),
    )
)

LARGE: Final = (
    scripted("endless body", endless_body, says="larger than", told="is broken"),
    scripted("endless chunks", endless_chunks, says="larger than"),
    scripted("a header of a megabyte", OK + b"X-Long: " + b"x" * 1_000_000 + b"\r\n\r\n"),
    scripted("ten thousand headers", OK + b"X-A: b\r\n" * 10_000 + b"\r\n"),
    scripted("a length of a thousand digits", answer(b"<rss/>", length=10**999)),
    scripted("a negative length", OK + b"Content-Length: -5\r\n\r\n" + feed(item())),
    scripted("gzip bomb", packed("gzip", gzip.compress(ZEROS)), says="larger than"),
    scripted("br bomb", packed("br", brotli.compress(ZEROS, quality=1)), says="larger than"),
    scripted("zstd bomb", packed("zstd", zstd.compress(ZEROS)), says="larger than"),
    scripted("zstd window of 128 MB", packed("zstd", wide_zstd()), says="broken"),
    scripted("a thousand empty gzip members", packed("gzip", gzip.compress(b"") * 5_000), says="broken"),
    scripted("a hundred thousand zstd frames", packed("zstd", zstd.compress(b"") * 100_000), says="broken"),
    scripted("gzip four times", packed("gzip, gzip, gzip, gzip", gzip.compress(b"x")), says="not asked for"),
    scripted("false gzip", packed("gzip", b"\x1f\x8b\x08" + b"\xff" * 4_000), says="broken"),
    scripted("not HTTP at all", b"\x16\x03\x01" + b"\xff" * 5_000),
    scripted("HTTP/9.9 with NUL", b"HTTP/9.9 \0\0\0\r\n\r\n"),
)

INSIDE: Final = tuple(
    scripted(f"redirect to {target[:40]}", redirect(target), told="is broken")
    for target in (
        "http://169.254.169.254/latest/meta-data/",
        "http://127.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://[2002:7f00:1::]/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://127.0.0.1.:80/",
        "http://\u2460\u2461\u2466.0.0.1/",
        "http://inside.test/",
        "http://mixed.test/",
        "http://outlet.test:22/",
        "http://user:word@outlet.test/",
        "file:///etc/passwd",
        "gopher://outlet.test/_x",
        "javascript:alert(1)",
        "http://outlet.test\\@127.0.0.1/",
        "//[::1",
        "http://" + "a" * 100_000 + ".test/",
    )
)

REDIRECTS: Final = (
    scripted("redirect to itself", redirect("/list"), says="redirects more than"),
    Attack(
        name="a name that changes between two looks",
        replies={
            "/list": redirect("http://rebind.test/a"),
            "/a": redirect("http://rebind.test/b"),
            "/b": GOOD,
        },
        health=FAILING,
        says="this machine itself",
    ),
    Attack(
        name="moved for good to a casino",
        replies={"/list": redirect("http://casino.test/list2", "301 Moved"), "/list2": GOOD},
        told="has moved for good: http://outlet.test/list leads to http://casino.test/list2",
    ),
    scripted("Retry-After in a thousand years", answer(b"", "Retry-After: 99999999999", status="429 No")),
)

ROBOTS_FILES: Final[tuple[tuple[str, Reply, dict[str, Any]], ...]] = (
    ("dripped", drip_body, {"health": FAILING, "says": "does not say what robots may read"}),
    ("endless", endless_body, {}),
    (
        "leads inside",
        redirect("http://127.0.0.1/robots.txt"),
        {"health": FAILING, "says": "this machine"},
    ),
    (
        "three thousand agents, six thousand rules",
        answer(
            b"".join(b"User-agent: b%d\n" % n for n in range(3_000))
            + b"".join(b"Disallow: /%d*a*a*a*b$\n" % n for n in range(6_000))
        ),
        {},
    ),
    ("wildcards", answer(b"User-agent: *\nDisallow: /" + b"*l" * 900 + b"*z\n"), {}),
    ("a line of 400 kB", answer(b"User-agent: *\nDisallow: /" + b"x" * 400_000), {}),
    ("binary", answer(bytes(range(256)) * 1_000), {}),
    ("a crawl-delay of a year", answer(b"User-agent: *\nCrawl-delay: 31536000\n"), {}),
    (
        "no to all",
        answer(b"User-agent: *\nDisallow: /\n"),
        {"health": FAILING, "says": "does not let us"},
    ),
)
ROBOTS: Final = tuple(
    Attack(
        name=f"robots.txt: {name}", kind="listing", replies={"/list": LISTING, "/robots.txt": reply}, **more
    )
    for name, reply, more in ROBOTS_FILES
)

ATTACKS: Final = (*SLOW, *BESIDE, *LARGE, *INSIDE, *REDIRECTS, *ROBOTS)
