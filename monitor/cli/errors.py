"""How errors end a command: a sentence on stderr and an exit code, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps

import typer

from monitor.cli.output import EXIT_INPUT, EXIT_UNREACHABLE, complain, quiet_logs
from monitor.errors import ConfigError, HttpStatus, MonitorError, StoreError, Unreachable

_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


def told(command: Callable[..., None]) -> Callable[..., None]:
    """The command with its expected errors turned into sentences and exit codes.

    Logs go to stderr from here on: stdout holds nothing but what was asked for.
    """

    @wraps(command)
    def run(*args: object, **options: object) -> None:
        quiet_logs()
        try:
            command(*args, **options)
            sys.stdout.flush()
        except MonitorError as error:
            complain(sentence(error))
            raise typer.Exit(exit_code(error)) from None
        except BrokenPipeError:
            _close_stdout()
            raise typer.Exit(0) from None
        except OSError as error:
            complain(f"{error.filename or 'input or output'}: {error.strerror or error}")
            raise typer.Exit(EXIT_INPUT) from None

    return run


def sentence(error: MonitorError) -> str:
    """What to say; of a config every problem on its own line."""
    if isinstance(error, ConfigError):
        return "\n".join(map(str, error.problems))
    return str(error)


def exit_code(error: MonitorError) -> int:
    """3 when something that is needed did not answer, else 1."""
    if isinstance(error, HttpStatus):
        busy = error.status >= _SERVER_ERROR or error.status == _TOO_MANY_REQUESTS
        return EXIT_UNREACHABLE if busy else EXIT_INPUT
    return EXIT_UNREACHABLE if isinstance(error, Unreachable | StoreError) else EXIT_INPUT


def _close_stdout() -> None:
    """Whoever read stdout (``| head``) has enough; the interpreter must not flush into it again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
