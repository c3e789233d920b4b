"""The Telegram channel against a Bot API server that goes wrong."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import replace

import pytest

from monitor import logs
from monitor.channels.telegram.channel import TelegramChannel
from monitor.model import (
    Blocked,
    Chat,
    Closed,
    Message,
    Moved,
    Receipt,
    Refused,
    Sent,
    Throttled,
    Unsent,
    Unsure,
)
from tests.support.botapi.server import BotApiServer, Fault
from tests.support.plain_logs import log_plainly

ANN = 501
FORUM = -100777


@pytest.fixture
def server() -> Iterator[BotApiServer]:
    with BotApiServer() as running:
        running.add_chat(ANN)
        running.add_chat(FORUM, threads=(7,))
        yield running


@pytest.fixture
def channel(server: BotApiServer) -> Iterator[TelegramChannel]:
    running = TelegramChannel(server.token, base_url=server.base_url, read_timeout_s=20)
    yield running
    running.close()


def chat(address: str = str(ANN)) -> Chat:
    return Chat(id=f"telegram:{address}", channel="telegram", address=address)


def text(html: str = "<b>x</b>", **changes: object) -> Message:
    fields: dict[str, object] = {"key": "k", "html": html, "plain": "x"}
    return Message(**(fields | changes))  # type: ignore[arg-type] # a mapping of the right types


@pytest.mark.parametrize(
    ("fault", "receipt"),
    [
        (Fault(kind="throttled", retry_after=9), Throttled(retry_after_s=9.0)),
        (Fault(kind="blocked"), Blocked(reason="Forbidden: bot was blocked by the user")),
        (Fault(kind="bad_request"), Closed(reason="Chat not found")),
        (Fault(kind="migrate", migrate_to=-100888), Moved(address="-100888")),
        (Fault(kind="bad_gateway"), Unsure(reason="Bad Gateway")),
        (Fault(kind="error"), Unsure(reason="Internal Server Error")),
        (Fault(kind="accept_bad_gateway"), Unsure(reason="Bad Gateway")),
    ],
)
def test_what_goes_wrong_becomes_a_receipt(
    server: BotApiServer, channel: TelegramChannel, fault: Fault, receipt: Receipt
) -> None:
    server.script(ANN, fault)
    assert channel.send(chat(), text()) == receipt
    assert len(server.ledger) == int(fault.accepts)
    assert isinstance(channel.send(chat(), text()), Sent), "the channel goes on after a fault"


def test_a_lost_answer_is_unsure(server: BotApiServer) -> None:
    impatient = TelegramChannel(server.token, base_url=server.base_url, read_timeout_s=0.3)
    server.script(ANN, Fault(kind="accept_drop"))
    server.script(ANN, Fault(kind="accept_hang"))
    assert isinstance(impatient.send(chat(), text()), Unsure)
    assert isinstance(impatient.send(chat(), text()), Unsure)
    impatient.close()
    assert len(server.ledger) == 2


def test_refused_formatting_can_be_sent_again_as_plain_text(
    server: BotApiServer, channel: TelegramChannel
) -> None:
    refused = channel.send(chat(), text("<b>open", plain="<b>open"))
    assert isinstance(refused, Refused)
    assert refused.formatting
    assert isinstance(channel.send(chat(), text("", plain="<b>open")), Sent)
    assert [row.text for row in server.ledger] == ["<b>open"]


def test_a_text_that_is_too_long_is_no_question_of_formatting(channel: TelegramChannel) -> None:
    refused = channel.send(chat(), text("x" * 4097))
    assert isinstance(refused, Refused)
    assert not refused.formatting


def test_edits_change_the_message(server: BotApiServer, channel: TelegramChannel) -> None:
    first = channel.send(chat(), text("one"))
    assert isinstance(first, Sent)
    for _ in range(2):  # the second time nothing is left to change
        assert channel.send(chat(), text("two", edit_of=first.message_id)) == first
    assert [(row.text, row.edited_from) for row in server.ledger] == [("one", None), ("two", "one")]
    assert isinstance(channel.send(chat(), text("three", edit_of="999")), Refused)


def test_forum_topics_replies_and_silence(server: BotApiServer, channel: TelegramChannel) -> None:
    first = channel.send(chat(f"{FORUM}/7"), text("in topic 7"))
    assert isinstance(first, Sent)
    channel.send(chat(f"{FORUM}/7"), text("more", reply_to=first.message_id, silent=True))
    channel.send(chat(f"{FORUM}/7"), text("alone", reply_to="99"))
    rows = [(row.thread_id, row.reply_to, row.silent) for row in server.ledger]
    assert rows == [(7, None, False), (7, 1, True), (7, None, False)]


def test_an_address_that_is_none_closes_its_chat(channel: TelegramChannel) -> None:
    closed = channel.send(chat("ann"), text())
    assert isinstance(closed, Closed)
    assert "'ann'" in closed.reason


def test_a_wrong_token_keeps_the_delivery(server: BotApiServer) -> None:
    wrong = TelegramChannel("999999:" + "w" * 35, base_url=server.base_url)
    receipt = wrong.send(chat(), text())
    wrong.close()
    assert isinstance(receipt, Unsent)
    assert "w" * 35 not in receipt.reason


def test_closing_ends_a_hanging_send_as_unsure(server: BotApiServer) -> None:
    closing = TelegramChannel(server.token, base_url=server.base_url)
    server.script(ANN, Fault(kind="accept_hang", seconds=600))
    receipts: list[Receipt] = []
    sender = threading.Thread(target=lambda: receipts.append(closing.send(chat(), text())))
    sender.start()
    server.wait(1)
    closing.close()
    sender.join()
    assert isinstance(receipts[0], Unsure)
    assert isinstance(closing.send(chat(), text()), Unsent)


def test_no_log_line_holds_the_token(server: BotApiServer) -> None:
    """Whatever happens, and however much is logged."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    level, err = root.level, io.StringIO()
    try:
        with redirect_stderr(err):
            logs.configure(level=logging.DEBUG, json_lines=True)
            channel = TelegramChannel(server.token, base_url=server.base_url, read_timeout_s=0.3)
            server.script(ANN, Fault(kind="accept_drop"))
            server.script(ANN, Fault(kind="accept_hang"))
            for _ in range(3):
                receipt = channel.send(chat(), text())
                logging.getLogger("test").warning("sent %s by %s", receipt, channel._bot)
            channel.close()
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        log_plainly()
    assert "sent Sent" in err.getvalue()
    assert server.token not in err.getvalue()
    assert server.token.partition(":")[2] not in err.getvalue()


