"""systemd hears that the service is ready, lives and stops, over a real datagram socket."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.chores.service_manager import ServiceManager


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def environment(heard: socket.socket, *, watchdog_s: float = 0.3) -> dict[str, str]:
    return {"NOTIFY_SOCKET": heard.getsockname(), "WATCHDOG_USEC": str(int(watchdog_s * 1e6))}


def test_it_is_ready_beats_and_stops(heard: socket.socket) -> None:
    with ServiceManager(environment(heard), idle_s=lambda: 0.0) as manager:
        manager.ready("runs")
        assert heard.recv(100) == b"READY=1\nSTATUS=runs"
        assert [heard.recv(100) for _ in range(3)] == [b"WATCHDOG=1"] * 3
    said = heard.recv(100)
    assert said == b"STOPPING=1" or heard.recv(100) == b"STOPPING=1"


def test_what_stands_still_beats_no_more(heard: socket.socket) -> None:
    began = time.monotonic()
    with ServiceManager(environment(heard, watchdog_s=0.6), idle_s=lambda: time.monotonic() - began):
        time.sleep(1.0)
    heard.setblocking(False)
    said = []
    while True:
        try:
            said.append(heard.recv(100))
        except BlockingIOError:
            break
    assert 0 < said.count(b"WATCHDOG=1") <= 3
    assert said[-2].startswith(b"STATUS=stands still for 0")
    assert said[-1] == b"STOPPING=1"


def test_a_manager_that_is_gone_or_not_there_is_no_error(tmp_path: Path) -> None:
    gone = {"NOTIFY_SOCKET": str(tmp_path / "gone"), "WATCHDOG_USEC": "not a number"}
    for env in ({}, gone, {"NOTIFY_SOCKET": "@of-an-abstract-name-that-nobody-has"}):
        with ServiceManager(env, idle_s=lambda: 0.0) as manager:
            manager.ready("runs")


def test_a_full_queue_of_a_busy_manager_holds_nobody_up(heard: socket.socket) -> None:
    with ServiceManager(environment(heard, watchdog_s=1000), idle_s=lambda: 0.0) as manager:
        began = time.monotonic()
        for _ in range(5000):
            manager.say("STATUS=again")
        assert time.monotonic() - began < 5
