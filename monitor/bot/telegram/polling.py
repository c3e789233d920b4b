"""The bot's connection to Telegram: long polling in a thread of its own."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import threading
from collections.abc import Callable

import structlog
from telegram import Message, Update, User
from telegram.error import Conflict, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from monitor.bot.additions import SourceAdditions
from monitor.bot.commands.table import COMMANDS
from monitor.bot.dispatcher import Dispatcher
from monitor.bot.request import Reply
from monitor.bot.telegram.profile import introduce
from monitor.bot.telegram.updates import pressed, question, say, show
from monitor.core.message.callback import key_of
from monitor.core.rulebook import Rulebook
from monitor.errors import StoreError
from monitor.i18n.localizer import Localizer, localizer, note
from monitor.logs import redact
from monitor.model import TelegramSettings
from monitor.ports import Clock, Store

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
POLL_S = 30
MOST_FILE_BYTES = 1_000_000
NO_DATA = note("I cannot get at my data just now. Please try again in a minute.")
PRIVATE = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE

log = structlog.get_logger(__name__)

Context = ContextTypes.DEFAULT_TYPE


class Bot:
    """Answers people in Telegram while the service runs.

    Args:
        store: chats, articles and the counts.
        rulebook: gives the rulebook in force.
        now: the clock.
        settings: the token and the Bot API's address; who may talk is read from the rulebook.
        refresh: takes new and deleted watches into the rulebook in force.
        additions: adds sources for editors; None where the config cannot be written.
    """

    def __init__(
        self,
        *,
        store: Store,
        rulebook: Callable[[], Rulebook],
        now: Clock,
        settings: TelegramSettings,
        refresh: Callable[[], None] = lambda: None,
        additions: SourceAdditions | None = None,
    ) -> None:
        # The client's own switch for durations as timedelta; without it each 429 warns.
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        self._desk = Dispatcher(store, rulebook, now, refresh, additions)
        self._key = key_of(settings.token)
        self._rulebook = rulebook
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to answer, in a thread; returns at once, also when Telegram cannot be reached."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(self._loop,), name="telegram-bot")
        self._thread.start()

    def stop(self) -> None:
        """Stop answering. What was answered is confirmed to Telegram if it can be reached."""
        if self._loop is None or self._thread is None:
            return
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(self._serve())
        finally:
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    async def _serve(self) -> None:
        application = self._application()
        beginning = asyncio.ensure_future(self._begin(application))
        stopping = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait({beginning, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await stopping
        beginning.cancel()
        await asyncio.gather(beginning, return_exceptions=True)
        if application.updater is not None and application.updater.running:
            await application.updater.stop()
        if application.running:
            await application.stop()
        await application.shutdown()

    def _application(self) -> Application:  # type: ignore[type-arg] # six parameters, none of ours
        application = (
            ApplicationBuilder()
            .token(self._settings.token)
            .base_url(self._settings.base_url)
            .base_file_url(f"{self._settings.base_url.removesuffix('/bot')}/file/bot")
            .build()
        )
        message = filters.UpdateType.MESSAGE
        slow = [name for command in COMMANDS if command.slow for name in command.names]
        names = [name for command in COMMANDS if not command.slow for name in command.names]
        # Nobody waits while a site is looked at for somebody else.
        application.add_handler(CommandHandler(slow, self._on_command, filters=message, block=False))
        application.add_handler(CommandHandler(names, self._on_command, filters=message))
        application.add_handler(MessageHandler(PRIVATE & filters.TEXT, self._on_other))
        application.add_handler(MessageHandler(PRIVATE & filters.Document.ALL, self._on_file, block=False))
        application.add_handler(CallbackQueryHandler(self._on_press))
        application.add_error_handler(_on_error)
        return application

    async def _begin(self, application: Application) -> None:  # type: ignore[type-arg]
        """Get through to Telegram, however long it takes, and start to poll."""
        wait = FIRST_WAIT_S
        while True:
            try:
                await application.initialize()
                break
            except TelegramError as error:
                log.warning("bot cannot start yet", error=redact(str(error)), retry_in_s=wait)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT_S)
        self._desk.bot_name = application.bot.username
        updater = application.updater
        assert updater is not None
        await application.start()
        await updater.start_polling(
            timeout=POLL_S,
            bootstrap_retries=-1,
            allowed_updates=[Update.MESSAGE, Update.CALLBACK_QUERY],
            error_callback=_on_poll_error,
        )
        log.info("bot runs", name=application.bot.username)
        # Last, since nobody should wait for an answer while Telegram takes its time over it.
        await introduce(application.bot, self._rulebook().settings)

    async def _on_command(self, update: Update, _context: Context) -> None:
        message = update.effective_message
        if message is None or message.text is None:
            return
        name = message.text[1:].split(maxsplit=1)[0].partition("@")[0].lower()
        await self._reply(message, name, _cool_down(message.text))

    async def _on_other(self, update: Update, _context: Context) -> None:
        """Text that is no command of ours, in a private chat: words to search for."""
        message = update.effective_message
        if message is None or message.text is None:
            return
        if message.text.startswith("/"):
            await self._reply(message, (message.text[1:].split(maxsplit=1) or ["help"])[0], "")
        else:
            await self._reply(message, "search", message.text.strip())

    async def _on_file(self, update: Update, _context: Context) -> None:
        """A list of outlets that an editor sends as a file; nobody else's file is fetched."""
        message, user = update.effective_message, update.effective_user
        document = message.document if message else None
        if message is None or document is None or user is None:
            return
        content = b""
        if await asyncio.to_thread(self._desk.takes_files, user.id):
            if (document.file_size or 0) > MOST_FILE_BYTES:
                await self._reply(message, "add", "", b"")
                return
            content = bytes(await (await document.get_file()).download_as_bytearray())
        await self._reply(message, "add", "", content)

    async def _on_press(self, update: Update, _context: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        asked = await pressed(query, self._key, target_of=self._target, listed=self._listed)
        if asked is None:
            tr = _words(query.from_user)
            await query.answer(tr.plain("This button is too old."), show_alert=True)
            return
        try:
            reply = await asyncio.to_thread(self._desk.press, asked)
        except StoreError as error:
            log.warning("button failed", error=str(error))
            reply = Reply(toast=_words(query.from_user).plain(NO_DATA), popup=True)
        await show(query, reply, asked, self._key)

    async def _reply(self, message: Message, name: str, argument: str, document: bytes | None = None) -> None:
        reply: Reply | None
        asked = None
        try:
            asked = await question(message, name, argument, target_of=self._target, listed=self._listed)
            if document is not None:
                asked = dataclasses.replace(asked, document=document)
            reply = await asyncio.to_thread(self._desk.handle, asked)
        except StoreError as error:
            log.warning("command failed", command=name, error=str(error))
            reply = Reply(html=_words(message.from_user).say(NO_DATA))
        if reply is not None:
            await say(message, reply, asked, self._key)

    async def _target(self, user_id: int) -> str | None:
        return await asyncio.to_thread(self._desk.target, user_id)

    @property
    def _listed(self) -> bool:
        """Whether only the lists in the config say who may what."""
        return self._rulebook().settings.telegram.access == "allow-list"


def _words(user: User | None) -> Localizer:
    """The language of somebody's Telegram, while the chat's cannot be had."""
    return localizer(((user.language_code if user else "") or "").partition("-")[0])


def _cool_down(text: str) -> str:
    """What stands behind the command, as it was written."""
    return [*text.split(maxsplit=1), ""][1].strip()


def _on_poll_error(error: TelegramError) -> None:
    """The library polls on by itself, with growing pauses."""
    if isinstance(error, Conflict):
        log.error("another program polls with this bot's token; stop one of the two")
    else:
        log.warning("cannot get updates", error=redact(str(error)))


async def _on_error(_update: object, context: Context) -> None:
    error = context.error
    log.error("a command was not answered", error=redact(str(error)), kind=type(error).__name__)
