"""``monitor run``."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

import typer

from monitor.cli.output import CONFIG_OPTION, examples

NAME = "run"
EXAMPLES = examples("monitor run", "monitor run --config /etc/monitor", "monitor run --once")


def command(
    config: Path = CONFIG_OPTION,
    *,
    once: bool = typer.Option(False, "--once", help="One full pass over every source, deliver, exit."),
    json: bool = typer.Option(False, "--json", help="Log JSON lines to stderr (as `logs: json`)."),
) -> None:
    """Run the service: watch the sources, alert the chats. SIGTERM or Ctrl-C drains and stops it.

    A second service on the same store stands by and takes over when the first one ends.
    """
    from monitor import bot, web
    from monitor.app import Service, serve
    from monitor.logs import configure

    configure(level=logging.INFO, json_lines=json, as_settings=True)
    service = Service(
        config,
        attach=() if once else (partial(bot.attach, folder=config), web.attach(config)),
        child_options=("--json",) if json else (),
    )
    serve(service, partial(service.run, once=once))
