"""Logging for the whole process: one line an outcome, UTC, no token ever."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# A Telegram token as it stands in addresses and settings (bot API: <digits>:<35 characters>).
TOKEN = re.compile(r"(?<!\d)\d{5,}+:[A-Za-z0-9_-]{20,}")


def redact(text: str) -> str:
    """The text with every Telegram token replaced."""
    return TOKEN.sub("<token>", text)


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Renders our lines and libraries' alike, then removes tokens: tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The formatted record without tokens."""
        return redact(super().format(record))


def configure(*, level: int, json_lines: bool) -> None:
    """Send every log line to stderr: JSON lines for machines, short lines for people."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json_lines
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_tokens,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        RedactingFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "alembic", "trafilatura", "urllib3", "pymorphy3"):
        # httpx prints addresses, and a Telegram address holds the token.
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _without_tokens(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}
