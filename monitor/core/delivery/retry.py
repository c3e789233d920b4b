"""What follows from a failed job and from a channel's receipt. Decisions only."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from monitor.core.delivery.kinds import traits
from monitor.i18n.lazy import lazy, word
from monitor.model import (
    AlertSettings,
    Blocked,
    Chat,
    Closed,
    Delivery,
    Ending,
    Event,
    Job,
    Moved,
    Quarantined,
    Receipt,
    Refused,
    Retry,
    Sent,
    Skipped,
    Throttled,
    Unsent,
    Unsure,
)

JOB_TRIES = 6
LONGEST_PAUSE_S = 300.0
CHANCE_KILLS = 2
LONGEST_KILL_PAUSE_S = 15.0
# So many sends in a row that a channel did not take are not the chats' fault: it is away.
OUTAGE_FAILURES = 6
# So many chats in a row that are told to wait are no chance either. A few are: chats that hear of the same
# stories are due one after the other, and refused one after the other.
MANY_THROTTLED = 20
LONGEST_OUTAGE_PAUSE_S = 30.0
# A closed chat is tried again after 5, 10, 20 … seconds, at last every hour.
FIRST_CLOSED_PAUSE_S = 5.0
LONGEST_CLOSED_PAUSE_S = 3600.0
# One message that is refused is wrong; a third one in a row says that the chat wants none.
REFUSED_IN_A_ROW = 2
# So many tries take more than an hour: who was told that the chat is closed hears that it is open.
LONG_CLOSED_REFUSALS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to write after a send, in one transaction. ``channel_rest_until`` stops the whole channel.

    ``passed`` tells whether the ``channel`` took the message, ``answered`` that it is there though it did
    not; None does not count. ``move_to`` is the
    chat's new id, ``pause`` the reason to stop writing to it: at all, or, with ``retry_at``, until one
    message tries again then, while all others are held. ``refused``: it did not take this message.
    ``says`` are deliveries that follow from it.
    """

    delivery: Delivery
    chat_rest_until: datetime | None = None
    channel: str = ""
    channel_rest_until: datetime | None = None
    passed: bool | None = None
    answered: bool = False
    move_to: str | None = None
    pause: str | None = None
    retry_at: datetime | None = None
    refused: bool = False
    says: tuple[Delivery, ...] = ()
    events: tuple[Event, ...] = ()


def pause_s(attempts: int) -> float:
    """Seconds to wait after the ``attempts``-th failure: 1, 2, 4 … at most 300."""
    return min(2.0 ** max(attempts - 1, 0), LONGEST_PAUSE_S)


def kill_pause_s(attempts: int) -> float:
    """Seconds that a job waits when the process died while it ran for the ``attempts``-th time.

    Two deaths are chance. After that the job may be what kills the process, so it steps back and
    lets the others through; and one that only stood near comes to its end between two kills. Not for
    long: where something else kills the process again and again, every job stood near.
    """
    if attempts <= CHANCE_KILLS:
        return 0.0
    return min(pause_s(attempts - CHANCE_KILLS), LONGEST_KILL_PAUSE_S)


def job_failed(job: Job, error: str, now: datetime) -> Ending:
    """Try a failed job again with a growing pause; set it aside after ``JOB_TRIES`` claims."""
    if job.attempts >= JOB_TRIES:
        return Quarantined(error=error)
    return Retry(not_before=now + timedelta(seconds=10 * pause_s(job.attempts)), error=error)


def after_receipt(
    delivery: Delivery,
    receipt: Receipt,
    chat: Chat,
    alerts: AlertSettings,
    now: datetime,
    *,
    failures: int = 0,
) -> Decision:
    """Decide by what is known: arrived, surely not sent, or nobody knows (DESIGN §5).

    ``failures`` counts the sends before this one that the channel did not take, in a row. From
    ``OUTAGE_FAILURES`` on the channel is away: all of it rests, and nothing is given up for it. Below zero
    it counts those that were answered: wait. From ``MANY_THROTTLED`` on the channel means itself.
    """
    decision = _decide(delivery, receipt, chat, alerts, now, failures=failures)
    return dataclasses.replace(
        decision, channel=chat.channel, events=_events(decision.delivery, receipt, chat, now)
    )


def _decide(
    delivery: Delivery, receipt: Receipt, chat: Chat, alerts: AlertSettings, now: datetime, *, failures: int
) -> Decision:
    match receipt:
        case Sent(message_id=message_id):
            done = _ended(delivery, "sent", error=None)
            return Decision(
                delivery=dataclasses.replace(done, message_id=message_id, sent_at=now), passed=True
            )
        case Throttled(retry_after_s=seconds, overall=overall):
            until = now + timedelta(seconds=seconds)
            again = _again(delivery, until, f"asked to wait {seconds:g} s")
            whole = until if overall or 1 - failures >= MANY_THROTTLED else None
            return Decision(
                delivery=again, chat_rest_until=until, channel_rest_until=whole, passed=False, answered=True
            )
        case Blocked(reason=reason):
            return Decision(delivery=_ended(delivery, "dead", error=reason), pause=reason, passed=True)
        case Skipped(reason=reason):
            return Decision(delivery=_ended(delivery, "cancelled", error=reason), passed=True)
        case Closed(reason=reason):
            return _closed(delivery, reason, chat, now)
        case Refused(reason=reason, formatting=formatting):
            return _refused(delivery, reason, chat, now, formatting=formatting)
        case Moved(address=address):
            again = _again(delivery, now, f"chat moved to {address}")
            return Decision(delivery=again, move_to=f"{chat.channel}:{address}", passed=True)
        case Unsent() | Unsure():
            return _not_taken(delivery, receipt, alerts, now, failures=failures)
        case _:
            assert_never(receipt)


