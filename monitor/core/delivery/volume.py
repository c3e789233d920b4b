"""How much a chat is told: budgets, bundles, and what is unusual about a topic. Decisions only."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

from monitor.core.delivery.kinds import traits
from monitor.core.delivery.plan import delivery_key
from monitor.core.source.blind_time import Interval
from monitor.i18n.localizer import Localizer, localizer
from monitor.model import AlertSettings, Backlog, Chat, Delivery, NoticeText

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Held on purpose, not merely tried again a moment later.
HELD = timedelta(minutes=1)
SPIKE_TIMES = 5.0
SPIKE_LEAST = 10
SILENCE_DAYS = 3
SILENCE_USUAL = 1.0
USUAL_DAYS = 14
SILENCE_LONGEST_DAYS = 14
HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Say it as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """The chat's hour is full: nothing more before ``delivery``'s new moment."""

    delivery: Delivery
    says: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Say it and all that wait behind it in one digest."""


Step = Send | Hold | Bundle


def next_step(delivery: Delivery, chat: Chat, backlog: Backlog, alerts: AlertSettings, now: datetime) -> Step:
    """What becomes of a claimed alert: said at once, held, or bundled with those that wait behind it.

    Held is what would be more than the chat's budget of the hour. Bundled is what waited too long
    (an outage, a pause, the budget) or was held on purpose (quiet hours), when there is more than
    one. Nothing is ever dropped. What may have arrived already is said again as it was.
    """
    said_before = delivery.plain_only or (delivery.uncertain_sends and delivery.attempts > 1)
    if not traits(delivery).counts_towards_budget or said_before:
        return Send()
    budget = chat.hourly_budget or alerts.hourly_budget
    if budget and backlog.sent_lately >= budget and backlog.first_sent_at is not None:
        later = max(backlog.first_sent_at + HOUR, now + HELD)
        held = dataclasses.replace(
            delivery,
            state="pending",
            not_before=later,
            attempts=0,
            error=f"{budget} alerts within an hour: the rest comes as a digest",
        )
        return Hold(delivery=held, says=(_budget_notice(held, chat, budget, backlog.first_sent_at, now),))
    old = now - delivery.created_at > alerts.stale_after
    on_purpose = delivery.attempts <= 1 and delivery.not_before - delivery.created_at >= HELD
    together = old or on_purpose or chat.state == "paused"
    return Bundle() if backlog.waiting and together else Send()


def _budget_notice(held: Delivery, chat: Chat, budget: int, since: datetime, now: datetime) -> Delivery:
    """One word to the chat for each hour that is full: silence would look like calm."""
    tr = localizer(chat.language)
    moment = tr.moment(held.not_before, chat.timezone, now)
    text = tr.many_plain(
        "{count} alert within an hour: more comes as a digest at {moment}.",
        "{count} alerts within an hour: more comes as a digest at {moment}.",
        budget,
        moment=moment,
    )
    return Delivery(
        key=delivery_key(chat.id, "budget", since.isoformat()),
        chat_id=chat.id,
        kind="notice",
        payload=NoticeText(text=text),
        created_at=now,
        not_before=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusual:
    """A topic that says far more, or far less, than it usually does. ``usual`` is a day's number."""

    kind: Literal["spike", "silence"]
    count: int
    usual: float
    times: float = 0.0
    days: int = 0


def unusual(hourly: Sequence[datetime], now: datetime, *, blind: Sequence[Interval] = ()) -> Unusual | None:
    """Whether a topic spikes or fell silent, from the hours (aware UTC) of its articles.

    A spike is a day with at least ``SPIKE_LEAST`` articles and ``SPIKE_TIMES`` times what is usual;
    silence is ``SILENCE_DAYS`` days or more without any where at least one a day is usual. Usual is
    the median day of the ``USUAL_DAYS`` before; a topic younger than half of that has no usual yet.
    Days in ``blind`` time (``core.source.blind_time``) say nothing: who does not look sees no article,
    and afterwards finds those of many days at once.
    """
    ages = [(now - moment) // DAY for moment in hourly if moment <= now]
    if not ages or max(ages) < USUAL_DAYS // 2:
        return None
    shares = [_share(blind, now - (day + 1) * DAY, now - day * DAY) for day in range(max(ages) + 1)]
    unseen = {day for day, share in enumerate(shares) if share >= HALF}
    latest = min(ages)
    today = ages.count(0)
    first = latest if latest >= SILENCE_DAYS else 1
    past = range(first, min(first + USUAL_DAYS, max(ages)) + 1)
    days = [ages.count(day) for day in past if day not in unseen]
    if 2 * len(days) < len(past):
        return None
    usual = float(median(days))
    silent = next((day for day in range(latest) if day in unseen), latest)
    if silent >= SILENCE_DAYS and usual >= SILENCE_USUAL:
        return Unusual(kind="silence", count=0, usual=usual, days=silent)
    times = today / max(usual, 1.0)
    caught_up = any(end > now - DAY and end - begin >= HOUR for begin, end in blind)
    if today >= SPIKE_LEAST and times >= SPIKE_TIMES and not caught_up:
        return Unusual(kind="spike", count=today, usual=usual, times=times)
    return None


def _share(intervals: Sequence[Interval], begin: datetime, end: datetime) -> float:
    """How much of a time lies in the intervals, which do not overlap."""
    inside = (min(end, last) - max(begin, first) for first, last in intervals)
    return sum((max(each, timedelta()) for each in inside), timedelta()) / (end - begin)


def unusual_text(title: str, found: Unusual, tr: Localizer) -> str:
    """``Belarus: 36 articles within a day, 12 × the usual 3``, or that nothing came for days."""
    usual = tr.number(found.usual)
    if found.kind == "silence":
        return tr.many_plain(
            "Nothing on {topic} for {count} day; usual are {usual} a day.",
            "Nothing on {topic} for {count} days; usual are {usual} a day.",
            found.days,
            topic=title,
            usual=usual,
        )
    return tr.many_plain(
        "{topic}: {count} article within a day, {times} × the usual {usual}.",
        "{topic}: {count} articles within a day, {times} × the usual {usual}.",
        found.count,
        topic=title,
        times=round(found.times),
        usual=usual,
    )
