"""What a chat is told when an article it was alerted of has changed: what stood there, what stands now."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Final

from monitor.core.text import utf16_length
from monitor.model import Chat, Delivery, Message

MOST: Final = 4
LINE_UNITS: Final = 700

_NAMES: Final = {
    "headline": "Headline changed",
    "match": "Matched sentence changed",
    "number": "Number changed",
    "name": "Name changed",
    "vanished": "The page is gone",
}


def render_revision(delivery: Delivery, _chat: Chat, _now: datetime) -> Message:
    """The reply to an alert; the caller says to which message."""
    told = _changes(delivery.payload.get("changes"))
    headline, outlet = str(delivery.payload["headline"]), str(delivery.payload["outlet"])
    html_lines, plain_lines = (
        [f"<b>{escape(outlet)}</b>: {escape(_cut(headline))}"],
        [f"{outlet}: {_cut(headline)}"],
    )
    for what, before, after in told[:MOST]:
        name = _NAMES.get(what, "Changed")
        html_lines.append(f"<i>{name}</i>")
        plain_lines.append(name)
        html_lines += [f"<s>{escape(_cut(before), quote=False)}</s>"] if before else []
        plain_lines += [f"− {_cut(before)}"] if before else []
        html_lines += [escape(_cut(after), quote=False)] if after else []
        plain_lines += [f"+ {_cut(after)}"] if after else []
    if len(told) > MOST:
        html_lines.append(f"… and {len(told) - MOST} more")
        plain_lines.append(f"… and {len(told) - MOST} more")
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


def _changes(rows: object) -> list[tuple[str, str, str]]:
    found = rows if isinstance(rows, list) else []
    return [(str(what), str(before), str(after)) for what, before, after in found]


def _cut(text: str) -> str:
    """Well under the limit of a message with four changes, whatever the script."""
    while utf16_length(text) > LINE_UNITS // 2:
        text = text[: len(text) * 4 // 5].rstrip() + "…"
    return text
