"""A real service under what speaks systemd's notification protocol."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import pytest

from tests.support.running_service import Running, in_two_languages

pytestmark = pytest.mark.timeout(200)


@in_two_languages
def test_a_service_says_that_it_is_ready_lives_and_stops(running: Running, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(60)
        running.environment |= {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "12000000"}
        running.start()
        while (said := heard.recv(200)) == b"WATCHDOG=1":  # also while it starts
            pass
        assert said.startswith(b"READY=1\nSTATUS=runs, rules ")
        assert [heard.recv(200) for _ in range(2)] == [b"WATCHDOG=1"] * 2
        running.send(signal.SIGTERM)
        while (said := heard.recv(200)) == b"WATCHDOG=1":
            pass
        assert said == b"STOPPING=1"
        assert running.wait() == 0
