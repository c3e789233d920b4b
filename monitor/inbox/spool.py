"""A folder into which other systems move files of articles; read like an answer of a host.

::

    <folder>/            files wait here: .json, .jsonl, .ndjson; move them in, do not write them here
    <folder>/reading/B/  batch B was handed out and is not stored yet
    <folder>/done/       stored; kept for a week
    <folder>/bad/        what could not be read, each with NAME.reason.txt

A batch leaves ``reading`` only when the next request carries its name as ETag: the poll wrote that
ETag in the transaction that stored the batch's articles. Killed in between, the batch is read again,
and repeats are harmless.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from monitor.core.source.posted_articles import read_posted
from monitor.errors import FetchError
from monitor.model import Fetched, FetchRequest, NotModified
from monitor.ports import Clock, Fetcher

SCHEME: Final = "inbox"
KINDS: Final = frozenset({".json", ".jsonl", ".ndjson"})
MAX_FILE: Final = 20_000_000
MAX_FILES: Final = 200
MOST: Final = 400
KEPT: Final = timedelta(days=7)
SET_ASIDE: Final = "x-set-aside"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spool:
    """Reads the folders of inboxes. ``root`` is where named ones lie. ``peek``: change nothing."""

    root: Path
    now: Clock
    most: int = MOST
    peek: bool = False

    def folder(self, url: str) -> Path:
        """The folder that ``inbox://name`` or ``inbox:///absolute/path`` names. Raises FetchError."""
        parts = urlsplit(url)
        if parts.netloc and parts.path in ("", "/") and _NAME.fullmatch(parts.netloc):
            return self.root / parts.netloc
        path = Path(unquote(parts.path))
        if not parts.netloc and path.is_absolute() and ".." not in path.parts:
            return path
        raise FetchError(f"{url} names no folder; write inbox://name or inbox:///an/absolute/path")

    def put(self, url: str, data: bytes) -> None:
        """Write a document into an inbox, durably and at once. Raises FetchError."""
        folder = self.folder(url)
        stamp = f"{self.now():%Y%m%dT%H%M%S}-{secrets.token_hex(8)}.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / stamp, data)
        except OSError as error:
            raise FetchError(f"{folder}: cannot be written: {error.strerror}") from error

    def __call__(self, request: FetchRequest) -> Fetched | NotModified:
        """The articles that wait, as JSON lines, at most ``most``; NotModified when none do."""
        folder = self.folder(request.url)
        try:
            if self.peek:
                batch = _Batch(name="")
                self._read(sorted(_waiting(folder)) if folder.is_dir() else [], batch)
            else:
                batch = self._next(folder, request.etag)
        except OSError as error:
            raise FetchError(f"{folder}: cannot be read: {error.strerror}") from error
        if not batch.lines and not batch.aside:
            return NotModified(url=request.url, fetched_at=self.now())
        return Fetched(
            url=request.url,
            status=200,
            body="\n".join(batch.lines).encode("utf-8", "surrogatepass"),
            fetched_at=self.now(),
            headers={SET_ASIDE: json.dumps(batch.aside)} if batch.aside else {},
            etag=batch.name or None,
            content_type="application/x-ndjson",
        )

    def _next(self, folder: Path, stored: str | None) -> _Batch:
        (folder / "reading").mkdir(parents=True, exist_ok=True)
        if stored and _is_plain(stored) and (folder / "reading" / stored).is_dir():
            self._finish(folder, folder / "reading" / stored)
        open_ones = sorted(path for path in (folder / "reading").iterdir() if path.is_dir())
        batch = _Batch(name=open_ones[0].name if open_ones else self._claim(folder))
        if batch.name:
            self._read(sorted(_waiting(folder / "reading" / batch.name)), batch, folder)
            if not batch.lines and not any((folder / "reading" / batch.name).iterdir()):
                (folder / "reading" / batch.name).rmdir()
        return batch

    def _claim(self, folder: Path) -> str:
        """Move what waits into a batch of its own; its name, "" when nothing waits."""
        waiting = sorted(_waiting(folder), key=lambda path: (path.stat().st_mtime, path.name))[:MAX_FILES]
        if not waiting:
            return ""
        name = f"{self.now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        (folder / "reading" / name).mkdir(parents=True)
        for path in waiting:
            with suppress(FileNotFoundError):  # taken back by whoever put it there
                path.rename(folder / "reading" / name / path.name)
        return name

    def _read(self, paths: list[Path], batch: _Batch, folder: Path | None = None) -> None:
        """Add the files' articles; without ``folder`` nothing is moved.

        Articles beyond ``most`` go back into the folder before this file is cut: killed in between,
        they are read twice, which is harmless.
        """
        for path in paths:
            room = self.most - len(batch.lines)
            if room <= 0:
                if folder is not None:
                    path.rename(folder / path.name)
                continue
            good, aside, why = _articles(path)
            if why:
                batch.aside.append(f"{path.name} was set aside: {why}")
            if folder is not None and why:
                _set_aside(folder, path, aside, why, whole=not good)
            if folder is not None and (len(good) > room or (aside and good)):
                if good[room:]:
                    rest = f"{path.stem}~{secrets.token_hex(2)}.jsonl"
                    _write(folder / rest, "\n".join(good[room:]).encode("utf-8", "surrogatepass"))
                _write(path, "\n".join(good[:room]).encode("utf-8", "surrogatepass"))
            batch.lines.extend(good[:room])

    def _finish(self, folder: Path, batch: Path) -> None:
        done = folder / "done"
        done.mkdir(exist_ok=True)
        for path in list(batch.iterdir()):
            path.rename(done / f"{batch.name}-{path.name}"[-200:])
        batch.rmdir()
        oldest = (self.now() - KEPT).timestamp()
        for path in done.iterdir():
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


