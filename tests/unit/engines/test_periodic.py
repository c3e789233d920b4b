"""Periodic tasks: whatever one does, the others and its own next run come."""

from __future__ import annotations

import threading
import time

import pytest

from monitor.engines.periodic import Periodic, PeriodicTasks


def test_a_task_that_fails_is_run_again_and_one_that_hangs_stops_no_other() -> None:
    enough, hang, runs = threading.Event(), threading.Event(), []

    def fails() -> None:
        runs.append(time.monotonic())
        if len(runs) == 3:
            enough.set()
        raise RuntimeError("an odd row")

    tasks = PeriodicTasks(
        [Periodic(name="hangs", every_s=0.01, run=hang.wait), Periodic(name="fails", every_s=0.01, run=fails)]
    )
    tasks.start()
    came = enough.wait(30)
    tasks.stop()
    hang.set()
    assert came


def test_a_task_never_runs_beside_itself_and_stopping_waits_for_none() -> None:
    running, most, hang, began = [0], [0], threading.Event(), threading.Event()

    def run() -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        began.set()
        hang.wait(30)
        running[0] -= 1

    tasks = PeriodicTasks([Periodic(name="slow", every_s=0.0, run=run)])
    tasks.start()
    assert began.wait(30)
    time.sleep(0.1)
    tasks.stop()
    assert running == [1], "it still runs, and stop returned"
    hang.set()
    assert most == [1]


def test_a_clock_that_is_set_back_stops_no_task(monkeypatch: pytest.MonkeyPatch) -> None:
    runs, again, set_back = [0], threading.Event(), threading.Event()

    def run() -> None:
        runs[0] += 1
        if set_back.is_set():
            again.set()

    tasks = PeriodicTasks([Periodic(name="tick", every_s=3600, run=run)])
    tasks.start()
    until = time.monotonic() + 30
    while not runs[0] and time.monotonic() < until:
        time.sleep(0.01)
    set_back.set()
    wall = time.time
    monkeypatch.setattr(time, "time", lambda: wall() - 86_400)
    came = again.wait(30)
    tasks.stop()
    assert came, "its next run was reckoned by the clock as it was"
