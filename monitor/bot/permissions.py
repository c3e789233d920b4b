"""Who may do what, by numeric user id. Asked anew at every command and at every pressed button."""

from __future__ import annotations

from monitor.bot.request import Command, Context
from monitor.model import Person, Role, TelegramSettings

_RANK = {None: -1, "subscriber": 0, "editor": 1, "admin": 2}


def role_of(settings: TelegramSettings, user_id: int | None, person: Person | None) -> Role | None:
    """What somebody is to the bot; None is a stranger.

    The config's admins are admins. A role that an invitation or an admin gave counts whatever
    ``access`` says. Where the bot is open everybody is at least a subscriber.
    """
    if user_id is not None and user_id in settings.admins:
        return "admin"
    if user_id is not None and person is not None and settings.access != "allow-list":
        return person.role
    if settings.access == "open" or (user_id is not None and user_id in settings.allowed):
        return "subscriber"
    return None


def may_talk(role: Role | None) -> bool:
    """Whether the bot answers this person at all."""
    return role is not None


def role_allows(command: Command, role: Role | None) -> bool:
    """Whether a command is for people of this role."""
    if command.editors_only:
        return at_least(role, "editor")
    return at_least(role, "admin") if command.admins_only else may_talk(role)


def refusal(command: Command, context: Context) -> str | None:
    """Why this person may not use a command here, to be shown; None when they may."""
    said, request = context.localizer, context.request
    if command.editors_only and not role_allows(command, context.role):
        return said.say("/{command} is for the editors of this bot.", command=request.command)
    if not role_allows(command, context.role):
        return said.say("/{command} is for the admins of this bot.", command=request.command)
    if command.private_only and (not request.at_home or request.user_id is None):
        return said.say("That is between you and me: write it in our private chat.")
    if command.changes and not may_change(context):
        return said.say("Here only an admin may change what I send.")
    return None


def may_change(context: Context) -> bool:
    """Whether this person may change what the chat gets.

    Everybody for the own private chat. In a group, a channel and from afar: the bot's editors and
    admins; where the bot is open or by invitation, also the group's own administrators. From afar
    it must be an administrator of that chat, or an admin of the bot.
    """
    if context.request.at_home or context.role == "admin":
        return True
    if context.request.remote:
        return context.request.group_admin
    if at_least(context.role, "editor"):
        return True
    return context.settings.access != "allow-list" and context.request.group_admin


def at_least(role: Role | None, needed: Role) -> bool:
    """Whether a role is this one or a higher one."""
    return _RANK[role] >= _RANK[needed]
