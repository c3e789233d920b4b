"""Alerts on standard output: styled blocks in a terminal, plain text elsewhere.

Colour follows the terminal and the ``NO_COLOR`` convention.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Final, TextIO

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from rich.style import Style
from rich.text import Text

from monitor.core.rulebook import Rulebook
from monitor.core.text.clean import printable
from monitor.model import Chat, Message, Receipt, Sent, Skipped
from monitor.ports import Channel, ChannelKind

STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "strike",
    "code": "cyan",
    "pre": "cyan",
}


KINDS: Final[Mapping[str, str]] = {
    "reply": "reply",
    "revision": "correction",
    "digest": "digest",
    "notice": "notice",
}
"""What the line above a message says that it is; an alert needs no name."""


class ConsoleOptions(BaseModel):
    """``edits``: an edited alert is told in a line of its own. ``glosses``: a line in another language under
    the article of an address (without its query)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    edits: bool = False
    glosses: dict[str, str] = {}


class ConsoleChannel:
    """Prints one message at a time, whichever thread it comes from.

    Args:
        out: where to print; None is the standard output of the moment.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._lock = threading.Lock()

    def send(self, chat: Chat, message: Message) -> Receipt:
        """Print the message as a block, pictures as addresses.

        What is printed stays: edits are quiet, or a line of their own where the chat wants them.
        """
        if message.edit_of is not None:
            return self._edited(chat, message)
        kind = KINDS.get(str(message.data.get("kind", "")))
        gloss = _gloss(chat, message.url)
        with self._lock:
            out = self._out or sys.stdout
            console = Console(file=out, soft_wrap=True, highlight=False)
            name = " · ".join(filter(None, (printable(chat.title or chat.address), kind)))
            if console.is_terminal:
                console.rule(Text(name, style="dim"), align="left", style="dim")
                body = styled(message.html) if message.html else Text(printable(message.plain))
                console.print(body)
                if gloss:
                    console.print(Text(f"≈ {gloss}", style="italic"))
                for address in filter(None, (message.url, *message.pictures)):
                    console.print(Text(printable(address), style="dim"))
                console.print()
            else:
                glossed = (f"≈ {gloss}",) if gloss else ()
                lines = "\n".join((message.plain, *message.pictures, *glossed))
                out.write(f"── {name} ──\n{printable(lines)}\n\n")
            out.flush()
        return Sent(message_id=message.key)

    def _edited(self, chat: Chat, message: Message) -> Receipt:
        if not chat.options.get("edits"):
            return Skipped(reason="what is printed stays")
        also = message.data.get("also_in")
        names = ", ".join(map(str, also)) if isinstance(also, list) else ""
        line = f"✎ edit: {message.data.get('headline', '')} · also in: {names or '–'}"
        with self._lock:
            out = self._out or sys.stdout
            Console(file=out, soft_wrap=True, highlight=False).print(Text(printable(line), style="dim"))
            out.write("\n")
            out.flush()
        return Sent(message_id=message.edit_of or message.key)

    def close(self) -> None:
        """Standard output belongs to the process."""


def _gloss(chat: Chat, url: str) -> str:
    known = chat.options.get("glosses")
    return printable(str(known.get(url.partition("?")[0], ""))) if isinstance(known, Mapping) else ""


class _Styler(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = Text()
        self._styles: list[Style] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        style = Style.parse(STYLES.get(tag, ""))
        address = dict(attrs).get("href") or ""
        if tag == "a" and address.startswith(("http://", "https://")) and address.isprintable():
            style = Style(link=address)
        self._styles.append(style)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the library's signature
        if self._styles:
            self._styles.pop()

    def handle_data(self, data: str) -> None:
        self.text.append(printable(data), style=Style.combine([Style.null(), *self._styles]))


def styled(html: str) -> Text:
    """Telegram's HTML as rich text: bold stays bold, links can be clicked."""
    styler = _Styler()
    styler.feed(html)
    styler.close()
    return styler.text


def open_channel(_rulebook: Rulebook) -> Channel:
    """The console needs nothing from the settings."""
    return ConsoleChannel()


def is_group(_address: str) -> bool:
    """A console has no groups."""
    return False


KIND = ChannelKind(name="console", options=ConsoleOptions, open=open_channel, is_group=is_group)
