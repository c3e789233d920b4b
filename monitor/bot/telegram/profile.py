"""How the bot introduces itself in Telegram: its commands and descriptions in each language.

Each is asked for first and sent only when it differs: a restart changes nothing and is not held up by
Telegram's limits on changes.
"""

from __future__ import annotations

from typing import Any

import structlog
from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from monitor.bot.commands.table import COMMANDS
from monitor.bot.permissions import role_allows
from monitor.i18n.localizer import LANGUAGES, localizer, note
from monitor.logs import redact
from monitor.model import Role, Settings

DESCRIPTION_CHARACTERS = 512
SHORT_CHARACTERS = 120
DESCRIPTION = note(
    "I watch the news and tell you when a topic of yours comes up: once for each story, with a link, the "
    "sentence that matters and the other outlets that write about it.\n\n"
    "Choose from ready topics, or make your own with /watch. I can collect alerts into a digest and keep "
    "quiet at night. /forget deletes all that is stored of you."
)
"""What stands in an empty chat with the bot."""
SHORT = note("Tells you when a topic of yours is in the news, once for each story.")
"""What stands on the bot's page and in links to it."""

log = structlog.get_logger(__name__)

Bot = ExtBot[Any]


async def introduce(bot: Bot, settings: Settings) -> None:
    """Tell Telegram what people see of the bot, in each language. A refusal is logged and passed over."""
    for language in LANGUAGES:
        try:
            await _descriptions(bot, language)
            await _commands(bot, menu(language, "subscriber"), _code(language))
        except TelegramError as error:
            log.warning("the bot's profile was not changed", language=language, error=redact(str(error)))
    listed = menu(settings.language, "admin")
    for admin in settings.telegram.admins:
        try:
            await _commands(bot, listed, None, scope=BotCommandScopeChat(admin))
        except TelegramError as error:
            # An admin who never wrote to the bot has no chat with it yet.
            log.info("no admin commands", admin=admin, error=redact(str(error)))


def menu(language: str, role: Role) -> list[BotCommand]:
    """The listed commands for people of this role with what they do, for Telegram's menu."""
    tr = localizer(language)
    return [
        BotCommand(command.name, tr.plain(command.help))
        for command in COMMANDS
        if command.listed and role_allows(command, role)
    ]


async def _descriptions(bot: Bot, language: str) -> None:
    code, said = _code(language), localizer(language)
    description, short = said.plain(DESCRIPTION), said.plain(SHORT)
    if (await bot.get_my_description(code)).description != description:
        await bot.set_my_description(description, code)
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short, code)


async def _commands(
    bot: Bot, listed: list[BotCommand], code: str | None, scope: BotCommandScopeChat | None = None
) -> None:
    if list(await bot.get_my_commands(scope, code)) != listed:
        await bot.set_my_commands(listed, scope, code)


def _code(language: str) -> str | None:
    """English is for everybody whose language the bot does not speak."""
    return None if language == "en" else language
