"""Whether pictures follow an alert: /pictures."""

from __future__ import annotations

from dataclasses import replace

from monitor.bot.commands.preferences import CYCLES, prefer
from monitor.bot.request import Context, Reply, known_chat
from monitor.bot.times import OFF
from monitor.i18n.localizer import Localizer
from monitor.model import Button, Buttons, Chat


def pictures(context: Context) -> Reply:
    """``/pictures``, ``/pictures one``, ``/pictures album``, ``/pictures off``."""
    said, chat = context.localizer, known_chat(context)
    wish = "off" if context.request.argument.casefold() in OFF else context.request.argument.casefold()
    if wish not in CYCLES["pictures"]:
        return pictures_page(said, chat)
    return replace(pictures_chosen(context, wish), edit=False)


def pictures_page(tr: Localizer, chat: Chat, *, edit: bool = False) -> Reply:
    """What may follow an alert, as buttons."""
    rows: Buttons = tuple(
        (Button(text=("✅ " if value == chat.pictures else "") + tr.plain(name), action=f"p:{value}"),)
        for value, name in CYCLES["pictures"].items()
    )
    text = tr.say(
        "Shall an article's pictures follow its alert? They come as a message of their own, without a sound. "
        "With safe links none come."
    )
    return Reply(html=text, buttons=rows, edit=edit)


def pictures_chosen(context: Context, value: str) -> Reply:
    """A pressed wish for pictures."""
    if value not in CYCLES["pictures"]:
        return Reply()
    wish = {"pictures": value}
    chat = replace(known_chat(context), **wish)  # type: ignore[arg-type] # the field's own type
    page = pictures_page(context.localizer, chat, edit=True)
    return replace(page, changes=prefer(context, wish))
