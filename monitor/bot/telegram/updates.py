"""From Telegram's updates to questions, and from replies to Telegram's messages."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Awaitable, Callable

import structlog
from telegram import Bot, CallbackQuery, Chat, InputFile, LinkPreviewOptions, Message, User
from telegram.constants import ChatMemberStatus, ChatType, ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from monitor.bot.request import Reply, Request, Target
from monitor.bot.routes import changes_by, command_named
from monitor.channels.telegram.channel import keyboard
from monitor.channels.telegram.receipts import not_modified
from monitor.core.message.callback import unseal
from monitor.core.text.clean import printable
from monitor.i18n.localizer import localizer
from monitor.logs import redact

ADMINISTRATORS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})
MEMBERS = ADMINISTRATORS | {ChatMemberStatus.MEMBER}
_ADDRESS = re.compile(r"(?P<chat>-\d{1,18}|@[A-Za-z]\w{3,40})(?:/(?P<thread>\d{1,9}))?")

log = structlog.get_logger(__name__)

TargetOf = Callable[[int], Awaitable[str | None]]


async def question(
    message: Message, command: str, argument: str, *, target_of: TargetOf, listed: bool
) -> Request:
    """What somebody wrote. ``listed``: only the bot's own lists count, so Telegram is not asked."""
    chat, user = message.chat, message.from_user
    group = chat.type != ChatType.PRIVATE
    hidden = message.sender_chat is not None
    address = address_of(message)
    user_id = None if hidden or user is None else user.id
    replied = message.reply_to_message
    asked = {
        "command": command,
        "argument": argument,
        "title": chat.effective_name or "",
        "user_id": user_id,
        "language": (user.language_code or "") if user else "",
        "group": group,
        "said_in": f"telegram:{address}",
        "reply_to": str(replied.message_id) if replied else None,
    }
    bot = message.get_bot()
    assert isinstance(bot, Bot)
    declared = command_named(command)
    if not group and user_id is not None and declared and declared.from_afar:
        remote = await target_of(user_id)
        if remote is not None:
            far = remote.removeprefix("telegram:")
            administers = await _is_administrator(bot, far.partition("/")[0], user_id)
            return Request(chat_id=remote, address=far, group_admin=administers, **asked)  # type: ignore[arg-type]
    target = None
    if not group and user_id is not None and declared and declared.names_chat and argument:
        target = await _target(bot, argument, user_id)
    administers = False
    if group and declared and declared.changes and not listed:
        administers = await _administers(message)
    return Request(
        chat_id=f"telegram:{address}",
        address=address,
        group_admin=administers,
        target=target,
        **asked,  # type: ignore[arg-type]
    )


async def pressed(query: CallbackQuery, key: bytes, *, target_of: TargetOf, listed: bool) -> Request | None:
    """What somebody pressed; None when the data was not made by this bot for this very place."""
    message, data = query.message, query.data or ""
    if not isinstance(message, Message):
        return None
    place, user_id = str(message.chat.id), query.from_user.id
    here = f"telegram:{address_of(message)}"
    action, chat_id = unseal(key, place, data), here
    if action is None and message.chat.type == ChatType.PRIVATE:
        remote = await target_of(user_id)
        if remote is not None:
            action, chat_id = unseal(key, far_place(place, remote), data), remote
    if action is None:
        return None
    group = message.chat.type != ChatType.PRIVATE
    far = chat_id != here
    administers = False
    if far or (group and changes_by(action) and not listed):
        where = chat_id.removeprefix("telegram:").partition("/")[0]
        administers = await _is_administrator(message.get_bot(), where, user_id)
    return Request(
        command="press",
        argument=action,
        chat_id=chat_id,
        address=chat_id.removeprefix("telegram:"),
        title=message.chat.effective_name or "",
        user_id=user_id,
        language=query.from_user.language_code or "",
        group=group,
        group_admin=administers,
        reply_to=str(message.message_id),
        said_in=here,
    )


