"""Alerts and notices as messages. Text is cut before it is tagged, so no tag is ever cut.

Telegram's limit is 4,096 UTF-16 code units after entities are parsed (Bot API, sendMessage).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from monitor.core.delivery.preferences import is_silent, is_watch
from monitor.core.story.syndication import syndication
from monitor.core.text.clean import printable, utf16_length
from monitor.i18n.localizer import Localizer, localizer, note
from monitor.model import Alert, AlertTopic, Button, Buttons, Chat, Delivery, Message, NoticeText, Story

LIMIT_UNITS = 4096
HEADLINE_UNITS = 600
EXCERPT_UNITS = 1200
ALSO_IN_NAMES = 6
REPEAT_MARK = note("↻ possibly sent twice")
MOST_MARKS = 30
ARCHIVE = "https://web.archive.org/web/"
_TIERS = {
    "state": note("state"),
    "independent": note("independent"),
    "wire": note("wire"),
    "public": note("public"),
    "business": note("business"),
    "official": note("official"),
    "ngo": note("NGO"),
    "blog": note("blog"),
    "aggregator": note("aggregator"),
}
# Controls, and the marks that turn the direction of writing: a space keeps offsets in place.

Marks = Sequence[tuple[int, int]]


def render_alert(
    alert: Alert,
    chat: Chat,
    *,
    delivery: Delivery,
    story: Story | None,
    now: datetime,
    alert_key: str | None = None,
    edit_of: str | None = None,
    reply_to: str | None = None,
) -> Message:
    """The alert as this chat sees it: a reply says what is new in the story, an alert where else it stands.

    ``story`` supplies the other outlets. A delivery whose earlier outcome is unknown carries a mark that
    it may be a repeat. An edit names in ``alert_key`` the alert that it changes: its buttons are about
    that one. ``edit_of`` and ``reply_to`` name the message that it changes or answers.
    """
    tr = localizer(chat.language)
    also = () if alert.news else also_in(alert, story)
    lines = (
        _safe_lines(alert, chat, tr, now)
        if chat.safe_links != "off"
        else _lines(alert, chat, tr, _also_line(also, story, chat, tr, now), now)
    )
    if delivery.uncertain_sends:
        lines.append(_same(tr.plain(REPEAT_MARK)))
    safe = chat.safe_links != "off"
    plain = "\n".join([line.plain for line in lines] + [link_to(alert.url, chat)])
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else "\n".join(line.html for line in lines),
        plain=cut(plain, LIMIT_UNITS),
        subject=lines[0].plain,
        url=link_to(alert.url, chat),
        preview="off" if safe else chat.preview,
        silent=is_silent(chat, now),
        edit_of=edit_of,
        reply_to=reply_to,
        buttons=alert_buttons(alert_key or delivery.key, tr, safe=safe),
        data=_data(alert, also, delivery),
    )


def render_struck(alert: Alert, chat: Chat, *, delivery: Delivery, edit_of: str) -> Message:
    """What becomes of an alert (the message ``edit_of``) when an earlier one turned out to tell the same."""
    tr = localizer(chat.language)
    why = tr.plain("The same story as an earlier alert")
    headline = "" if chat.safe_links != "off" else cut(alert.headline or alert.url, HEADLINE_UNITS)
    html = [f"<s>{linked(link_to(alert.url, chat), escape(headline, quote=False))}</s>"] if headline else []
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else "\n".join([*html, f"<i>{escape(why, quote=False)}</i>"]),
        plain="\n".join([line for line in (headline, why) if line]),
        subject=headline or why,
        url=link_to(alert.url, chat),
        preview="off",
        silent=True,
        edit_of=edit_of,
        data=_data(alert, (), delivery),
    )


def alert_buttons(key: str, tr: Localizer, *, safe: bool = False) -> Buttons:
    """What can be done about an alert; ``key`` is its delivery's. In safe mode its text is on a button."""
    first = Button(text=tr.plain("👁 Show"), action=f"sh:{key}") if safe else None
    story = Button(text=tr.plain("🧵 Story"), action=f"st:{key}")
    return (
        (
            first or story,
            Button(text=tr.plain("🔕 Mute"), action=f"m?:{key}"),
            Button(text=tr.plain("❓ Why"), action=f"y:{key}"),
            Button(text="⭐", action=f"sv:{key}"),
            Button(text="👎", action=f"n?:{key}"),
        ),
    )


def link_to(url: str, chat: Chat) -> str:
    """The address that an alert opens: the page, or an archive's copy of it where the chat wants that."""
    return f"{ARCHIVE}{url}" if chat.safe_links == "archive" else url


def render_notice(notice: NoticeText, delivery: Delivery, chat: Chat) -> Message:
    """A plain message to an operator."""
    mark = f"\n{localizer(chat.language).plain(REPEAT_MARK)}" if delivery.uncertain_sends else ""
    body = cut(notice.text, LIMIT_UNITS - utf16_length(mark)) + mark
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else escape(body, quote=False),
        plain=body,
        subject=body.partition("\n")[0],
        data={
            "kind": "notice",
            "key": delivery.key,
            "text": body,
            "possible_repeat": bool(delivery.uncertain_sends),
        },
    )


