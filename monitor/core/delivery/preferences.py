"""What a chat wants now: modes, digests, mutes, quiet hours. Pure; times are aware UTC, rules are local."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from monitor.model import Chat, Digest, Subscription
from monitor.model.chat import MuteKind

EVERY_TOPIC = "*"
WATCH_PREFIX = "watch:"
DAILY = Digest(every="daily")
NIGHT = (time(22), time(7))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Wanted = Digest | Literal["instant", "off"]


def is_watch(topic_id: str) -> bool:
    """Whether a topic id is that of a subscriber's watch."""
    return topic_id.startswith(WATCH_PREFIX)


def wanted(chat: Chat, topic_id: str) -> Wanted:
    """How a chat wants a topic: at once, in which digest, or not at all. Mutes are not looked at.

    A subscription to the topic itself speaks louder than one to every topic; "*" means no watch.
    """
    chosen = subscription_to(chat, topic_id)
    if chosen is None or chosen.mode == "off":
        return "off"
    if chosen.mode == "urgent":
        return "instant"
    if chosen.mode == "digest":
        return chosen.digest or chat.digest or DAILY
    return chat.digest or "instant"


def subscription_to(chat: Chat, topic_id: str) -> Subscription | None:
    """The subscription that decides about a topic; None when there is none."""
    by_topic = {item.topic_id: item for item in chat.subscriptions}
    return by_topic.get(topic_id) or (None if is_watch(topic_id) else by_topic.get(EVERY_TOPIC))


def is_muted(chat: Chat, kind: MuteKind, target: str, now: datetime) -> bool:
    """Whether the chat has muted this topic, story or outlet (source id) at this moment.

    A pause is a mute of every topic.
    """
    targets = {target, EVERY_TOPIC} if kind == "topic" else {target}
    return any(
        item.kind == kind and item.target in targets and (item.until is None or item.until > now)
        for item in chat.mutes
    )


def is_in_wanted_language(chat: Chat, language: str | None) -> bool:
    """Whether a chat wants articles in this language; one whose language is not known is always wanted."""
    return not (chat.languages and language) or language.partition("-")[0] in chat.languages


def is_told(chat: Chat) -> bool:
    """Whether things are planned for the chat: it is active, or closed for now and tried again."""
    return chat.state == "active" or chat.retry_at is not None


def is_quiet(chat: Chat, now: datetime) -> bool:
    """Whether the chat's quiet hours hold delivery at this moment."""
    return after_quiet_hours(chat, now) != now


def after_quiet_hours(chat: Chat, now: datetime) -> datetime:
    """``now``, or the end of the chat's quiet hours when it lies inside them (aware UTC)."""
    if chat.quiet is None:
        return now
    local = now.astimezone(ZoneInfo(chat.timezone))
    if not _between(local.time(), chat.quiet.start, chat.quiet.end):
        return now
    days = (local, local + timedelta(days=1))
    ends = (moment for day in days for moment in _moments(day, chat.quiet.end))
    return next(moment for moment in ends if moment > now)


def is_silent(chat: Chat, now: datetime) -> bool:
    """Whether a message to this chat makes no sound at this moment."""
    if chat.silent == "night":
        return _between(now.astimezone(ZoneInfo(chat.timezone)).time(), *NIGHT)
    return chat.silent == "always"


def next_digest(chat: Chat, digest: Digest, now: datetime) -> datetime:
    """The first moment after ``now`` at which this digest is due in the chat's zone (aware UTC)."""
    local = now.astimezone(ZoneInfo(chat.timezone))
    if digest.every == "hourly":
        return (now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    for days in range(9):
        day = local + timedelta(days=days)
        moment = _moments(day, digest.at)[0]
        if moment > now and (digest.every == "daily" or day.weekday() == digest.weekday):
            return moment
    raise AssertionError("a week has every weekday")


def digest_text(digest: Digest) -> str:
    """``hourly``, ``daily 08:00`` or ``weekly mon 08:00``."""
    if digest.every == "hourly":
        return "hourly"
    at = f"{digest.at:%H:%M}"
    return f"daily {at}" if digest.every == "daily" else f"weekly {WEEKDAYS[digest.weekday]} {at}"


def read_digest(text: str) -> Digest:
    """The inverse of ``digest_text``; the time may be left out. Raises ValueError."""
    words = text.lower().split()
    match words:
        case ["hourly"]:
            return Digest(every="hourly")
        case ["daily"]:
            return DAILY
        case ["daily", at]:
            return Digest(every="daily", at=read_time(at))
        case ["weekly"]:
            return Digest(every="weekly")
        case ["weekly", day] if day[:3] in WEEKDAYS:
            return Digest(every="weekly", weekday=WEEKDAYS.index(day[:3]))
        case ["weekly", day, at] if day[:3] in WEEKDAYS:
            return Digest(every="weekly", weekday=WEEKDAYS.index(day[:3]), at=read_time(at))
    raise ValueError(f"{text!r} is no digest: hourly, daily 08:00 or weekly mon 08:00")


def read_time(text: str) -> time:
    """``8``, ``08:30`` or ``8.30`` as a time of day. Raises ValueError."""
    hour, _, minute = text.replace(".", ":").partition(":")
    if not (hour.isascii() and hour.isdigit() and (not minute or (minute.isascii() and minute.isdigit()))):
        raise ValueError(f"{text!r} is no time of day: write 8 or 08:30")
    return time(int(hour[:3]) % 24 if hour == "24" else int(hour[:3]), int(minute[:3] or "0"))


def _between(moment: time, start: time, end: time) -> bool:
    return start <= moment < end if start <= end else moment >= start or moment < end


def _moments(day: datetime, at: time) -> tuple[datetime, ...]:
    """When a clock on the wall shows ``at`` on this day (UTC): twice in the hour that is repeated in autumn.

    In the hour that spring leaves out it never does: then the moment at which the clock jumps over it.
    """
    local = day.replace(hour=at.hour, minute=at.minute, second=at.second, microsecond=0)
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return (first,) if first == second else (first, second)
    # In between, the clock jumps; both stand as far from it as the clock jumps.
    early, late = second, first
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(day.tzinfo).utcoffset() == early.astimezone(day.tzinfo).utcoffset():
            early = middle
        else:
            late = middle
    return (late.replace(microsecond=0),)
