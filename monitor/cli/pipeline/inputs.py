"""Files, standard input and addresses that commands read."""

from __future__ import annotations

import codecs
import gzip
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from monitor.cli.errors import exit_code, sentence
from monitor.cli.output import EXIT_INPUT, complain, emit
from monitor.errors import MonitorError, ParseError

if TYPE_CHECKING:
    from monitor.model import Fetched

T = TypeVar("T")

PROGRESS_FROM = 20
_GZIP = b"\x1f\x8b"
_MAX_UNPACKED = 200_000_000
_SAMPLE = 8_192
_FEW = 0.05
_WIDE_MARKS = (
    *(codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE),  # UTF-32 LE begins as UTF-16 LE does
    *(b"<\0", b"\0<", b"\0\0\0<"),
)
_NO_TEXT = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input: its name as given and its bytes (unpacked when they were gzipped)."""

    id: str
    body: bytes


class InputError(MonitorError):
    """An input cannot be read."""


def read_input(name: str) -> Input:
    """A file's bytes, or standard input for ``-``. Raises InputError, also for what is no text."""
    if name == "-":
        body = sys.stdin.buffer.read()
    else:
        try:
            body = Path(name).read_bytes()
        except IsADirectoryError:
            raise InputError(f"{name}: is a folder; name the files in it, such as {name}/*") from None
        except FileNotFoundError:
            raise InputError(f"{name}: there is no such file") from None
        except (OSError, ValueError) as error:
            raise InputError(f"{name}: cannot be read: {getattr(error, 'strerror', error)}") from error
    if body.startswith(_GZIP):
        body = _unpacked(name, body)
    if is_binary(body):
        raise InputError(f"{name}: is a binary file, not text, HTML or XML")
    return Input(id=name, body=body)


def _unpacked(name: str, body: bytes) -> bytes:
    import io

    try:
        with gzip.open(io.BytesIO(body)) as packed:
            plain = packed.read(_MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{name}: is a damaged gzip file: {error}") from error
    if len(plain) > _MAX_UNPACKED:
        raise InputError(f"{name}: unpacks to more than {_MAX_UNPACKED // 1_000_000} MB")
    return plain


def is_binary(body: bytes) -> bool:
    """Whether the bytes are no text in any encoding that news is written in."""
    sample = body[:_SAMPLE]
    if sample.startswith(_WIDE_MARKS):
        return False
    return b"\0" in sample or len(_NO_TEXT.findall(sample)) > len(sample) * _FEW


def text_of(given: Input) -> str:
    """The text of an input: UTF-8, UTF-16 or UTF-32 with a mark, or the likeliest older encoding."""
    if given.body.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return given.body.decode("utf-32", errors="replace")
    if given.body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return given.body.decode("utf-16", errors="replace")
    try:
        return given.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(given.body).best()
        return str(best) if best else given.body.decode("utf-8-sig", errors="replace")


def is_address(name: str) -> bool:
    """Whether an argument is a web address, not a file."""
    return name.lower().startswith(("http://", "https://"))


def page_address(value: str | None) -> str | None:
    """A checked ``--url``; raises a usage error."""
    if value is not None and not is_address(value):
        raise typer.BadParameter(f"{value!r} is no web address; it starts with https:// or http://")
    return value


def fetched(name: str, url: str | None, *, allow_private: bool, robots: bool = True) -> Fetched:
    """An address fetched politely, or a file dressed as the answer of ``url``. ``robots``: the host's robots
    rules decide whether it may be asked, as they do for the service."""
    from monitor.model import Fetched, FetchRequest, FetchSettings, NotModified

    if not is_address(name):
        given = read_input(name)
        address = url or (Path(name).resolve().as_uri() if name != "-" else "file:///stdin")
        return Fetched(url=address, status=200, body=given.body, fetched_at=datetime.now(UTC))
    from monitor import __version__
    from monitor.http.fetcher import HttpFetcher
    from monitor.http.robots_fetcher import RobotsFetcher

    fetcher = HttpFetcher(FetchSettings(), version=__version__, now=lambda: datetime.now(UTC))
    obedient = RobotsFetcher(fetcher, now=lambda: datetime.now(UTC))
    try:
        answer = obedient(FetchRequest(url=name, allow_private=allow_private, robots=robots))
    finally:
        fetcher.close()
    if isinstance(answer, NotModified):
        raise ParseError(f"{name}: answered 304 to a first request")
    return answer


def each(
    names: Sequence[str],
    show: Callable[[str], None],
    *,
    as_json: bool,
    label: Callable[[str], str] = str,
) -> int:
    """Call ``show`` for every name; report the bad ones, go on with the rest.

    ``label`` is the id of a name in its error line. Returns the exit code: 3 when all that failed
    was out of reach, 1 when any input was wrong.
    """
    codes = set()
    for name in progress(names, description="Reading"):
        try:
            show(name)
        except MonitorError as error:
            codes.add(exit_code(error))
            message = sentence(error)
            complain(message if message.startswith(name) else f"{name}: {message}")
            if as_json:
                emit({"id": label(name), "error": message})
    return EXIT_INPUT if EXIT_INPUT in codes else max(codes, default=0)


def progress(items: Sequence[T], *, description: str, at_least: int = PROGRESS_FROM) -> Iterable[T]:
    """The items, with a bar on stderr when there are many and stderr is a terminal."""
    return _tracked(items, description) if len(items) >= at_least and sys.stderr.isatty() else items


def _tracked(items: Sequence[T], description: str) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import Progress

    # By default rich sends stdout to its own console as well: a redirected stdout would stay empty.
    bar = Progress(console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty())
    with bar:
        yield from bar.track(items, description=description)
