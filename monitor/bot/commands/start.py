"""The beginning: /start with its guided set-up (language, topics, zone), /help, /stop."""

from __future__ import annotations

from markupsafe import Markup

from monitor.bot.commands.topics import topics_page
from monitor.bot.effects import Change, Pause, Prefer, SaveChat
from monitor.bot.lookup import find_zone, subscribed
from monitor.bot.request import Context, Reply, Request, known_chat, opened
from monitor.bot.views import pack
from monitor.i18n.localizer import LANGUAGES, Localizer, localizer, note
from monitor.model import Button, Buttons

COMMANDS = {
    "start": note("begin, or begin again"),
    "topics": note("choose your topics"),
    "watch": note("make a topic of your own"),
    "latest": note("the latest articles, of one topic if you name it"),
    "search": note("look into the archive"),
    "digest": note("collect alerts instead of sending each at once"),
    "quiet": note("hours in which nothing comes"),
    "mute": note("hear less of a topic, a story or an outlet"),
    "pictures": note("pictures after an alert"),
    "settings": note("language, time zone, previews, silence and more"),
    "why": note("why an alert came: reply to it"),
    "story": note("who else writes about it: reply to an alert"),
    "stats": note("how much you got"),
    "subscribe": note("get alerts about a topic"),
    "unsubscribe": note("no more alerts about a topic"),
    "chats": note("groups and channels that you manage"),
    "export": note("everything that is stored of you, as a file"),
    "stop": note("no more alerts until /start"),
    "forget": note("delete everything that is stored of you"),
    "help": note("what I can do"),
}
ADMIN_COMMANDS = {
    "status": note("how the service is doing"),
    "invite": note("let somebody in"),
    "people": note("who is in, and their roles"),
    "feedback": note("alerts that people found not relevant"),
}
ZONES = (
    "Europe/Minsk", "Europe/Vilnius", "Europe/Warsaw", "Europe/Kyiv", "Europe/Moscow", "Europe/Berlin",
    "Europe/London", "Asia/Tbilisi", "Europe/Riga", "Europe/Prague", "America/New_York", "UTC",
)  # fmt: skip


def start(asked: Request, view: Context) -> Reply:
    """A new chat is led through the set-up; a known one is told where it stands."""
    said = view.words(asked)
    hello = said.say("I watch the news and tell you when a topic of yours comes up.")
    if view.chat is None:
        question = said.say("Which language shall I speak?")
        hint = _files_hint(asked, view, said)
        return Reply(
            html=f"{hello}\n\n{question}{hint}", changes=opened(asked, view), buttons=languages("l1")
        )
    count = len(subscribed(view.chat))
    state = said.say("This chat gets no alerts yet: choose from /topics.")
    if count:
        state = said.many(
            "This chat gets alerts about {count} topic.", "This chat gets alerts about {count} topics.", count
        )
    text = f"{hello} {state}{_files_hint(asked, view, said)}\n\n{_commands(view, said)}"
    return Reply(html=text, changes=opened(asked, view))


def help_(asked: Request, view: Context) -> Reply:
    """What there is."""
    return Reply(html=_commands(view, view.words(asked)))


def stop(asked: Request, view: Context) -> Reply:
    """Nothing more is sent; what was chosen is kept."""
    said = view.words(asked)
    changes: tuple[Change, ...] = ()
    if view.chat is not None and view.chat.state == "active":
        changes = (Pause(chat_id=asked.chat_id, reason=note("stopped in chat")),)
    return Reply(
        html=said.say("Stopped: no more alerts here. /start begins again with the same topics."),
        changes=changes,
    )


def language(asked: Request, view: Context) -> Reply:
    """/language: a code, or buttons."""
    code = asked.argument.strip().lower()
    if code in LANGUAGES:
        return _spoken(asked, view, code)
    return Reply(html=view.words(asked).say("Which language shall I speak?"), buttons=languages("l"))


