"""What each command answers and changes. No network, no store: a question and a view come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape

from monitor.bot.lists import articles_list, pack, status_lines, topics_list
from monitor.bot.names import EVERY_TOPIC, find_topic, nearest_topics
from monitor.core.rulebook import Rulebook
from monitor.model import Article, Chat, Subscription, TelegramSettings

LATEST = 10
COMMANDS: Mapping[str, str] = {
    "start": "begin, or begin again",
    "help": "what I can do",
    "topics": "all topics, and which of them you get",
    "subscribe": "get alerts about a topic",
    "unsubscribe": "no more alerts about a topic",
    "latest": "the latest articles, of one topic if you name it",
}
ADMIN_COMMANDS: Mapping[str, str] = {"status": "how the service is doing"}
CHANGING = frozenset({"start", "subscribe", "unsubscribe"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A command as somebody wrote it. ``user_id`` is None for people who hide behind their group.

    ``group_admin``: Telegram says that the person administers this group.
    """

    command: str
    argument: str
    chat_id: str
    address: str
    title: str
    user_id: int | None
    group: bool = False
    group_admin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the answers are made of. ``chat`` is None when the chat is not known yet."""

    rulebook: Rulebook
    chat: Chat | None
    now: datetime
    latest: Callable[[Sequence[str], int], Sequence[Article]]
    status: Callable[[], Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveChat:
    """Insert or replace this chat."""

    chat: Chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Add this subscription."""

    subscription: Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Take a topic away from a chat."""

    chat_id: str
    topic_id: str


Change = SaveChat | Subscribe | Unsubscribe


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer in Telegram's HTML and what is to be written before it is given."""

    html: str
    changes: tuple[Change, ...] = field(default=())


def may_talk(settings: TelegramSettings, user_id: int | None) -> bool:
    """Whether the bot answers this person at all."""
    return settings.access == "open" or user_id in {*settings.admins, *settings.allowed}


def may_change(settings: TelegramSettings, asked: Asked) -> bool:
    """Whether this person may change what the chat gets.

    Everybody for the private chat. In a group the bot's admins; when the bot is open to all, also
    the group's own administrators.
    """
    if not asked.group or asked.user_id in settings.admins:
        return True
    return settings.access == "open" and asked.group_admin


def answer(asked: Asked, view: View) -> Reply:
    """The reply to a command of a person who may talk to the bot."""
    settings = view.rulebook.settings.telegram
    known = _ANSWERS.get(asked.command)
    if known is None:
        return Reply(html=f"I do not know /{escape(asked.command)}. /help says what I can do.")
    if asked.command in ADMIN_COMMANDS and asked.user_id not in settings.admins:
        return Reply(html=f"/{asked.command} is for the admins of this bot.")
    if asked.command in CHANGING and not may_change(settings, asked):
        return Reply(html="In a group only an admin may change what I send.")
    return known(asked, view)


def _start(asked: Asked, view: View) -> Reply:
    topics = _subscribed(view)
    state = (
        f"This chat gets alerts about {len(topics)} topic{'' if len(topics) == 1 else 's'}."
        if topics
        else "This chat gets no alerts yet: choose from /topics."
    )
    text = f"I watch the news and tell you when a topic of yours comes up. {state}\n\n"
    if asked.user_id in view.rulebook.settings.telegram.admins:
        text += f"In config/chats.yaml this chat is <code>{escape(asked.chat_id)}</code>.\n\n"
    return Reply(html=text + _help(asked, view).html, changes=_known_chat(asked, view))


def _help(asked: Asked, view: View) -> Reply:
    commands = dict(COMMANDS)
    if asked.user_id in view.rulebook.settings.telegram.admins:
        commands |= ADMIN_COMMANDS
    return Reply(html=pack([f"/{name} – {escape(what)}" for name, what in commands.items()]))


def _topics(_asked: Asked, view: View) -> Reply:
    if not _enabled(view):
        return Reply(html="There are no topics yet.")
    return Reply(html=topics_list(view.rulebook, _subscribed(view)))


