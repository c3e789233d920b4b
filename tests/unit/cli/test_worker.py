"""``monitor worker``: what it says when it cannot begin."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import Command


@pytest.mark.parametrize("roles", ["fetch,read", "", ","])
def test_a_role_that_is_none_is_a_mistake_of_usage(monitor: Command, config: Path, roles: str) -> None:
    done = monitor("worker", "--roles", roles, "-c", config)
    assert done.code == 2
    assert "there are fetch, process, deliver, chores" in " ".join(done.err.replace("│", " ").split())


def test_a_store_for_one_process_takes_no_worker_and_says_which_would(monitor: Command, config: Path) -> None:
    done = monitor("worker", "-c", config)
    assert done.code == 3
    assert "several processes need PostgreSQL" in done.err


def test_a_worker_without_its_service_ends_though_no_store_answers(tmp_path: Path) -> None:
    """Both may go at once: it must not wait for a database for ever, with a service's memory."""
    folder = tmp_path / "config"
    folder.mkdir()
    store = "postgresql+psycopg://monitor@127.0.0.1:9/monitor"
    (folder / "monitor.yaml").write_text(f"store: {store}\n", encoding="utf-8")
    command = [sys.executable, "-m", "monitor", "worker", "-c", str(folder), "--parent", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "is gone" in done.stderr
