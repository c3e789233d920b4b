"""What a chat is told when an article that it was alerted of has changed: which words went, which came."""

from __future__ import annotations

from html import escape
from typing import Final

from monitor.core.delivery.payload_json import payload_json
from monitor.core.message.alert import REPEAT_MARK, cut
from monitor.core.message.word_changes import WordRun, changes_html, changes_plain, word_changes
from monitor.i18n.localizer import Localizer, localizer, note
from monitor.model import Chat, Correction, Delivery, Message

MOST: Final = 4
LINE_UNITS: Final = 700

_NAMES: Final = {
    "headline": note("Headline changed"),
    "match": note("Matched sentence changed"),
    "number": note("Number changed"),
    "name": note("Name or place changed"),
    "vanished": note("The page is gone"),
}

_CHANGED: Final = note("Changed")


def render_revision(
    correction: Correction, delivery: Delivery, chat: Chat, *, reply_to: str | None
) -> Message:
    """The reply to an alert (the message ``reply_to``). A safe chat learns only that it changed."""
    tr = localizer(chat.language)
    if chat.safe_links != "off":
        return _safe(delivery, tr, reply_to)
    headline, outlet = correction.headline, correction.outlet
    html_lines, plain_lines = (
        [f"<b>{escape(outlet)}</b>: {escape(cut(headline, LINE_UNITS // 2))}"],
        [f"{outlet}: {cut(headline, LINE_UNITS // 2)}"],
    )
    for what, before, after in correction.changes[:MOST]:
        name = tr.plain(_NAMES.get(what, _CHANGED))
        html_lines.append(f"<i>{name}</i>")
        plain_lines.append(name)
        for pieces in _shown(before, after):
            html_lines.append(changes_html(pieces, LINE_UNITS // 2))
            plain_lines.append(changes_plain(pieces, LINE_UNITS // 2))
    if len(correction.changes) > MOST:
        more = tr.many_plain("… and {count} more", "… and {count} more", len(correction.changes) - MOST)
        html_lines.append(more)
        plain_lines.append(more)
    if delivery.uncertain_sends:
        html_lines.append(tr.plain(REPEAT_MARK))
        plain_lines.append(tr.plain(REPEAT_MARK))
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else "\n".join(html_lines),
        plain="\n".join(plain_lines),
        subject=headline,
        url=correction.url,
        silent=True,
        reply_to=reply_to,
        data={
            "kind": "revision",
            "key": delivery.key,
            **payload_json(correction),
            "possible_repeat": bool(delivery.uncertain_sends),
        },
    )


def _safe(delivery: Delivery, tr: Localizer, reply_to: str | None) -> Message:
    text = tr.plain("An article that you were told of has changed.")
    if delivery.uncertain_sends:
        text = f"{text}\n{tr.plain(REPEAT_MARK)}"
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else escape(text, quote=False),
        plain=text,
        subject=text,
        silent=True,
        reply_to=reply_to,
        data={"kind": "revision", "key": delivery.key, "possible_repeat": bool(delivery.uncertain_sends)},
    )


def _shown(before: str, after: str) -> list[tuple[WordRun, ...]]:
    """One line with both wordings; two where they share too little to stand in one."""
    pieces = word_changes(before, after)
    if {piece.kind for piece in pieces} <= {"old", "new"}:
        return [(piece,) for piece in pieces]
    return [pieces]
