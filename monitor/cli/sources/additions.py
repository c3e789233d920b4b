"""Writing sources into the operator's files, for the commands that do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.output import complain, counted, say
from monitor.cli.pipeline.inputs import InputError

if TYPE_CHECKING:
    from monitor.core.rulebook import Rulebook
    from monitor.model import FetchSettings

FILE_HELP = "A file of config/sources, made when missing."


def write_sources(file: str, records: Sequence[Mapping[str, object]], config: Path) -> Path:
    """Add the records to the file and read the whole config again; comments stay.

    A file that the config then refuses is put back as it was, and the ``ConfigError`` goes on.
    """
    from monitor.app import load_rulebook
    from monitor.config import file_named, write
    from monitor.errors import ConfigError

    path = file_named(file, config)
    before = path.read_bytes() if path.exists() else None
    write(path, records)
    try:
        load_rulebook(config)
    except ConfigError:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
        raise
    return path


def add_one(
    record: Mapping[str, object], file: str, rulebook: Rulebook, config: Path
) -> Mapping[str, object]:
    """Write one source; returns it as written. Raises InputError when it is there already or wrong."""
    from monitor.config import additions
    from monitor.plugins import source_kinds

    found = additions((("", record),), rulebook.sources, source_kinds())
    for passed in (*found.known, *found.wrong):
        raise InputError(f"{passed.name}: {passed.why}")
    path = write_sources(file, found.new, config)
    complain(f"{found.new[0]['id']} is written into {path}; a running service takes it up by itself.")
    return found.new[0]


def key_values(pairs: Sequence[str]) -> dict[str, object]:
    """``query=river`` and ``points=5`` as options; numbers and true/false as such."""
    found: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"{pair!r} is no option; write name=value, e.g. query=river")
        low = value.strip().lower()
        found[name.strip()] = (
            low == "true" if low in ("true", "false") else int(low) if low.isdecimal() else value
        )
    return found


def say_counts(added: int, known: int, wrong: int, file: str, *, dry_run: bool) -> None:
    """The last line of an import."""
    verb = "would be added to" if dry_run else "added to"
    say(
        f"{counted(added, 'source')} {verb} {file}, {known} already there, {wrong} not usable"
        + (" (nothing was written)" if dry_run else "")
    )


def fetch_settings(config: Path) -> FetchSettings:
    """How the config wants the web to be read; the defaults where there is no config yet."""
    from monitor.app import load_rulebook
    from monitor.errors import ConfigError
    from monitor.model import FetchSettings

    if not config.is_dir():
        return FetchSettings()
    try:
        return load_rulebook(config).settings.fetch
    except ConfigError as error:
        complain(f"{config} cannot be read, so its settings do not count: {error.problems[0]}")
        return FetchSettings()


def typed_loopback(url: str) -> bool:
    """Whether an address that the operator typed names this very machine: that is leave enough."""
    from urllib.parse import urlsplit

    try:
        host = urlsplit(url if "://" in url else f"http://{url}").hostname or ""
    except ValueError:
        return False
    return host in ("localhost", "::1") or bool(re.fullmatch(r"127(?:\.\d{1,3}){3}", host))
