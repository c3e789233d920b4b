"""The beginning: /start with its guided set-up (language, topics, zone), /help, /stop."""

from __future__ import annotations

from markupsafe import Markup

from monitor.bot.commands.archive import chosen_topics
from monitor.bot.commands.preferences import digest_name, quiet_name
from monitor.bot.commands.topics import topics_page
from monitor.bot.effects import Change, Pause, Prefer, SaveChat
from monitor.bot.lookup import find_zone, subscribed, topic_title
from monitor.bot.permissions import role_allows
from monitor.bot.request import SECTIONS, Context, Reply, known_chat, opened
from monitor.bot.views import article_lines, pack
from monitor.i18n.localizer import LANGUAGES, Localizer, localizer, note
from monitor.model import Button, Buttons

ZONES = (
    "Europe/Minsk", "Europe/Vilnius", "Europe/Warsaw", "Europe/Kyiv", "Europe/Moscow", "Europe/Berlin",
    "Europe/London", "Asia/Tbilisi", "Europe/Riga", "Europe/Prague", "America/New_York", "UTC",
)  # fmt: skip


def start(context: Context) -> Reply:
    """A new chat is led through the set-up; a known one is told where it stands."""
    said = context.localizer
    hello = said.say("I watch the news and tell you when a topic of yours comes up.")
    if context.chat is None:
        question = said.say("Which language shall I speak?")
        hint = _files_hint(context, said)
        return Reply(html=f"{hello}\n\n{question}{hint}", changes=opened(context), buttons=languages("l1"))
    count = len(subscribed(context.chat))
    state = said.say("This chat gets no alerts yet: choose from /topics.")
    if count:
        state = said.many(
            "This chat gets alerts about {count} topic.", "This chat gets alerts about {count} topics.", count
        )
    on = f"\n\n{_what_comes(context, said)}" if count else ""
    return Reply(html=f"{hello} {state}{on}{_files_hint(context, said)}", changes=opened(context))


def help_(context: Context) -> Reply:
    """What there is."""
    return Reply(html=_commands(context, context.localizer))


def stop(context: Context) -> Reply:
    """Nothing more is sent; what was chosen is kept."""
    said = context.localizer
    changes: tuple[Change, ...] = ()
    if context.chat is not None and context.chat.state == "active":
        changes = (Pause(chat_id=context.request.chat_id, reason=note("stopped in chat")),)
    return Reply(
        html=said.say("Stopped: no more alerts here. /start begins again with the same topics."),
        changes=changes,
    )


def language(context: Context) -> Reply:
    """/language: a code, or buttons."""
    code = context.request.argument.strip().lower()
    if code in LANGUAGES:
        return _spoken(context, code)
    return Reply(html=context.localizer.say("Which language shall I speak?"), buttons=languages("l"))


def language_page(context: Context) -> Reply:
    """The first question of the set-up, asked again."""
    question = context.localizer.say("Which language shall I speak?")
    return Reply(html=question, buttons=languages("l1"), edit=True)


def language_chosen(context: Context, code: str, *, guided: bool) -> Reply:
    """A pressed language; in the set-up the topics come next."""
    if code not in LANGUAGES:
        return Reply()
    if not guided:
        return _spoken(context, code, edit=True)
    changes = (*_made(context), Prefer(chat_id=context.request.chat_id, fields={"language": code}))
    page = topics_page(context, localizer(code), 0, guided=True)
    return Reply(html=page.html, buttons=page.buttons, changes=changes, edit=True)


def zone(context: Context) -> Reply:
    """/zone: a name or a city, or buttons."""
    said = context.localizer
    if not context.request.argument:
        return zone_page(context)
    found, near = find_zone(context.request.argument, said)
    if found is None:
        hint = Markup(", ").join(Markup("<code>/zone {}</code>").format(name) for name in near)
        text = said.say("I do not know this time zone. Write it as in <code>/zone Europe/Minsk</code>.")
        return Reply(html=f"{text} {hint}".strip())
    changes = (*_made(context), Prefer(chat_id=context.request.chat_id, fields={"timezone": found}))
    return Reply(html=_zone_said(context, said, found), changes=changes)


