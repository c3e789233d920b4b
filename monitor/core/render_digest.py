"""Digests as messages, and reports as text, HTML or JSON. Text is cut before it is tagged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape

from monitor.core.digest import lines_from_json
from monitor.core.render import LIMIT_UNITS, REPEAT_MARK, local_time
from monitor.core.render import _cut as cut
from monitor.model import Chat, Delivery, Line, Message

HEADLINE_UNITS = 140
FACTS_UNITS = 60
_TITLES = {
    "waited": "{count} alerts since {since}",
    "hourly": "{count} alerts of the last hour",
    "daily": "{count} alerts of the day",
    "weekly": "{count} alerts of the week",
}
_ONE = {
    "waited": "1 alert from {since}",
    "hourly": "1 alert of the last hour",
    "daily": "1 alert of the day",
    "weekly": "1 alert of the week",
}


def render_digest(delivery: Delivery, chat: Chat, now: datetime) -> Message:
    """One part of a digest as this chat sees it."""
    payload = delivery.payload
    lines = lines_from_json(payload)
    title = _title(payload, chat, now)
    html, plain = [f"<b>{escape(title, quote=False)}</b>"], [title]
    for line in lines:
        headline, facts = cut(line.headline or line.url, HEADLINE_UNITS), _facts(line, chat, now)
        html.append(f'• <a href="{escape(line.url)}">{escape(headline, quote=False)}</a> {escape(facts)}')
        plain.append(f"• {headline} {facts}\n  {line.url}")
    tail = _tail(payload)
    if delivery.doubts:
        tail.append(REPEAT_MARK)
    html.extend(escape(line, quote=False) for line in tail)
    plain.extend(tail)
    return Message(
        key=delivery.key,
        html="" if delivery.plain_only else "\n".join(html),
        plain=cut("\n".join(plain), LIMIT_UNITS),
        subject=title,
        data={"kind": "digest", "key": delivery.key, **payload, "possible_repeat": bool(delivery.doubts)},
    )


def shares(tiers: Mapping[str, int]) -> str:
    """``state 25 % · independent 75 %``; empty without both kinds to compare."""
    total = sum(tiers.values())
    parts = [
        f"{tier} {round(100 * tiers[tier] / total)} %" for tier in ("state", "independent") if tiers.get(tier)
    ]
    return " · ".join(parts)


def _title(payload: Mapping[str, object], chat: Chat, now: datetime) -> str:
    count, parts = payload["count"], payload["parts"]
    since = local_time(datetime.fromisoformat(str(payload["since"])), chat.timezone, now)
    titles = _ONE if count == 1 else _TITLES
    title = titles[str(payload["reason"])].format(count=count, since=since)
    if payload["part"] != 1:  # only the first part says how many there are
        return f"… continued ({payload['part']}/{parts})"
    return f"{title} (1/{parts})" if parts != 1 else title


def _facts(line: Line, chat: Chat, now: datetime) -> str:
    spread = f" +{line.outlets - 1}" if line.outlets > 1 else ""
    tier = f" ({line.tier})" if line.tier else ""
    when = local_time(line.seen_at, chat.timezone, now)
    return cut(f"— {line.outlet}{tier}{spread}, {when}", FACTS_UNITS)


def _tail(payload: Mapping[str, object]) -> list[str]:
    tiers, more = payload["tiers"], payload["more"]
    assert isinstance(tiers, Mapping)
    lines = [f"… and {more} more: /latest"] if more else []
    return lines + [line for line in (shares(tiers), str(payload["health"])) if line]
