"""Tells when the operator's files change on disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import watchfiles

from monitor.config.folder import SUFFIXES, files, visible

DEBOUNCE_MS = 400
"""Changes that follow each other faster than this are told as one."""


def watch(folder: Path, stop_event: threading.Event, on_change: Callable[[], None]) -> None:
    """Call ``on_change`` after every change of a config file, until ``stop_event`` is set.

    Blocks: run it in a thread. Several changes at once (an editor, a checkout) are told once.
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
    )
    for _ in changes:
        on_change()


def _is_config(_change: watchfiles.Change, path: str) -> bool:
    """Config files, and the link that Kubernetes turns over when a mounted config changes."""
    changed = Path(path)
    return changed.name == "..data" or (changed.suffix in SUFFIXES and visible(changed))
