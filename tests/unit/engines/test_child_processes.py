"""Processes that are kept alive."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from monitor.engines.child_processes import ChildProcesses

SLEEPER = (sys.executable, "-S", "-c", "import time; time.sleep(60)")


def until(condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_one_that_dies_is_told_of_and_another_one_started() -> None:
    ended: list[int] = []

    def note(pid: int) -> bool:
        ended.append(pid)
        return True

    children = ChildProcesses(SLEEPER, 2, ended=note, shortest_pause_s=0.01)
    children.start()
    until(lambda: len(children.pids) == 2)
    first, second = children.pids
    os.kill(first, signal.SIGKILL)
    until(lambda: len(children.pids) == 2 and first not in children.pids)
    assert ended == [first]
    assert second in children.pids
    left = children.pids
    children.stop()
    assert children.pids == ()
    assert sorted(ended) == sorted([first, *left])


def test_what_cannot_be_told_stops_nothing_and_pauses_grow(tmp_path: Path) -> None:
    def fails(_pid: int) -> bool:
        raise RuntimeError("the store is away")

    begun = tmp_path / "begun"
    command = (sys.executable, "-S", "-c", f"open({str(begun)!r}, 'a').write('x')")
    children = ChildProcesses(command, 1, ended=fails, shortest_pause_s=0.2)
    children.start()
    until(lambda: begun.exists() and len(begun.read_text()) >= 3)
    children.stop()
    assert len(begun.read_text()) < 6


def test_pauses_do_not_grow_for_those_that_had_come_up(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    command = (sys.executable, "-S", "-c", f"open({str(begun)!r}, 'a').write('x')")
    children = ChildProcesses(command, 1, ended=lambda _pid: True, shortest_pause_s=0.01)
    began = time.monotonic()
    children.start()
    # Were they doubled, the twentieth would come after two minutes.
    until(lambda: begun.exists() and len(begun.read_text()) >= 20, timeout_s=60)
    children.stop()
    assert time.monotonic() - began < 60


def test_one_that_could_not_be_started_is_tried_again(tmp_path: Path) -> None:
    program = tmp_path / "program"
    children = ChildProcesses((str(program),), 1, shortest_pause_s=0.01)
    children.start()
    time.sleep(0.1)
    assert children.pids == ()
    beside = tmp_path / "made"
    beside.write_text(f"#!{sys.executable} -S\nimport time; time.sleep(60)\n", encoding="utf-8")
    beside.chmod(0o700)
    beside.rename(program)
    until(lambda: children.pids)
    children.stop()


def test_one_that_does_not_drain_is_killed() -> None:
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
    children = ChildProcesses((sys.executable, "-S", "-c", stubborn), 1)
    children.start()
    until(lambda: children.pids)
    time.sleep(0.3)  # until it ignores the signal; if it does not yet, it ends all the same
    began = time.monotonic()
    children.stop(timeout_s=0.2)
    assert time.monotonic() - began < 10
    assert children.pids == ()
