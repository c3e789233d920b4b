"""A step in a process of its own: its result comes back, what it did does not."""

from __future__ import annotations

import os
import threading

import pytest

from monitor.config.apart import in_a_fork, in_place


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As at a service's start; the tests' own threads hold nothing that a fork needs."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.mark.usefixtures("alone")
def test_the_result_comes_back_and_nothing_else_is_changed() -> None:
    done: list[int] = []

    def step() -> tuple[int, str]:
        done.append(os.getpid())
        return os.getpid(), "x" * 1_000_000

    pid, text = in_a_fork(step)
    assert pid != os.getpid()
    assert len(text) == 1_000_000
    assert done == []


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("ends", ["raises", "dies", "cannot be sent"])
def test_a_copy_that_comes_to_no_end_is_done_without(ends: str) -> None:
    own = os.getpid()

    def step() -> object:
        if os.getpid() == own:
            return "in place"
        if ends == "raises":
            raise ValueError("odd")
        if ends == "dies":
            os._exit(3)
        return lambda: None

    assert in_a_fork(step) == "in place"


def test_beside_other_threads_it_is_done_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert in_a_fork(os.getpid) == in_place(os.getpid) == os.getpid()
