"""``monitor check``."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import typer

from monitor.cli.output import CONFIG_OPTION, EXIT_INPUT, JSON_OPTION, counted, emit, examples, say

NAME = "check"
EXAMPLES = examples("monitor check", "monitor check --config /etc/monitor --json")


def command(config: Path = CONFIG_OPTION, *, json: bool = JSON_OPTION) -> None:
    """Validate the config and run every topic's own examples; every problem at once.

    Prints file:line:column: what is wrong (and the mend), what the config holds, and what is weak in
    it: languages, sources, contact. Exit 1 when there is an error; warnings alone are fine.
    """
    from monitor.cli.advice import advice, summary
    from monitor.config import examined
    from monitor.plugins import channel_kinds, source_kinds

    rulebook, problems = examined(config, env=os.environ, kinds=source_kinds(), channel_kinds=channel_kinds())
    for problem in problems:
        if json:
            emit(dataclasses.asdict(problem))
        else:
            say(str(problem))
    if rulebook is None:
        raise typer.Exit(EXIT_INPUT)
    if not json:
        warnings = f", {counted(len(problems), 'warning')}" if problems else ""
        say(f"{config}: the config is valid{warnings}. {summary(rulebook)}.")
        for line in advice(rulebook):
            say(f"note: {line}")