async def say(message: Message, reply: Reply, request: Request | None, key: bytes) -> None:
    """Answer a command, or a button with something new; without the quote where a cleaning bot took the
    command away."""
    reply = _printable(reply)
    markup = keyboard(reply.buttons, key, _place(message, request))
    if reply.file is not None:
        file = InputFile(reply.file.content, filename=reply.file.name)
        if reply.file.photo:
            await message.reply_photo(
                file,
                caption=reply.html,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                allow_sending_without_reply=True,
            )
        else:
            await message.reply_document(
                file,
                caption=reply.html,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                allow_sending_without_reply=True,
            )
        return
    if reply.html:
        await message.reply_text(
            reply.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=markup,
            allow_sending_without_reply=True,
        )


async def show(query: CallbackQuery, reply: Reply, request: Request, key: bytes) -> None:
    """Answer a button: in its place, in a pop-up, or with a new message.

    What somebody presses in a group or channel is answered to that person alone: the others did
    not ask.
    """
    message, reply = query.message, _printable(reply)
    if not isinstance(message, Message):
        await _ignoring_old(query.answer(reply.toast or None, show_alert=reply.popup))
        return
    new = bool(reply.html) and not reply.edit and not reply.keyboard
    if new and request.group:
        await _whisper(query, reply)
        return
    # The toast first, so that the phone stops waiting.
    await _ignoring_old(query.answer(reply.toast or None, show_alert=reply.popup))
    markup = keyboard(reply.buttons, key, _place(message, request))
    if new:
        await say(message, reply, request, key)
    elif reply.keyboard:
        await _ignoring_old(message.edit_reply_markup(reply_markup=markup))
    elif reply.html:
        await _ignoring_old(
            message.edit_text(
                reply.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=markup,
            )
        )


def _printable(reply: Reply) -> Reply:
    return dataclasses.replace(reply, html=printable(reply.html), toast=printable(reply.toast))


async def _whisper(query: CallbackQuery, reply: Reply) -> None:
    tr = localizer((query.from_user.language_code or "").partition("-")[0])
    try:
        await query.get_bot().send_message(
            query.from_user.id,
            reply.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
    except (BadRequest, Forbidden):
        text = tr.plain("Write /start to me in our private chat first: then I can answer you there.")
    else:
        text = tr.plain("I answered in our private chat.")
    await _ignoring_old(query.answer(text, show_alert=True))


def address_of(message: Message) -> str:
    """The chat's address; a forum topic is a chat of its own."""
    thread = message.message_thread_id if message.is_topic_message else None
    return f"{message.chat.id}/{thread}" if thread else str(message.chat.id)


def far_place(place: str, chat_id: str) -> str:
    """Where a button stands that is about another chat than its own."""
    return f"{place}>{chat_id}"


def _place(message: Message, request: Request | None) -> str:
    place = str(message.chat.id)
    return far_place(place, request.chat_id) if request and request.remote else place


async def _ignoring_old(work: Awaitable[object]) -> None:
    """A message that is as it should be, or a press from before a restart, is no error."""
    try:
        await work
    except BadRequest as error:
        if not not_modified(error):
            log.info("a button's message cannot be changed", error=redact(str(error)))


async def _administers(message: Message) -> bool:
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat.id  # an anonymous administrator
    user: User | None = message.from_user
    return user is not None and await _is_administrator(message.get_bot(), str(message.chat.id), user.id)


async def _is_administrator(bot: Bot, chat: str, user_id: int) -> bool:
    try:
        member = await bot.get_chat_member(chat, user_id)
    except TelegramError as error:
        log.info("cannot ask who administers", error=redact(str(error)))
        return False
    return member.status in ADMINISTRATORS


async def _target(bot: Bot, argument: str, user_id: int) -> Target | None:
    """What Telegram says of a chat that somebody names; None when it is none, or not the bot's."""
    named = _ADDRESS.fullmatch(argument.strip())
    if named is None:
        return None
    try:
        chat = await bot.get_chat(named["chat"])
        mine = await bot.get_chat_member(chat.id, bot.id)
    except TelegramError as error:
        log.info("cannot look at a chat", error=redact(str(error)))
        return None
    needed = ADMINISTRATORS if chat.type == Chat.CHANNEL else MEMBERS
    may_post = mine.status in needed and getattr(mine, "can_post_messages", None) is not False
    if chat.type == Chat.PRIVATE:
        return None
    return Target(
        address=f"{chat.id}/{named['thread']}" if named["thread"] else str(chat.id),
        title=chat.effective_name or "",
        user_administers=await _is_administrator(bot, str(chat.id), user_id),
        bot_may_post=may_post,
    )
