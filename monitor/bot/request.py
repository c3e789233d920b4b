"""What goes into a command and what comes out: declaration, request, context, reply, changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.bot.additions import SourceAdditions
from monitor.bot.effects import Change, SaveChat, Wake
from monitor.core.rulebook import Rulebook
from monitor.i18n.localizer import Localizer, localizer, note
from monitor.model import Buttons, Chat, Draft, Role, TelegramSettings
from monitor.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What Telegram says of a chat that somebody wants to manage from afar."""

    address: str
    title: str
    user_administers: bool
    bot_may_post: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command as somebody wrote it, or the action of a button that somebody pressed.

    ``chat_id`` is what the command is about: the chat where it was said, or the chat that the
    person manages from there. ``user_id`` is None for people who hide behind their group.
    ``language`` is the one of the person's Telegram. ``group_admin``: Telegram says that the person
    administers this group. ``target`` is the chat that ``/chats`` names, when there is one.
    ``reply_to`` is the message that was replied to or whose button was pressed. ``document`` is a file that
    an editor sent.
    """

    command: str
    argument: str
    chat_id: str
    address: str
    title: str
    user_id: int | None
    language: str = ""
    group: bool = False
    group_admin: bool = False
    reply_to: str | None = None
    said_in: str = ""
    target: Target | None = None
    document: bytes | None = None

    @property
    def at_home(self) -> bool:
        """Whether it is said in the person's own private chat and about that chat."""
        return not self.group and not self.remote

    @property
    def remote(self) -> bool:
        """Whether it is about another chat than the one where it is said."""
        return bool(self.said_in) and self.said_in != self.chat_id


NEWS, WHEN, CHAT, OPERATE = (
    note("News"),
    note("What comes, and when"),
    note("This chat"),
    note("For editors and admins"),
)
SECTIONS = (NEWS, WHEN, CHAT, OPERATE)
"""Of /help, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command of the bot as ``bot/commands/table.py`` declares it.

    Args:
        name: what people type after the slash.
        help: what it does in a few words, marked for translation; for /help and Telegram's menu.
        handler: makes the answer.
        aliases: other names, which no menu shows.
        admins_only: for the admins of the bot.
        private_only: answered in the private chat with the bot alone, about nothing but itself.
        changes: changes what a chat gets; in a group not everybody may.
        from_afar: may be about a chat that is managed from the private one.
        names_chat: its argument names a chat, of which Telegram is asked first.
        section: under which heading of /help it stands.
        listed: shown in /help and in Telegram's menu.
        slow: takes long, so others are answered meanwhile.
        editors_only: for the bot's editors and admins.
        unlimited: answered however fast somebody asks; who wants to leave is never told to wait.
    """

    name: str
    help: str
    handler: Callable[[Context], Reply]
    aliases: tuple[str, ...] = ()
    admins_only: bool = False
    private_only: bool = False
    changes: bool = False
    from_afar: bool = False
    names_chat: bool = False
    section: str = CHAT
    listed: bool = True
    unlimited: bool = False
    slow: bool = False
    editors_only: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and its aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a handler gets: the request, and what its answer is made of.

    ``chat`` is None when the chat is not known yet. ``commands`` are all that the bot has. ``store`` is for
    reading only: what an answer changes it says in its reply. ``fresh`` is a random name for something
    new; ``spent_s`` is the time that this answer took so far. ``bot_name`` is the bot's @name.
    ``additions`` adds sources; None where the config cannot be written.
    """

    request: Request
    rulebook: Rulebook
    chat: Chat | None
    commands: tuple[Command, ...] = ()
    role: Role | None = None
    now: datetime
    store: Store
    fresh: str = ""
    bot_name: str = ""
    additions: SourceAdditions | None = None
    spent_s: Callable[[], float] = field(default=lambda: 0.0)

    @property
    def settings(self) -> TelegramSettings:
        """The bot's settings."""
        return self.rulebook.settings.telegram

    @property
    def localizer(self) -> Localizer:
        """The chat's language; before it has one, that of the person's Telegram."""
        if self.chat is not None:
            return localizer(self.chat.language)
        return localizer(self.request.language.partition("-")[0] or self.rulebook.settings.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file to be sent; ``photo`` shows it as a picture."""

    name: str
    content: bytes
    photo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer in Telegram's HTML and what is to be written before it is given.

    Of a pressed button: ``edit`` puts the answer in the place of the message, ``keyboard`` changes
    its buttons only; ``toast`` is shown for a moment, with ``popup`` until it is closed. Without
    ``html`` nothing is said.
    """

    html: str = ""
    changes: tuple[Change, ...] = field(default=())
    buttons: Buttons = ()
    edit: bool = False
    keyboard: bool = False
    toast: str = ""
    popup: bool = False
    file: Attachment | None = None


def fresh_draft(
    context: Context,
    kind: str,
    about: str = "",
    lasts: timedelta = timedelta(minutes=30),
) -> Draft:
    """Something to be confirmed by this person in this chat."""
    return Draft(
        id=context.fresh,
        chat_id=context.request.chat_id,
        user_id=context.request.user_id or 0,
        kind=kind,
        about=about,
        until=context.now + lasts,
    )


def known_chat(context: Context) -> Chat:
    """The chat, or what it is before anything was chosen in it."""
    if context.chat is not None:
        return context.chat
    settings = context.rulebook.settings
    return Chat(
        id=context.request.chat_id,
        channel="telegram",
        address=context.request.address,
        title=context.request.title,
        language=context.localizer.language,
        timezone=settings.timezone,
    )


def opened(context: Context) -> tuple[Change, ...]:
    """What makes a chat known that is new, and wakes one that was paused."""
    chat = known_chat(context)
    if context.chat is None:
        return (SaveChat(chat=chat),)
    return (Wake(chat=chat),) if chat.state == "paused" else ()
