"""Error statuses and when to come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.http.status import http_status, retry_at

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "rest"),
    [
        ("0", timedelta()),
        (" 90 ", timedelta(seconds=90)),
        ("86401", timedelta(days=1)),
        ("9" * 5_000, timedelta(days=1)),
        ("Sun, 01 Mar 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Sun, 01 Mar 2026 15:10:00 +0300", timedelta(minutes=10)),
        ("Sunday, 01-Mar-26 12:10:00 GMT", timedelta(minutes=10)),
        ("Sun, 01 Mar 2026 12:10:00 -0000", timedelta(minutes=10)),
        ("Fri, 31 Dec 1999 23:59:59 GMT", timedelta()),
        ("Fri, 31 Dec 2100 23:59:59 GMT", timedelta(days=1)),
    ],
)
def test_moments_to_come_back(value: str, rest: timedelta) -> None:
    """Seconds and dates, never in the past, never more than a day ahead."""
    assert retry_at(value, NOW) == NOW + rest


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "٣", "Mon, 99 Foo 2026 99:99:99 GMT"])
def test_what_cannot_be_read(value: str) -> None:
    assert retry_at(value, NOW) is None


@given(st.text())
def test_any_header_is_survived(value: str) -> None:
    moment = retry_at(value, NOW)
    assert moment is None or NOW <= moment <= NOW + timedelta(days=1)


@given(st.integers(100, 999))
def test_every_status_has_a_sentence(status: int) -> None:
    error = http_status(status, {"retry-after": "60"}, host="outlet.example", now=NOW)
    assert str(error).startswith("outlet.example ")
    assert str(status) in str(error)
    assert (error.status, error.retry_at) == (status, NOW + timedelta(minutes=1))
