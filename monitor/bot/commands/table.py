"""The bot's commands, each declared once: routes, /help, Telegram's menu and permissions are derived from it.

A new command is a handler in this folder, a row here, its help text in each catalogue (``make words``), and
a row in docs/telegram.md.
"""

from __future__ import annotations

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
from monitor.bot.request import NEWS, OPERATE, WHEN, Command
from monitor.i18n.localizer import note

COMMANDS: tuple[Command, ...] = (
    Command(name="start", help=note("begin, or begin again"), handler=start.start, changes=True),
    Command(
        name="topics", section=WHEN, help=note("choose your topics"), handler=topics.topics, from_afar=True
    ),
    Command(
        name="watch",
        section=WHEN,
        help=note("make a topic of your own"),
        handler=watch.watch,
        changes=True,
        from_afar=True,
    ),
    Command(
        name="watches",
        section=WHEN,
        help=note("the topics of your own"),
        handler=watch.watches,
        from_afar=True,
        listed=False,
    ),
    Command(
        name="latest",
        section=NEWS,
        help=note("the latest articles, of one topic if you name it"),
        handler=archive.latest,
        from_afar=True,
    ),
    Command(name="search", section=NEWS, help=note("look into the archive"), handler=archive.search),
    Command(
        name="digest",
        section=WHEN,
        help=note("collect alerts instead of sending each at once"),
        handler=preferences.digest,
        changes=True,
        from_afar=True,
    ),
    Command(
        name="quiet",
        section=WHEN,
        help=note("hours in which nothing comes"),
        handler=preferences.quiet,
        changes=True,
        from_afar=True,
    ),
    Command(
        name="mute",
        section=WHEN,
        help=note("hear less of a topic, a story or an outlet"),
        handler=mute.mute,
        changes=True,
        from_afar=True,
    ),
    Command(
        name="pause",
        section=WHEN,
        help=note("nothing for some hours"),
        handler=mute.pause_,
        changes=True,
        from_afar=True,
    ),
    Command(
        name="mutes",
        section=WHEN,
        aliases=("unmute",),
        help=note("what is muted, to take it back"),
        handler=mute.mutes,
        from_afar=True,
        listed=False,
    ),
    Command(
        name="pictures",
        section=WHEN,
        help=note("pictures after an alert"),
        handler=pictures.pictures,
        changes=True,
        from_afar=True,
    ),
    Command(
        name="settings",
        help=note("language, time zone, previews, silence and more"),
        handler=preferences.settings,
        changes=True,
        from_afar=True,
    ),
    Command(
        name="language",
        help=note("the language that I speak here"),
        handler=start.language,
        changes=True,
        from_afar=True,
        listed=False,
    ),
    Command(
        name="zone",
        help=note("the time zone of this chat"),
        handler=start.zone,
        changes=True,
        from_afar=True,
        listed=False,
    ),
    Command(name="why", section=NEWS, help=note("why an alert came: reply to it"), handler=alerts.why),
    Command(
        name="story",
        section=NEWS,
        help=note("who else writes about it: reply to an alert"),
        handler=alerts.story,
    ),
    Command(name="stats", section=NEWS, help=note("how much you got"), handler=archive.stats, from_afar=True),
    Command(
        name="subscribe",
        section=WHEN,
        help=note("get alerts about a topic"),
        handler=topics.subscribe,
        changes=True,
        from_afar=True,
    ),
    Command(
        name="unsubscribe",
        section=WHEN,
        help=note("no more alerts about a topic"),
        handler=topics.unsubscribe,
        changes=True,
        from_afar=True,
    ),
    Command(
        name="chats",
        help=note("groups and channels that you manage"),
        handler=admin.chats,
        private_only=True,
        names_chat=True,
    ),
    Command(
        name="export",
        help=note("everything that is stored of you, as a file"),
        handler=privacy.export,
        private_only=True,
    ),
    Command(
        name="stop",
        help=note("no more alerts until /start"),
        handler=start.stop,
        unlimited=True,
        changes=True,
        from_afar=True,
    ),
    Command(
        name="forget",
        help=note("delete everything that is stored of you"),
        handler=privacy.forget,
        unlimited=True,
        private_only=True,
    ),
    Command(name="help", help=note("what I can do"), handler=start.help_),
    Command(
        name="status",
        section=OPERATE,
        help=note("how the service is doing"),
        handler=status.status,
        admins_only=True,
    ),
    Command(
        name="invite", section=OPERATE, help=note("let somebody in"), handler=admin.invite, admins_only=True
    ),
    Command(
        name="people",
        section=OPERATE,
        help=note("who is in, and their roles"),
        handler=admin.people,
        admins_only=True,
    ),
    Command(
        name="feedback",
        section=OPERATE,
        help=note("alerts that people found not relevant"),
        handler=admin.feedback,
        admins_only=True,
    ),
)
