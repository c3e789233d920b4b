"""What commands print: JSON lines for programs, tables for people, complaints on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

EXIT_INPUT = 1
EXIT_UNREACHABLE = 3

CONFIG_OPTION = typer.Option(Path("config"), "--config", "-c", help="The config folder.", metavar="DIR")
JSON_OPTION = typer.Option(False, "--json", help="One JSON object a line instead of a table.")

_PIPE_WIDTH = 240


def examples(*lines: str) -> str:
    """The examples under a command's --help."""
    return "[bold]Examples[/bold]\n\n" + "\n\n".join(f"  $ {line}" for line in lines)


def complain(text: str) -> None:
    """A sentence on stderr."""
    print(printable(text), file=sys.stderr)


def say(text: str) -> None:
    """A line for people on stdout."""
    print(printable(text))


def printable(text: str) -> str:
    """The text without what would steer a terminal; line ends and tabs stay."""
    from monitor.core.text import clean as texts

    return texts.printable(text, instead="\ufffd")


def emit(record: Mapping[str, object]) -> None:
    """One JSON object on one line, keys in the order given; datetimes as ISO 8601.

    What is not printable is written by number: it may steer a terminal or end a line for other readers.
    """
    print(json_line(record))


def json_line(record: Mapping[str, object]) -> str:
    """What ``emit`` prints, for a file."""
    line = json.dumps(record, ensure_ascii=False, default=_plain)
    for sign in {char for char in line if not char.isprintable()} if not line.isprintable() else ():
        line = line.replace(sign, json.dumps(sign)[1:-1])
    return line


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table for people; an empty one says so. Into a pipe it is wide, so that ids stay whole."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=Text(printable(title)), title_justify="left", header_style="bold")
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(Text("" if cell is None else printable(str(cell))) for cell in row))
    if shown.row_count:
        Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(shown)
    else:
        say(f"{title}: nothing to show.")


def moment(value: datetime | None, none: str = "never") -> str:
    """A moment for tables, in UTC."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if value else none


def counted(number: int, one: str, many: str = "") -> str:
    """``1 entry``, ``3 entries``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def quiet_logs() -> None:
    """Send logs to stderr, only warnings: stdout is for what was asked."""
    import logging

    from monitor.logs import configure

    configure(level=logging.WARNING, json_lines=False)
