"""Other sides that never finish: posts to the receiver that stay half said, webhooks that drip."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import pytest
import requests

from monitor.channels.webhook import WebhookChannel
from monitor.inbox.server import MOST_AT_ONCE, Answer, BoundedServer
from monitor.model import Chat, Message, Receipt, Sent, Unsure
from tests.support.hostile_server import HostileServer, Reply, Talk, answer

HALF = b"POST /inbox/press HTTP/1.1\r\nContent-Length: 500\r\n\r\n{"


class Welcome:
    """Takes every post."""

    limit = 1_000

    def get(self, path: str, query: str) -> Answer:
        return Answer(status=200, text=f"{path}?{query}")

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return Answer.json(202, path=path, length=len(body), kind=headers.get("content-type", ""))


@pytest.fixture
def receiver() -> Iterator[BoundedServer]:
    server = BoundedServer(("127.0.0.1", 0), Welcome())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_half_said_posts_shut_nobody_out(receiver: BoundedServer) -> None:
    address = ("127.0.0.1", receiver.server_port)
    with ExitStack() as stack:
        for _ in range(10 * MOST_AT_ONCE):
            stack.enter_context(socket.create_connection(address, 5)).sendall(HALF)
        for path in ("/inbox/press", "/inbox/other"):
            said = requests.post(f"http://127.0.0.1:{receiver.server_port}{path}", data=b"{}", timeout=10)
            assert (said.status_code, said.json()["path"]) == (202, path)
        waiting = [thread for thread in threading.enumerate() if "process_request" in thread.name]
        assert len(waiting) <= 2 * MOST_AT_ONCE


def test_a_post_that_takes_its_time_is_taken_when_there_is_room(receiver: BoundedServer) -> None:
    with socket.create_connection(("127.0.0.1", receiver.server_port), 5) as slow:
        slow.sendall(b"POST /slow HTTP/1.1\r\nContent-Length: 2\r\n\r\n{")
        said = requests.get(f"http://127.0.0.1:{receiver.server_port}/a?b", timeout=10)
        assert said.text == "/a?b"
        slow.sendall(b"}")
        assert b" 202 " in slow.makefile("rb").readline()


def posted(reply: Reply, *, deadline_s: float) -> Receipt:
    with HostileServer({"/": reply}) as server:
        chat = Chat(id="webhook:x", channel="webhook", address="x", options={"url": server.url()})
        message = Message(key="k1", plain="An alert", html="")
        return WebhookChannel(deadline_s=deadline_s).send(chat, message)


def drips_headers(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n")
    talk.drip(b"X-Slow: yes\r\n", every_s=0.05)


def drips_status(talk: Talk) -> None:
    talk.drip(b"HTTP/1.1 ", every_s=0.05)


def test_a_webhook_that_drips_holds_no_sender() -> None:
    """Each byte comes in time, the whole answer never: the reader's timeout does not see it."""
    receipt = posted(drips_status, deadline_s=0.5)
    assert isinstance(receipt, Unsure)
    assert "0.5 s" in receipt.reason


def test_a_webhook_that_drips_behind_its_yes_has_said_yes() -> None:
    assert posted(drips_headers, deadline_s=0.5) == Sent(message_id="k1")


def test_a_webhook_that_answers_is_not_held_to_the_deadline() -> None:
    assert posted(answer(b"", status="204 No Content"), deadline_s=20) == Sent(message_id="k1")
