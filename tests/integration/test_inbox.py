"""Articles posted to the receiver of a running service are stored and told; strangers are refused."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.support.running_service import Running, until

SECRET = "a-secret-of-the-press"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running(tmp_path: Path, *, secret: str = SECRET) -> Iterator[tuple[str, Path, Running]]:
    config = tmp_path / "config"
    (config / "topics").mkdir(parents=True)
    (config / "topics" / "t.yaml").write_text("topics:\n  - {id: trams, query: tram, languages: [en]}\n")
    (config / "sources").mkdir()
    (config / "sources" / "s.yaml").write_text(
        "sources:\n  - {id: press, kind: inbox, url: 'inbox://press', every: 1m}\n"
    )
    (config / "chats.yaml").write_text("chats:\n  - {id: 'console:main', subscriptions: ['*']}\n")
    port = free_port()
    (config / "monitor.yaml").write_text(
        f"store: sqlite:///{config}/monitor.db\n"
        f"receiver: {{listen: '127.0.0.1:{port}', folder: '{tmp_path}/inbox'}}\n"
    )
    service = Running(config=config, log=tmp_path / "log")
    service.environment["MONITOR_RECEIVER_SECRET"] = secret
    service.start()
    try:
        until(service.up)
        yield f"http://127.0.0.1:{port}", tmp_path / "inbox" / "press", service
    finally:
        service.kill()


def signed(body: bytes, *, at: float, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), f"{int(at)}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Monitor-Signature": f"t={int(at)},v1={digest}"}


def test_a_posted_article_is_told_and_a_stranger_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as (receiver, folder, service):
        url = f"{receiver}/inbox/press"
        first = {"id": "0", "title": "Old news of first contact", "text": "Words."}
        bearer = {"Authorization": f"Bearer {SECRET}"}
        taken = requests.post(url, json=first, headers=bearer, timeout=10)
        assert (taken.status_code, taken.json()) == (202, {"accepted": 1})
        until(lambda: (folder / "done").is_dir() or any((folder / "reading").glob("*/*")))
        body = json.dumps(
            {
                "id": "1",
                "title": "Mayor opens the tram line",
                "text": "A tram runs.",
                "lang": "en",
                "url": "https://o.example/1",
            }
        ).encode()
        until(
            lambda: (
                requests.post(url, body, headers=signed(body, at=time.time()), timeout=10).status_code == 202
            )
        )
        until(lambda: "Mayor opens the tram line" in service.said(), timeout_s=60)
        for headers in (
            {},
            {"Authorization": "Bearer wrong"},
            signed(body, at=time.time() - 3600),
            signed(body, at=time.time(), secret="x"),
        ):
            assert requests.post(url, body, headers=headers, timeout=10).status_code == 401
        assert requests.post(f"{receiver}/inbox/other", body, headers=bearer, timeout=10).status_code == 404
        assert requests.post(f"{receiver}/elsewhere", body, headers=bearer, timeout=10).status_code == 404
        assert requests.get(url, timeout=10).status_code == 404
        wrong = requests.post(url, b'{"url": "x"}', headers=bearer, timeout=10)
        assert (wrong.status_code, "neither a title nor a text" in wrong.json()["error"]) == (400, True)
        assert requests.post(url, b"x" * 1_000_001, headers=bearer, timeout=10).status_code == 413
        endless = requests.post(url, iter([b"x"]), headers=bearer, timeout=10)
        assert endless.status_code == 411
        assert SECRET not in service.said()


def test_clients_that_hang_do_not_shut_others_out(tmp_path: Path) -> None:
    with running(tmp_path) as (receiver, _, _service):
        port = int(receiver.rpartition(":")[2])
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        answer = requests.post(
            f"{receiver}/inbox/press",
            json={"title": "x"},
            headers={"Authorization": f"Bearer {SECRET}"},
            timeout=10,
        )
        for sock in idle:
            sock.close()
    assert answer.status_code == 202


@pytest.mark.parametrize("listen", ["0.0.0.0:8799", "127.0.0.1:1"])
def test_a_receiver_that_may_not_or_cannot_listen_says_so(tmp_path: Path, listen: str) -> None:
    config = tmp_path / "config"
    (config / "topics").mkdir(parents=True)
    (config / "topics" / "t.yaml").write_text("topics: []\n")
    (config / "monitor.yaml").write_text(
        f"store: sqlite:///{config}/m.db\nreceiver: {{listen: '{listen}'}}\n"
    )
    if listen.endswith(":1"):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            text = (config / "monitor.yaml").read_text().replace(":1'", f":{taken.getsockname()[1]}'")
            (config / "monitor.yaml").write_text(text)
            said = _run(config, tmp_path / "log")
        assert "is not free" in said
    else:
        assert "needs a secret" in _run(config, tmp_path / "log")


def _run(config: Path, log: Path) -> str:
    service = Running(config=config, log=log)
    service.start()
    assert service.wait() == 1
    assert "Traceback" not in service.said()
    return service.said()
