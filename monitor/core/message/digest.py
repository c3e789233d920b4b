"""Digests as messages, and reports as text, HTML or JSON. Text is cut before it is tagged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape

from monitor.core.delivery.payload_json import payload_json
from monitor.core.delivery.preferences import is_silent
from monitor.core.message.alert import LIMIT_UNITS, REPEAT_MARK, cut, link_to, linked, tier_name
from monitor.core.text.clean import utf16_length
from monitor.i18n.localizer import Localizer, localizer
from monitor.model import Chat, Delivery, DigestItem, DigestPart, Message

HEADLINE_UNITS = 140
FACTS_UNITS = 60


def render_digest(digest: DigestPart, delivery: Delivery, chat: Chat, now: datetime) -> Message:
    """One part of a digest as this chat sees it.

    With its addresses ``plain`` may be longer than a Telegram message: other channels have no such limit.
    Where Telegram wants plain words it goes without them, so that no story is left out.
    """
    tr = localizer(chat.language)
    title = _title(digest, chat, tr, now)
    safe = chat.safe_links != "off"
    html, plain, bare = [f"<b>{escape(title, quote=False)}</b>"], [title], [title]
    for line in digest.lines:
        headline, facts = cut(line.headline or line.url, HEADLINE_UNITS), _facts(line, chat, tr, now)
        if safe:
            # As in a single alert: nothing that says what it is about.
            moment = tr.moment(line.at, chat.timezone, now)
            headline, facts = tr.plain("New for you, {moment}", moment=moment), ""
        url = link_to(line.url, chat)
        html.append(f"• {linked(url, escape(headline, quote=False))} {escape(facts)}".rstrip())
        bare.append(f"• {headline} {facts}".rstrip())
        plain.append(f"{bare[-1]}\n  {url}")
    tail = _tail(digest, tr)
    if delivery.uncertain_sends:
        tail.append(tr.plain(REPEAT_MARK))
    html.extend(escape(line, quote=False) for line in tail)
    if delivery.plain_only and utf16_length("\n".join(plain + tail)) > LIMIT_UNITS:
        plain = bare
    plain.extend(tail)
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else "\n".join(html),
        plain="\n".join(plain),
        subject=title,
        silent=is_silent(chat, now),
        data={
            "kind": "digest",
            "key": delivery.key,
            **payload_json(digest),
            "possible_repeat": bool(delivery.uncertain_sends),
        },
    )


def shares(tiers: Mapping[str, int], tr: Localizer) -> str:
    """``state 25 % · independent 75 %``; empty without both kinds to compare."""
    total = sum(tiers.values())
    parts = [
        f"{tier_name(tier, tr)} {round(100 * tiers[tier] / total)} %"
        for tier in ("state", "independent")
        if tiers.get(tier)
    ]
    return " · ".join(parts)


def _title(digest: DigestPart, chat: Chat, tr: Localizer, now: datetime) -> str:
    count, part, parts = digest.count, digest.part, digest.parts
    if part != 1:  # only the first part says how many there are
        return tr.plain("… continued ({part}/{parts})", part=part, parts=parts)
    since = tr.moment(digest.since, chat.timezone, now)
    match digest.reason:
        case "hourly":
            title = tr.many_plain("{count} alert of the last hour", "{count} alerts of the last hour", count)
        case "daily":
            title = tr.many_plain("{count} alert of the day", "{count} alerts of the day", count)
        case "weekly":
            title = tr.many_plain("{count} alert of the week", "{count} alerts of the week", count)
        case "review":
            title = digest.title if digest.title and chat.safe_links == "off" else tr.plain("Press review")
            if not count:
                return tr.plain("{title}: nothing since {since}", title=title, since=since)
            stories = tr.many_plain("{count} story", "{count} stories", count)
            title = tr.plain("{title}: {stories}", title=title, stories=stories)
        case _:
            title = tr.many_plain(
                "{count} alert since {since}", "{count} alerts since {since}", count, since=since
            )
    return f"{title} (1/{parts})" if parts != 1 else title


def _facts(line: DigestItem, chat: Chat, tr: Localizer, now: datetime) -> str:
    spread = f" +{line.outlets - 1}" if line.outlets > 1 else ""
    tier = f" ({tier_name(line.tier, tr)})" if line.tier else ""
    when = tr.moment(line.at, chat.timezone, now)
    return cut(f"— {line.outlet}{tier}{spread}, {when}", FACTS_UNITS)


def _tail(digest: DigestPart, tr: Localizer) -> list[str]:
    more = digest.more
    # What a review leaves out was maybe never an alert of this chat: no command lists it.
    where = "" if digest.reason == "review" else ": /latest"
    lines = [tr.many_plain("… and {count} more", "… and {count} more", more) + where] if more else []
    if digest.copies:
        lines.append(
            tr.many_plain(
                "{count} copy of them was not alerted",
                "{count} copies of them were not alerted",
                digest.copies,
            )
        )
    return lines + [line for line in (shares(digest.tiers, tr), digest.health) if line]
