"""``monitor service``: a unit that systemd itself takes, written and taken away."""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.cli.system.unit import UnitOptions, quoted, unit_text
from tests.support.command_line import Command

MOST_EXPOSED = 1.6
"""What `systemd-analyze security` may say at most: 0 is locked away, 10 is open."""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "my watch" / "config"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A systemctl that writes down what it is asked, and a home of its own; what it was asked."""
    asked = tmp_path / "asked"
    script = tmp_path / "bin" / "systemctl"
    script.parent.mkdir()
    script.write_text(
        f'#!/bin/sh\necho "$@" >> {asked}\n[ ! -e {tmp_path}/broken ] || {{ echo no bus >&2; exit 1; }}\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    return asked


def unit_of(home: Path) -> Path:
    return home / "home" / "systemd" / "user" / "coverage-monitor.service"


def test_a_unit_is_written_started_and_taken_away(
    monitor: Command, config: Path, systemctl: Path, tmp_path: Path
) -> None:
    done = monitor("service", "install", "--config", str(config))
    assert done.code == 0, done.err
    text = unit_of(tmp_path).read_text(encoding="utf-8")
    assert f'run --config "{config}"' in text
    assert systemctl.read_text().splitlines() == [
        "--user daemon-reload",
        "--user enable coverage-monitor.service",
        "--user restart coverage-monitor.service",
    ]
    systemctl.unlink()
    assert monitor("service", "uninstall").code == 0
    assert not unit_of(tmp_path).exists()
    assert systemctl.read_text().splitlines() == [
        "--user disable --now coverage-monitor.service",
        "--user daemon-reload",
    ]
    assert monitor("service", "uninstall").code == 1


def test_a_dry_run_writes_and_asks_nothing(
    monitor: Command, config: Path, systemctl: Path, tmp_path: Path
) -> None:
    done = monitor("service", "install", "--dry-run", "--config", str(config))
    assert done.code == 0
    assert "ExecStart=" in done.out
    assert "systemctl --user daemon-reload" in done.out
    said = json.loads(monitor("service", "install", "--dry-run", "--json", "--config", str(config)).out)
    assert said["done"] is False
    assert not unit_of(tmp_path).exists()
    assert not systemctl.exists()


@pytest.mark.usefixtures("systemctl")
def test_what_cannot_run_is_refused_with_what_to_do(monitor: Command, config: Path, tmp_path: Path) -> None:
    done = monitor("service", "install", "--config", str(config / "none"))
    assert (done.code, "monitor init" in done.err) == (1, True)
    done = monitor("service", "install", "-c", str(config), "--telegram-token-file", str(tmp_path / "none"))
    assert (done.code, "there is no such file" in done.err) == (1, True)
    done = monitor("service", "install", "-c", str(config), "--system", "--user", "nobody-of-that-name")
    assert (done.code, "useradd --system" in done.err) == (1, True)
    (tmp_path / "broken").touch()
    done = monitor("service", "install", "-c", str(config))
    assert (done.code, "no bus" in done.err) == (3, True)


@pytest.mark.usefixtures("systemctl")
def test_what_the_account_cannot_reach_is_refused(monitor: Command, config: Path, tmp_path: Path) -> None:
    closed = tmp_path / "my watch"
    closed.chmod(0o700)
    owner = pwd.getpwuid(os.getuid()).pw_name
    for user in {"daemon", "nobody"} - {owner}:
        done = monitor("service", "install", "-c", str(config), "--system", "--user", user)
        assert done.code == 1
        assert f"the account {user!r} may not enter" in done.err
        assert "/opt/coverage-monitor" in done.err
    if config.is_relative_to("/tmp"):
        done = monitor("service", "install", "-c", str(config), "--system", "--user", owner)
        assert (done.code, "a /tmp of its own" in done.err) == (1, True)


def test_secrets_are_handed_in_as_credentials() -> None:
    files = {"telegram-token": Path("/etc/monitor/100%.token")}
    text = unit_text(
        UnitOptions(command=["/usr/bin/monitor"], config=Path("/srv/c/config"), credentials=files)
    )
    assert "LoadCredential=telegram-token:/etc/monitor/100%%.token" in text
    assert "Environment=MONITOR_TELEGRAM_TOKEN_FILE=%d/telegram-token" in text


def test_systemd_never_gives_up_a_service_whose_database_or_disk_is_away_when_it_starts(
    monitor: Command, tmp_path: Path
) -> None:
    """Ten ends within ten minutes used to be the last: after a minute of a server that boots slower."""
    config = tmp_path / "config"
    (config / "topics").mkdir(parents=True)
    (config / "topics" / "t.yaml").write_text("topics: [{id: t, query: word}]\n", encoding="utf-8")
    (config / "monitor.yaml").write_text(
        "store: postgresql+psycopg://nobody@127.0.0.1:1/none\nweb: {listen: off}\n", encoding="utf-8"
    )
    ended = monitor("run", "--config", str(config))
    unit = monitor("service", "show", "--config", str(config)).out
    final = re.search(r"^RestartPreventExitStatus=(.*)$", unit, re.MULTILINE)
    assert final is not None
    assert str(ended.code) not in final[1].split()
    assert "\nStartLimitIntervalSec=0\n" in unit


def test_words_are_quoted_as_systemd_reads_them() -> None:
    assert quoted("/a/b") == "/a/b"
    assert quoted("/my watch/50% $x") == '"/my watch/50%% $$x"'
    assert quoted('say "so"') == '"say \\"so\\""'


@pytest.mark.parametrize("user", ["", "daemon"])
def test_systemd_takes_the_unit_and_finds_it_locked_away(monitor: Command, tmp_path: Path, user: str) -> None:
    if shutil.which("systemd-analyze") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("systemd-analyze is missing; .ci/run installs it")
        pytest.skip("needs systemd-analyze")
    home = tmp_path / "srv"
    (home / "config").mkdir(parents=True)
    token = tmp_path / "token"
    token.write_text("x")
    chosen = ("--system", "--user", user) if user else ()
    arguments = ("--config", str(home / "config"), "--telegram-token-file", str(token), *chosen)
    file = tmp_path / "coverage-monitor.service"
    file.write_text(monitor("service", "show", *arguments).out, encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(file)], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    if user:
        ranked = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--no-pager", str(file)],
            capture_output=True,
            text=True,
            check=True,
        )
        found = re.search(r"exposure level for .*: ([\d.]+)", ranked.stdout)
        assert found is not None
        assert float(found[1]) <= MOST_EXPOSED