def _not_taken(
    delivery: Delivery, receipt: Unsent | Unsure, alerts: AlertSettings, now: datetime, *, failures: int
) -> Decision:
    away = failures + 1 >= OUTAGE_FAILURES
    decide = _unsent if isinstance(receipt, Unsent) else _doubtful
    after = decide(delivery, receipt.reason, alerts, now, away=away)
    return Decision(delivery=after, channel_rest_until=_outage_end(failures, now), passed=False)


def _closed(delivery: Delivery, reason: str, chat: Chat, now: datetime) -> Decision:
    """Hold everything and try again with patience; what only goes with another message ends alone."""
    kind = traits(delivery)
    if kind.when_refused != "hold":
        return Decision(delivery=_ended(delivery, kind.when_refused, error=reason), passed=True)
    wait = min(FIRST_CLOSED_PAUSE_S * 2.0 ** min(chat.refusals, 20), LONGEST_CLOSED_PAUSE_S)
    until = now + timedelta(seconds=wait)
    return Decision(
        delivery=_again(delivery, now, reason), pause=reason, retry_at=until, refused=True, passed=True
    )


def _refused(delivery: Delivery, reason: str, chat: Chat, now: datetime, *, formatting: bool) -> Decision:
    kind = traits(delivery)
    if formatting and not delivery.plain_only and kind.tries_plain:
        return Decision(
            delivery=dataclasses.replace(_again(delivery, now, reason), plain_only=True), passed=True
        )
    if kind.when_refused != "hold":
        return Decision(delivery=_ended(delivery, kind.when_refused, error=reason), passed=True)
    if chat.refusals >= REFUSED_IN_A_ROW:
        return _closed(delivery, reason, chat, now)
    return Decision(delivery=_ended(delivery, "dead", error=reason), refused=True, passed=True)


def _unsent(delivery: Delivery, reason: str, alerts: AlertSettings, now: datetime, *, away: bool) -> Delivery:
    if away:  # the channel's rest decides when; the chats are not to blame
        return _again(delivery, now, reason)
    if now - delivery.created_at > alerts.give_up_after:
        return _ended(delivery, "dead", error=f"gave up: {reason}")
    return _again(delivery, now + timedelta(seconds=pause_s(delivery.attempts)), reason)


def _doubtful(
    delivery: Delivery, reason: str, alerts: AlertSettings, now: datetime, *, away: bool
) -> Delivery:
    if traits(delivery).is_edit:  # editing twice shows the same message: safe to repeat
        return _again(delivery, now + timedelta(seconds=pause_s(delivery.attempts)), reason)
    error = f"outcome unknown: {reason}"
    if not away and now - delivery.created_at > alerts.give_up_after:
        return _ended(delivery, "dead", error=f"gave up, it may have arrived: {reason}")
    # What nobody knows says nothing against the message: it is sent again, with growing pauses.
    wait = min(alerts.unsure_resend_after_s * 2.0 ** min(delivery.uncertain_sends, 20), LONGEST_PAUSE_S)
    wait = max(wait, alerts.unsure_resend_after_s)
    return dataclasses.replace(
        delivery, state="unsure", not_before=now + timedelta(seconds=wait), error=error
    )


def _outage_end(failures: int, now: datetime) -> datetime | None:
    """Until when the whole channel rests after one more failure; None below ``OUTAGE_FAILURES``."""
    over = failures + 1 - OUTAGE_FAILURES
    if over < 0:
        return None
    return now + timedelta(seconds=min(pause_s(over + 1), LONGEST_OUTAGE_PAUSE_S))


def _events(delivery: Delivery, receipt: Receipt, chat: Chat, now: datetime) -> tuple[Event, ...]:
    """What operators hear of; not of their own notices, which would tell of themselves for ever."""
    opened: tuple[Event, ...] = ()
    if isinstance(receipt, Sent) and chat.state == "paused" and chat.refusals >= LONG_CLOSED_REFUSALS:
        text = lazy("Chat {chat} takes messages again; what was held for it comes now.", chat=chat.id)
        opened = (Event(kind="opened", subject=chat.id, text=text, at=now),)
    kind = traits(delivery)
    if kind.when_dead == "nobody":
        return opened
    if delivery.state == "unsure" and chat.unsure == "hold":
        text = lazy(
            "Nobody knows whether a message to {chat} arrived ({trouble}). It is held: "
            "`monitor outbox retry {key}` sends it, `monitor outbox cancel` ends it.",
            chat=chat.id,
            trouble=word(delivery.error or ""),
            key=delivery.key[:12],
        )
        return (Event(kind="unsure", subject=chat.id, text=text, at=now),)
    # One that is counted (`monitor status`) changes nothing of what stands in the chat.
    if delivery.state == "dead" and (kind.when_dead == "told" or isinstance(receipt, Blocked)):
        text = lazy(
            "A message to {chat} was given up: {trouble} (`monitor outbox list --state dead`)",
            chat=chat.id,
            trouble=word(delivery.error or ""),
        )
        return (Event(kind="undelivered", subject=chat.id, text=text, at=now),)
    return opened


def _again(delivery: Delivery, not_before: datetime, error: str) -> Delivery:
    return dataclasses.replace(delivery, state="pending", not_before=not_before, error=error)


def _ended(delivery: Delivery, state: str, *, error: str | None) -> Delivery:
    return dataclasses.replace(delivery, state=state, error=error)  # type: ignore[arg-type]
