"""What a document lists, as it stands there: the hand-off from the readers to ``entries``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from monitor.i18n.lazy import lazy

BROKEN: Final = lazy("the feed is broken XML and was read as far as it goes")


_IMAGE: Final = re.compile(r"\.(?:jpe?g|png|webp)(?:[?#]|$)", re.IGNORECASE)
_RELATIVE: Final = re.compile(r"(?![a-zA-Z][\w+.-]*+:)[^\s<>/]*+/[^\s<>]*+")


def whole_id(guid: str, base: str) -> str:
    """An identifier that is a relative address, in full (RFC 4287 §2); any other as it is."""
    if ":" in guid[:12] or "/" not in guid or not _RELATIVE.fullmatch(guid):
        return guid
    try:
        return urljoin(base, guid)
    except ValueError:
        return guid


def is_image(kind: str, address: str) -> bool:
    """Whether media are an image: by their type or medium, or by their name where neither is given."""
    if kind:
        return kind.strip().lower().partition("/")[0] == "image"
    return bool(_IMAGE.search(address))


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """One entry before it is cleaned.

    ``links`` in order of preference, ``fallbacks`` when none of them is an address (enclosures);
    both are relative to ``base``. ``title`` is HTML when ``title_is_html``; ``summary`` and
    ``content`` are HTML. Dates are texts, the best first. ``outlet`` is whom an aggregator has it
    from. ``pictures`` are addresses of images, relative to ``base``.
    """

    guid: str = ""
    guid_is_link: bool = False
    links: tuple[str, ...] = ()
    fallbacks: tuple[str, ...] = ()
    base: str = ""
    title: str = ""
    title_is_html: bool = True
    summary: str = ""
    content: str = ""
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str = ""
    outlet: str = ""
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One document: its title (HTML), the address of its site, its language, its entries.

    ``hub`` pushes it, and ``own`` is the address that it gives itself (WebSub §4).
    """

    drafts: tuple[EntryDraft, ...]
    title: str = ""
    home: str = ""
    language: str = ""
    warnings: tuple[str, ...] = ()
    hub: str = ""
    own: str = ""
