"""Which topics' examples were tried already and passed: a cache, so that a start does not try them again.

Trying them loads the dictionaries of every language that they are in, seconds of CPU at each start of the
service and at each ``monitor check``. A topic is known by what it says, by the names that it may use, and by
the code and the dictionaries that tried it; where the cache cannot be read or written, all is tried.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from monitor.config.models.files import TopicShape
from monitor.config.validate.shared_names import SharedNames

MOST_KEPT: Final = 5_000
KEY_BYTES: Final = 16
_CODE: Final = Path(__file__).parents[2]
_DICTIONARIES: Final = (
    "morfeusz2", "py3langid", "pymorphy3", "pymorphy3-dicts-ru", "pymorphy3-dicts-uk", "PyStemmer",
    "simplemma", "stopwordsiso",
)  # fmt: skip


def cache_file() -> Path:
    """Where the keys stand, one a line (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "coverage-monitor" / "passed-examples.txt"


def key_of(topic: TopicShape, terms: SharedNames) -> str:
    """What a topic and all that its examples rest on say, as a hash."""
    said = (topic.model_dump_json(), repr((terms.lists, terms.people, terms.orgs)), _tried_by())
    return hashlib.blake2b("\0".join(said).encode(), digest_size=KEY_BYTES).hexdigest()


def known() -> tuple[str, ...]:
    """The keys of topics that passed before, the latest last."""
    with suppress(OSError, RuntimeError):
        return tuple(cache_file().read_text(encoding="ascii", errors="replace").split()[-MOST_KEPT:])
    return ()


def keep(keys: Iterable[str], before: Sequence[str]) -> None:
    """Write down that these passed too; at most the latest 5,000 are kept."""
    kept = list(dict.fromkeys([*before, *keys]))[-MOST_KEPT:]
    with suppress(OSError, RuntimeError):
        file = cache_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        try:
            fresh.write_text("\n".join(kept), encoding="ascii")
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)


@cache
def _tried_by() -> str:
    """The code and the dictionaries that are there now."""
    newest = max(
        path.stat().st_mtime_ns
        for part in ("core", "config", "model")
        for path in (_CODE / part).rglob("*.*")
    )
    versions = []
    for name in _DICTIONARIES:
        with suppress(metadata.PackageNotFoundError):
            versions.append(f"{name} {metadata.version(name)}")
    return f"{_CODE} {newest} {' '.join(versions)}"
