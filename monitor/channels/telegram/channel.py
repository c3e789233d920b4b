"""Telegram through the Bot API.

A chat's address is its numeric id, with ``/7`` after it for forum topic 7 (``-1001234/7``), or a
public channel's ``@name``.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import re
import threading
from collections.abc import Coroutine
from typing import Any

from pydantic import BaseModel, ConfigDict
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from monitor.channels.telegram.receipts import not_modified, receipt_of
from monitor.core.message.callback import key_of, seal
from monitor.core.rulebook import Rulebook
from monitor.core.text.clean import printable
from monitor.errors import ChannelError
from monitor.model import Buttons, Chat, Closed, Message, Receipt, Sent, Unsent, Unsure
from monitor.ports import Channel, ChannelKind

# Each read timeout is a send whose outcome nobody knows: wait long.
READ_TIMEOUT_S = 30.0
CONNECT_TIMEOUT_S = 10.0
POOL_TIMEOUT_S = 10.0
CONNECTIONS = 8
DEADLINE_S = 90.0

_ADDRESS = re.compile(r"(?P<chat>-?\d+|@\w{4,})(?:/(?P<thread>\d+))?")


class TelegramChannelOptions(BaseModel):
    """A Telegram chat has no options of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TelegramChannel:
    """Sends from any thread; the client lives in an event loop of its own.

    Args:
        token: the bot's token.
        base_url: what stands before the token in the Bot API's addresses.
        read_timeout_s: how long to wait for an answer.
    """

    def __init__(
        self,
        token: str,
        *,
        base_url: str = "https://api.telegram.org/bot",
        read_timeout_s: float = READ_TIMEOUT_S,
    ) -> None:
        # The client's own switch for durations as timedelta; without it each 429 warns.
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        self._key = key_of(token)
        self._closed = False
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._request = HTTPXRequest(
            connection_pool_size=CONNECTIONS,
            read_timeout=read_timeout_s,
            connect_timeout=CONNECT_TIMEOUT_S,
            pool_timeout=POOL_TIMEOUT_S,
        )
        self._bot = Bot(token, base_url=base_url, request=self._request, get_updates_request=self._request)
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram-channel")
        self._thread.start()

    def send(self, chat: Chat, message: Message) -> Receipt:
        """Send a message, or change the one that ``edit_of`` names. Blocks until it is known.

        An empty ``html`` sends ``plain`` without formatting. Raises nothing.
        """
        address = _ADDRESS.fullmatch(chat.address)
        if address is None:
            return Closed(
                reason=f"chat {chat.id}: {chat.address!r} is no Telegram address "
                "(a number, a number/topic or @channel)"
            )
        thread = int(address["thread"]) if address["thread"] else None
        if message.edit_of is None:
            return self._run(self._send(address["chat"], thread, message))
        return self._run(self._edit(address["chat"], message.edit_of, message))

    def close(self) -> None:
        """End the connections and the loop. A send in flight ends as ``Unsure``."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Receipt]) -> Receipt:
        with self._lock:
            if self._closed:
                work.close()
                return Unsent(reason="the Telegram channel is closed")
            future = asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, DEADLINE_S), self._loop)
        try:
            return future.result()
        except TelegramError as error:
            return receipt_of(error)
        except (TimeoutError, concurrent.futures.CancelledError) as error:
            return Unsure(reason=f"no answer from Telegram ({type(error).__name__})")

    async def _send(self, chat: str, thread: int | None, message: Message) -> Receipt:
        reply = None
        if message.reply_to is not None:
            reply = ReplyParameters(int(message.reply_to), allow_sending_without_reply=True)
        if message.picture:
            return await self._send_picture(chat, thread, message, reply)
        if message.pictures:
            return await self._send_pictures(chat, thread, message, reply)
        sent = await self._bot.send_message(
            chat_id=chat,
            text=printable(message.html or message.plain),
            parse_mode=ParseMode.HTML if message.html else None,
            message_thread_id=thread,
            disable_notification=message.silent,
            link_preview_options=_preview(message),
            reply_parameters=reply,
            reply_markup=keyboard(message.buttons, self._key, chat),
        )
        return Sent(message_id=str(sent.message_id))

    async def _send_picture(
        self, chat: str, thread: int | None, message: Message, reply: ReplyParameters | None
    ) -> Receipt:
        sent = await self._bot.send_photo(
            chat_id=chat,
            photo=message.picture,
            caption=printable(message.html or message.plain),
            parse_mode=ParseMode.HTML if message.html else None,
            message_thread_id=thread,
            disable_notification=message.silent,
            reply_parameters=reply,
            filename="coverage.png",
        )
        return Sent(message_id=str(sent.message_id))

    async def _send_pictures(
        self, chat: str, thread: int | None, message: Message, reply: ReplyParameters | None
    ) -> Receipt:
        """One photo or an album, by address: Telegram's servers fetch them. Captions are plain text."""
        if len(message.pictures) == 1:
            photo = await self._bot.send_photo(
                chat_id=chat,
                photo=message.pictures[0],
                caption=printable(message.plain),
                message_thread_id=thread,
                disable_notification=message.silent,
                reply_parameters=reply,
            )
            return Sent(message_id=str(photo.message_id))
        album = await self._bot.send_media_group(
            chat_id=chat,
            media=[InputMediaPhoto(url) for url in message.pictures],
            caption=printable(message.plain),
            message_thread_id=thread,
            disable_notification=message.silent,
            reply_parameters=reply,
        )
        return Sent(message_id=str(album[0].message_id))

    async def _edit(self, chat: str, message_id: str, message: Message) -> Receipt:
        try:
            await self._bot.edit_message_text(
                chat_id=chat,
                message_id=int(message_id),
                text=printable(message.html or message.plain),
                parse_mode=ParseMode.HTML if message.html else None,
                link_preview_options=_preview(message),
                reply_markup=keyboard(message.buttons, self._key, chat),
            )
        except TelegramError as error:
            if not not_modified(error):
                raise
        return Sent(message_id=message_id)

    async def _shut(self) -> None:
        running = asyncio.all_tasks(self._loop) - {asyncio.current_task(self._loop)}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._request.shutdown()