def test_a_picture_goes_as_a_photo_with_its_words(server: BotApiServer, channel: TelegramChannel) -> None:
    receipt = channel.send(chat(), text("<b>34</b> articles", picture=b"\x89PNG one pixel"))
    assert receipt == Sent(message_id="1")
    (row,) = server.ledger
    assert (row.method, row.text) == ("sendPhoto", "34 articles")


def test_a_picture_is_refused_like_words_are(server: BotApiServer, channel: TelegramChannel) -> None:
    server.block(ANN)
    assert isinstance(channel.send(chat(), text("x", picture=b"\x89PNG")), Blocked)


ONE, TWO = "https://cdn.example/one.jpg", "https://cdn.example/two.jpg"


def test_pictures_follow_an_alert_silently_by_their_addresses(
    server: BotApiServer, channel: TelegramChannel
) -> None:
    place = chat(f"{FORUM}/7")
    alert = channel.send(place, text("an alert"))
    assert isinstance(alert, Sent)
    shown = text("", plain="The <Herald>", reply_to=alert.message_id, silent=True)
    assert channel.send(place, replace(shown, pictures=(ONE,))) == Sent(message_id="2")
    assert channel.send(place, replace(shown, pictures=(ONE, TWO))) == Sent(message_id="3")

    assert [(row.method, row.file, row.text) for row in server.ledger[1:]] == [
        ("sendPhoto", ONE, "The <Herald>"),
        ("sendMediaGroup", ONE, "The <Herald>"),
        ("sendMediaGroup", TWO, ""),
    ]
    assert {(row.thread_id, row.reply_to, row.silent) for row in server.ledger[1:]} == {(7, 1, True)}
    changed = channel.send(place, text("the alert, changed", edit_of=alert.message_id))
    assert changed == alert, "the alert is still a text that can be changed"


@pytest.mark.parametrize("pictures", [(ONE,), (ONE, TWO)])
@pytest.mark.parametrize(
    ("fault", "receipt"),
    [
        (
            Fault(kind="bad_request", description="Bad Request: failed to get HTTP URL content"),
            Refused(reason="Failed to get http url content"),
        ),
        (
            Fault(kind="bad_request", description="Bad Request: WEBPAGE_MEDIA_EMPTY"),
            Refused(reason="Webpage_media_empty"),
        ),
        (Fault(kind="throttled", retry_after=9), Throttled(retry_after_s=9.0)),
        (Fault(kind="blocked"), Blocked(reason="Forbidden: bot was blocked by the user")),
        (Fault(kind="accept_bad_gateway"), Unsure(reason="Bad Gateway")),
    ],
)
def test_pictures_go_wrong_like_words_do(
    server: BotApiServer,
    channel: TelegramChannel,
    fault: Fault,
    receipt: Receipt,
    pictures: tuple[str, ...],
) -> None:
    server.script(ANN, fault, method="sendPhoto" if len(pictures) == 1 else "sendMediaGroup")
    assert channel.send(chat(), text("", plain="The Herald", pictures=pictures)) == receipt
    assert len(server.ledger) == len(pictures) * int(fault.accepts)


def test_what_is_no_web_address_is_refused(server: BotApiServer, channel: TelegramChannel) -> None:
    refused = channel.send(chat(), text("", pictures=(ONE, "ftp://cdn.example/two.jpg")))
    assert refused == Refused(reason="Wrong file identifier/http url specified")
    assert server.ledger == [], "an album comes whole or not at all"
