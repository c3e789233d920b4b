"""What every channel promises, each against the real thing on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import entry_points

import pytest

from monitor.channels import apprise, console, webhook
from monitor.channels.telegram import channel as telegram
from monitor.channels.telegram.channel import TelegramChannel
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.errors import ChannelError
from monitor.model import (
    Chat,
    Closed,
    Message,
    Receipt,
    Refused,
    Sent,
    Settings,
    Skipped,
    TelegramSettings,
    Throttled,
    Unsent,
    Unsure,
)
from monitor.ports import Channel, ChannelKind
from tests.support.botapi.server import BotApiServer, Fault

# Apprise's mail plugin imports a module that Python 3.13 drops.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

KINDS = [apprise.KIND, console.KIND, telegram.KIND, webhook.KIND]
MESSAGE = Message(
    key="key-1",
    html="<b>Bank</b> &amp; potash",
    plain="Bank & potash",
    subject="Bank",
    data={"kind": "alert"},
)


@dataclass(kw_only=True)
class Hook:
    """An HTTP receiver: answers ``statuses`` in turn, then 204; keeps what it got."""

    url: str
    statuses: list[int | None]
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def hook() -> Iterator[Hook]:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            running.got.append((dict(self.headers), body))
            status = running.statuses.pop(0) if running.statuses else 204
            if status is None:
                return  # hang up without an answer
            self.send_response(status)
            for name, value in running.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    running = Hook(url=f"http://127.0.0.1:{server.server_port}/in", statuses=[])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True, kw_only=True)
class Rig:
    """A channel with its chat. ``seen`` counts messages that a person would have seen."""

    kind: ChannelKind
    channel: Channel
    chat: Chat
    seen: Callable[[], int]


@pytest.fixture(params=[kind.name for kind in KINDS])
def rig(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Iterator[Rig]:
    """Each kind, opened from a rulebook as the service opens it."""
    (kind,) = (kind for kind in KINDS if kind.name == request.param)
    with BotApiServer() as server, hook() as receiver:
        server.add_chat(501)
        settings = Settings(telegram=TelegramSettings(token=server.token, base_url=server.base_url))
        address, options, seen = {
            "telegram": ("501", {}, lambda: len(server.ledger)),
            "console": ("main", {}, lambda: capsys.readouterr().out.count("potash")),
            "webhook": ("desk", {"url": receiver.url}, lambda: len(receiver.got)),
            "apprise": (
                "desk",
                {"url": receiver.url.replace("http", "json", 1)},
                lambda: len(receiver.got),
            ),
        }[kind.name]
        channel = kind.open(Rulebook(revision="r", settings=settings, matcher=Matcher.build(())))
        chat = Chat(id=f"{kind.name}:{address}", channel=kind.name, address=address, options=options)
        try:
            yield Rig(kind=kind, channel=channel, chat=chat, seen=seen)
        finally:
            channel.close()


def test_every_built_in_kind_is_an_entry_point() -> None:
    found = {item.name: item.load() for item in entry_points(group="monitor.channels")}
    assert {kind.name: kind for kind in KINDS}.items() <= found.items()


def test_a_message_is_seen_once(rig: Rig) -> None:
    receipt = rig.channel.send(rig.chat, MESSAGE)
    assert isinstance(receipt, Sent)
    assert receipt.message_id
    assert rig.seen() == 1


def test_an_edit_makes_no_second_message(rig: Rig) -> None:
    first = rig.channel.send(rig.chat, MESSAGE)
    assert isinstance(first, Sent)
    same = rig.channel.send(rig.chat, replace(MESSAGE, edit_of=first.message_id))
    # What cannot be changed is not said to be sent.
    assert same == first if rig.kind.name == "telegram" else isinstance(same, Skipped)
    assert rig.seen() == 1


def test_pictures_are_shown_where_they_can_be(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    addresses = ("https://cdn.example/1.jpg", "https://cdn.example/2.jpg")
    message = replace(MESSAGE, html="", plain="potash", pictures=addresses)
    message = replace(message, data={"kind": "pictures", "pictures": list(addresses)})
    receipt = rig.channel.send(rig.chat, message)
    assert isinstance(receipt, Skipped if rig.kind.name == "apprise" else Sent)
    if rig.kind.name == "console":
        printed = capsys.readouterr().out
        assert all(address in printed for address in addresses)
    else:
        assert rig.seen() == {"telegram": 2, "webhook": 1, "apprise": 0}[rig.kind.name]


def test_plain_text_passes_without_formatting(rig: Rig) -> None:
    message = replace(MESSAGE, html="", plain="a < b & c > potash")
    assert isinstance(rig.channel.send(rig.chat, message), Sent)
    assert rig.seen() == 1


def test_many_threads_may_send(rig: Rig) -> None:
    receipts: list[Receipt] = []
    threads = [
        threading.Thread(target=lambda: receipts.append(rig.channel.send(rig.chat, MESSAGE)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(receipt) for receipt in receipts] == [Sent] * 4
    assert rig.seen() == 4


def test_closing_twice_is_harmless(rig: Rig) -> None:
    rig.channel.close()


def test_options_refuse_what_they_do_not_know(rig: Rig) -> None:
    assert rig.kind.options.model_validate(dict(rig.chat.options))
    with pytest.raises(ValueError, match="nonsense"):
        rig.kind.options.model_validate({**rig.chat.options, "nonsense": 1})


def test_only_telegram_is_paced_and_knows_groups() -> None:
    assert [kind.name for kind in KINDS if kind.paced] == ["telegram"]
    assert [telegram.is_group(item) for item in ("-100123/7", "-5", "@desk", "77")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert not any(kind.is_group("-5") for kind in KINDS if not kind.paced)


def test_telegram_without_a_token_says_what_to_do() -> None:
    empty = Rulebook(revision="r", matcher=Matcher.build(()))
    with pytest.raises(ChannelError, match="MONITOR_TELEGRAM_TOKEN"):
        telegram.KIND.open(empty)


@pytest.mark.parametrize(
    ("status", "receipt"),
    [(401, Closed), (403, Closed), (410, Closed), (404, Closed), (405, Closed), (302, Closed),
     (400, Refused), (413, Refused), (422, Refused),
     (408, Unsure), (500, Unsure), (503, Unsure), (None, Unsure)],
)  # fmt: skip
def test_webhook_answers_become_receipts(status: int | None, receipt: type) -> None:
    with hook() as receiver:
        receiver.statuses = [status]
        chat = Chat(id="webhook:d", channel="webhook", address="d", options={"url": receiver.url})
        assert isinstance(webhook.WebhookChannel().send(chat, MESSAGE), receipt)
        assert len(receiver.got) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_webhook_says_how_long_to_wait(status: int) -> None:
    with hook() as receiver:
        receiver.statuses, receiver.headers = [status], {"Retry-After": "9"}
        chat = Chat(id="webhook:d", channel="webhook", address="d", options={"url": receiver.url})
        assert webhook.WebhookChannel().send(chat, MESSAGE) == Throttled(retry_after_s=9.0)


def test_a_webhook_is_signed_and_names_its_delivery() -> None:
    with hook() as receiver:
        options = {"url": receiver.url, "secret": "s3cret"}
        chat = Chat(id="webhook:d", channel="webhook", address="d", options=options)
        channel = webhook.WebhookChannel(clock=lambda: 1_700_000_000.0)
        assert channel.send(chat, MESSAGE) == Sent(message_id="key-1")
        ((headers, body),) = receiver.got
        assert headers["X-Monitor-Id"] == "key-1"
        assert headers["X-Monitor-Signature"] == webhook.sign("s3cret", body, 1_700_000_000)
        assert json.loads(body) == {
            "key": "key-1",
            "subject": "Bank",
            "text": "Bank & potash",
            "url": "",
            "data": {"kind": "alert"},
        }


@pytest.mark.parametrize("kind", ["webhook", "telegram"])
def test_nobody_there_is_safe_to_repeat(kind: str) -> None:
    with hook() as receiver:
        gone = receiver.url
    if kind == "webhook":
        chat = Chat(id="webhook:d", channel="webhook", address="d", options={"url": gone})
        assert isinstance(webhook.WebhookChannel().send(chat, MESSAGE), Unsent)
        return
    channel = TelegramChannel("1:x", base_url=f"{gone}/bot")
    chat = Chat(id="telegram:501", channel="telegram", address="501")
    assert isinstance(channel.send(chat, MESSAGE), Unsent)
    channel.close()


def test_a_silent_webhook_is_unsure() -> None:
    with BotApiServer() as server:
        server.add_chat(501)
        server.script(None, Fault(kind="accept_hang", seconds=30), method="getMe")
        url = f"{server.base_url}{server.token}/getMe"
        chat = Chat(id="webhook:d", channel="webhook", address="d", options={"url": url})
        channel = webhook.WebhookChannel(read_timeout_s=0.2)
        assert isinstance(channel.send(chat, MESSAGE), Unsure)


@pytest.mark.parametrize(
    ("module", "options"),
    [
        (webhook, {}),
        (webhook, {"url": "http://127.0.0.1:99999/x"}),
        (apprise, {}),
        (apprise, {"url": "nosuchservice://x"}),
    ],
)
def test_unusable_options_close_the_chat(module: object, options: dict[str, object]) -> None:
    kind: ChannelKind = module.KIND  # type: ignore[attr-defined] # both modules have one
    chat = Chat(id=f"{kind.name}:d", channel=kind.name, address="d", options=options)
    channel = kind.open(Rulebook(revision="r", matcher=Matcher.build(())))
    assert isinstance(channel.send(chat, MESSAGE), Closed)


def test_apprise_that_fails_is_unsure() -> None:
    with hook() as receiver:
        receiver.statuses = [500]
        url = receiver.url.replace("http", "json", 1)
        chat = Chat(id="apprise:d", channel="apprise", address="d", options={"url": url})
        assert isinstance(apprise.AppriseChannel().send(chat, MESSAGE), Unsure)
