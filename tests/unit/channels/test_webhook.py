"""Signatures and waiting times of webhooks."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor.channels.webhook import WebhookOptions, retry_after_s, sign


def test_a_receiver_can_check_the_signature() -> None:
    header = sign("s3cret", b'{"a":1}', 1_700_000_000)
    parts = dict(item.split("=", 1) for item in header.split(","))
    expected = hmac.new(b"s3cret", b'1700000000.{"a":1}', hashlib.sha256).hexdigest()
    assert parts == {"t": "1700000000", "v1": expected}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("17", 17.0),
        ("0", 1.0),
        ("999999", 3600.0),
        (None, 60.0),
        ("soon", 60.0),
        ("nan", 60.0),
        ("Tue, 14 Nov 2023 22:13:50 GMT", 30.0),
    ],
)
def test_waits_as_long_as_asked(value: str | None, seconds: float) -> None:
    assert retry_after_s(value, 1_700_000_000.0) == seconds


@given(st.text(max_size=40))
def test_any_retry_after_gives_a_sane_wait(value: str) -> None:
    assert 1.0 <= retry_after_s(value, 1_700_000_000.0) <= 3600.0


def test_options_are_checked_and_keep_the_secret_quiet() -> None:
    options = WebhookOptions(url="https://hooks.example.test/x", secret="hidden")
    assert "hidden" not in repr(options)
    for wrong in ({}, {"url": "ftp://x"}, {"url": "https://x", "sekret": "typo"}):
        with pytest.raises(ValidationError):
            WebhookOptions.model_validate(wrong)