def _subscribe(asked: Asked, view: View) -> Reply:
    if not asked.argument:
        return Reply(
            html="Which topic? For example "
            f"<code>/subscribe {escape(next(iter(_enabled(view)), 'topic'))}</code>, "
            "or <code>/subscribe all</code>. /topics lists them."
        )
    topic_id = find_topic(view.rulebook, asked.argument)
    if topic_id is None:
        return _unknown_topic(asked, view)
    chat = _known_chat(asked, view)
    if topic_id in _subscribed(view):
        return Reply(html=f"This chat has {_named(view, topic_id)} already.", changes=chat)
    subscription = Subscription(chat_id=asked.chat_id, topic_id=topic_id)
    return Reply(
        html=f"Done: alerts about {_named(view, topic_id)} come here from now on.",
        changes=(*chat, Subscribe(subscription=subscription)),
    )


def _unsubscribe(asked: Asked, view: View) -> Reply:
    current = _subscribed(view)
    if not current:
        return Reply(html="This chat has no topics. /topics lists what there is.")
    if not asked.argument:
        mine = [f"<code>/unsubscribe {escape(_typed(item))}</code>" for item in current]
        return Reply(html=pack(["Which topic?", *mine]))
    topic_id = find_topic(view.rulebook, asked.argument)
    if topic_id is None and asked.argument in current:
        topic_id = asked.argument  # the operator took the topic away, its subscription stayed
    if topic_id is None:
        return _unknown_topic(asked, view)
    gone = current if topic_id == EVERY_TOPIC else (topic_id,)
    if topic_id not in current and topic_id != EVERY_TOPIC:
        hint = " It gets every topic: /unsubscribe all." if EVERY_TOPIC in current else ""
        return Reply(html=f"This chat has no subscription to {_named(view, topic_id)}.{hint}")
    return Reply(
        html=f"Done: no more alerts about {_named(view, topic_id)}.",
        changes=tuple(Unsubscribe(chat_id=asked.chat_id, topic_id=item) for item in gone),
    )


def _latest(asked: Asked, view: View) -> Reply:
    topic_ids: Sequence[str] = tuple(item for item in _subscribed(view) if item != EVERY_TOPIC)
    if asked.argument:
        topic_id = find_topic(view.rulebook, asked.argument)
        if topic_id is None:
            return _unknown_topic(asked, view)
        topic_ids = () if topic_id == EVERY_TOPIC else (topic_id,)
    elif EVERY_TOPIC in _subscribed(view):
        topic_ids = ()
    articles = view.latest(topic_ids or tuple(_enabled(view)), LATEST) if _enabled(view) else ()
    if not articles:
        return Reply(html="Nothing yet.")
    timezone = view.chat.timezone if view.chat else view.rulebook.settings.timezone
    return Reply(html=articles_list(articles, timezone=timezone, now=view.now))


def _status(_asked: Asked, view: View) -> Reply:
    return Reply(html=pack(status_lines(view.status(), view.rulebook)))


_ANSWERS: Mapping[str, Callable[[Asked, View], Reply]] = {
    "start": _start,
    "help": _help,
    "topics": _topics,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "latest": _latest,
    "status": _status,
}


def _unknown_topic(asked: Asked, view: View) -> Reply:
    near = nearest_topics(view.rulebook, asked.argument)
    hint = " or ".join(f"<code>{escape(item)}</code>" for item in near)
    did_you_mean = f" Did you mean {hint}?" if near else ""
    shown = escape(asked.argument[:60])
    return Reply(html=f"I do not know the topic “{shown}”.{did_you_mean} /topics lists them.")


def _known_chat(asked: Asked, view: View) -> tuple[Change, ...]:
    """Save a chat that is new, or one that was paused because it had blocked the bot."""
    if view.chat is None:
        settings = view.rulebook.settings
        chat = Chat(
            id=asked.chat_id,
            channel="telegram",
            address=asked.address,
            title=asked.title,
            language=settings.language,
            timezone=settings.timezone,
        )
        return (SaveChat(chat=chat),)
    if view.chat.state == "paused":
        return (SaveChat(chat=replace(view.chat, state="active")),)
    return ()


def _subscribed(view: View) -> tuple[str, ...]:
    found = view.chat.subscriptions if view.chat else ()
    return tuple(item.topic_id for item in found if item.mode != "off")


def _enabled(view: View) -> dict[str, str]:
    return {item.id: item.title for item in view.rulebook.topics.values() if item.enabled}


def _typed(topic_id: str) -> str:
    return "all" if topic_id == EVERY_TOPIC else topic_id


def _named(view: View, topic_id: str) -> str:
    if topic_id == EVERY_TOPIC:
        return "<b>every topic</b>"
    return f"<b>{escape(_enabled(view).get(topic_id) or topic_id)}</b>"
