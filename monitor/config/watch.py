"""Tells when the operator's files change on disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import structlog
import watchfiles

from monitor.config.folder import SHELVES, SUFFIXES, files, visible
from monitor.errors import ConfigError

Stamp = tuple[str, int, int, int]
"""A file's path, inode, moment of change and size."""
DEBOUNCE_MS = 400
"""Changes that follow each other faster than this are told as one."""
LOOK_S = 5.0
"""So often the files themselves are looked at."""
_TICK_MS = 500

log = structlog.get_logger(__name__)


def stamps(folder: Path) -> frozenset[Stamp]:
    """What tells one state of the operator's files from another unread; none without a folder."""
    found = set()
    with suppress(ConfigError):
        for file in files(folder):
            with suppress(OSError):  # gone meanwhile: that is a change too
                stat = file.path.stat()
                found.add((str(file.path), stat.st_ino, stat.st_mtime_ns, stat.st_size))
    return frozenset(found)


def watch(
    folder: Path,
    stop_event: threading.Event,
    on_change: Callable[[], None],
    *,
    since: frozenset[Stamp] | None = None,
    look_s: float = LOOK_S,
) -> None:
    """Call ``on_change`` after every change of a config file, until ``stop_event`` is set.

    Blocks: run it in a thread. Several changes at once (an editor, a checkout) are told once. ``since`` are
    the files as they were read: what was changed between the reading and the first look is told too. What
    the system does not tell of (another folder put in the place of this one, no watches left) is seen within
    seconds. Raises ``ConfigError`` when there is no such folder or nothing in it.
    """
    files(folder)
    seen, look_at = stamps(folder) if since is None else since, 0.0
    for changed in _ticks(folder, stop_event):  # the first comes when the watcher is there
        if not changed and time.monotonic() < look_at:
            continue
        now = stamps(folder)
        if changed or now != seen:
            seen = now
            on_change()
        look_at = time.monotonic() + look_s


def _ticks(folder: Path, stop_event: threading.Event) -> Iterator[bool]:
    """Every half a second, and after each change: whether the system told of one."""
    try:
        changes = watchfiles.watch(
            folder,
            watch_filter=_is_config,
            stop_event=stop_event,
            debounce=DEBOUNCE_MS,
            rust_timeout=_TICK_MS,
            raise_interrupt=False,
            yield_on_timeout=True,
        )
        for changed in changes:
            yield bool(changed)
    except (OSError, RuntimeError) as error:
        log.warning("edits of the config are looked for, the system tells of none", error=str(error))
    while not stop_event.wait(_TICK_MS / 1000):
        yield False


def _is_config(_change: watchfiles.Change, path: str) -> bool:
    """Config files, their folders (moved away and back, nobody tells of what is in them), and the link that
    Kubernetes turns over when a mounted config changes."""
    changed = Path(path)
    return changed.name in {"..data", *SHELVES} or (changed.suffix in SUFFIXES and visible(changed))
