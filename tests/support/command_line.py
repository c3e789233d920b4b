"""``monitor …`` in this process: fast, and what a shell would see."""

from __future__ import annotations

import json
import logging
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner

from monitor.cli import app
from tests.support.plain_logs import log_plainly


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON objects of stdout, with the order of their keys."""
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Done]


@contextmanager
def in_process() -> Iterator[Command]:
    """Runs commands; an exception that escapes one is raised."""

    def run(*arguments: object, stdin: str | bytes = b"", env: Mapping[str, str] | None = None) -> Done:
        done = CliRunner().invoke(app, [str(each) for each in arguments], input=stdin, env=env)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield run
    finally:
        for number, handler in signals.items():
            signal.signal(number, handler)
        # Commands send the logs to their own stderr, which is gone now.
        root.handlers[:] = handlers
        root.setLevel(level)
        log_plainly()
