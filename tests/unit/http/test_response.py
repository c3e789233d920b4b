"""From headers to a record."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.http.fetcher import user_agent
from monitor.http.response import fetched, lower_names, validator
from monitor.model import Fetched

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def made(**headers: str) -> Fetched:
    named = lower_names({name.replace("_", "-"): value for name, value in headers.items()})
    return fetched("http://x/", 200, named, b"", now=NOW, moved_to=None)


@pytest.mark.parametrize(
    ("value", "content_type", "charset"),
    [
        ("text/html", "text/html", None),
        ("TEXT/HTML; charset=UTF-8", "text/html", "utf-8"),
        ('application/rss+xml;charset="windows-1251"', "application/rss+xml", "cp1251"),
        ("text/html; charset=no-such", "text/html", None),
        ("", "", None),
        (";;;", "", None),
    ],
)
def test_content_types(value: str, content_type: str, charset: str | None) -> None:
    """Type without parameters; the character set as Python calls it, None when it knows none."""
    got = made(Content_Type=value)
    assert (got.content_type, got.charset) == (content_type, charset)


@given(st.text())
def test_any_content_type_is_survived(value: str) -> None:
    charset = made(Content_Type=value).charset
    assert charset is None or b"x".decode(charset) is not None


@pytest.mark.parametrize("value", ['"v1"', 'W/"v1"', "Sun, 01 Mar 2026 10:00:00 GMT", "unquoted"])
def test_validators_that_can_be_sent_back(value: str) -> None:
    assert made(ETag=value, Last_Modified=f" {value} ").etag == value
    assert made(ETag=value, Last_Modified=f" {value} ").last_modified == value


@pytest.mark.parametrize("value", [None, "", "  ", "a\r\nb: c", "é", "x" * 2_000, "\x00"])
def test_validators_that_cannot(value: str | None) -> None:
    """They would break the next request, or be somebody's smuggled header."""
    assert validator(value) is None


def test_cookies_are_dropped() -> None:
    assert dict(made(Set_Cookie="id=1", X_Other="1").headers) == {"x-other": "1"}


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        ("https://m.example/bot", "CoverageMonitor/1.2 (+https://m.example/bot)"),
        ("", "CoverageMonitor/1.2"),
        ("a@b.example\r\nX-Evil: 1", "CoverageMonitor/1.2 (+a@b.exampleX-Evil: 1)"),
        ("Пресса", "CoverageMonitor/1.2"),
    ],
)
def test_user_agents(contact: str, agent: str) -> None:
    assert user_agent("1.2", contact) == agent
