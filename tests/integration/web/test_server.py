"""The desk never keeps the service from running, and is loaded by the first who looks."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from monitor.model import WebSettings
from tests.support.desk import DeskWorld, running


def test_a_port_in_use_is_a_warning(world: DeskWorld, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(world.store, world.config, settings=WebSettings(listen=f"127.0.0.1:{port}")) as second:
            assert second.server.port == 0
    said = "".join(capfd.readouterr())
    assert "the desk is not served" in said


def test_a_place_that_others_reach_waits_for_an_account(
    world: DeskWorld, capfd: pytest.CaptureFixture[str]
) -> None:
    everywhere = WebSettings(listen="0.0.0.0:0")
    with running(world.store, world.config, settings=everywhere) as second:
        assert second.server.port == 0
    assert "monitor web adduser" in "".join(capfd.readouterr())
    world.account("ann", "admin")
    with running(world.store, world.config, settings=everywhere) as second:
        assert second.server.port != 0


def test_a_desk_that_nobody_opens_loads_none_of_it() -> None:
    script = """
import sys
from pathlib import Path
from types import SimpleNamespace
from monitor import web
from monitor.model import WebSettings
settings = SimpleNamespace(settings=SimpleNamespace(web=WebSettings(listen="127.0.0.1:0")))
server = web.attach(Path())(SimpleNamespace(rulebook=lambda: settings))
server.start()
assert server.port
print([name for name in ("fastapi", "starlette", "uvicorn", "jinja2", "argon2") if name in sys.modules])
server.stop()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
