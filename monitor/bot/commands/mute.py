"""Hearing less: /mute, /mutes, and the mute menu under an alert."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import escape

from markupsafe import Markup

from monitor.bot.commands.alerts import AlertView, alert_of, back_to_alert, gone
from monitor.bot.commands.topics import unknown_topic
from monitor.bot.effects import MuteIt, Unmute
from monitor.bot.lookup import find_outlet, find_outlets, find_topic, topic_title
from monitor.bot.request import Context, Reply, known_chat, opened
from monitor.bot.times import OFF, read_duration
from monitor.bot.views import button, pack
from monitor.core.delivery.preferences import EVERY_TOPIC
from monitor.core.message.callback import token
from monitor.i18n.localizer import Localizer, note
from monitor.model import Button, Chat, Mute

MENU_TOPICS = 2
OUTLETS = 5
LONGEST = timedelta(days=365)
PAUSE_HOURS = 2
_HOURS = {8: note("8 hours"), 24: note("1 day"), 168: note("1 week"), 0: note("for ever")}


def mute(context: Context) -> Reply:
    """``/mute potash 8h``, ``/mute nn.by``, ``/mute story`` as a reply; without words the list."""
    said = context.localizer
    what, lasts = _parted(context.request.argument)
    about = alert_of(context) if context.request.reply_to else None
    if about is not None and (not what or what.casefold() == "story"):
        return _muted(context, _story(about), lasts)
    if not what:
        return mutes(context)
    topic_id = find_topic(context.rulebook, what)
    if topic_id == EVERY_TOPIC:
        return pause(context, lasts)
    if topic_id is not None:
        title = topic_title(topic_id, context.rulebook, said)
        return _muted(context, Mute(kind="topic", target=topic_id, title=title), lasts)
    outlet = find_outlet(context.rulebook, what)
    if outlet is not None:
        return _muted(context, Mute(kind="outlet", target=outlet.id, title=outlet.name), lasts)
    if what.casefold() == "story":
        return Reply(html=said.say("Reply with /mute to the alert whose story you have had enough of."))
    several = find_outlets(context.rulebook, what, most=OUTLETS)
    if several:
        names = Markup(", ").join(Markup("<code>/mute {}</code>").format(item.name) for item in several)
        return Reply(html=said.say("Which outlet? {outlets}", outlets=names))
    return unknown_topic(context, what)


def pause_(context: Context) -> Reply:
    """``/pause 2h``: nothing is told for a while; ``/pause off`` ends it."""
    asked = context.request.argument
    if asked.casefold() in OFF:
        return _resumed(context)
    lasts = read_duration(asked) if asked else timedelta(hours=PAUSE_HOURS)
    if not lasts:
        return Reply(html=context.localizer.say("Write <code>/pause 2h</code>, or <code>/pause off</code>."))
    return pause(context, lasts)


def pause(context: Context, lasts: timedelta | None) -> Reply:
    """Everything muted for a while; for ever is what /stop is for."""
    said, chat = context.localizer, known_chat(context)
    if not lasts:
        return Reply(html=said.say("To hear nothing at all, use /stop or /quiet."))
    made = Mute(kind="topic", target=EVERY_TOPIC, title="", until=context.now + min(lasts, LONGEST))
    text = said.say(
        "Paused {until}: what happens meanwhile is not told. /latest shows it, /pause off goes on at once.",
        until=_until(made, chat, context, said),
    )
    return Reply(html=text, changes=(*opened(context), MuteIt(chat_id=context.request.chat_id, mute=made)))


def _resumed(context: Context) -> Reply:
    said, chat = context.localizer, known_chat(context)
    every = next((item for item in chat.mutes if (item.kind, item.target) == ("topic", EVERY_TOPIC)), None)
    changes = (Unmute(chat_id=context.request.chat_id, mute=every),) if every else ()
    return Reply(html=said.say("Alerts come again."), changes=changes)


def mutes(context: Context) -> Reply:
    """What is muted, each with a button that takes it back."""
    return mutes_page(context, context.localizer, known_chat(context))


def mutes_page(context: Context, tr: Localizer, chat: Chat, *, edit: bool = False) -> Reply:
    """As ``mutes``, for a chat as it will be."""
    how = tr.say("<code>/mute potash 8h</code>, <code>/mute nn.by</code>, or the button under an alert.")
    alive = [item for item in chat.mutes if item.until is None or item.until > context.now]
    if not alive:
        return Reply(html=tr.say("Nothing is muted.") + " " + how, edit=edit)
    lines = [f"🔕 {escape(_name(item, tr))}, {_until(item, chat, context, tr)}" for item in alive]
    rows = tuple((button(f"↩ {_name(item, tr)}", f"u:{token(item.kind, item.target)}"),) for item in alive)
    return Reply(html=pack([tr.say("Muted:"), *lines, "", how], tr), buttons=rows, edit=edit)


def unmuted(context: Context, name: str) -> Reply:
    """A pressed ↩ in the list."""
    said, chat = context.localizer, known_chat(context)
    chosen = next((item for item in chat.mutes if token(item.kind, item.target) == name), None)
    left = tuple(item for item in chat.mutes if item is not chosen)
    shown = mutes_page(context, said, replace(chat, mutes=left), edit=True)
    changes = (Unmute(chat_id=context.request.chat_id, mute=chosen),) if chosen else ()
    return Reply(html=shown.html, buttons=shown.buttons, edit=True, changes=changes)


def menu(context: Context, key: str) -> Reply:
    """What can be muted about an alert, in the place of its buttons."""
    said, about = context.localizer, alert_of(context, key)
    if about is None:
        return gone(said)
    rows: list[tuple[Button, ...]] = [(Button(text=said.plain("🔕 This story"), action=f"m:{key}:s:0"),)]
    for place, topic in enumerate(about.alert.topics[:MENU_TOPICS]):
        rows.append(
            (button(f"🔕 {topic.title or topic.id}", f"m:{key}:t{place}:0"), *_spans(key, f"t{place}", said))
        )
    if about.source_id:
        rows.append((button(f"🔕 {about.alert.outlet}", f"m:{key}:o:0"), *_spans(key, "o", said)))
    rows.append((Button(text=said.plain("◀ Back"), action=f"b:{key}"),))
    return Reply(buttons=tuple(rows), keyboard=True)


def muted_by_button(context: Context, key: str, what: str, hours: int) -> Reply:
    """A press in the menu; the alert's own buttons come back with an undo."""
    said, about = context.localizer, alert_of(context, key)
    chosen = _chosen(about, what)
    if about is None or chosen is None or hours not in _HOURS:
        return gone(said)
    until = context.now + timedelta(hours=hours) if hours else None
    made = Mute(kind=chosen.kind, target=chosen.target, title=chosen.title, until=until)
    undo = Button(text=said.plain("↩ Undo"), action=f"um:{key}:{what}")
    back = back_to_alert(context, key)
    return Reply(
        buttons=(*back.buttons, (undo,)),
        keyboard=True,
        changes=(*opened(context), MuteIt(chat_id=context.request.chat_id, mute=made)),
        toast=said.plain("Muted: {what}", what=chosen.title or chosen.target),
    )


