"""The ``monitor`` command: one module a command, wired together here.

Exit codes: 0 fine, 1 the input or config is wrong, 2 usage, 3 a needed service is unreachable.
"""

from __future__ import annotations

import sys

import typer

from monitor.cli import check, demo, doctor, init, run, topics, web, worker
from monitor.cli.archive import (
    backup,
    chats,
    db,
    evidence,
    feedback,
    jobs,
    outbox,
    report,
    restore,
    search,
    status,
    stories,
    why,
)
from monitor.cli.errors import told
from monitor.cli.lab import backtest, rules
from monitor.cli.output import examples
from monitor.cli.pipeline import extract, group, match, parse
from monitor.cli.sources import listing
from monitor.cli.system import service

app = typer.Typer(
    name="monitor",
    help="Watches news sources for your topics and pushes one good alert per story to chats.",
    epilog=examples("monitor demo", "monitor check", "monitor run", "monitor match --help"),
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    init,
    doctor,
    check,
    run,
    worker,
    demo,
    backtest,
    match,
    parse,
    extract,
    group,
    search,
    why,
    stories,
    feedback,
    report,
    status,
    backup,
    restore,
):
    app.command(name=module.NAME, epilog=module.EXAMPLES)(told(module.command))
GROUPS = {
    "sources": listing,
    "topics": topics,
    "rules": rules,
    "outbox": outbox,
    "chats": chats,
    "jobs": jobs,
    "db": db,
    "evidence": evidence,
    "web": web,
    "service": service,
}
for name, commands in GROUPS.items():
    for registered in commands.app.registered_commands:
        assert registered.callback is not None
        registered.callback = told(registered.callback)
    app.add_typer(commands.app, name=name)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    *,
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    if version:
        from monitor import __version__

        print(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())


def main() -> None:
    """Run the command line; every expected error ends as a sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A pipe may be opened in ASCII (LANG=C); news is not.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    app()
