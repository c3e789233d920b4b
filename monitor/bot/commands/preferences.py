"""How a chat wants its alerts: /settings, /digest, /quiet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monitor.bot.commands.topics import bold, unknown_topic
from monitor.bot.effects import Change, Prefer, SaveChat, Subscribe
from monitor.bot.lookup import find_topic
from monitor.bot.request import Context, Reply, known_chat
from monitor.bot.times import OFF, read_interval, read_span
from monitor.core.delivery.preferences import EVERY_TOPIC, digest_text, next_digest
from monitor.i18n.localizer import LANGUAGES, Localizer, note
from monitor.model import Button, Buttons, Chat, Digest, QuietHours, Subscription

DIGESTS = ("hourly", "daily 08:00", "daily 18:00", "weekly mon 08:00")
QUIETS = ("22:00-07:00", "23:00-08:00", "00:00-09:00")
BUDGETS = (None, 5, 10, 30)
LEAST_OUTLETS = (1, 2, 3, 5)
MOST_OUTLETS, MOST_LANGUAGES = 100, 24
MOST_WORDS = 5
"""Of an interval: *every week on monday 8*."""
# Settings that go round at each press: field → value → what the button says.
CYCLES: Mapping[str, Mapping[str, str]] = {
    "preview": {
        "off": note("Link previews: none"),
        "small": note("Link previews: small"),
        "large": note("Link previews: large"),
    },
    "silent": {
        "never": note("Sound: always"),
        "night": note("Sound: not at night"),
        "always": note("Sound: never"),
    },
    "safe_links": {
        "off": note("Safe links: off"),
        "plain": note("Safe links: neutral words"),
        "archive": note("Safe links: archived copy"),
    },
    "pictures": {
        "off": note("Pictures: no"),
        "one": note("Pictures: one"),
        "album": note("Pictures: all, at most ten"),
    },
}


def settings(context: Context) -> Reply:
    """All of it on one page."""
    return settings_page(context.localizer, known_chat(context))


def settings_page(tr: Localizer, chat: Chat, *, edit: bool = False) -> Reply:
    """As ``settings``, for a chat as it will be."""
    lines = [
        tr.say("Language: {language}", language=LANGUAGES.get(chat.language, chat.language)) + " /language",
        tr.say("Time zone: {zone}", zone=chat.timezone) + " /zone",
        tr.say("Digest: {digest}", digest=digest_name(chat.digest, tr)) + " /digest",
        tr.say("Quiet hours: {hours}", hours=quiet_name(chat.quiet, tr)) + " /quiet",
        tr.say("Press to change:"),
    ]
    rows: list[tuple[Button, ...]] = []
    for field, names in CYCLES.items():
        now = str(getattr(chat, field))
        values = list(names)
        after = values[(values.index(now) + 1) % len(values)] if now in values else values[0]
        text = tr.plain(names.get(now, names[values[0]]))
        rows.append((Button(text=text, action=f"s:{field}:{after}"),))
    rows.append((_budget_button(chat, tr),))
    return Reply(html="\n".join(lines), buttons=tuple(rows), edit=edit)


def setting_chosen(context: Context, field: str, value: str) -> Reply:
    """A pressed setting."""
    said, chat = context.localizer, known_chat(context)
    if field == "budget" and (not value or value in {str(item) for item in BUDGETS}):
        change: dict[str, object] = {"hourly_budget": int(value) if value else None}
    elif value in CYCLES.get(field, {}):
        change = {field: value}
    else:
        return Reply()
    after = replace(chat, **change)  # type: ignore[arg-type] # the field's own type
    page = settings_page(said, after, edit=True)
    return Reply(html=page.html, buttons=page.buttons, edit=True, changes=prefer(context, change))


def digest(context: Context) -> Reply:
    """``/digest``, ``/digest daily 8``, ``/digest potash weekly mon 8``, ``/digest potash off``."""
    said, chat = context.localizer, known_chat(context)
    if not context.request.argument:
        return digest_page(said, chat)
    chosen, rest = _digest_at_end(context.request.argument)
    if chosen is None:
        return Reply(
            html=said.say(
                "Write <code>/digest hourly</code>, <code>/digest daily 08:00</code>, "
                "<code>/digest weekly mon 08:00</code> or <code>/digest off</code>; with a topic before it, "
                "that topic only."
            )
        )
    if rest:
        return _digest_of_topic(context, rest, chosen)
    wish = chosen if isinstance(chosen, Digest) else None
    return Reply(html=_digest_said(context, said, chat, wish), changes=prefer(context, {"digest": wish}))


def digest_page(tr: Localizer, chat: Chat, *, edit: bool = False) -> Reply:
    """The commonest digests as buttons."""
    now = digest_text(chat.digest) if chat.digest else "off"
    rows = [
        (
            Button(
                text=("✅ " if name == now else "") + digest_name(read_interval(name), tr),
                action=f"d:{name}",
            ),
        )
        for name in ("off", *DIGESTS)
    ]
    text = tr.say("When do alerts come? Others: <code>/digest daily 07:30</code>.")
    return Reply(html=text, buttons=tuple(rows), edit=edit)


def digest_chosen(context: Context, name: str) -> Reply:
    """A pressed digest."""
    if name not in {"off", *DIGESTS}:
        return Reply()
    said, wish = context.localizer, read_interval(name)
    chat = replace(known_chat(context), digest=wish)
    return Reply(
        html=_digest_said(context, said, chat, wish),
        buttons=digest_page(said, chat).buttons,
        edit=True,
        changes=prefer(context, {"digest": wish}),
    )


def quiet(context: Context) -> Reply:
    """``/quiet``, ``/quiet 23-7``, ``/quiet off``."""
    said, chat = context.localizer, known_chat(context)
    if not context.request.argument:
        return quiet_page(said, chat)
    if context.request.argument.casefold() in OFF:
        return Reply(html=_quiet_said(said, chat, None), changes=prefer(context, {"quiet": None}))
    hours = read_span(context.request.argument)
    if hours is None:
        return Reply(html=said.say("Write <code>/quiet 23:00-07:00</code> or <code>/quiet off</code>."))
    return Reply(html=_quiet_said(said, chat, hours), changes=prefer(context, {"quiet": hours}))


def quiet_page(tr: Localizer, chat: Chat, *, edit: bool = False) -> Reply:
    """The commonest quiet hours as buttons."""
    now = _quiet_text(chat.quiet) if chat.quiet else "off"
    rows: Buttons = tuple(
        (Button(text=("✅ " if name == now else "") + _quiet_label(name, tr), action=f"q:{name}"),)
        for name in ("off", *QUIETS)
    )
    text = tr.say(
        "When shall I be quiet? What happens meanwhile comes afterwards. Zone: {zone}. "
        "Others: <code>/quiet 21:30-06:00</code>.",
        zone=chat.timezone,
    )
    return Reply(html=text, buttons=rows, edit=edit)


def quiet_chosen(context: Context, name: str) -> Reply:
    """Pressed quiet hours."""
    if name not in {"off", *QUIETS}:
        return Reply()
    said, wish = context.localizer, None if name == "off" else read_span(name)
    chat = replace(known_chat(context), quiet=wish)
    return Reply(
        html=_quiet_said(said, chat, wish),
        buttons=quiet_page(said, chat).buttons,
        edit=True,
        changes=prefer(context, {"quiet": wish}),
    )


def filter_(context: Context) -> Reply:
    """``/filter 3``, ``/filter en, ru``, ``/filter off``; without words what is chosen, with buttons."""
    said, words = context.localizer, context.request.argument.casefold().replace(",", " ").split()
    if not words:
        return filter_page(context, known_chat(context))
    change: dict[str, object] = {}
    if words[0] in OFF:
        change = {"languages": (), "least_outlets": 1}
    elif (
        len(words) == 1
        and words[0].isascii()
        and words[0].isdigit()
        and 1 <= int(words[0][:4]) <= MOST_OUTLETS
    ):
        change = {"least_outlets": int(words[0])}
    else:
        named = {name.casefold(): code for code, name in said.locale.languages.items()}
        codes = [word if word in said.locale.languages else named.get(word) for word in words]
        if None not in codes:
            change = {"languages": tuple(dict.fromkeys(code for code in codes if code))}
    if not change:
        return Reply(
            html=said.say(
                "Write <code>/filter 3</code> for stories of three outlets or more, "
                "<code>/filter en ru</code> for articles in these languages, or <code>/filter off</code>."
            )
        )
    after = replace(known_chat(context), **change)  # type: ignore[arg-type] # the fields' own types
    return replace(filter_page(context, after), changes=prefer(context, change))


def filter_page(context: Context, chat: Chat, *, edit: bool = False) -> Reply:
    """What is let through, with buttons: the least number of outlets, the languages of the sources."""
    tr = context.localizer
    outlets = tr.many(
        "Stories of at least {count} outlet", "Stories of at least {count} outlets", chat.least_outlets
    )
    languages = ", ".join(map(tr.language_name, chat.languages)) or tr.plain("all")
    lines = [
        outlets if chat.least_outlets > 1 else tr.say("Stories: all"),
        tr.say("Languages: {languages}", languages=languages),
        tr.say("A story that one outlet has comes when enough others write about it. Press to change:"),
    ]
    row = tuple(
        Button(text=("✅ " if count == chat.least_outlets else "") + f"≥ {count}", action=f"fo:{count}")
        for count in LEAST_OUTLETS
    )
    cells = [
        Button(text=("✅ " if code in chat.languages else "") + tr.language_name(code), action=f"fl:{code}")
        for code in _source_languages(context)
    ]
    rows = (row, *(tuple(cells[at : at + 3]) for at in range(0, len(cells), 3)))
    return Reply(html="\n".join(map(str, lines)), buttons=rows, edit=edit)


def outlets_chosen(context: Context, count: int) -> Reply:
    """A pressed number of outlets."""
    if count not in LEAST_OUTLETS:
        return Reply()
    after = replace(known_chat(context), least_outlets=count)
    page = filter_page(context, after, edit=True)
    return replace(page, changes=prefer(context, {"least_outlets": count}))


def language_filtered(context: Context, code: str) -> Reply:
    """A pressed language: taken, or left out again; without any, all are wanted."""
    chat = known_chat(context)
    if code not in _source_languages(context):
        return Reply()
    left = tuple(item for item in chat.languages if item != code)
    chosen = left if code in chat.languages else (*left, code)
    page = filter_page(context, replace(chat, languages=chosen), edit=True)
    return replace(page, changes=prefer(context, {"languages": chosen}))


def _source_languages(context: Context) -> list[str]:
    codes = {item.language.partition("-")[0] for item in context.rulebook.sources.values() if item.language}
    return sorted(codes | set(known_chat(context).languages))[:MOST_LANGUAGES]


def digest_name(chosen: Digest | None, tr: Localizer) -> str:
    """A digest in words."""
    if chosen is None:
        return tr.plain("at once")
    if chosen.every == "hourly":
        return tr.plain("every hour")
    at = tr.clock(chosen.at)
    if chosen.every == "daily":
        return tr.plain("every day at {time}", time=at)
    return tr.plain("every week: {day}, {time}", day=tr.weekday(chosen.weekday), time=at)


def quiet_name(hours: QuietHours | None, tr: Localizer) -> str:
    """Quiet hours in words."""
    return tr.plain("none") if hours is None else _quiet_text(hours).replace("-", "–")


def prefer(context: Context, fields: Mapping[str, object]) -> tuple[Change, ...]:
    """What sets these fields of the chat, made first where it is not known yet."""
    made = (SaveChat(chat=known_chat(context)),) if context.chat is None else ()
    return (*made, Prefer(chat_id=context.request.chat_id, fields=fields))


def _budget_button(chat: Chat, tr: Localizer) -> Button:
    now = chat.hourly_budget
    after = BUDGETS[(BUDGETS.index(now) + 1) % len(BUDGETS)] if now in BUDGETS else None
    text = tr.plain("Alerts an hour: no limit of your own")
    if now is not None:
        text = tr.many_plain("At most {count} alert an hour", "At most {count} alerts an hour", now)
    return Button(text=text, action=f"s:budget:{after or ''}")


def _digest_of_topic(context: Context, name: str, chosen: Digest | str) -> Reply:
    said, chat = context.localizer, known_chat(context)
    mine = {item.id: item.title.casefold() for item in context.store.watches.of_chat(context.request.chat_id)}
    topic_id = find_topic(context.rulebook, name)
    topic_id = topic_id or next((key for key, title in mine.items() if title == name.casefold()), None)
    if topic_id is None or topic_id == EVERY_TOPIC:
        return unknown_topic(context, name)
    mode = "digest" if isinstance(chosen, Digest) else "urgent"
    wish = chosen if isinstance(chosen, Digest) else None
    subscription = Subscription(
        chat_id=context.request.chat_id,
        topic_id=topic_id,
        mode="digest" if mode == "digest" else "urgent",
        digest=wish,
    )
    made = (SaveChat(chat=chat),) if context.chat is None else ()
    text = said.say(
        "Alerts about {topic}: {digest}.", topic=bold(context, said, topic_id), digest=digest_name(wish, said)
    )
    return Reply(html=text, changes=(*made, Subscribe(subscription=subscription)))


def _digest_at_end(text: str) -> tuple[Digest | str | None, str]:
    """The longest digest at the end of the words, and what stands before it."""
    words = text.split()
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        tail = " ".join(words[-count:]).casefold()
        found = "off" if tail in OFF else read_interval(tail)
        if found is not None:
            return found, " ".join(words[:-count])
    return None, text


def _digest_said(context: Context, tr: Localizer, chat: Chat, wish: Digest | None) -> str:
    if wish is None:
        return tr.say("Alerts come at once.")
    due = tr.moment(next_digest(chat, wish, context.now), chat.timezone, context.now)
    return tr.say(
        "Alerts are collected: {digest}. The next digest is due at {moment}.",
        digest=digest_name(wish, tr),
        moment=due,
    )


def _quiet_text(hours: QuietHours) -> str:
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}"


def _quiet_label(name: str, tr: Localizer) -> str:
    return tr.plain("no quiet hours") if name == "off" else name.replace("-", "–")


def _quiet_said(tr: Localizer, chat: Chat, hours: QuietHours | None) -> str:
    if hours is None:
        return tr.say("No quiet hours: alerts come at any time.")
    return tr.say("Quiet from {start} to {end} ({zone}). What happens meanwhile comes afterwards.",
                    start=tr.clock(hours.start), end=tr.clock(hours.end), zone=chat.timezone)  # fmt: skip
