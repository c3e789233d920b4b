"""``monitor backup``: a copy of the store, made while the service runs."""

from __future__ import annotations

from pathlib import Path

import typer

from monitor.cli.archive.opened import opened
from monitor.cli.output import CONFIG_OPTION, JSON_OPTION, emit, examples, say

NAME = "backup"
EXAMPLES = examples("monitor backup /backups/monitor-monday.db", "monitor backup copy.db -c /etc/monitor")


def command(
    file: Path = typer.Argument(..., help="The copy; it must not exist yet."),
    config: Path = CONFIG_OPTION,
    *,
    json: bool = JSON_OPTION,
) -> None:
    """Copy the whole store into a file, also while the service runs, and read the copy back."""
    with opened(config, must_exist=True) as (store, _):
        store.admin.backup(str(file))
        store.admin.verify_backup(str(file))
    size = file.stat().st_size
    if json:
        emit({"file": str(file), "bytes": size})
    else:
        say(f"{file}: {size / 1_000_000:.1f} MB. It holds what people were sent: keep it to yourself.")
