"""Why the broker does not serve us, as a sentence with the setting and the mend; said once, not each try."""

from __future__ import annotations

import threading
from typing import Final
from urllib.parse import unquote, urlsplit

import structlog
from amqp.exceptions import AccessRefused, AMQPError, NotAllowed, PreconditionFailed
from kombu.exceptions import KombuError

BROKER_ERRORS: Final = (AMQPError, KombuError, OSError)
"""What asking the broker may raise."""
_SETTING: Final = "`broker` in monitor.yaml, or MONITOR_BROKER"

log = structlog.get_logger(__name__)


class BrokerState:
    """Whether the broker answers; each change is told once. Thread-safe."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._said = ""
        self._lock = threading.Lock()

    def failed(self, error: BaseException) -> None:
        """It did not answer, or said no."""
        text = sentence(error, self._url)
        with self._lock:
            new, self._said = text != self._said, text
        if new:
            log.error("no work through the broker until this is mended", error=text)

    def answers(self) -> None:
        """It lets us in."""
        with self._lock:
            before, self._said = self._said, ""
        if before:
            log.info("the broker answers")


def sentence(error: BaseException, url: str) -> str:
    """What is wrong, in which setting, and what to do."""
    parts = urlsplit(url)
    place = f"RabbitMQ at {parts.hostname or 'localhost'}:{parts.port or 5672}"
    host, user = unquote(parts.path[1:]) or "/", unquote(parts.username or "guest")
    rights = f"rabbitmqctl set_permissions -p {host} {user} '.*' '.*' '.*'"
    text = str(getattr(error, "reply_text", "") or error)
    if isinstance(error, NotAllowed) and "not found" in text:
        return (
            f"{place} has no virtual host {host!r}: make it with `rabbitmqctl add_vhost {host}` and "
            f"`{rights}`, or name another one in {_SETTING}"
        )
    if isinstance(error, AccessRefused) and "login" in text.lower():
        return f"{place} refuses the user {user!r} or its password: correct {_SETTING}"
    if isinstance(error, AccessRefused | NotAllowed):
        return f"{place} does not let {user!r} work in its virtual host {host!r}: `{rights}` ({text})"
    if isinstance(error, PreconditionFailed):
        return f"{place} has a queue of our name that was declared otherwise: delete that queue ({text})"
    return f"{place} does not answer: start it, or correct {_SETTING} ({text})"