def keyboard(buttons: Buttons, key: bytes, place: str) -> InlineKeyboardMarkup | None:
    """The buttons with their actions sealed for the place where they will stand.

    A public channel, known by @name only, gets none: nobody may press them there.
    """
    if not buttons or place.startswith("@"):
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(each.text, url=each.url)
                if each.url
                else InlineKeyboardButton(each.text, callback_data=seal(key, place, each.action))
                for each in row
            ]
            for row in buttons
        ]
    )


def _preview(message: Message) -> LinkPreviewOptions:
    if message.preview == "off" or not message.url:
        return LinkPreviewOptions(is_disabled=True)
    large = message.preview == "large"
    return LinkPreviewOptions(url=message.url, prefer_large_media=large, prefer_small_media=not large)


def is_address(address: str) -> bool:
    """Whether a chat can have this address."""
    return _ADDRESS.fullmatch(address) is not None


def is_group(address: str) -> bool:
    """Groups and channels have negative ids or an @name; people have positive ids."""
    return address.startswith(("-", "@"))


def open_channel(rulebook: Rulebook) -> Channel:
    """The channel of the rulebook's bot. Raises ``ChannelError`` when there is no token."""
    settings = rulebook.settings.telegram
    if not settings.token:
        raise ChannelError(
            "Telegram: there is no bot token. Put it into the environment as "
            "MONITOR_TELEGRAM_TOKEN, or its file's name as MONITOR_TELEGRAM_TOKEN_FILE "
            "(docs/telegram.md says how to get one)."
        )
    return TelegramChannel(settings.token, base_url=settings.base_url)


KIND = ChannelKind(
    name="telegram",
    options=TelegramChannelOptions,
    open=open_channel,
    is_group=is_group,
    paced=True,
    is_address=is_address,
    addressed="its number (-1001234), number/topic (-1001234/7), or a channel's @name",
)