def also_in(alert: Alert, story: Story | None) -> tuple[str, ...]:
    """The other outlets of the story, in order of appearance, each named once."""
    if story is None:
        return alert.also_in
    names = dict.fromkeys(item.source_name for item in story.articles)
    names.pop(alert.outlet, None)
    return tuple(name for name in names if name)


@dataclass(frozen=True, slots=True)
class _Line:
    html: str
    plain: str


def _same(text: str) -> _Line:
    return _Line(escape(text, quote=False), text)


def _lines(alert: Alert, chat: Chat, tr: Localizer, also: str, now: datetime) -> list[_Line]:
    headline = cut(_visible(alert.headline or alert.url), HEADLINE_UNITS)
    lines = [_Line(linked(alert.url, _bold(headline, alert.headline_highlights)), headline)]
    excerpt = cut(_visible(alert.excerpt), EXCERPT_UNITS)
    foreign = is_foreign(alert, chat)
    if excerpt:
        marked = _bold(excerpt, alert.highlights)
        lines.append(_Line(f"<blockquote>{marked}</blockquote>" if foreign else marked, excerpt))
    tail = [
        " · ".join(_facts(alert, chat, tr, now, foreign=foreign)),
        " ".join(dict.fromkeys(_tag(topic) for topic in alert.topics)),
        also,
    ]
    if alert.news:
        told = tr.plain("new: {facts}", facts=" · ".join(alert.news))
        lines.insert(0, _same(cut(_visible(told), HEADLINE_UNITS)))
    return lines + [_same(cut(_visible(line), HEADLINE_UNITS)) for line in tail if line]


def _tag(topic: AlertTopic) -> str:
    if is_watch(topic.id):
        return f"👁 {topic.title}"
    return f"#{topic.hashtag}" if topic.hashtag else topic.title


def _safe_lines(alert: Alert, chat: Chat, tr: Localizer, now: datetime) -> list[_Line]:
    """Nothing that says what it is about: a look over the shoulder learns a time."""
    moment = tr.moment(alert.published or alert.seen_at, chat.timezone, now)
    text = tr.plain("New for you, {moment}", moment=moment)
    return [_Line(linked(link_to(alert.url, chat), escape(text, quote=False)), text)]


def is_foreign(alert: Alert, chat: Chat) -> bool:
    """Whether the article is known to be in another language than the chat's."""
    return bool(alert.language) and (alert.language or "").partition("-")[0] != chat.language


def tier_name(tier: str, tr: Localizer) -> str:
    """What stands behind an outlet, in words; an unknown tier as it is written."""
    return tr.plain(_TIERS[tier]) if tier in _TIERS else tier


def linked(url: str, html: str) -> str:
    # Anything but the web (javascript:, tg:) is not made a link.
    return f'<a href="{escape(url)}">{html}</a>' if url.startswith(("http://", "https://")) else html


def _facts(alert: Alert, chat: Chat, tr: Localizer, now: datetime, *, foreign: bool) -> list[str]:
    outlet = f"{alert.outlet} ({tier_name(alert.tier, tr)})" if alert.tier else alert.outlet
    moment = tr.moment(alert.published or alert.seen_at, chat.timezone, now)
    language = tr.language_name(alert.language or "") if foreign else ""
    return [part for part in (outlet, moment, language) if part]


def _also_line(names: Sequence[str], story: Story | None, chat: Chat, tr: Localizer, now: datetime) -> str:
    """``also in: DW, Reuters +5 · 3 languages · first: AP 14:02``."""
    if not names:
        return ""
    rest = len(names) - ALSO_IN_NAMES
    listed = ", ".join(names[:ALSO_IN_NAMES]) + (f" +{rest}" if rest > 0 else "")
    parts = [tr.plain("also in: {outlets}", outlets=listed)]
    if story is not None:
        told = syndication(story)
        if len(told.languages) > 1:
            parts.append(tr.plain("languages: {count}", count=len(told.languages)))
        moment = tr.moment(told.first.published or told.first.seen_at, chat.timezone, now)
        parts.append(tr.plain("first: {outlet} {moment}", outlet=told.first.source_name, moment=moment))
    return " · ".join(parts)


def _visible(text: str) -> str:
    """Without characters that turn or hide what follows them; every other one keeps its place."""
    return printable(text, instead=" ")


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
        "possible_repeat": bool(delivery.uncertain_sends),
    }


def _bold(text: str, marks: Marks) -> str:
    """Escape ``text`` and put ``<b>`` around the marked pieces that survived the cut."""
    parts, at = [], 0
    for start, end in marks[:MOST_MARKS]:
        if start < at or end > len(text) or end <= start:
            continue
        parts.append(escape(text[at:start], quote=False))
        parts.append(f"<b>{escape(text[start:end], quote=False)}</b>")
        at = end
    parts.append(escape(text[at:], quote=False))
    return "".join(parts)


def cut(text: str, units: int) -> str:
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
