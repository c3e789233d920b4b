"""``monitor db``: the database."""

from __future__ import annotations

from pathlib import Path

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, emit, examples, say

app = typer.Typer(help="The database.", no_args_is_help=True, epilog=examples("monitor db upgrade"))


@app.callback()
def _group() -> None:
    """The database."""


@app.command("upgrade", epilog=examples("monitor db upgrade", "monitor db upgrade -c /etc/monitor"))
def upgrade(config: Path = CONFIG_OPTION, *, json: bool = JSON_OPTION) -> None:
    """Bring the database to this version's schema; a backup is made first. `run` does it too."""
    with opened(config, make=True) as (_, rulebook):
        name = rulebook.settings.store.partition("@")[2] or rulebook.settings.store
    if json:
        emit({"store": name, "schema": "head"})
    else:
        say(f"{name}: the schema is up to date.")
