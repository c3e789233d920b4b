"""Telegram's HTML as the Bot API server of the tests reads it.

Source: Bot API, "Formatting options", "HTML style". Where the real server leaves an unknown named
entity in the text, this one refuses it: a reader would see ``&nbsp;``, which is never meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

TAGS: dict[str, str] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
NAMED = frozenset({"lt", "gt", "amp", "quot"})

_TOKEN = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w-]*)(?P<rest>[^<>]*)>|(?P<open><)|[^<]+")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_NAMED_ENTITY = re.compile(r"&([A-Za-z]\w*);")


class BadEntities(ValueError):
    """The text is not Telegram's HTML; the message is what the Bot API would say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A piece of formatted text: ``offset`` and ``length`` count UTF-16 code units."""

    kind: str
    offset: int
    length: int
    url: str = ""

    def as_json(self) -> dict[str, object]:
        """The Bot API's ``MessageEntity``."""
        found: dict[str, object] = {
            "type": self.kind,
            "offset": self.offset,
            "length": self.length,
        }
        if self.kind == "text_link":
            found["url"] = self.url
        if self.kind == "custom_emoji":
            found["custom_emoji_id"] = self.url
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    name: str
    offset: int
    url: str


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(html: str) -> tuple[str, tuple[Entity, ...]]:
    """The text a reader sees, trimmed, and its entities. Raises ``BadEntities``."""
    text, entities, stack = "", [], list[_Open]()
    for token in _TOKEN.finditer(html):
        at = len(html[: token.start()].encode())
        if token["open"]:
            raise BadEntities(f"Unclosed start tag at byte offset {at}")
        if not token["name"]:
            text += _decode(token[0], at)
            continue
        name = token["name"].lower()
        if token["end"]:
            opened = _close(stack, name, at)
            length = units(text) - opened.offset
            if length:
                entities.append(Entity(kind=TAGS[name], offset=opened.offset, length=length, url=opened.url))
        else:
            url = _attribute_of(name, token["rest"], at)
            stack.append(_Open(name=name, offset=units(text), url=url))
    if stack:
        raise BadEntities(f'Can\'t find end tag corresponding to start tag "{stack[-1].name}"')
    return _trim(text, entities)


def _close(stack: list[_Open], name: str, at: int) -> _Open:
    if not stack:
        raise BadEntities(f"Unexpected end tag at byte offset {at}")
    opened = stack.pop()
    if opened.name != name:
        raise BadEntities(
            f'Unmatched end tag at byte offset {at}, expected "</{opened.name}>", found "</{name}>"'
        )
    return opened


def _attribute_of(name: str, rest: str, at: int) -> str:
    if name not in TAGS:
        raise BadEntities(f'Unsupported start tag "{name}" at byte offset {at}')
    found = {
        key.lower(): unescape(double or single or bare)
        for key, double, single, bare in _ATTRIBUTE.findall(rest)
    }
    if name == "span" and found.get("class") != "tg-spoiler":
        raise BadEntities(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    return found.get("emoji-id" if name == "tg-emoji" else "href", "")


def _decode(text: str, at: int) -> str:
    for found in _NAMED_ENTITY.finditer(text):
        if found[1] not in NAMED:
            raise BadEntities(f'Unsupported entity "{found[0]}" at byte offset {at}')
    return re.sub(r"&(?:lt|gt|amp|quot|#\d+|#[xX][0-9a-fA-F]+);", lambda m: unescape(m[0]), text)


def _trim(text: str, entities: list[Entity]) -> tuple[str, tuple[Entity, ...]]:
    cut = units(text) - units(text.lstrip())
    kept = text.strip()
    size = units(kept)
    moved = []
    for entity in sorted(entities, key=lambda item: (item.offset, -item.length)):
        start = max(entity.offset - cut, 0)
        end = min(entity.offset + entity.length - cut, size)
        # A link without an address is shown as plain text.
        if end > start and (entity.kind != "text_link" or entity.url):
            moved.append(Entity(kind=entity.kind, offset=start, length=end - start, url=entity.url))
    return kept, tuple(moved)
