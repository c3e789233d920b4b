"""Opening the store of a config for commands that look into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.cli.output import complain, counted, moment

if TYPE_CHECKING:
    from monitor.core.rulebook import Rulebook
    from monitor.errors import Problem
    from monitor.ports import Store

MOST_PROBLEMS = 5


@contextmanager
def opened(config: Path, *, make: bool = False, must_exist: bool = False) -> Iterator[tuple[Store, Rulebook]]:
    """The store and the rules of a config folder, as far as they can be read.

    A mistake in the files is told on stderr; then the rules that the service took last are used, else
    what is valid in the files. A store that does not exist yet is an empty one in memory, unless
    ``make``: who only reads leaves no file. An older schema is brought to head first. ``must_exist`` raises
    ``StoreError`` for one that does not: a copy of nothing would be taken for a backup.
    """
    from monitor.app import open_rulebook_store, readable_rulebook, store_is_missing
    from monitor.errors import StoreError
    from monitor.store import open_store

    rulebook, problems = readable_rulebook(config)
    missing = not make and store_is_missing(rulebook, config)
    if missing:
        from monitor.app import utc_now

        sentence = f"{rulebook.settings.store}: there is no database yet; `monitor run` makes it."
        if must_exist:
            raise StoreError(sentence)
        complain(sentence)
        store = open_store("sqlite://", now=utc_now)
    else:
        store = open_rulebook_store(rulebook, config)
    try:
        store.admin.upgrade()
        yield store, _rules(store, rulebook, problems)
    finally:
        store.admin.close()


def _rules(store: Store, valid: Rulebook, problems: tuple[Problem, ...]) -> Rulebook:
    """Which rules a command reads with: the files', or what is left when they hold mistakes."""
    if not problems:
        return valid
    from monitor.config import read_kept, restored
    from monitor.errors import StoreError

    for problem in problems[:MOST_PROBLEMS]:
        complain(str(problem))
    if len(problems) > MOST_PROBLEMS:
        complain(f"and {counted(len(problems) - MOST_PROBLEMS, 'more mistake')}: see `monitor check`")
    try:
        kept = next(iter(store.admin.rulebooks(1)), None)
        if kept is not None:
            found = restored(read_kept(kept.content), valid.settings)
            complain(f"warning: what follows is by the rules that the service took {moment(kept.taken_at)}.")
            return found
    except StoreError as error:
        complain(str(error))
    complain("warning: what follows is by what is valid in the files.")
    return valid