def undone(context: Context, key: str, what: str) -> Reply:
    """The pressed undo."""
    said, about = context.localizer, alert_of(context, key)
    chosen = _chosen(about, what)
    if about is None or chosen is None:
        return gone(said)
    back = back_to_alert(context, key)
    return Reply(
        buttons=back.buttons,
        keyboard=True,
        changes=(Unmute(chat_id=context.request.chat_id, mute=chosen),),
        toast=said.plain("You hear of it again."),
    )


def _spans(key: str, what: str, tr: Localizer) -> tuple[Button, ...]:
    return tuple(Button(text=tr.plain(_HOURS[hours]), action=f"m:{key}:{what}:{hours}") for hours in (8, 168))


def _chosen(about: AlertView | None, what: str) -> Mute | None:
    if about is None:
        return None
    if what == "s":
        return _story(about)
    if what == "o":
        outlet = Mute(kind="outlet", target=about.source_id, title=about.alert.outlet)
        return outlet if about.source_id else None
    topics = about.alert.topics
    if not re.fullmatch(r"t\d", what) or int(what[1]) >= len(topics):
        return None
    topic = topics[int(what[1])]
    return Mute(kind="topic", target=topic.id, title=topic.title or topic.id)


def _story(about: AlertView) -> Mute:
    return Mute(kind="story", target=about.alert.story_id, title=about.alert.headline[:80])


def _muted(context: Context, chosen: Mute, lasts: timedelta | None) -> Reply:
    said, chat = context.localizer, known_chat(context)
    until = context.now + min(lasts, LONGEST) if lasts else None
    made = Mute(kind=chosen.kind, target=chosen.target, title=chosen.title, until=until)
    text = said.say(
        "Muted: {what}, {until}. /mutes takes it back.",
        what=made.title or made.target,
        until=_until(made, chat, context, said),
    )
    return Reply(html=text, changes=(*opened(context), MuteIt(chat_id=context.request.chat_id, mute=made)))


def _name(item: Mute, tr: Localizer) -> str:
    return tr.plain("every topic") if item.target == EVERY_TOPIC else item.title or item.target


def _until(item: Mute, chat: Chat, context: Context, tr: Localizer) -> str:
    if item.until is None:
        return tr.plain("for ever")
    return tr.plain("until {moment}", moment=tr.moment(item.until, chat.timezone, context.now))


def _parted(argument: str) -> tuple[str, timedelta | None]:
    """What is to be muted, and for how long (None: for ever)."""
    words = argument.split()
    for count in (2, 1):
        lasts = read_duration(" ".join(words[-count:])) if len(words) >= count else None
        if lasts:
            return " ".join(words[:-count]), lasts
    return " ".join(words), None
