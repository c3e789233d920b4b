"""Opening the store of a config for commands that look into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.core.rulebook import Rulebook
from monitor.ports import Store


@contextmanager
def opened(config: Path) -> Iterator[tuple[Store, Rulebook]]:
    """The store and rulebook of a config folder; the schema is brought to head first."""
    from monitor.app import load_rulebook, open_rulebook_store

    rulebook = load_rulebook(config)
    store = open_rulebook_store(rulebook, config)
    try:
        store.admin.upgrade()
        yield store, rulebook
    finally:
        store.admin.close()
