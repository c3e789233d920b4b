"""The clock, the rulebook of a folder, its store and its inboxes."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import structlog

from monitor.config import Loaded, in_a_fork, load, readable, stamps
from monitor.config.watch import Stamp
from monitor.core.rulebook import Rulebook
from monitor.errors import ConfigError, Problem, StoreError
from monitor.inbox import MOST, Spool
from monitor.logs import follow
from monitor.plugins import channel_kinds, source_kinds
from monitor.ports import Clock, Store
from monitor.store import Restored, StoreObserver, open_store, restore

WRITTEN_S = 2.0
"""An editor, a copy or a checkout is done with a file sooner."""
_LOOK_AGAIN_S = 0.2

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    """The present moment, aware UTC."""
    return datetime.now(UTC)


def steady_s() -> float:
    """Seconds of a clock that nobody sets; where the system has one, it runs while the machine sleeps."""
    return time.clock_gettime(_STEADY)


_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def load_rulebook(folder: Path, env: Mapping[str, str] | None = None) -> Rulebook:
    """The rulebook of a config folder with all installed kinds; raises ConfigError."""
    return loaded_folder(folder, env, None).rulebook


def rulebook_to_begin_with(folder: Path) -> Rulebook:
    """The rulebook of a process that starts, perhaps in the middle of an edit: files that are wrong and were
    written just now are read again until they have stood for a moment. Raises ConfigError."""
    while True:
        before = stamps(folder)
        try:
            return load_rulebook(folder)
        except ConfigError:
            if not any(_is_fresh(stamp) for stamp in before) and stamps(folder) == before:
                raise
        time.sleep(_LOOK_AGAIN_S)


def _is_fresh(stamp: Stamp) -> bool:
    return 0 <= time.time() - stamp[2] / 1e9 < WRITTEN_S


def loaded_folder(folder: Path, env: Mapping[str, str] | None, previous: Rulebook | None) -> Loaded:
    """The config folder with all installed kinds; what ``previous`` compiled alike is taken over. Raises
    ConfigError."""
    loaded = load(
        folder,
        env=os.environ if env is None else env,
        kinds=source_kinds(),
        channel_kinds=channel_kinds(),
        previous=previous,
        apart=in_a_fork,
    )
    follow(loaded.rulebook.settings.logs)
    for warning in loaded.warnings:
        log.warning("config", problem=str(warning))
    return loaded


def readable_rulebook(folder: Path) -> tuple[Rulebook, tuple[Problem, ...]]:
    """What is valid of a config folder, and what is not; raises ConfigError when there is no such folder."""
    loaded = readable(folder, env=os.environ, kinds=source_kinds(), channel_kinds=channel_kinds())
    return loaded.rulebook, loaded.refused


def store_is_missing(rulebook: Rulebook, folder: Path) -> bool:
    """Whether the rulebook names a SQLite file that is not there (yet) and can be made."""
    file = store_file(rulebook, folder)
    if file is None or file.exists():
        return False
    return next(each for each in file.parents if each.exists()).is_dir()


def store_file(rulebook: Rulebook, folder: Path) -> Path | None:
    """The file of a SQLite store; None for another database and for one in memory."""
    prefix = "sqlite:///"
    url = rulebook.settings.store
    name = url.removeprefix(prefix).partition("?")[0]
    return folder.resolve().parent / name if url.startswith(prefix) and name else None


def open_rulebook_store(
    rulebook: Rulebook, folder: Path, clock: Clock = utc_now, *, observer: StoreObserver | None = None
) -> Store:
    """The store that the rulebook names; relative SQLite paths are taken from the config's parent."""
    return open_store(store_url(rulebook.settings.store, folder), now=clock, observer=observer)


def restore_store(rulebook: Rulebook, folder: Path, backup: Path) -> Restored:
    """Put a backup in the place of the rulebook's SQLite store; raises StoreError."""
    return restore(backup, url=store_url(rulebook.settings.store, folder), now=utc_now())


def store_url(url: str, folder: Path) -> str:
    """An absolute database URL; the folder of a SQLite file is made when missing.

    Raises StoreError when it cannot be made.
    """
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url == prefix:
        return url
    path = Path(url.removeprefix(prefix))
    if not path.is_absolute():
        path = folder.resolve().parent / path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent}: cannot be made for the database: {error.strerror}") from error
    return f"{prefix}{path}"


def open_spool(rulebook: Rulebook, folder: Path, *, peek: bool = False) -> Spool:
    """The folders of the rulebook's inboxes; ``peek`` looks without taking anything."""
    root = folder.resolve().parent / rulebook.settings.receiver.folder
    most = min(MOST, rulebook.settings.fetch.max_entries)
    return Spool(root=root, now=utc_now, most=most, peek=peek)