@dataclass(slots=True, kw_only=True)
class _Batch:
    name: str
    lines: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)


def _waiting(folder: Path) -> Iterator[Path]:
    """Whole files; hidden ones and other names are still being written. Links are not followed."""
    with os.scandir(folder) as found:
        for item in found:
            is_named = Path(item.name).suffix.lower() in KINDS and not item.name.startswith(".")
            if is_named and item.is_file(follow_symlinks=False):
                yield Path(item.path)


def _articles(path: Path) -> tuple[list[str], str, str]:
    """The articles as JSON lines; what is none, as text; why, "" when all is well."""
    if path.stat().st_size > MAX_FILE:
        return [], "", f"it is larger than {MAX_FILE // 1_000_000} MB"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return [], "", f"it is not UTF-8: {error.reason} at byte {error.start}"
    drops, refused = read_posted(text)
    reasons = "; ".join(part.why for part in refused[:5])
    more = f"; and {len(refused) - 5} more" if len(refused) > 5 else ""  # noqa: PLR2004  # as above
    return [drop.raw for drop in drops], "\n".join(part.raw for part in refused), reasons + more


def _set_aside(folder: Path, path: Path, parts: str, why: str, *, whole: bool) -> None:
    """Keep what is no article where an operator sees it, with the reason; nothing is lost."""
    bad = folder / "bad"
    bad.mkdir(exist_ok=True)
    name = path.name if not (bad / path.name).exists() else f"{secrets.token_hex(3)}-{path.name}"
    _write(bad / f"{name}.reason.txt", f"{why}\n".encode())
    if whole:
        path.rename(bad / name)
    else:
        _write(bad / name, parts.encode("utf-8", "surrogatepass"))


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, also when the machine stops."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with made.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def _is_plain(name: str) -> bool:
    return bool(re.fullmatch(r"[\w-]{1,60}", name))


def fetching(spool: Spool, polite: Fetcher) -> Fetcher:
    """A fetcher that asks the spool for inboxes and the web for all else."""

    def fetch(request: FetchRequest) -> Fetched | NotModified:
        return spool(request) if request.url.startswith(f"{SCHEME}:") else polite(request)

    return fetch
