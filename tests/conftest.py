"""Shared by all tests: only loopback, the clock that tests hand in, one line for what is left out."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts

from tests.support.plain_logs import log_plainly

# Services that tests start share what they remember of examples, and nobody's home is touched.
os.environ["XDG_CACHE_HOME"] = str(Path(__file__).parents[1] / ".pytest_cache" / "monitor")
# Dozens of processes are started; each would compile the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
log_plainly()
# A busy machine must not fail a property: no property is about how long an example takes.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Services that are started and killed wait most of their time: they begin first, so that none of them is
    what everybody waits for in the end."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)


@pytest.fixture(autouse=True)
def only_loopback() -> None:
    """Whatever a test does, it reaches nothing but this machine."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture
def now() -> datetime:
    """A fixed moment."""
    return NOW


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy: migrating one for every test would take most of the time."""
    from monitor.store import open_store  # noqa: PLC0415 - most tests need no database

    file = tmp_path_factory.mktemp("template") / "store.db"
    store = open_store(f"sqlite:///{file}", now=lambda: NOW)
    store.admin.upgrade()
    store.admin.close()
    return file


# Its own outcome, so that ``-ra`` does not list each of them.
LEFT_OUT = "left out"


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """A test of captured material that is not here is neither passed nor one of the skips to look at."""
    if report.skipped and "shared" in report.keywords and not hasattr(report, "wasxfail"):
        return LEFT_OUT, "s", "LEFT OUT"
    return None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    """Say once, below everything, how many tests were left out and what they need."""
    yield
    if count := len(terminalreporter.getreports(LEFT_OUT)):
        terminalreporter.write_line(
            f"{count} tests left out: they need the captured material in ../shared/data"
        )
