"""What operators are told: events as messages, each chat's in its language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from monitor.core.delivery.plan import delivery_key
from monitor.core.delivery.preferences import is_told
from monitor.errors import Problem
from monitor.i18n.lazy import Between, LazyText, Value, lazy, lazy_plural, made
from monitor.i18n.localizer import localizer
from monitor.model import Chat, Delivery, Event, NoticeText

MOST = 20
MOST_NAMES = 5
"""Sources that are named in one line."""
_TOGETHER: Final = frozenset({"broke", "recovered"})


def notices(
    events: Sequence[Event], chats: Sequence[Chat], now: datetime, *, most: int = MOST
) -> tuple[Delivery, ...]:
    """One message for each operator chat about all these events, the first ``most`` in words."""
    if not events:
        return ()
    seed = delivery_key(*(f"{event.kind}{event.subject}{event.at.isoformat()}" for event in events))
    return tuple(
        Delivery(
            key=delivery_key(chat.id, "notice", seed),
            chat_id=chat.id,
            kind="notice",
            payload=NoticeText(text=_told(events, chat, now, most)),
            created_at=now,
            not_before=now,
        )
        for chat in chats
        if chat.operator and is_told(chat)
    )


def _told(events: Sequence[Event], chat: Chat, now: datetime, most: int) -> str:
    tr = localizer(chat.language)
    texts = _joined(events)
    lines = [tr.told(text, chat.timezone, now) for text in texts[:most]]
    if len(texts) > most:
        left = len(texts) - most
        lines.append(
            tr.many_plain(
                "… and {count} more: see `monitor status`.", "… and {count} more: see `monitor status`.", left
            )
        )
    return "\n".join(lines)


def told_now(events: Sequence[Event], now: datetime, wait: timedelta) -> tuple[Event, ...]:
    """The events that are not to wait for others: word of sources that break or recover stays together until
    the first of it is ``wait`` old."""
    first = min((event.at for event in events if event.kind in _TOGETHER), default=now)
    return tuple(event for event in events if event.kind not in _TOGETHER or first + wait <= now)


def _joined(events: Sequence[Event]) -> list[str]:
    """The events' texts; sources that broke for one reason are one line, led by the reason, and so are those
    of one host that work again."""
    alike: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        if (shared := _shared(event)) is not None:
            alike.setdefault((event.kind, shared), []).append(event)
    texts: list[str] = []
    for event in events:
        same = alike.get((event.kind, _shared(event) or ""), [event])
        if len(same) == 1:
            texts.append(event.text)
        elif event is same[0]:
            texts.append(_of_several(same))
    return texts


def _shared(event: Event) -> str | None:
    """What events of one outage have in common: why a source broke, the host that answers again."""
    if event.kind not in _TOGETHER or not isinstance(event.text, LazyText):
        return None
    value = event.text.values.get("trouble" if event.kind == "broke" else "host")
    return str(value) if value else None


def _of_several(events: Sequence[Event]) -> LazyText:
    values = [event.text.values for event in events if isinstance(event.text, LazyText)]
    names = [str(each["source"]) for each in values]
    more = f" +{len(names) - MOST_NAMES}" if names[MOST_NAMES:] else ""
    shown = ", ".join(names[:MOST_NAMES]) + more
    if events[0].kind == "broke":
        moments = [each["moment"] for each in values if isinstance(each.get("moment"), datetime)]
        since = min(moments, default=events[0].at)  # type: ignore[type-var] # moments only
        return lazy_plural(
            "{trouble} (since {moment}; {count} source: {sources})",
            "{trouble} (since {moment}; {count} sources: {sources})",
            len(names),
            trouble=values[0]["trouble"],
            moment=since,
            sources=shown,
        )
    silences = [each["silence"] for each in values if isinstance(each.get("silence"), Between)]
    host = values[0]["host"]
    if not silences:
        return lazy_plural(
            "{host} answers again ({count} source: {sources})",
            "{host} answers again ({count} sources: {sources})",
            len(names),
            host=host,
            sources=shown,
        )
    return lazy_plural(
        "{host} answers again; silent {silence} ({count} source: {sources})",
        "{host} answers again; silent {silence} ({count} sources: {sources})",
        len(names),
        host=host,
        silence=_whole(silences),
        sources=shown,
    )


def _whole(silences: Sequence[Value]) -> Between:
    """From the first beginning to the last end."""
    spans = [each for each in silences if isinstance(each, Between)]
    return Between(began=min(each.began for each in spans), ended=max(each.ended for each in spans))


def refused_edit(problems: Sequence[Problem]) -> LazyText:
    """An edit of the config of which nothing is taken."""
    return lazy(
        "The edited config is not taken, the old one stays in force: {problem}", problem=_problems(problems)
    )


def refused_topic(problems: Sequence[Problem]) -> LazyText:
    """An edited topic that is not taken, while the rest is."""
    return lazy(
        "An edited topic is not taken, its old form stays in force: {problem}", problem=_problems(problems)
    )


def held_edit(before: float, after: float) -> LazyText:
    """An edit that is not taken because far more alerts would go out; numbers are alerts a day."""
    return lazy(
        "An edit is held, the old rules stay in force: about {after} alerts a day instead of {before}. "
        "`monitor rules diff` shows them, `monitor rules accept` lets it through.",
        after=round(after),
        before=round(before),
    )


def _problems(problems: Sequence[Problem]) -> LazyText:
    first, left = problems[0], len(problems) - 1
    shown = _problem(first)
    if not left:
        return shown
    return lazy_plural(
        "{problem} (and {count} more: run `monitor check`)",
        "{problem} (and {count} more: run `monitor check`)",
        left,
        problem=shown,
    )


def _problem(problem: Problem) -> LazyText:
    """As ``str(problem)``, with what the query's reader says about it still to be translated."""
    hint = " ({hint})" if problem.hint else ""
    values = {"message": problem.message, "hint": problem.hint}
    place = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    return made(f"{{place}}: {{message}}{hint}", values={"place": place, **values})
