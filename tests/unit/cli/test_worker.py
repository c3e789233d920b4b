"""``monitor worker``: what it says when it cannot begin."""

from __future__ import annotations

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
