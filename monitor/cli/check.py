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

    Prints file:line:column: what is wrong (and the mend), and what telling stories apart lacks in a
    language of the sources. Exit 1 when there is an error; warnings alone are fine.
    """
    from monitor.config import check
    from monitor.plugins import channel_kinds, source_kinds

    problems = check(config, env=os.environ, kinds=source_kinds(), channel_kinds=channel_kinds())
    for problem in problems:
        if json:
            emit(dataclasses.asdict(problem))
        else:
            say(str(problem))
    errors = sum(problem.level == "error" for problem in problems)
    if errors:
        raise typer.Exit(EXIT_INPUT)
    if not json:
        warnings = f", {counted(len(problems), 'warning')}" if problems else ""
        say(f"{config}: the config is valid{warnings}.")
        for line in _lacking(config):
            say(line)


def _lacking(config: Path) -> list[str]:
    """What telling stories apart lacks in the languages of the sources, a line each."""
    from monitor.app import load_rulebook
    from monitor.core.story.embeddings import is_installed
    from monitor.core.story.language_support import lacking

    rulebook = load_rulebook(config)
    languages = sorted({source.language for source in rulebook.sources.values() if source.language})
    vectors = rulebook.settings.stories.semantic and is_installed()
    found = {language: lacking(language, vectors=vectors) for language in languages}
    return [f"{language}: {missing}" for language, missing in found.items() if missing]
