"""Whether the Bot API knows a token and lets its bot into chats: for ``monitor doctor``."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from monitor.logs import redact
from monitor.model import TelegramSettings

TIMEOUT_S = 10.0


def look(settings: TelegramSettings, addresses: Sequence[str]) -> tuple[str, str, dict[str, str]]:
    """The bot's name, else why it cannot be asked; and for each chat what is wrong ("" for nothing)."""
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    return asyncio.run(_look(settings, addresses))


async def _look(settings: TelegramSettings, addresses: Sequence[str]) -> tuple[str, str, dict[str, str]]:
    request = HTTPXRequest(read_timeout=TIMEOUT_S, connect_timeout=TIMEOUT_S)
    found: dict[str, str] = {}
    try:
        bot = Bot(settings.token, base_url=settings.base_url, request=request, get_updates_request=request)
        name = (await bot.get_me()).username or "?"
        for address in addresses:
            try:
                await bot.get_chat(address.partition("/")[0])
                found[address] = ""
            except TelegramError as error:
                found[address] = redact(str(error))
    except TelegramError as error:
        return "", redact(str(error)), {}
    finally:
        await request.shutdown()
    return name, "", found
