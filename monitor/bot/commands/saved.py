"""/saved: alerts that a chat keeps, each with a link to share it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from monitor.bot.commands.alerts import alert_of, back_to_alert, gone
from monitor.bot.effects import SaveAlert, UnsaveAlert
from monitor.bot.lookup import by_token
from monitor.bot.permissions import may_change
from monitor.bot.request import Context, Reply, known_chat, opened
from monitor.bot.views import TITLE_CHARACTERS, button, linked, pack, share_address, short
from monitor.core.message.alert import link_to
from monitor.core.message.callback import token
from monitor.model import SavedAlert

SHOWN = 20


def saved(context: Context) -> Reply:
    """As a reply to an alert it keeps that one; else the list, each with a button that takes it out."""
    about = alert_of(context) if context.request.reply_to else None
    if about is None or not may_change(context):
        return saved_page(context, context.store.saved_alerts.of_chat(context.request.chat_id))
    kept = saved_by_button(context, about.delivery.key)
    return Reply(html=Markup.escape(kept.toast), changes=kept.changes)


def saved_page(context: Context, mine: Sequence[SavedAlert], *, edit: bool = False) -> Reply:
    """As ``saved``, for these. A chat with safe links sees when it saved something, not what."""
    said, chat = context.localizer, known_chat(context)
    how = said.say("⭐ under an alert keeps it here.")
    if not mine:
        return Reply(html=said.say("Nothing is saved.") + " " + how, edit=edit)
    lines, rows = [], []
    for number, item in enumerate(mine[:SHOWN], start=1):
        moment = said.moment(item.at, chat.timezone, context.now)
        title, name = short(item.headline, TITLE_CHARACTERS), item.headline
        if chat.safe_links != "off":
            lines.append(Markup("{}. {}").format(number, linked(link_to(item.url, chat), moment)))
            name = str(number)
        else:
            share = linked(share_address(item.url, item.headline), said.plain("share"))
            lines.append(
                Markup("{}. {}\n{}, {} · {}").format(
                    number, linked(item.url, title), item.outlet, moment, share
                )
            )
        rows.append((button(f"🗑 {name}", f"sv-:{token(item.article_id)}"),))
    head = said.many("Saved: {count} alert.", "Saved: {count} alerts.", len(mine))
    return Reply(html=pack([head, *map(str, lines), "", how], said), buttons=tuple(rows), edit=edit)


def saved_by_button(context: Context, key: str) -> Reply:
    """The pressed ⭐ of an alert."""
    said, about = context.localizer, alert_of(context, key)
    if about is None:
        return gone(said)
    kept = SavedAlert(
        chat_id=context.request.chat_id,
        article_id=about.alert.article_id,
        headline=about.alert.headline,
        url=about.alert.url,
        outlet=about.alert.outlet,
        at=context.now,
    )
    return Reply(
        buttons=back_to_alert(context, key).buttons,
        keyboard=True,
        changes=(*opened(context), SaveAlert(alert=kept)),
        toast=said.plain("Saved. /saved lists what you keep."),
    )


def unsaved(context: Context, name: str) -> Reply:
    """A pressed 🗑 in the list."""
    mine = context.store.saved_alerts.of_chat(context.request.chat_id)
    article_id = by_token(name, [item.article_id for item in mine])
    shown = saved_page(context, [item for item in mine if item.article_id != article_id], edit=True)
    changes = (UnsaveAlert(chat_id=context.request.chat_id, article_id=article_id),) if article_id else ()
    return Reply(html=shown.html, buttons=shown.buttons, edit=True, changes=changes)
