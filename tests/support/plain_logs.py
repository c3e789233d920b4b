"""The log of tests: tracebacks as the service writes them."""

from __future__ import annotations

import structlog


def log_plainly() -> None:
    """Undo what a command configured. structlog's own way shows every local variable of a traceback, which
    takes seconds."""
    structlog.reset_defaults()
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False),
        ]
    )
