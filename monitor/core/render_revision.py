"""What a chat is told when an article it was alerted of has changed: what stood there, what stands now."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Final

from monitor.core.text import utf16_length
from monitor.core.words import Words, note, words
from monitor.model import Chat, Delivery, Message

MOST: Final = 4
LINE_UNITS: Final = 700

_NAMES: Final = {
    "headline": note("Headline changed"),
    "match": note("Matched sentence changed"),
    "number": note("Number changed"),
    "name": note("Name changed"),
    "vanished": note("The page is gone"),
}

_CHANGED: Final = note("Changed")


def render_revision(delivery: Delivery, chat: Chat, _now: datetime) -> Message:
    """The reply to an alert; the caller says to which message. A safe chat learns only that it changed."""
    said = words(chat.language)
    if chat.safe_links != "off":
        return _safe(delivery, said)
    told = _changes(delivery.payload.get("changes"))
    headline, outlet = str(delivery.payload["headline"]), str(delivery.payload["outlet"])
    html_lines, plain_lines = (
        [f"<b>{escape(outlet)}</b>: {escape(_cut(headline))}"],
        [f"{outlet}: {_cut(headline)}"],
    )
    for what, before, after in told[:MOST]:
        name = said.plain(_NAMES.get(what, _CHANGED))
        html_lines.append(f"<i>{name}</i>")
        plain_lines.append(name)
        html_lines += [f"<s>{escape(_cut(before), quote=False)}</s>"] if before else []
        plain_lines += [f"− {_cut(before)}"] if before else []
        html_lines += [escape(_cut(after), quote=False)] if after else []
        plain_lines += [f"+ {_cut(after)}"] if after else []
    if len(told) > MOST:
        more = said.many_plain("… and {count} more", "… and {count} more", len(told) - MOST)
        html_lines.append(more)
        plain_lines.append(more)
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else "\n".join(html_lines),
        plain="\n".join(plain_lines),
        subject=headline,
        url=str(delivery.payload["url"]),
        silent=True,
        data={
            "kind": "revision",
            "key": delivery.key,
            **delivery.payload,
            "possible_repeat": bool(delivery.doubts),
        },
    )


def _safe(delivery: Delivery, said: Words) -> Message:
    text = said.plain("An article that you were told of has changed.")
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else escape(text, quote=False),
        plain=text,
        subject=text,
        silent=True,
        data={"kind": "revision", "key": delivery.key, "possible_repeat": bool(delivery.doubts)},
    )


def _changes(rows: object) -> list[tuple[str, str, str]]:
    found = rows if isinstance(rows, list) else []
    return [(str(what), str(before), str(after)) for what, before, after in found]


def _cut(text: str) -> str:
    """Well under the limit of a message with four changes, whatever the script."""
    while utf16_length(text) > LINE_UNITS // 2:
        text = text[: len(text) * 4 // 5].rstrip() + "…"
    return text
