"""Every error of the Telegram client has one meaning for a delivery."""

from __future__ import annotations

import httpx
import pytest
import telegram.error
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from monitor.channels.telegram.receipts import RECEIPTS, not_modified, receipt_of
from monitor.model import Blocked, Closed, Moved, Refused, Throttled, Unsent, Unsure


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def caused_by(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


def test_every_error_class_of_the_client_is_mapped() -> None:
    """A new release with a new error must be looked at, not guessed at."""
    known = {
        item
        for item in vars(telegram.error).values()
        if isinstance(item, type) and issubclass(item, TelegramError)
    }
    assert known == set(RECEIPTS)


def test_special_errors_come_before_the_classes_that_they_extend() -> None:
    order = list(RECEIPTS)
    for kind in order:
        for parent in kind.__mro__[1:]:
            assert parent not in RECEIPTS or order.index(kind) < order.index(parent)


@pytest.mark.parametrize(
    ("error", "receipt"),
    [
        (Forbidden("Forbidden: bot was blocked"), Blocked(reason="Forbidden: bot was blocked")),
        (ChatMigrated(-100555), Moved(address="-100555")),
        (BadRequest("Chat not found"), Closed(reason="Chat not found")),
        (BadRequest("Message is too long"), Refused(reason="Message is too long")),
        (
            BadRequest("Can't parse entities: unsupported"),
            Refused(reason="Can't parse entities: unsupported", formatting=True),
        ),
        (Conflict("two pollers"), Unsent(reason="two pollers")),
        (NetworkError("Bad Gateway"), Unsure(reason="Bad Gateway")),
    ],
)
def test_what_telegram_said_decides(error: TelegramError, receipt: object) -> None:
    assert receipt_of(error) == receipt


@pytest.mark.parametrize(
    "said",
    [
        "TOPIC_CLOSED",
        "Bad Request: not enough rights to send text messages to the chat",
        "Bad Request: message thread not found",
        "have no rights to send a message",
        "need administrator rights in the channel chat",
        "CHAT_RESTRICTED",
        "Bad Request: PEER_ID_INVALID",
        "group chat was deactivated",
    ],
)
def test_a_refusal_that_speaks_of_the_chat_closes_it(said: str) -> None:
    assert isinstance(receipt_of(BadRequest(said)), Closed)


@pytest.mark.parametrize(
    "said",
    [
        "Bad Request: message to edit not found",
        "message can't be edited",
        "message to be replied not found",
        "Message text is empty",
        "BUTTON_USER_PRIVACY_RESTRICTED",
        "wrong file identifier/HTTP URL specified",
        "MEDIA_CAPTION_TOO_LONG",
    ],
)
def test_a_refusal_that_speaks_of_the_message_is_of_that_message_alone(said: str) -> None:
    assert isinstance(receipt_of(BadRequest(said)), Refused)


def test_the_wait_that_telegram_asks_for_is_kept() -> None:
    assert receipt_of(RetryAfter(12)) == Throttled(retry_after_s=12.0)


@pytest.mark.parametrize(
    "cause",
    [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")],
)
def test_what_never_went_out_is_safe_to_repeat(cause: Exception) -> None:
    assert isinstance(receipt_of(caused_by(TimedOut(), cause)), Unsent)


@pytest.mark.parametrize(
    "cause",
    [
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.WriteError("reset"),
        httpx.RemoteProtocolError("gone"),
        ValueError("no JSON"),
    ],
)
def test_what_broke_after_the_request_is_unsure(cause: Exception) -> None:
    assert isinstance(receipt_of(caused_by(NetworkError("broken"), cause)), Unsure)


def test_a_wrong_token_loses_no_alert_and_is_not_repeated_in_the_reason() -> None:
    token = "123456:" + "A" * 35
    receipt = receipt_of(InvalidToken(f"The token `{token}` was rejected by the server."))
    assert isinstance(receipt, Unsent)
    assert token not in receipt.reason


def test_an_unchanged_message_is_told_from_other_refusals() -> None:
    assert not_modified(BadRequest("Message is not modified: specified new message"))
    assert not not_modified(BadRequest("Message to edit not found"))
    assert not not_modified(NetworkError("message is not modified"))
