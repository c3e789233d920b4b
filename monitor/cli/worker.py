"""``monitor worker``."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from monitor.cli.output import CONFIG_OPTION, examples

if TYPE_CHECKING:
    from monitor.model.job import Role

NAME = "worker"
EXAMPLES = examples(
    "monitor worker",
    "monitor worker --roles process",
    "monitor worker --roles fetch,process --config /etc/monitor",
)


def command(
    config: Path = CONFIG_OPTION,
    *,
    roles: str = typer.Option(
        "fetch,process",
        "--roles",
        help="What it does, separated by commas: fetch (asks sources), process (reads pages), deliver "
        "(sends; one process at a time), chores (keeps order; one at a time).",
    ),
    parent: int | None = typer.Option(
        None, "--parent", hidden=True, help="Who started it: it ends with that process."
    ),
    json: bool = typer.Option(False, "--json", help="Log JSON lines to stderr."),
) -> None:
    """Run a further process on the store of a service: it takes jobs beside it. Needs PostgreSQL.

    Start as many as there are cores, on as many machines as you like; each may be killed at any time. The
    rules are those that `monitor run` has in force. SIGTERM or Ctrl-C drains and stops it.
    """
    from monitor.app import Worker, serve
    from monitor.logs import configure

    chosen = _roles(roles)
    configure(level=logging.INFO, json_lines=json, as_settings=True)
    serve(Worker(config, roles=chosen, parent=parent))


def _roles(text: str) -> tuple[Role, ...]:
    from monitor.model.job import ROLES

    named = [name.strip() for name in text.split(",") if name.strip()]
    wrong = [name for name in named if name not in ROLES]
    if wrong or not named:
        raise typer.BadParameter(
            f"{', '.join(wrong) or 'nothing'} is no role; there are {', '.join(ROLES)}", param_hint="--roles"
        )
    return tuple(role for role in ROLES if role in named)
