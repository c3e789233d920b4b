"""``monitor restore``: a backup becomes the store again."""

from __future__ import annotations

from pathlib import Path

import typer

from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, counted, emit, examples, say
from monitor.errors import StoreError

NAME = "restore"
EXAMPLES = examples("monitor restore /backups/monitor-monday.db", "monitor restore copy.db --yes")


def command(
    file: Path = typer.Argument(..., help="A file that `monitor backup` made."),
    config: Path = CONFIG_OPTION,
    *,
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask."),
    json: bool = JSON_OPTION,
) -> None:
    """Make a backup the store again. The service must be stopped; the present SQLite file is kept aside, a
    PostgreSQL database must be empty (createdb).

    What was open in the backup may have been sent since: it is treated as of unknown outcome, so a
    repeat carries a mark and chats with `unsure: hold` hear nothing twice.
    """
    from monitor.app import load_rulebook, restore_store

    rulebook = load_rulebook(config)
    if not file.is_file():
        raise StoreError(f"restore: there is no file {file}")
    if not yes and not json:
        is_file = rulebook.settings.store.startswith("sqlite")
        question = f"Replace the store by {file}? The present one is moved aside."
        typer.confirm(question if is_file else f"Put {file} into the empty database?", abort=True)
    done = restore_store(rulebook, config, file)
    if json:
        emit({"file": str(file), "doubtful": done.doubtful, "aside": str(done.aside) if done.aside else None})
        return
    say(f"{file} is the store now.")
    if done.aside:
        say(f"What stood there lies at {done.aside}; delete it when all is well.")
    if done.doubtful:
        held = counted(done.doubtful, "delivery was", "deliveries were")
        say(f"{held} open in the backup and may have been sent since; see `monitor outbox list`.")