def zone_page(context: Context, *, guided: bool = False) -> Reply:
    """The commonest zones as buttons."""
    said, chat = context.localizer, known_chat(context)
    verb = "z1" if guided else "z"
    cells = [
        Button(text=("✅ " if name == chat.timezone else "") + said.city(name),
               action=f"{verb}:{number}")
        for number, name in enumerate(ZONES)
    ]  # fmt: skip
    rows = tuple(tuple(cells[at : at + 3]) for at in range(0, len(cells), 3))
    if guided:
        rows = (*rows, (Button(text=said.plain("◀ Back"), action="g:0"),))
    question = said.say("In which time zone are you? Others: <code>/zone Europe/Minsk</code>.")
    return Reply(html=question, buttons=rows, edit=guided)


def zone_chosen(context: Context, number: str, *, guided: bool) -> Reply:
    """A pressed zone; in the set-up it is the last question."""
    said = context.localizer
    if not number.isascii() or not number.isdigit() or int(number) >= len(ZONES):
        return Reply()
    found = ZONES[int(number)]
    changes = (*_made(context), Prefer(chat_id=context.request.chat_id, fields={"timezone": found}))
    text = str(_zone_said(context, said, found))
    if guided:
        text += "\n\n" + _ending(context, said)
    return Reply(html=text, changes=changes, edit=True)


def _ending(context: Context, tr: Localizer) -> str:
    """The last words of the set-up; a set-up that chose nothing says so."""
    if not subscribed(context.chat):
        return str(tr.say("This chat gets no alerts yet: choose from /topics."))
    text = str(tr.say("That is all. Alerts come as they happen; /settings and /digest change that."))
    found = context.store.articles.latest(topic_ids=chosen_topics(context), limit=1)
    if not found:
        return text
    (sample,) = article_lines(found, tr, timezone=known_chat(context).timezone, now=context.now)
    return f"{text}\n\n{tr.say('The latest about your topics:')}\n{sample.rstrip()}"


def languages(verb: str) -> Buttons:
    """A button for each language."""
    cells = [Button(text=name, action=f"{verb}:{code}") for code, name in LANGUAGES.items()]
    return tuple(tuple(cells[at : at + 3]) for at in range(0, len(cells), 3))


def _spoken(context: Context, code: str, *, edit: bool = False) -> Reply:
    changes = (*_made(context), Prefer(chat_id=context.request.chat_id, fields={"language": code}))
    return Reply(html=localizer(code).say("I speak English now."), changes=changes, edit=edit)


def _made(context: Context) -> tuple[Change, ...]:
    return (SaveChat(chat=known_chat(context)),) if context.chat is None else ()


def _zone_said(context: Context, tr: Localizer, found: str) -> Markup:
    now = tr.moment(context.now, found, context.now)
    return tr.say("Times are shown for {zone}, where it is {time} now.", zone=found, time=now)


def _commands(context: Context, tr: Localizer) -> str:
    listed = [item for item in context.commands if item.listed and role_allows(item, context.role)]
    lines: list[str] = []
    for section in SECTIONS:
        rows = [f"/{item.name} – {tr.say(item.help)}" for item in listed if item.section == section]
        if rows:
            lines += ["", f"<b>{tr.say(section)}</b>", *rows]
    return pack(lines[1:], tr)


def _what_comes(context: Context, tr: Localizer) -> str:
    """What is on in a chat that is set up: its topics, when they come, where to change it."""
    chat = known_chat(context)
    names = [topic_title(item, context.rulebook, tr) for item in subscribed(chat)]
    lines = [str(tr.say("Topics: {topics}", topics=", ".join(names))) + " /topics"]
    lines.append(str(tr.say("Digest: {digest}", digest=digest_name(chat.digest, tr))) + " /digest")
    lines.append(str(tr.say("Quiet hours: {hours}", hours=quiet_name(chat.quiet, tr))) + " /quiet")
    return pack([*lines, "", str(tr.say("All commands: /help"))], tr)


def _files_hint(context: Context, tr: Localizer) -> str:
    if context.role != "admin":
        return ""
    return "\n\n" + tr.say("In config/chats.yaml this chat is <code>{id}</code>.", id=context.request.chat_id)
