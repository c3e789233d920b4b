"""POSTs each message as signed JSON to an address of the operator's.

The body is ``{"key", "subject", "text", "url", "data"}``; ``data`` of an article's pictures holds their
addresses under ``pictures``. Headers: ``X-Monitor-Id`` is the delivery's key, the same on every repeat,
so that a receiver can drop it. With a secret, ``X-Monitor-Signature: t=<unix seconds>,v1=<hex>`` holds
the HMAC-SHA256 (RFC 2104) of ``<unix seconds>.<body>``; a receiver recomputes it and refuses old
timestamps.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import requests
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from monitor.channels.send_deadline import Deadline
from monitor.core.rulebook import Rulebook
from monitor.model import Chat, Closed, Message, Receipt, Refused, Sent, Skipped, Throttled, Unsent, Unsure
from monitor.ports import Channel, ChannelKind

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 30.0
# The whole of one send: a host that drips its answer must not hold a sender for hours.
DEADLINE_S = 45.0
DEFAULT_WAIT_S = 60.0
LONGEST_WAIT_S = 3600.0

# The receiver read this message and wants another one; every other refusal is of whoever posts there.
ABOUT_MESSAGE = frozenset({400, 411, 413, 414, 415, 422, 431})
# Wrong before anything is sent; the address has to be mended.
WRONG_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidHeader,
)
NEVER_WENT_OUT = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.SSLError,
    requests.exceptions.ProxyError,
)


class WebhookOptions(BaseModel):
    """Where to post and with which shared secret to sign; ``env:NAME`` is resolved by the config."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(pattern=r"^https?://[^/\s]+")
    secret: str = Field(default="", repr=False)


class WebhookChannel:
    """Thread-safe: every send is a request of its own.

    Args:
        clock: seconds since 1970, for the signature.
        read_timeout_s: how long to wait for an answer, or for more of it.
        deadline_s: how long a send may take in all.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        read_timeout_s: float = READ_TIMEOUT_S,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._deadline_s = deadline_s
        self._clock = clock
        self._timeout = (CONNECT_TIMEOUT_S, read_timeout_s)

    def send(self, chat: Chat, message: Message) -> Receipt:
        """POST the message; what was posted cannot be changed, so an edit is kept quiet.

        2xx: sent. 429, or 503 with Retry-After: throttled. 400, 411, 413–415, 422, 431: this message is
        refused. Other 3xx and 4xx: closed, the address takes nothing for now, whatever is posted. 408
        and other 5xx: unsure, the receiver may have done its work before it failed. No connection:
        unsent. No answer: unsure.
        """
        if message.edit_of is not None:
            return Skipped(reason="what was posted cannot be changed")
        try:
            options = WebhookOptions.model_validate(chat.options)
        except ValidationError as error:
            wrong = ", ".join(".".join(map(str, item["loc"])) for item in error.errors())
            return Closed(reason=f"chat {chat.id}: the webhook's options are wrong: {wrong}")
        body = json.dumps(_body(message), ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "X-Monitor-Id": message.key}
        if options.secret:
            headers["X-Monitor-Signature"] = sign(options.secret, body, int(self._clock()))
        return self._post(options.url, body, headers, message.key)

    def close(self) -> None:
        """Nothing is kept open."""

    def _post(self, url: str, body: bytes, headers: Mapping[str, str], key: str) -> Receipt:
        deadline = Deadline(self._deadline_s)
        try:
            # A redirect would carry the alert to an address that nobody configured; the body of
            # the answer is not wanted, so it is not read.
            with (
                deadline.session() as session,
                session.post(
                    url,
                    data=body,
                    headers=headers,
                    timeout=self._timeout,
                    allow_redirects=False,
                    stream=True,
                ) as answer,
            ):
                return self._receipt(answer, key)
        except WRONG_ADDRESS as error:
            return Closed(reason=f"the webhook's address cannot be used: {error}")
        except NEVER_WENT_OUT as error:
            return Unsent(reason=f"the webhook's host cannot be reached: {type(error).__name__}")
        except requests.ConnectionError as error:
            if _never_connected(error):
                return Unsent(reason="the webhook's host cannot be reached")
            if deadline.passed:
                return Unsure(reason=f"no whole answer from the webhook within {deadline.seconds:g} s")
            return Unsure(reason="the webhook's host broke the connection")
        except requests.RequestException as error:
            return Unsure(reason=f"no answer from the webhook: {type(error).__name__}")

    def _receipt(self, answer: requests.Response, key: str) -> Receipt:
        status = answer.status_code
        reason = f"the webhook answered {status} {answer.reason}"
        wait = answer.headers.get("Retry-After")
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return Sent(message_id=key)
        if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and wait):
            return Throttled(retry_after_s=retry_after_s(wait, self._clock()))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            return Unsure(reason=reason)
        return Refused(reason=reason) if status in ABOUT_MESSAGE else Closed(reason=reason)


def sign(secret: str, body: bytes, at: int) -> str:
    """The signature header's value for a body sent ``at`` unix seconds."""
    signed = f"{at}.".encode() + body
    return f"t={at},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def retry_after_s(value: str | None, now: float) -> float:
    """Seconds to wait from a Retry-After header: seconds or a date (RFC 9110, 10.2.3).

    One minute when the header is missing or unreadable; never more than an hour.
    """
    try:
        wait = float(value or "")
    except ValueError:
        try:
            wait = parsedate_to_datetime(value or "").timestamp() - now
        except ValueError:
            wait = DEFAULT_WAIT_S
    return min(max(wait, 1.0), LONGEST_WAIT_S) if wait == wait else DEFAULT_WAIT_S  # noqa: PLR0124 - not a number


def _body(message: Message) -> dict[str, object]:
    return {
        "key": message.key,
        "subject": message.subject,
        "text": message.plain,
        "url": message.url,
        "data": dict(message.data),
    }


def _never_connected(error: requests.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError):
        return isinstance(cause.reason, NewConnectionError | ConnectTimeoutError)
    return False


def open_channel(_rulebook: Rulebook) -> Channel:
    """A webhook needs nothing from the settings; each chat says where it posts."""
    return WebhookChannel()


def is_group(_address: str) -> bool:
    """Webhooks have no groups."""
    return False


KIND = ChannelKind(name="webhook", options=WebhookOptions, open=open_channel, is_group=is_group)
