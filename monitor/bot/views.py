"""Longer answers: lists that fit into one Telegram message, and pages of buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlencode

from markupsafe import Markup

from monitor.core.text.clean import shortened, utf16_length
from monitor.i18n.localizer import Localizer
from monitor.model import Article, Button, Buttons, Chat

# Telegram allows 4,096 UTF-16 units without tags; lines are counted with theirs, so this is safe.
LIMIT_UNITS = 3800
TITLE_CHARACTERS = 160
BUTTON_CHARACTERS = 40
PAGE = 8
SHARE = "https://t.me/share/url"
"""Telegram's own page that asks to whom a link is to be sent."""


def pack(lines: Iterable[str], tr: Localizer) -> str:
    """The lines that fit into one message, and how many do not."""
    kept: list[str] = []
    used = left = 0
    for line in lines:
        used += utf16_length(line) + 1
        if used > LIMIT_UNITS:
            left += 1
        else:
            kept.append(line)
    if left:
        kept.append(tr.many("… and {count} more", "… and {count} more", left))
    return "\n".join(kept)


def article_lines(articles: Sequence[Article], tr: Localizer, *, timezone: str, now: datetime) -> list[str]:
    """Headlines as links, each with outlet and the chat's local time."""
    lines = []
    for article in articles:
        title = short(article.title or article.canonical_url, TITLE_CHARACTERS)
        moment = tr.moment(article.published or article.seen_at, timezone, now)
        outlet = article.source_name or article.source_id
        link = linked(article.canonical_url, title)
        lines.append(Markup("{}\n{}, {}\n").format(link, outlet, moment))
    return [str(line) for line in lines]


def linked(url: str, text: str) -> Markup:
    """A link to the web; other addresses are shown as text only."""
    if not url.startswith(("http://", "https://")):
        return Markup.escape(text)
    return Markup('<a href="{}">{}</a>').format(url, text)


def short(text: str, characters: int) -> str:
    """The text, or its beginning with …"""
    return shortened(" ".join(text.split()), characters)


def share_address(url: str, headline: str) -> str:
    """Where Telegram asks to whom an article is to be sent."""
    return f"{SHARE}?{urlencode({'url': url, 'text': headline[:TITLE_CHARACTERS]})}"


def share_button(url: str, headline: str, chat: Chat, tr: Localizer) -> Buttons:
    """A button that sends an article on; none where links are to be safe."""
    if chat.safe_links != "off" or not url.startswith(("http://", "https://")):
        return ()
    return ((Button(text=tr.plain("↗ Share"), url=share_address(url, headline)),),)


def button(text: str, action: str) -> Button:
    """A button whose text is not too long for a phone."""
    return Button(text=short(text, BUTTON_CHARACTERS), action=action)


def paged(shown: Sequence[Button], page: int, count: int, action: str) -> Buttons:
    """A page's buttons, one a row, and arrows to the pages beside it (``action:page``) of ``count``."""
    pages = max(1, -(-count // PAGE))
    arrows = []
    if page > 0:
        arrows.append(Button(text="◀", action=f"{action}:{page - 1}"))
    if pages > 1:
        arrows.append(Button(text=f"{page + 1}/{pages}", action=f"{action}:{page}"))
    if page < pages - 1:
        arrows.append(Button(text="▶", action=f"{action}:{page + 1}"))
    rows = tuple((each,) for each in shown)
    return (*rows, tuple(arrows)) if arrows else rows
