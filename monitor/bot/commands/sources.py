"""/sources: the outlets that are watched, to mute and hear again. /add: an editor adds some."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from monitor.bot.additions import MOST_OFFERS, Offer, listed
from monitor.bot.effects import AddDraft, AddSources, Change, MuteIt, TakeDraft, Unmute
from monitor.bot.lookup import by_token, find_outlets
from monitor.bot.permissions import at_least
from monitor.bot.request import Context, Reply, fresh_draft, known_chat, opened
from monitor.bot.views import PAGE, TITLE_CHARACTERS, button, pack, paged, short
from monitor.config import Additions
from monitor.core.delivery.preferences import is_muted
from monitor.core.message.alert import tier_name
from monitor.core.message.callback import token
from monitor.core.source.failure_reason import failure_of
from monitor.errors import FetchError
from monitor.i18n.localizer import Localizer
from monitor.model import Button, Chat, Mute, Source

ADDED: Final = "sources"
"""The kind of a draft that holds what /add offered."""
LONGEST_ADDRESS: Final = 2000
SHOWN: Final = 10
NAME: Final = 60


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


def add(context: Context) -> Reply:
    """``/add URL``: what a site offers, with buttons; ``/add`` and the address of an OPML file: all of it."""
    said, address, adds = context.localizer, context.request.argument.strip(), context.additions
    if adds is None:
        return Reply(html=said.say("Nothing can be added from here: I do not know where the config lies."))
    if context.request.document is not None:
        records = listed(context.request.document)
        if not records:
            return Reply(html=said.say("This file is no list of a feed reader (OPML) of at most 1 MB."))
        offers = tuple(Offer(record=record, headlines=()) for record in records)
        return _offers(context, offers, adds.sorted(records))
    if not address or " " in address:
        return Reply(
            html=said.say(
                "Write <code>/add outlet.example</code>: I look at what the site offers. The address of a "
                "feed reader's list (OPML), or the list as a file, adds all of it."
            )
        )
    with adds.looking() as free:
        if not free:
            return Reply(
                html=said.say("I am looking at another site just now. Please try again in a minute.")
            )
        try:
            offers = adds.offered(address[:LONGEST_ADDRESS])
        except FetchError as error:
            return Reply(html=str(Markup.escape(said.told(failure_of(error).text))))
    if not offers:
        return Reply(html=said.say("I found nothing to read at {url}.", url=address[:LONGEST_ADDRESS]))
    return _offers(context, offers, adds.sorted([offer.record for offer in offers]))


def confirmed(context: Context, draft_id: str, which: str) -> Reply:
    """A pressed ✔: one of the offers, or all of a list. Only the first press writes."""
    said, adds = context.localizer, context.additions
    draft = context.store.people.draft(draft_id, context.now)
    if draft is None or draft.kind != ADDED or draft.user_id != context.request.user_id:
        return Reply(toast=said.plain("This offer has ended. Write /add again."), popup=True)
    if adds is None or not at_least(context.role, "editor"):
        return Reply(
            toast=said.plain("/{command} is for the editors of this bot.", command="add"), popup=True
        )
    records = json.loads(draft.about)
    chosen = records if which == "all" else records[_place(which) : _place(which) + 1]
    new = adds.sorted(chosen).new
    if not new:
        return Reply(html=said.say("Nothing was added: it is watched already."), edit=True)
    names = ", ".join(short(str(record.get("name") or record["id"]), NAME) for record in new[:SHOWN])
    more = f" +{len(new) - SHOWN}" if len(new) > SHOWN else ""
    text = said.say("Added: {names}. I read it from now on.", names=names + more)
    return Reply(
        html=text, edit=True, changes=(TakeDraft(draft_id=draft.id), AddSources(records=tuple(chosen)))
    )


def _offers(context: Context, offers: Sequence[Offer], found: Additions) -> Reply:
    """What would be added, with a button each, or one for a long list."""
    said = context.localizer
    draft = fresh_draft(
        context, ADDED, json.dumps([dict(offer.record) for offer in offers], ensure_ascii=False)
    )
    lines = [str(said.say("{name} is watched already.", name=each.name)) for each in found.known[:SHOWN]]
    if found.wrong:
        wrong = len(found.wrong)
        lines.append(str(said.many("{count} entry is no source.", "{count} entries are no sources.", wrong)))
    if not found.new:
        return Reply(html=pack([*lines, said.say("Nothing was added: it is watched already.")], said))
    if not any(offer.headlines for offer in offers):
        head = said.many("{count} outlet is new:", "{count} outlets are new:", len(found.new))
        names = [str(Markup.escape(str(each.get("name") or each["url"]))) for each in found.new]
        every = (Button(text=said.plain("✔ Add all"), action=f"a+:{draft.id}:all"),)
        return Reply(
            html=pack([*lines, str(head), *names], said), buttons=(every,), changes=(AddDraft(draft=draft),)
        )
    new = {str(each["url"]) for each in found.new}
    rows = []
    for number, offer in enumerate(offers):
        if str(offer.record["url"]) not in new:
            continue
        name, kind = str(offer.record["name"]), str(offer.record["kind"])
        lines.append(Markup("<b>{}</b> ({})\n{}").format(name, kind, offer.record["url"]))
        lines += [str(Markup("• {}").format(short(title, TITLE_CHARACTERS))) for title in offer.headlines]
        rows.append((button(f"✔ {name} ({kind})", f"a+:{draft.id}:{number}"),))
    return Reply(html=pack(map(str, lines), said), buttons=tuple(rows), changes=(AddDraft(draft=draft),))


def _place(which: str) -> int:
    return int(which) if which.isascii() and which.isdigit() and len(which) < 3 else MOST_OFFERS  # noqa: PLR2004
