"""Longer answers: lists that fit into one Telegram message."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape

from monitor.core.render import local_time
from monitor.core.rulebook import Rulebook
from monitor.core.text import utf16_length
from monitor.model import Article

# Telegram allows 4,096 UTF-16 units without tags; lines are counted with theirs, so this is safe.
LIMIT_UNITS = 3800
TITLE_CHARACTERS = 160


def pack(lines: Iterable[str]) -> str:
    """The lines that fit into one message, and how many do not."""
    kept: list[str] = []
    used = left = 0
    for line in lines:
        used += utf16_length(line) + 1
        if used > LIMIT_UNITS:
            left += 1
        else:
            kept.append(line)
    return "\n".join([*kept, f"… and {left} more"] if left else kept)


def topics_list(rulebook: Rulebook, subscribed: Collection[str]) -> str:
    """The enabled topics, those of this chat ticked."""
    lines = []
    for topic in rulebook.topics.values():
        if topic.enabled:
            mark = "✅" if {topic.id, "*"} & set(subscribed) else "▫️"
            title = f" {escape(topic.title)}" if topic.title else ""
            lines.append(f"{mark} <code>{escape(topic.id)}</code>{title}")
    return pack([*lines, "", "/subscribe and /unsubscribe with a topic's name change this."])


def articles_list(articles: Sequence[Article], *, timezone: str, now: datetime) -> str:
    """Headlines as links, each with outlet and the chat's local time."""
    lines = []
    for article in articles:
        title = article.title or article.canonical_url
        if len(title) > TITLE_CHARACTERS:
            title = title[: TITLE_CHARACTERS - 1].rstrip() + "…"
        moment = local_time(article.published or article.seen_at, timezone, now)
        outlet = escape(article.source_name or article.source_id)
        link = f'<a href="{escape(article.canonical_url)}">{escape(title)}</a>'
        lines.append(f"{link}\n{outlet}, {moment}\n")
    return pack(lines).rstrip()


def status_lines(status: Mapping[str, object], rulebook: Rulebook) -> list[str]:
    """The store's counts, one line each, and the rulebook in force."""
    size = f"{len(rulebook.topics)} topics, {len(rulebook.sources)} sources"
    lines = [f"<b>rulebook</b> {escape(rulebook.revision[:12])}: {size}"]
    for name, value in status.items():
        if isinstance(value, Mapping):
            said = ", ".join(f"{key} {part}" for key, part in value.items()) or "none"
        else:
            said = "none" if value is None else str(value)
        lines.append(f"<b>{escape(name.replace('_', ' '))}</b> {escape(said)}")
    return lines