def language_chosen(asked: Request, view: Context, code: str, *, guided: bool) -> Reply:
    """A pressed language; in the set-up the topics come next."""
    if code not in LANGUAGES:
        return Reply()
    if not guided:
        return _spoken(asked, view, code, edit=True)
    changes = (*_made(asked, view), Prefer(chat_id=asked.chat_id, fields={"language": code}))
    page = topics_page(view, localizer(code), 0, guided=True)
    return Reply(html=page.html, buttons=page.buttons, changes=changes, edit=True)


def zone(asked: Request, view: Context) -> Reply:
    """/zone: a name or a city, or buttons."""
    said = view.words(asked)
    if not asked.argument:
        return zone_page(asked, view)
    found, near = find_zone(asked.argument)
    if found is None:
        hint = Markup(", ").join(Markup("<code>/zone {}</code>").format(name) for name in near)
        text = said.say("I do not know this time zone. Write it as in <code>/zone Europe/Minsk</code>.")
        return Reply(html=f"{text} {hint}".strip())
    changes = (*_made(asked, view), Prefer(chat_id=asked.chat_id, fields={"timezone": found}))
    return Reply(html=_zone_said(view, said, found), changes=changes)


def zone_page(asked: Request, view: Context, *, guided: bool = False) -> Reply:
    """The commonest zones as buttons."""
    said, chat = view.words(asked), known_chat(asked, view)
    verb = "z1" if guided else "z"
    cells = [
        Button(text=("✅ " if name == chat.timezone else "") + said.city(name),
               action=f"{verb}:{number}")
        for number, name in enumerate(ZONES)
    ]  # fmt: skip
    rows = tuple(tuple(cells[at : at + 3]) for at in range(0, len(cells), 3))
    question = said.say("In which time zone are you? Others: <code>/zone Europe/Minsk</code>.")
    return Reply(html=question, buttons=rows, edit=guided)


def zone_chosen(asked: Request, view: Context, number: str, *, guided: bool) -> Reply:
    """A pressed zone; in the set-up it is the last question."""
    said = view.words(asked)
    if not number.isascii() or not number.isdigit() or int(number) >= len(ZONES):
        return Reply()
    found = ZONES[int(number)]
    changes = (*_made(asked, view), Prefer(chat_id=asked.chat_id, fields={"timezone": found}))
    text = str(_zone_said(view, said, found))
    if guided:
        text += "\n\n" + said.say(
            "That is all. Alerts come as they happen; /settings and /digest change that."
        )
    return Reply(html=text, changes=changes, edit=True)


def languages(verb: str) -> Buttons:
    """A button for each language."""
    cells = [Button(text=name, action=f"{verb}:{code}") for code, name in LANGUAGES.items()]
    return tuple(tuple(cells[at : at + 3]) for at in range(0, len(cells), 3))


def _spoken(asked: Request, view: Context, code: str, *, edit: bool = False) -> Reply:
    changes = (*_made(asked, view), Prefer(chat_id=asked.chat_id, fields={"language": code}))
    return Reply(html=localizer(code).say("I speak English now."), changes=changes, edit=edit)


def _made(asked: Request, view: Context) -> tuple[Change, ...]:
    return (SaveChat(chat=known_chat(asked, view)),) if view.chat is None else ()


def _zone_said(view: Context, said: Localizer, found: str) -> Markup:
    now = said.moment(view.now, found, view.now)
    return said.say("Times are shown for {zone}, where it is {time} now.", zone=found, time=now)


def _commands(view: Context, said: Localizer) -> str:
    listed = dict(COMMANDS)
    if view.role == "admin":
        listed |= ADMIN_COMMANDS
    return pack([f"/{name} – {said.say(what)}" for name, what in listed.items()], said)


def _files_hint(asked: Request, view: Context, said: Localizer) -> str:
    if view.role != "admin":
        return ""
    return "\n\n" + said.say("In config/chats.yaml this chat is <code>{id}</code>.", id=asked.chat_id)
