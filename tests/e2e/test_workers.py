"""A service with workers on PostgreSQL: what it tells is what one process would have told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from monitor.demo.newsroom.service import Newsroom
from tests.support.botapi.server import TOKEN, BotApiServer
from tests.support.running_service import (
    Running,
    check_stories,
    in_two_languages,
    settled,
    until,
)

pytestmark = pytest.mark.postgres


@pytest.fixture
def on_postgres(running: Running, postgres_database: URL) -> Running:
    """The service with two processes, on an empty PostgreSQL database."""
    running.environment = {
        "MONITOR_STORE": postgres_database.render_as_string(hide_password=False),
        "MONITOR_PROCESSES": "2",
    }
    return running


def status(running: Running) -> dict[str, object]:
    environment = {**os.environ, "MONITOR_TELEGRAM_TOKEN": TOKEN, **running.environment}
    command = [sys.executable, "-m", "monitor", "status", "--json", "--config", str(running.config)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    found: dict[str, object] = json.loads(done.stdout)
    return found


@in_two_languages
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kills", [1, pytest.param(5, marks=pytest.mark.nightly)])
def test_two_processes_tell_each_story_once_though_one_is_killed(
    on_postgres: Running, newsroom: Newsroom, botapi: BotApiServer, kills: int
) -> None:
    on_postgres.start()
    until(lambda: "worker runs" in on_postgres.said(), timeout_s=60)
    newsroom.publish_all()
    for _ in range(kills):
        (worker,) = _workers(on_postgres)
        os.kill(int(str(worker["pid"])), signal.SIGKILL)
        runs = on_postgres.said().count("worker runs")
        until(lambda runs=runs: on_postgres.said().count("worker runs") > runs, timeout_s=60)  # type: ignore[misc]
    settled(on_postgres, botapi, timeout_s=120)
    check_stories(on_postgres, newsroom, botapi)
    on_postgres.send(signal.SIGTERM)
    assert on_postgres.wait() == 0
    assert _workers(on_postgres) == [], "it drained"


@in_two_languages
def test_workers_take_an_edit_that_the_service_took(on_postgres: Running, botapi: BotApiServer) -> None:
    on_postgres.start()
    until(lambda: "worker runs" in on_postgres.said(), timeout_s=60)
    taken = on_postgres.said().count("rules taken")
    assert botapi.ledger is not None
    added = Path(on_postgres.config / "topics" / "added.yaml")
    added.write_text("topics:\n  - {id: added, query: Reykjavik}\n", encoding="utf-8")
    until(lambda: on_postgres.said().count("rules taken") > taken, timeout_s=30)
    assert on_postgres.said().count("config edit taken") == 1


def _workers(running: Running) -> list[dict[str, object]]:
    deadline = time.monotonic() + 20
    while True:
        found = status(running)["workers"]
        assert isinstance(found, list)
        if found or not running.alive() or time.monotonic() > deadline:
            return found
        time.sleep(0.2)
