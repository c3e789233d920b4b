"""Alerts and notices as messages. Text is cut before it is tagged, so no tag is ever cut.

Telegram's limit is 4,096 UTF-16 code units after entities are parsed (Bot API, sendMessage).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from monitor.core.syndication import syndication
from monitor.core.text import utf16_length
from monitor.model import Alert, Chat, Delivery, Message, Story

LIMIT_UNITS = 4096
HEADLINE_UNITS = 600
EXCERPT_UNITS = 1200
ALSO_IN_NAMES = 6
REPEAT_MARK = "↻ possibly sent twice"

Marks = Sequence[tuple[int, int]]


def render_alert(
    alert: Alert, chat: Chat, *, delivery: Delivery, story: Story | None, now: datetime
) -> Message:
    """The alert as this chat sees it: a reply says what is new in the story, an alert where else it stands.

    ``story`` supplies the other outlets. A delivery whose earlier outcome is unknown carries a mark that
    it may be a repeat.
    """
    also = () if alert.news else also_in(alert, story)
    facts = " · ".join(_facts(alert, chat, now))
    tags = " ".join(f"#{topic.hashtag}" for topic in alert.topics if topic.hashtag)
    headline = _cut(alert.headline or alert.url, HEADLINE_UNITS)
    excerpt = _cut(alert.excerpt, EXCERPT_UNITS)
    tail = [line for line in (facts, tags, _also_line(also, story, chat, now)) if line]
    if delivery.doubts:
        tail.append(REPEAT_MARK)
    tail = [_cut(line, HEADLINE_UNITS) for line in tail]
    news = _cut(f"new: {' · '.join(alert.news)}", HEADLINE_UNITS) if alert.news else ""
    html_lines = [f'<a href="{escape(alert.url)}">{_bold(headline, alert.headline_marks)}</a>']
    plain_lines = [headline]
    if news:
        html_lines.insert(0, escape(news, quote=False))
        plain_lines.insert(0, news)
    if excerpt:
        html_lines.append(_bold(excerpt, alert.marks))
        plain_lines.append(excerpt)
    html_lines.extend(escape(line) for line in tail)
    plain_lines.extend([*tail, alert.url])
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else "\n".join(html_lines),
        plain=_cut("\n".join(plain_lines), LIMIT_UNITS),
        subject=headline,
        url=alert.url,
        preview=chat.preview,
        data=_data(alert, also, delivery),
    )


def render_notice(text: str, delivery: Delivery) -> Message:
    """A plain message to an operator."""
    body = _cut(text, LIMIT_UNITS)
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else escape(body, quote=False),
        plain=body,
        subject=body.partition("\n")[0],
        data={"kind": "notice", "key": delivery.key, "text": body},
    )


def also_in(alert: Alert, story: Story | None) -> tuple[str, ...]:
    """The other outlets of the story, in order of appearance, each named once."""
    if story is None:
        return alert.also_in
    names = dict.fromkeys(item.source_name for item in story.articles)
    names.pop(alert.outlet, None)
    return tuple(name for name in names if name)


def local_time(moment: datetime, timezone: str, now: datetime) -> str:
    """``14:02`` today, ``23 Nov 14:02`` otherwise, in the chat's zone."""
    zone = ZoneInfo(timezone)
    local = moment.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M}"
    return f"{local.day} {local:%b %H:%M}"


def _facts(alert: Alert, chat: Chat, now: datetime) -> list[str]:
    outlet = f"{alert.outlet} ({alert.tier})" if alert.tier else alert.outlet
    moment = local_time(alert.published or alert.seen_at, chat.timezone, now)
    return [part for part in (outlet, moment, (alert.language or "").upper()) if part]


def _also_line(names: Sequence[str], story: Story | None, chat: Chat, now: datetime) -> str:
    """``also: DW, Reuters +5 · 3 languages · first: AP 14:02``."""
    if not names:
        return ""
    rest = len(names) - ALSO_IN_NAMES
    parts = ["also: " + ", ".join(names[:ALSO_IN_NAMES]) + (f" +{rest}" if rest > 0 else "")]
    if story is not None:
        told = syndication(story)
        if len(told.languages) > 1:
            parts.append(f"{len(told.languages)} languages")
        moment = local_time(told.first.published or told.first.seen_at, chat.timezone, now)
        parts.append(f"first: {told.first.source_name} {moment}")
    return " · ".join(parts)


def _data(alert: Alert, also: Sequence[str], delivery: Delivery) -> dict[str, object]:
    return {
        "kind": delivery.kind,
        "key": delivery.key,
        "story": alert.story_id,
        "article": alert.article_id,
        "headline": alert.headline,
        "url": alert.url,
        "outlet": alert.outlet,
        "tier": alert.tier,
        "language": alert.language,
        "published": alert.published.isoformat() if alert.published else None,
        "excerpt": alert.excerpt,
        "topics": [topic.id for topic in alert.topics],
        "also_in": list(also),
        "news": list(alert.news),
        "possible_repeat": bool(delivery.doubts),
    }


def _bold(text: str, marks: Marks) -> str:
    """Escape ``text`` and put ``<b>`` around the marked pieces that survived the cut."""
    parts, at = [], 0
    for start, end in marks:
        if start < at or end > len(text) or end <= start:
            continue
        parts.append(escape(text[at:start], quote=False))
        parts.append(f"<b>{escape(text[start:end], quote=False)}</b>")
        at = end
    parts.append(escape(text[at:], quote=False))
    return "".join(parts)


def _cut(text: str, units: int) -> str:
    """At most ``units`` UTF-16 units, ending in … at a word's end when something was cut."""
    if utf16_length(text) <= units:
        return text
    kept, used = 0, 1
    for char in text:
        used += utf16_length(char)
        if used > units:
            break
        kept += 1
    head = text[:kept]
    space = head.rfind(" ")
    if space > kept * 3 // 4:
        head = head[:space]
    return head.rstrip() + "…"
