"""What follows from a failed job and from a channel's receipt. Decisions only."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from monitor.model import (
    Again,
    AlertSettings,
    Blocked,
    Chat,
    Delivery,
    Ending,
    Job,
    Moved,
    Quarantined,
    Receipt,
    Refused,
    Sent,
    Throttled,
    Unsent,
    Unsure,
)

JOB_TRIES = 6
LONGEST_PAUSE_S = 300.0
CHANCE_KILLS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to write after a send. ``channel_rest_until`` stops the whole channel.

    ``move_to`` is the chat's new address, ``pause`` the reason to stop writing to it at all.
    """

    delivery: Delivery
    chat_rest_until: datetime | None = None
    channel_rest_until: datetime | None = None
    move_to: str | None = None
    pause: str | None = None


def pause_s(attempts: int) -> float:
    """Seconds to wait after the ``attempts``-th failure: 1, 2, 4 … at most 300."""
    return min(2.0 ** max(attempts - 1, 0), LONGEST_PAUSE_S)


def kill_pause_s(attempts: int) -> float:
    """Seconds that a job waits when the process died while it ran for the ``attempts``-th time.

    Two deaths are chance. After that the job may be what kills the process, so it steps back and
    lets the others through; and one that only stood near comes to its end between two kills.
    """
    return pause_s(attempts - CHANCE_KILLS) if attempts > CHANCE_KILLS else 0.0


def job_failed(job: Job, error: str, now: datetime) -> Ending:
    """Try a failed job again with a growing pause; set it aside after ``JOB_TRIES`` claims."""
    if job.attempts >= JOB_TRIES:
        return Quarantined(error=error)
    return Again(not_before=now + timedelta(seconds=10 * pause_s(job.attempts)), error=error)


def after_receipt(
    delivery: Delivery, receipt: Receipt, chat: Chat, alerts: AlertSettings, now: datetime
) -> Decision:
    """Decide by what is known: arrived, surely not sent, or nobody knows (DESIGN §5)."""
    match receipt:
        case Sent(message_id=message_id):
            done = _ended(delivery, "sent", error=None)
            return Decision(delivery=dataclasses.replace(done, message_id=message_id, sent_at=now))
        case Throttled(retry_after_s=seconds, overall=overall):
            until = now + timedelta(seconds=seconds)
            again = _again(delivery, until, f"asked to wait {seconds:g} s")
            return Decision(
                delivery=again,
                chat_rest_until=until,
                channel_rest_until=until if overall else None,
            )
        case Blocked(reason=reason):
            return Decision(delivery=_ended(delivery, "dead", error=reason), pause=reason)
        case Refused(reason=reason, formatting=formatting):
            if formatting and not delivery.plain_only:
                plain = dataclasses.replace(_again(delivery, now, reason), plain_only=True)
                return Decision(delivery=plain)
            return Decision(delivery=_ended(delivery, "dead", error=reason))
        case Moved(address=address):
            return Decision(delivery=_again(delivery, now, f"chat moved to {address}"), move_to=address)
        case Unsent(reason=reason):
            return _unsent(delivery, reason, alerts, now)
        case Unsure(reason=reason):
            return Decision(delivery=_doubtful(delivery, reason, chat, alerts, now))
        case _:
            assert_never(receipt)


def _unsent(delivery: Delivery, reason: str, alerts: AlertSettings, now: datetime) -> Decision:
    if now - delivery.created_at > alerts.give_up_after:
        return Decision(delivery=_ended(delivery, "dead", error=f"gave up: {reason}"))
    until = now + timedelta(seconds=pause_s(delivery.attempts))
    return Decision(delivery=_again(delivery, until, reason))


def _doubtful(delivery: Delivery, reason: str, chat: Chat, alerts: AlertSettings, now: datetime) -> Delivery:
    if delivery.kind == "edit":  # editing twice shows the same message: safe to repeat
        return _again(delivery, now + timedelta(seconds=pause_s(delivery.attempts)), reason)
    error = f"outcome unknown: {reason}"
    if chat.unsure == "resend" and delivery.doubts:
        return _ended(delivery, "dead", error=f"{error}, twice; it may have arrived")
    wait = timedelta(seconds=alerts.unsure_resend_after_s)
    return dataclasses.replace(delivery, state="unsure", not_before=now + wait, error=error)


def may_resend(delivery: Delivery, chat: Chat, now: datetime) -> bool:
    """Whether an ``unsure`` delivery is to be sent once more, marked, by the chat's policy.

    A channel that answers nothing gets one resend: a second silence ends as dead. A killed process
    leaves ``unsure`` too, and then as often as it is killed: giving up there could lose an alert
    that never left the machine.
    """
    return delivery.state == "unsure" and chat.unsure == "resend" and delivery.not_before <= now


def _again(delivery: Delivery, not_before: datetime, error: str) -> Delivery:
    return dataclasses.replace(delivery, state="pending", not_before=not_before, error=error)


def _ended(delivery: Delivery, state: str, *, error: str | None) -> Delivery:
    return dataclasses.replace(delivery, state=state, error=error)  # type: ignore[arg-type]
