"""/sources: the outlets that are watched, each with a button that mutes it or hears it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from monitor.bot.effects import Change, MuteIt, Unmute
from monitor.bot.lookup import by_token, find_outlets
from monitor.bot.request import Context, Reply, known_chat, opened
from monitor.bot.views import PAGE, button, pack, paged
from monitor.core.delivery.preferences import is_muted
from monitor.core.message.alert import tier_name
from monitor.core.message.callback import token
from monitor.i18n.localizer import Localizer
from monitor.model import Chat, Mute, Source


def sources(context: Context) -> Reply:
    """A page of outlets; with words, those whose names have them."""
    said, wanted = context.localizer, context.request.argument
    if not wanted:
        return sources_page(context, known_chat(context), 0)
    found = find_outlets(context.rulebook, wanted, most=PAGE)
    if not found:
        return Reply(
            html=said.say("I watch no outlet called “{name}”. /sources lists them.", name=wanted[:60])
        )
    return _list(context, known_chat(context), found, page=0, count=len(found))


def sources_page(context: Context, chat: Chat, page: int, *, edit: bool = False) -> Reply:
    """As ``sources``, for a chat as it will be."""
    every = sorted(context.rulebook.sources.values(), key=lambda item: (item.name.casefold(), item.id))
    page = min(max(page, 0), max(len(every) - 1, 0) // PAGE)
    shown = _list(context, chat, every[page * PAGE : (page + 1) * PAGE], page=page, count=len(every))
    return replace(shown, edit=edit)


def switched(context: Context, name: str, page: int, *, hear: bool) -> Reply:
    """A pressed outlet. A second press of an old button changes nothing: it says what is to be."""
    said, chat, known = context.localizer, known_chat(context), context.rulebook.sources
    source_id = by_token(name, known)
    if source_id is None:
        return Reply(toast=said.plain("This outlet is not watched any more."))
    mute = Mute(kind="outlet", target=source_id, title=known[source_id].name)
    left = tuple(item for item in chat.mutes if (item.kind, item.target) != ("outlet", source_id))
    after = replace(chat, mutes=left if hear else (*left, mute))
    chat_id = context.request.chat_id
    change: Change = Unmute(chat_id=chat_id, mute=mute) if hear else MuteIt(chat_id=chat_id, mute=mute)
    toast = said.plain("You hear of it again.") if hear else said.plain("Muted: {what}", what=mute.title)
    page_shown = sources_page(context, after, page, edit=True)
    return replace(page_shown, changes=(*opened(context), change), toast=toast)


def _list(context: Context, chat: Chat, shown: Sequence[Source], *, page: int, count: int) -> Reply:
    said = context.localizer
    lines, switches = [], []
    for item in shown:
        muted = is_muted(chat, "outlet", item.id, context.now)
        mark, sign = ("🔕", "+") if muted else ("🔔", "-")
        lines.append(Markup("{} {}").format(mark, ", ".join(_facts(item, said))))
        switches.append(button(f"{mark} {item.name}", f"o{sign}:{token(item.id)}:{page}"))
    head = said.many("I watch {count} outlet.", "I watch {count} outlets.", len(context.rulebook.sources))
    how = said.say("Press one to mute it 🔕 or to hear it 🔔. By name: <code>/sources herald</code>.")
    return Reply(
        html=pack([head, how, "", *map(str, lines)], said), buttons=paged(switches, page, count, "o")
    )


def _facts(item: Source, tr: Localizer) -> tuple[str, ...]:
    tier = tier_name(item.tier, tr) if item.tier else ""
    language = tr.language_name(item.language) if item.language else ""
    return tuple(fact for fact in (item.name, tier, language) if fact)
