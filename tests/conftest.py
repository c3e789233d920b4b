"""Shared by all tests: no network but loopback, and the clock that tests hand in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pytest_socket import socket_allow_hosts

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def only_loopback() -> None:
    """Whatever a test does, it reaches nothing but this machine."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture
def now() -> datetime:
    """A fixed moment."""
    return NOW
