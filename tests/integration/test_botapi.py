"""The Bot API server, through the client that the product uses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from html import escape
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.support.botapi.entities import BadEntities, parse_html, units
from tests.support.botapi.ledger import read_ledger
from tests.support.botapi.server import BotApiServer, Fault, Limits

ANN = 501
GROUP = -100777
Use = Callable[[Callable[[Bot], Coroutine[Any, Any, Any]]], Any]


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def server() -> Iterator[BotApiServer]:
    with BotApiServer() as running:
        running.add_chat(ANN)
        yield running


@pytest.fixture
def use(server: BotApiServer) -> Use:
    """Run a coroutine function with a connected client."""
    return lambda work: with_bot(server, work)


def with_bot(
    server: BotApiServer,
    work: Callable[[Bot], Coroutine[Any, Any, Any]],
    *,
    token: str = "",
    read_timeout: float = 20.0,
) -> Any:
    async def run() -> Any:
        request = HTTPXRequest(read_timeout=read_timeout, connection_pool_size=8)
        async with Bot(
            token or server.token,
            base_url=server.base_url,
            request=request,
            get_updates_request=HTTPXRequest(read_timeout=read_timeout),
        ) as bot:
            return await work(bot)

    return asyncio.run(run())


def test_a_message_reaches_the_ledger_as_a_reader_sees_it(server: BotApiServer, use: Use) -> None:
    html = '<a href="https://example.test/?a=1&amp;b=2">Тэма &lt;1&gt;</a>\n<b>жирный</b> &amp; 😀 <i>x</i>'

    async def work(bot: Bot) -> Message:
        return await bot.send_message(
            ANN,
            html,
            parse_mode="HTML",
            disable_notification=True,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    message = use(work)
    assert message.text == "Тэма <1>\nжирный & 😀 x"
    assert set(message.parse_entities().values()) == {"Тэма <1>", "жирный", "x"}
    assert message.entities[0].url == "https://example.test/?a=1&b=2"
    assert message.date.year > 2020
    (row,) = server.ledger
    assert (row.chat_id, row.text, row.html, row.silent) == (ANN, message.text, html, True)


@pytest.mark.parametrize(
    ("html", "part"),
    [
        ("<b>open", "can't find end tag"),
        ("<b><i>x</b></i>", "unmatched end tag"),
        ("x</b>", "unexpected end tag"),
        ("<h1>x</h1>", "unsupported start tag"),
        ("1 < 2", "unclosed start tag"),
        ("a&nbsp;b", "unsupported entity"),
        ("<span>x</span>", "tg-spoiler"),
    ],
)
def test_bad_formatting_is_refused(server: BotApiServer, use: Use, html: str, part: str) -> None:
    with pytest.raises(BadRequest, match="an't parse entities") as caught:
        use(lambda bot: bot.send_message(ANN, html, parse_mode="HTML"))
    assert part in str(caught.value).lower()
    assert server.ledger == []


def test_lengths_count_utf16_units_after_entities(server: BotApiServer, use: Use) -> None:
    fits = "<b>" + "&amp;" * 4094 + "😀</b>"
    use(lambda bot: bot.send_message(ANN, fits, parse_mode="HTML"))
    with pytest.raises(BadRequest, match="too long"):
        use(lambda bot: bot.send_message(ANN, fits + "x", parse_mode="HTML"))
    with pytest.raises(BadRequest, match="caption is too long"):
        use(lambda bot: bot.send_photo(ANN, "https://example.test/a.jpg", caption="x" * 1025))
    with pytest.raises(BadRequest, match="empty"):
        use(lambda bot: bot.send_message(ANN, "<b> </b>", parse_mode="HTML"))
    assert len(server.ledger) == 1


def test_edits_carry_what_stood_there_before(server: BotApiServer, use: Use) -> None:
    async def work(bot: Bot) -> None:
        first = await bot.send_message(ANN, "one")
        await bot.edit_message_text("two", ANN, first.message_id)
        with pytest.raises(BadRequest, match="Message is not modified"):
            await bot.edit_message_text("two", ANN, first.message_id)
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await bot.edit_message_text("three", ANN, 999)
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("ok", callback_data="ok")]])
        await bot.edit_message_reply_markup(ANN, first.message_id, reply_markup=markup)
        await bot.delete_message(ANN, first.message_id)

    use(work)
    rows = [(row.method, row.text, row.edited_from) for row in server.ledger]
    assert rows == [
        ("sendMessage", "one", None),
        ("editMessageText", "two", "one"),
        ("editMessageReplyMarkup", "two", "two"),
        ("deleteMessage", "", "two"),
    ]


def test_photos_documents_and_albums(server: BotApiServer, use: Use) -> None:
    picture = b"\x89PNG\r\n\r\n\x00\xff--boundary"

    async def work(bot: Bot) -> Any:
        await bot.send_photo(ANN, "https://example.test/a.jpg", caption="<b>c</b>", parse_mode="HTML")
        await bot.send_photo(ANN, picture, caption="upload")
        document = await bot.send_document(ANN, picture, filename="отчёт.csv")
        album = await bot.send_media_group(
            ANN,
            [
                InputMediaPhoto(picture, caption="first"),
                InputMediaPhoto("https://example.test/b.jpg"),
                InputMediaDocument(picture, filename="x.bin"),
            ],
        )
        await bot.send_chat_action(ANN, "typing")
        return document, album

    document, album = use(work)
    assert document.document.file_name == "отчёт.csv"
    assert [bool(item.photo) for item in album] == [True, True, False]
    assert [row.text for row in server.ledger] == ["c", "upload", "", "first", "", ""]


def test_forum_topics_and_replies(server: BotApiServer, use: Use) -> None:
    server.add_chat(GROUP, threads=(7,))

    async def work(bot: Bot) -> None:
        sent = await bot.send_message(GROUP, "in topic 7", message_thread_id=7)
        assert sent.is_topic_message
        await bot.send_message(
            GROUP, "a reply", reply_parameters=ReplyParameters(sent.message_id), message_thread_id=7
        )
        with pytest.raises(BadRequest, match="thread not found"):
            await bot.send_message(GROUP, "x", message_thread_id=8)
        with pytest.raises(BadRequest, match="replied not found"):
            await bot.send_message(GROUP, "x", reply_parameters=ReplyParameters(99))
        await bot.send_message(
            GROUP, "y", reply_parameters=ReplyParameters(99, allow_sending_without_reply=True)
        )

    use(work)
    assert [(row.thread_id, row.reply_to) for row in server.ledger] == [(7, None), (7, 1), (None, None)]


def test_chats_that_cannot_be_written_to(server: BotApiServer, use: Use) -> None:
    server.block(502)
    server.migrate(-40, GROUP)

    async def work(bot: Bot) -> None:
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(999, "x")
        with pytest.raises(Forbidden):
            await bot.send_message(502, "x")
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(-40, "x")
        assert moved.value.new_chat_id == GROUP
        await bot.leave_chat(GROUP)
        with pytest.raises(Forbidden):
            await bot.send_message(GROUP, "x")

    use(work)
    assert server.ledger == []


def test_scripted_refusals_show_nothing_to_the_user(server: BotApiServer, use: Use) -> None:
    faults = [
        (Fault(kind="bad_request", description="Bad Request: topic_closed"), BadRequest),
        (Fault(kind="blocked"), Forbidden),
        (Fault(kind="throttled", retry_after=7), RetryAfter),
        (Fault(kind="migrate", migrate_to=GROUP), ChatMigrated),
        (Fault(kind="error"), NetworkError),
        (Fault(kind="bad_gateway"), NetworkError),
    ]
    for fault, _ in faults:
        server.script(ANN, fault)

    async def work(bot: Bot) -> None:
        for _, expected in faults:
            with pytest.raises(expected) as caught:
                await bot.send_message(ANN, "x")
            if isinstance(caught.value, RetryAfter):
                assert caught.value._retry_after.total_seconds() == 7
        await bot.send_message(ANN, "through")

    use(work)
    assert [row.text for row in server.ledger] == ["through"]
    assert [call.status for call in server.calls if call.method == "sendMessage"] == [
        400, 403, 429, 400, 500, 502, 200,
    ]  # fmt: skip


def test_accepted_messages_are_in_the_ledger_whatever_the_bot_hears(server: BotApiServer) -> None:
    server.script(ANN, Fault(kind="accept_drop"))
    server.script(ANN, Fault(kind="accept_bad_gateway"))
    server.script(ANN, Fault(kind="accept_delay", seconds=0.05))
    server.script(ANN, Fault(kind="accept_hang"))

    async def work(bot: Bot) -> None:
        with pytest.raises(NetworkError) as dropped:
            await bot.send_message(ANN, "dropped")
        assert isinstance(dropped.value.__cause__, httpx.RemoteProtocolError)
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(ANN, "502")
        await bot.send_message(ANN, "slow")
        with pytest.raises(TimedOut) as hung:
            await bot.send_message(ANN, "hung", read_timeout=0.3)
        assert isinstance(hung.value.__cause__, httpx.ReadTimeout)

    with_bot(server, work)
    assert [(row.text, row.answer) for row in server.ledger] == [
        ("dropped", "accept_drop"),
        ("502", "accept_bad_gateway"),
        ("slow", "accept_delay"),
        ("hung", "accept_hang"),
    ]


def test_a_script_can_aim_at_a_method_or_at_any_chat(server: BotApiServer, use: Use) -> None:
    server.script(None, Fault(kind="bad_gateway"), times=2, method="getChat")

    async def work(bot: Bot) -> None:
        await bot.send_message(ANN, "not touched")
        for _ in range(2):
            with pytest.raises(NetworkError):
                await bot.get_chat(ANN)
        assert (await bot.get_chat(ANN)).type == "private"

    use(work)


def test_limits_answer_429_with_the_time_to_wait() -> None:
    seconds = [1_000_000.0]
    with BotApiServer(limits=Limits(), clock=lambda: seconds[0]) as server:
        server.add_chat(ANN)
        server.add_chat(GROUP)

        async def work(bot: Bot) -> None:
            for _ in range(3):
                await bot.send_message(ANN, "burst")
            with pytest.raises(RetryAfter):
                await bot.send_message(ANN, "too fast")
            seconds[0] += 1
            await bot.send_message(ANN, "after a second")
            for _ in range(20):
                seconds[0] += 1.1
                await bot.send_message(GROUP, "minute")
            seconds[0] += 1.1
            with pytest.raises(RetryAfter) as caught:
                await bot.send_message(GROUP, "21st in a minute")
            seconds[0] += caught.value._retry_after.total_seconds()
            await bot.send_message(GROUP, "after the wait")

        with_bot(server, work)
        for chat in range(600, 631):
            server.add_chat(chat)

        async def crowd(bot: Bot) -> None:
            seconds[0] += 60
            for chat in range(600, 630):
                await bot.send_message(chat, "30 chats in one second")
            with pytest.raises(RetryAfter):
                await bot.send_message(630, "the 31st")

        with_bot(server, crowd)


def test_each_picture_of_an_album_counts_as_a_message() -> None:
    seconds = [1_000_000.0]
    album = [InputMediaPhoto(f"https://example.test/{number}.jpg") for number in range(10)]
    with BotApiServer(limits=Limits(), clock=lambda: seconds[0]) as server:
        server.add_chat(GROUP)
        server.add_chat(ANN)

        async def work(bot: Bot) -> None:
            for _ in range(11):
                seconds[0] += 2
                await bot.send_message(GROUP, "minute")
            with pytest.raises(RetryAfter) as caught:
                await bot.send_media_group(GROUP, album)
            assert caught.value._retry_after.total_seconds() == 60 - 20, "until the first one is a minute old"
            seconds[0] += 40
            await bot.send_media_group(GROUP, album)
            seconds[0] += 1
            await bot.send_media_group(ANN, album)
            with pytest.raises(RetryAfter) as caught:
                await bot.send_message(ANN, "too early")
            assert caught.value._retry_after.total_seconds() == 8, "a burst of three, and ten were sent"

        with_bot(server, work)


def test_updates_wait_for_a_poll_and_stay_until_confirmed(server: BotApiServer, use: Use) -> None:
    async def work(bot: Bot) -> None:
        polling = asyncio.create_task(bot.get_updates(timeout=20))
        await asyncio.sleep(0.1)  # most likely it waits by now
        server.say(ANN, "/start now", name="Ann")
        (update,) = await polling
        assert update.message is not None
        assert update.message.from_user is not None
        assert update.message.text == "/start now"
        assert update.message.from_user.first_name == "Ann"
        assert update.message.entities[0].length == len("/start")
        (again,) = await bot.get_updates(timeout=0)
        assert again.update_id == update.update_id
        assert await bot.get_updates(offset=update.update_id + 1, timeout=0) == ()
        assert server.unconfirmed() == []

    use(work)


def test_a_second_poller_ends_the_first_with_a_conflict(server: BotApiServer) -> None:
    async def work(bot: Bot) -> None:
        first = asyncio.create_task(bot.get_updates(timeout=20))
        second = None
        while not first.done():
            second = asyncio.create_task(bot.get_updates(timeout=0))
            await asyncio.sleep(0.05)
            await second
        with pytest.raises(Conflict):
            await first

    async def run() -> None:
        request = HTTPXRequest(connection_pool_size=4)
        async with Bot(
            server.token, base_url=server.base_url, request=request, get_updates_request=request
        ) as bot:
            await work(bot)

    asyncio.run(run())


def test_a_webhook_excludes_polling(server: BotApiServer, use: Use) -> None:
    async def work(bot: Bot) -> None:
        await bot.set_webhook("https://example.test/hook")
        with pytest.raises(Conflict):
            await bot.get_updates(timeout=0)
        server.say(ANN, "old")
        await bot.delete_webhook(drop_pending_updates=True)
        assert await bot.get_updates(timeout=0) == ()

    use(work)


def test_pressed_buttons_commands_and_members(server: BotApiServer, use: Use) -> None:
    server.add_chat(GROUP, admins=(ANN,))

    async def work(bot: Bot) -> None:
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("mute", callback_data="mute:1")]])
        sent = await bot.send_message(GROUP, "x", reply_markup=markup)
        server.press(GROUP, "mute:1", user_id=ANN, message_id=sent.message_id)
        (update,) = await bot.get_updates(timeout=0)
        pressed = update.callback_query
        assert pressed is not None
        assert pressed.data == "mute:1"
        assert isinstance(pressed.message, Message)
        assert pressed.message.reply_markup == markup
        assert await pressed.answer("done")
        await bot.set_my_commands([BotCommand("help", "what")], scope=BotCommandScopeChat(ANN))
        assert await bot.get_my_commands() == ()
        (command,) = await bot.get_my_commands(scope=BotCommandScopeChat(ANN))
        assert command.command == "help"
        assert (await bot.get_chat_member(GROUP, ANN)).status == "administrator"
        assert (await bot.get_chat_member(GROUP, 1)).status == "left"
        assert [item.user.id for item in await bot.get_chat_administrators(GROUP)] == [ANN]

    use(work)


def test_a_wrong_token_is_refused(server: BotApiServer) -> None:
    with pytest.raises(InvalidToken):
        with_bot(server, lambda bot: bot.get_me(), token="1:other")


def test_json_bodies_and_unknown_methods(server: BotApiServer) -> None:
    address = f"{server.base_url}{server.token}"
    with httpx.Client(trust_env=False) as client:
        sent = client.post(f"{address}/sendMessage", json={"chat_id": ANN, "text": "json"}).json()
        assert sent["result"]["text"] == "json"
        assert client.get(f"{address}/getMe").json()["ok"] is True
        missing = client.post(f"{address}/sendDice", json={"chat_id": ANN})
        assert (missing.status_code, missing.json()["ok"]) == (404, False)
        broken = client.post(
            f"{address}/sendMessage", content=b"{", headers={"Content-Type": "application/json"}
        )
        assert broken.status_code == 400


def test_the_ledger_file_survives_the_server(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    for text in ("first", "вторая"):
        with BotApiServer(ledger_path=path) as server:
            server.add_chat(ANN)
            with_bot(server, lambda bot, text=text: bot.send_message(ANN, text))  # type: ignore[misc]
            rows = server.ledger
    with path.open("a", encoding="utf-8") as file:
        file.write('{"half": ')
    assert read_ledger(path) == tuple(rows)
    assert [row.text for row in rows] == ["first", "вторая"]
    assert rows[0].at.tzinfo is not None
    assert len(json.loads(path.read_text(encoding="utf-8").splitlines()[0])) == 13


def test_waiting_for_the_ledger_says_what_it_holds(server: BotApiServer, use: Use) -> None:
    use(lambda bot: bot.send_message(ANN, "one"))
    assert [row.text for row in server.wait(1)] == ["one"]
    with pytest.raises(TimeoutError, match="one"):
        server.wait(2, timeout_s=0.01)


def test_the_server_stops_while_requests_hang(tmp_path: Path) -> None:
    async def send(base_url: str, token: str) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(f"{base_url}{token}/sendMessage", json={"chat_id": ANN, "text": "x"})

    async def run() -> None:
        with BotApiServer(ledger_path=tmp_path / "l.jsonl") as server:
            server.add_chat(ANN)
            server.script(ANN, Fault(kind="accept_hang", seconds=600))
            hanging = asyncio.create_task(send(server.base_url, server.token))
            await asyncio.to_thread(server.wait, 1)
        with pytest.raises(httpx.HTTPError):
            await hanging

    asyncio.run(run())


@given(st.text(alphabet=st.one_of(st.sampled_from("<>/&;b\"'= a#😀"), st.characters())))
def test_any_text_is_read_or_refused(html: str) -> None:
    try:
        text, entities = parse_html(html)
    except BadEntities:
        return
    assert text == text.strip()
    assert all(0 <= item.offset < item.offset + item.length <= units(text) for item in entities)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(f"<b>{escape(text)}</b>")[0] == text.strip()
