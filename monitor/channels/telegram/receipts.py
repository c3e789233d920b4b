"""What each of the Telegram client's errors means for a delivery.

The one place that knows them: a test enumerates ``telegram.error`` and fails on a new one. The
class tree is a trap: ``BadRequest`` is a ``NetworkError``, though Telegram answered and said no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    PassportDecryptionError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from monitor.logs import redact
from monitor.model import Blocked, Closed, Moved, Receipt, Refused, Throttled, Unsent, Unsure

# Raised before the first byte of the request left; whatever else breaks a connection may have
# happened after Telegram took the message.
NEVER_WENT_OUT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


# Telegram names what it refuses: the place and who may write there, or a part of the message. Codes such
# as CHAT_WRITE_FORBIDDEN are read word by word.
ABOUT_CHAT = frozenset(
    {"chat", "chats", "group", "supergroup", "channel", "topic", "thread", "forum"}
    | {"peer", "user", "member", "participant", "bot", "admin", "administrator", "subscribers"}
    | {"rights", "right", "access", "permission", "forbidden", "restricted", "banned"}
    | {"deactivated", "private", "slowmode"}
)
# Parts of a message whose refusals mention people or places too: a button to a user, a mention.
ABOUT_MESSAGE = frozenset({"button", "keyboard", "markup", "entity", "entities", "mention", "url", "parse"})
_WORD = re.compile(r"[a-z]+")


def _throttled(error: RetryAfter) -> Receipt:
    wait: Any = error.retry_after  # whole seconds or a timedelta, as PTB_TIMEDELTA says
    seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
    return Throttled(retry_after_s=seconds)


def _blocked(error: Forbidden) -> Receipt:
    return Blocked(reason=_said(error))


def _moved(error: ChatMigrated) -> Receipt:
    return Moved(address=str(error.new_chat_id))


def _refused(error: BadRequest) -> Receipt:
    description = _said(error)
    if is_about_chat(description):
        return Closed(reason=description)
    return Refused(reason=description, formatting="can't parse entities" in description.lower())


def is_about_chat(description: str) -> bool:
    """Whether a refusal speaks of the chat (closed, gone, no rights there) and not of the message.

    >>> is_about_chat("Bad Request: TOPIC_CLOSED"), is_about_chat("message to be replied not found")
    (True, False)
    """
    words = set(_WORD.findall(description.lower()))
    return bool(words & ABOUT_CHAT) and not words & ABOUT_MESSAGE


def _unsent(error: TelegramError) -> Receipt:
    return Unsent(reason=_said(error))


def _by_cause(error: TelegramError) -> Receipt:
    cause = error.__cause__
    description = _said(error)
    if isinstance(cause, NEVER_WENT_OUT):
        return Unsent(reason=description)
    name = f" ({type(cause).__name__})" if cause is not None else ""
    return Unsure(reason=description + name)


# Most special first. A wrong token or a second poller is not the chat's fault: nothing was sent,
# and the delivery waits until an operator has mended it.
RECEIPTS: Mapping[type[TelegramError], Callable[[Any], Receipt]] = {
    RetryAfter: _throttled,
    Forbidden: _blocked,
    ChatMigrated: _moved,
    BadRequest: _refused,
    InvalidToken: _unsent,
    EndPointNotFound: _unsent,
    Conflict: _unsent,
    TimedOut: _by_cause,
    NetworkError: _by_cause,
    PassportDecryptionError: _by_cause,
    TelegramError: _by_cause,
}


def receipt_of(error: TelegramError) -> Receipt:
    """The receipt for an error; a class that is not known counts as ``Unsure``."""
    for kind, receipt in RECEIPTS.items():
        if isinstance(error, kind):
            return receipt(error)
    return _by_cause(error)


def not_modified(error: TelegramError) -> bool:
    """Whether an edit failed because the message already says exactly this."""
    return isinstance(error, BadRequest) and "message is not modified" in str(error).lower()


def _said(error: TelegramError) -> str:
    return redact(str(error) or type(error).__name__)
