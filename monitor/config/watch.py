"""Tells when the operator's files change on disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import watchfiles

from monitor.config.folder import SHELVES, SUFFIXES, files, visible
from monitor.errors import ConfigError

Stamp = tuple[str, int, int, int]
"""A file's path, inode, moment of change and size."""
DEBOUNCE_MS = 400
"""Changes that follow each other faster than this are told as one."""


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
) -> None:
    """Call ``on_change`` after every change of a config file, until ``stop_event`` is set.

    Blocks: run it in a thread. Several changes at once (an editor, a checkout) are told once. ``since`` are
    the files as they were read: what was changed between the reading and the first look is told too.
    Raises ``ConfigError`` when there is no such folder or nothing in it.
    """
    files(folder)
    changes = watchfiles.watch(
        folder,
        watch_filter=_is_config,
        stop_event=stop_event,
        debounce=DEBOUNCE_MS,
        rust_timeout=500,
        raise_interrupt=False,
        yield_on_timeout=True,
    )
    for changed in changes:  # the first comes when the watcher is there, with or without a change
        late = since is not None and stamps(folder) != since
        since = None
        if changed or late:
            on_change()


def _is_config(_change: watchfiles.Change, path: str) -> bool:
    """Config files, their folders (moved away and back, nobody tells of what is in them), and the link that
    Kubernetes turns over when a mounted config changes."""
    changed = Path(path)
    return changed.name in {"..data", *SHELVES} or (changed.suffix in SUFFIXES and visible(changed))
