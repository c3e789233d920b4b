"""Who may do what, by numeric user id. Asked anew at every command and at every pressed button."""

from __future__ import annotations

from monitor.bot.request import Context, Request
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


def may_change(asked: Request, view: Context) -> bool:
    """Whether this person may change what the chat gets.

    Everybody for the own private chat. In a group, a channel and from afar: the bot's editors and
    admins; where the bot is open or by invitation, also the group's own administrators. From afar
    it must be an administrator of that chat, or an admin of the bot.
    """
    if asked.at_home or view.role == "admin":
        return True
    if asked.remote:
        return asked.group_admin
    if at_least(view.role, "editor"):
        return True
    return view.settings.access != "allow-list" and asked.group_admin


def at_least(role: Role | None, needed: Role) -> bool:
    """Whether a role is this one or a higher one."""
    return _RANK[role] >= _RANK[needed]
