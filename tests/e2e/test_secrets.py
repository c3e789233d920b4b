"""No secret comes out of a service: not in its log, its figures, its status, its backup, its exports."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.support.botapi.server import TOKEN, BotApiServer
from tests.support.running_service import Running, in_two_languages, until

PATIENCE_S = 60.0
SECRETS = {
    "MONITOR_TELEGRAM_TOKEN": TOKEN,
    "MONITOR_RECEIVER_SECRET": "planted-receiver-6f1c9a",
    "HOOK_URL": "http://127.0.0.1:9/planted-hook-path-77aa",
    "HOOK_SECRET": "planted-hook-secret-b2d4",
    "MAIL_URL": "json://planted-user-aa31:planted-mail-9e0b@127.0.0.1:9/planted-mail-path-41",
}
PASSWORD = "planted-address-password-5c"
CHATS = """
- id: "webhook:desk"
  options: {url: "env:HOOK_URL", secret: "env:HOOK_SECRET"}
  subscriptions: [{topic: "*"}]
- {id: "apprise:mail", options: {url: "env:MAIL_URL"}, subscriptions: [{topic: "*"}]}
"""
PLANTED = (
    TOKEN,
    TOKEN.partition(":")[2],
    "planted-receiver-6f1c9a",
    "planted-hook-path-77aa",
    "planted-hook-secret-b2d4",
    "planted-mail-9e0b",
    "planted-mail-path-41",
)
COMMANDS = (
    ("status", "--json"),
    ("status", "--verbose"),
    ("doctor",),
    ("check", "--json"),
    ("outbox", "list", "--json"),
    ("chats", "list", "--json"),
    ("jobs", "list", "--json"),
    ("topics", "list", "--json"),
    ("stories", "--json"),
    ("search", "the", "--json"),
    ("report", "--json"),
    ("rules", "diff", "--json"),
    ("sources", "list", "--json"),
    ("sources", "export"),
)

pytestmark = pytest.mark.timeout(300)


@in_two_languages
def test_no_planted_secret_comes_out_anywhere(running: Running, botapi: BotApiServer, tmp_path: Path) -> None:
    port = _plant(running)
    running.start()
    until(running.up, timeout_s=PATIENCE_S)
    until(lambda: _tried(running), timeout_s=PATIENCE_S)
    until(lambda: len(botapi.ledger) > 3, timeout_s=PATIENCE_S)
    figures = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    outputs = {"metrics": figures, **{" ".join(each): _command(running, *each) for each in COMMANDS}}
    backup = tmp_path / "copy.db"
    outputs["backup"] = _command(running, "backup", str(backup))
    running.kill()
    outputs["log"] = running.said()
    outputs["backup file"] = backup.read_bytes().decode("latin-1")
    found = [(name, secret) for name, text in outputs.items() for secret in PLANTED if secret in text]
    assert not found
    quiet = {name: text for name, text in outputs.items() if not name.startswith("sources")}
    assert [name for name, text in quiet.items() if PASSWORD in text and name != "backup file"] == []
    assert 'monitor_articles_total{gate="told"}' in figures
    assert_lines_bear_ids(outputs["log"])


def assert_lines_bear_ids(log: str) -> None:
    lines = [json.loads(line) for line in log.splitlines()]
    sent = [line for line in lines if line["event"] == "sent"]
    failed = [line for line in lines if line["event"] == "poll failed"]
    assert {"delivery", "chat", "story", "article"} <= sent[0].keys()
    assert (failed[0]["job"], failed[0]["source"]) == ("poll:locked", "locked")


def _plant(running: Running) -> int:
    """Chats and a source with secrets in their settings; the port of the figures."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    config = running.config
    with (config / "chats.yaml").open("a", encoding="utf-8") as chats:
        chats.write(CHATS)
    address = f"http://ann:{PASSWORD}@127.0.0.1:9/feed"
    locked = f'sources:\n  - {{id: locked, name: Locked, kind: feed, url: "{address}", every: 1m}}\n'
    (config / "sources" / "locked.yaml").write_text(locked, encoding="utf-8")
    figures = {"MONITOR_METRICS_LISTEN": f"127.0.0.1:{port}", "MONITOR_LOGS": "json"}
    running.environment |= {**SECRETS, **figures}
    return port


def _tried(running: Running) -> bool:
    said = running.said()
    return all(f'"{chat}"' in said for chat in ("webhook:desk", "apprise:mail")) and "poll failed" in said


def _command(running: Running, *arguments: str) -> str:
    command = [sys.executable, "-m", "monitor", *arguments]
    if "--config" not in command:
        command += ["--config", str(running.config)]
    environment = {**os.environ, **running.environment}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert done.returncode in {0, 1, 3}, (arguments, done.stdout, done.stderr)
    assert done.returncode == 0 or arguments[0] in {"doctor", "status", "rules"}, (arguments, done.stderr)
    return done.stdout + done.stderr
