"""What operators are told: events as messages, each chat's in its language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.core.delivery.plan import delivery_key
from monitor.core.delivery.preferences import is_told
from monitor.errors import Problem
from monitor.i18n.lazy import LazyText, lazy, lazy_plural, made
from monitor.i18n.localizer import localizer
from monitor.model import Chat, Delivery, Event, NoticeText

MOST = 20
MOST_NAMES = 5
"""Sources that are named in one line."""


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


def _joined(events: Sequence[Event]) -> list[str]:
    """The events' texts; sources that broke for one reason are one line, led by the reason."""
    broken: dict[str, list[Event]] = {}
    for event in events:
        if event.kind == "broke" and (reason := _reason(event)) is not None:
            broken.setdefault(reason, []).append(event)
    texts: list[str] = []
    for event in events:
        same = broken.get(_reason(event) or "", [event]) if event.kind == "broke" else [event]
        if len(same) == 1:
            texts.append(event.text)
        elif event is same[0]:
            texts.append(_of_several(same))
    return texts


def _reason(event: Event) -> str | None:
    """Why a source broke, as its text keeps it."""
    value = event.text.values.get("trouble") if isinstance(event.text, LazyText) else None
    return str(value) if value else None


def _of_several(events: Sequence[Event]) -> LazyText:
    texts = [event.text for event in events if isinstance(event.text, LazyText)]
    names = [str(text.values["source"]) for text in texts]
    more = f" +{len(names) - MOST_NAMES}" if names[MOST_NAMES:] else ""
    shown, trouble = ", ".join(names[:MOST_NAMES]) + more, texts[0].values["trouble"]
    return lazy("{trouble}: {sources}", trouble=trouble, sources=shown)


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
