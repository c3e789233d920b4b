"""Logging for the whole process: one line an outcome, UTC, with the ids of its work, no token ever."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import structlog

from monitor.model import Delivery, Job

# A Telegram token as it stands in addresses and settings (bot API: <digits>:<35 characters>).
TOKEN = re.compile(r"(?<!\d)\d{5,}+:[A-Za-z0-9_-]{20,}")
# What stands for a password in an address: user:password@host.
_PASSWORD = re.compile(r"(?<=://)([^\s/:@]{0,200}):[^\s/@]{1,500}@")
_KEYS: Final = {"poll": "source", "read": "entry", "recheck": "article"}
"""What the key of a job of this kind names."""

P = ParamSpec("P")
T = TypeVar("T")
W = TypeVar("W", Job, Delivery)


def redact(text: str) -> str:
    """The text with every Telegram token, and the password of every address, replaced."""
    return _PASSWORD.sub(r"\1:<password>@", TOKEN.sub("<token>", text))


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Renders our lines and libraries' alike, then removes tokens: tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The formatted record without tokens."""
        return redact(super().format(record))


class _Handler(logging.StreamHandler[Any]):
    """Ours; ``as_settings``: the operator's settings say how its lines look."""

    as_settings = False


def configure(*, level: int, json_lines: bool, as_settings: bool = False) -> None:
    """Send every log line to stderr: JSON lines for machines, short lines for people.

    ``as_settings``: once settings are read, they may ask for JSON lines too (``follow``).
    """
    handler = _Handler(sys.stderr)
    handler.as_settings = as_settings and not json_lines
    handler.setFormatter(_formatter(json_lines=json_lines))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "alembic", "trafilatura", "urllib3", "pymorphy3"):
        # httpx prints addresses, and a Telegram address holds the token.
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def follow(form: str) -> None:
    """Write lines as the settings ask for (``text`` or ``json``), if ``configure`` left that to them."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _Handler) and handler.as_settings:
            handler.setFormatter(_formatter(json_lines=form == "json"))


def with_ids(work: Callable[Concatenate[W, P], T]) -> Callable[Concatenate[W, P], T]:
    """A function of a job or a delivery, during which every log line of its thread bears its ids."""

    @wraps(work)
    def named(item: W, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with structlog.contextvars.bound_contextvars(**ids_of(item)):
            return work(item, *args, **kwargs)

    return named


def ids_of(work: Job | Delivery) -> dict[str, str]:
    """The ids by which a log is searched: of the job, source, entry, article, delivery, chat, story."""
    if isinstance(work, Job):
        return {"job": f"{work.kind}:{work.key}", _KEYS[work.kind]: work.key}
    ids = {"delivery": work.key, "chat": work.chat_id, "story": work.story_id, "article": work.article_id}
    return {name: value for name, value in ids.items() if value}


def _formatter(*, json_lines: bool) -> RedactingFormatter:
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json_lines
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    processors = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    if not json_lines:
        processors.insert(1, _without_ids)
    return RedactingFormatter(foreign_pre_chain=_SHARED, processors=processors)


def _without_tokens(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: redact(value) if isinstance(value, str) else value for key, value in event.items()}


def _without_ids(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """For people the line itself names what matters; hashes would only push it to the right."""
    bound = structlog.contextvars.get_contextvars()
    return {key: value for key, value in event.items() if key not in bound or value != bound[key]}


_SHARED: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _without_tokens,
]
