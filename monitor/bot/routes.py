"""Which function answers which command and which button. No network: a question and a view come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.bot.commands import (
    admin,
    alerts,
    archive,
    mute,
    pictures,
    preferences,
    privacy,
    start,
    status,
    topics,
    watch,
)
from monitor.bot.permissions import at_least, may_change
from monitor.bot.request import Context, Reply, Request

COMMANDS = start.COMMANDS
ADMIN_COMMANDS = start.ADMIN_COMMANDS
CHANGING = frozenset(
    {
        "start",
        "subscribe",
        "unsubscribe",
        "watch",
        "mute",
        "digest",
        "quiet",
        "pictures",
        "settings",
        "language",
        "zone",
        "stop",
    }
)
"""Commands that change what a chat gets: in a group not everybody may."""
REMOTE = CHANGING - {"start"} | {"topics", "watches", "mutes", "latest", "stats"}
"""Commands that may be about a chat that is managed from afar."""

Answer = Callable[[Request, Context], Reply]
Press = Callable[[Request, Context, list[str]], Reply]

_ANSWERS: Mapping[str, Answer] = {
    "start": start.start,
    "help": start.help_,
    "stop": start.stop,
    "language": start.language,
    "zone": start.zone,
    "topics": topics.topics,
    "subscribe": topics.subscribe,
    "unsubscribe": topics.unsubscribe,
    "watch": watch.watch,
    "watches": watch.watches,
    "mute": mute.mute,
    "mutes": mute.mutes,
    "unmute": mute.mutes,
    "digest": preferences.digest,
    "quiet": preferences.quiet,
    "pictures": pictures.pictures,
    "settings": preferences.settings,
    "latest": archive.latest,
    "search": archive.search,
    "stats": archive.stats,
    "story": alerts.story,
    "why": alerts.why,
    "export": privacy.export,
    "forget": privacy.forget,
    "chats": admin.chats,
    "status": status.status,
    "invite": admin.invite,
    "people": admin.people,
    "feedback": admin.feedback,
}
ALL_COMMANDS = tuple(_ANSWERS)

# Verb → whether it changes what the chat gets, and what it does with the parts after it.
_PRESSES: Mapping[str, tuple[bool, Press]] = {
    "l": (True, lambda a, v, p: start.language_chosen(a, v, p[0], guided=False)),
    "l1": (True, lambda a, v, p: start.language_chosen(a, v, p[0], guided=True)),
    "z": (True, lambda a, v, p: start.zone_chosen(a, v, p[0], guided=False)),
    "z1": (True, lambda a, v, p: start.zone_chosen(a, v, p[0], guided=True)),
    "z1?": (True, lambda a, v, _: start.zone_page(a, v, guided=True)),
    "t": (False, lambda a, v, p: _page(a, v, p, guided=False)),
    "g": (False, lambda a, v, p: _page(a, v, p, guided=True)),
    "t+": (True, lambda a, v, p: topics.toggled(a, v, p[0], _number(p[1]), take=True, guided=False)),
    "t-": (True, lambda a, v, p: topics.toggled(a, v, p[0], _number(p[1]), take=False, guided=False)),
    "g+": (True, lambda a, v, p: topics.toggled(a, v, p[0], _number(p[1]), take=True, guided=True)),
    "g-": (True, lambda a, v, p: topics.toggled(a, v, p[0], _number(p[1]), take=False, guided=True)),
    "w+": (True, lambda a, v, p: watch.confirmed(a, v, p[0])),
    "w-": (True, lambda a, v, p: watch.removed(a, v, p[0])),
    "x": (True, lambda a, v, p: watch.dropped(a, v, p[0])),
    "u": (True, lambda a, v, p: mute.unmuted(a, v, p[0])),
    "m?": (True, lambda a, v, p: mute.menu(a, v, p[0])),
    "m": (True, lambda a, v, p: mute.muted_by_button(a, v, p[0], p[1], _number(p[2]))),
    "um": (True, lambda a, v, p: mute.undone(a, v, p[0], p[1])),
    "d": (True, lambda a, v, p: preferences.digest_chosen(a, v, ":".join(p))),
    "q": (True, lambda a, v, p: preferences.quiet_chosen(a, v, ":".join(p))),
    "p": (True, lambda a, v, p: pictures.pictures_chosen(a, v, p[0])),
    "s": (True, lambda a, v, p: preferences.setting_chosen(a, v, p[0], p[1])),
    "b": (False, lambda a, v, p: alerts.back_to_alert(a, v, p[0])),
    "st": (False, lambda a, v, p: alerts.story_by_button(a, v, p[0])),
    "y": (False, lambda a, v, p: alerts.why_by_button(a, v, p[0])),
    "sh": (False, lambda a, v, p: alerts.shown(a, v, p[0])),
    "n?": (False, lambda a, v, p: alerts.reasons(a, v, p[0])),
    "n": (False, lambda a, v, p: alerts.judged(a, v, p[0], p[1])),
    "f+": (False, lambda a, v, p: privacy.forgotten(a, v, p[0])),
    "c": (False, lambda a, v, p: admin.chat_chosen(a, v, p[0])),
}


def answer(asked: Request, view: Context) -> Reply:
    """The reply to a command of a person who may talk to the bot."""
    said = view.words(asked)
    known = _ANSWERS.get(asked.command)
    if known is None:
        return Reply(
            html=said.say("I do not know /{command}. /help says what I can do.", command=asked.command[:40])
        )
    if asked.command in ADMIN_COMMANDS and not at_least(view.role, "admin"):
        return Reply(html=said.say("/{command} is for the admins of this bot.", command=asked.command))
    if asked.command in CHANGING and not may_change(asked, view):
        return Reply(html=said.say("Here only an admin may change what I send."))
    return known(asked, view)


def press(asked: Request, view: Context) -> Reply:
    """The reply to a button, whose action (``asked.argument``) is known to be one of ours.

    Rights are looked at again: a button stands for as long as its message does.
    """
    said = view.words(asked)
    verb, *parts = asked.argument.split(":")
    changes, does = _PRESSES.get(verb, (False, None))
    if does is None:
        return alerts.gone(said)
    if changes and not may_change(asked, view):
        return Reply(toast=said.plain("Here only an admin may change what I send."), popup=True)
    try:
        return does(asked, view, parts)
    except IndexError:
        return alerts.gone(said)


def changes_by(action: str) -> bool:
    """Whether a button's action changes what its chat gets."""
    return _PRESSES.get(action.partition(":")[0], (False, None))[0]


def _page(asked: Request, view: Context, parts: list[str], *, guided: bool) -> Reply:
    shown = topics.topics_page(view, view.words(asked), _number(parts[0]), guided=guided)
    return Reply(html=shown.html, buttons=shown.buttons, edit=True)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004 - pages, hours
