"""Which function answers which command and which button. No network: a context comes in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.bot.commands import (
    admin,
    alerts,
    mute,
    pictures,
    preferences,
    privacy,
    saved,
    sources,
    start,
    topics,
    watch,
)
from monitor.bot.commands.table import COMMANDS
from monitor.bot.permissions import may_change, refusal
from monitor.bot.request import Command, Context, Reply, known_chat

Press = Callable[[Context, list[str]], Reply]
_NAMED: Mapping[str, Command] = {name: command for command in COMMANDS for name in command.names}

# Verb → whether it changes what the chat gets, and what it does with the parts after it.
_PRESSES: Mapping[str, tuple[bool, Press]] = {
    "l": (True, lambda c, p: start.language_chosen(c, p[0], guided=False)),
    "l1": (True, lambda c, p: start.language_chosen(c, p[0], guided=True)),
    "l1?": (True, lambda c, _: start.language_page(c)),
    "z": (True, lambda c, p: start.zone_chosen(c, p[0], guided=False)),
    "z1": (True, lambda c, p: start.zone_chosen(c, p[0], guided=True)),
    "z1?": (True, lambda c, _: start.zone_page(c, guided=True)),
    "t": (False, lambda c, p: _page(c, p, guided=False)),
    "g": (False, lambda c, p: _page(c, p, guided=True)),
    "t+": (True, lambda c, p: topics.toggled(c, p[0], _number(p[1]), take=True, guided=False)),
    "t-": (True, lambda c, p: topics.toggled(c, p[0], _number(p[1]), take=False, guided=False)),
    "g+": (True, lambda c, p: topics.toggled(c, p[0], _number(p[1]), take=True, guided=True)),
    "g-": (True, lambda c, p: topics.toggled(c, p[0], _number(p[1]), take=False, guided=True)),
    "w?": (True, lambda c, p: watch.offered(c, p[0])),
    "w+": (True, lambda c, p: watch.confirmed(c, p[0])),
    "w-": (True, lambda c, p: watch.removed(c, p[0])),
    "x": (True, lambda c, p: watch.dropped(c, p[0])),
    "u": (True, lambda c, p: mute.unmuted(c, p[0])),
    "m?": (True, lambda c, p: mute.menu(c, p[0])),
    "m": (True, lambda c, p: mute.muted_by_button(c, p[0], p[1], _number(p[2]))),
    "um": (True, lambda c, p: mute.undone(c, p[0], p[1])),
    "d": (True, lambda c, p: preferences.digest_chosen(c, ":".join(p))),
    "q": (True, lambda c, p: preferences.quiet_chosen(c, ":".join(p))),
    "p": (True, lambda c, p: pictures.pictures_chosen(c, p[0])),
    "s": (True, lambda c, p: preferences.setting_chosen(c, p[0], p[1])),
    "fo": (True, lambda c, p: preferences.outlets_chosen(c, _number(p[0]))),
    "fl": (True, lambda c, p: preferences.language_filtered(c, p[0])),
    "o": (False, lambda c, p: sources.sources_page(c, known_chat(c), _number(p[0]), edit=True)),
    "o+": (True, lambda c, p: sources.switched(c, p[0], _number(p[1]), hear=True)),
    "o-": (True, lambda c, p: sources.switched(c, p[0], _number(p[1]), hear=False)),
    "sv": (True, lambda c, p: saved.saved_by_button(c, p[0])),
    "sv-": (True, lambda c, p: saved.unsaved(c, p[0])),
    "a+": (False, lambda c, p: sources.confirmed(c, p[0], p[1])),
    "b": (False, lambda c, p: alerts.back_to_alert(c, p[0])),
    "st": (False, lambda c, p: alerts.story_by_button(c, p[0])),
    "st+": (False, lambda c, p: alerts.story_again(c, ":".join(p))),
    "yd": (False, lambda c, p: alerts.details(c, ":".join(p))),
    "y": (False, lambda c, p: alerts.why_by_button(c, p[0])),
    "sh": (False, lambda c, p: alerts.shown(c, p[0])),
    "n?": (False, lambda c, p: alerts.reasons(c, p[0])),
    "n": (False, lambda c, p: alerts.judged(c, p[0], p[1])),
    "f+": (False, lambda c, p: privacy.forgotten(c, p[0])),
    "c": (False, lambda c, p: admin.chat_chosen(c, p[0])),
}


def command_named(name: str) -> Command | None:
    """The declared command with this name or alias."""
    return _NAMED.get(name)


def answer(context: Context) -> Reply:
    """The reply to a command of a person who may talk to the bot."""
    name = context.request.command
    declared = command_named(name)
    if declared is None:
        said = context.localizer
        return Reply(html=said.say("I do not know /{command}. /help says what I can do.", command=name[:40]))
    refused = refusal(declared, context)
    return declared.handler(context) if refused is None else Reply(html=refused)


def press(context: Context) -> Reply:
    """The reply to a button, whose action (``context.request.argument``) is known to be one of ours.

    Rights are looked at again: a button stands for as long as its message does.
    """
    said = context.localizer
    verb, *parts = context.request.argument.split(":")
    changes, does = _PRESSES.get(verb, (False, None))
    if does is None:
        return alerts.gone(said)
    if changes and not may_change(context):
        return Reply(toast=said.plain("Here only an admin may change what I send."), popup=True)
    try:
        return does(context, parts)
    except IndexError:
        return alerts.gone(said)


def changes_by(action: str) -> bool:
    """Whether a button's action changes what its chat gets."""
    return _PRESSES.get(action.partition(":")[0], (False, None))[0]


def _page(context: Context, parts: list[str], *, guided: bool) -> Reply:
    shown = topics.topics_page(context, context.localizer, _number(parts[0]), guided=guided)
    return Reply(html=shown.html, buttons=shown.buttons, edit=True)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0  # noqa: PLR2004 - pages, hours
