"""What follows from receipts and failed jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.retry import JOB_TRIES, after_receipt, job_failed, may_resend
from monitor.model import (
    Again,
    AlertSettings,
    Blocked,
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
from tests.unit.core.records import NOW, chat, delivery

ALERTS = AlertSettings()


@pytest.mark.parametrize(
    ("receipt", "state"),
    [
        (Sent(message_id="7"), "sent"),
        (Throttled(retry_after_s=9), "pending"),
        (Blocked(reason="kicked"), "dead"),
        (Refused(reason="chat not found"), "dead"),
        (Refused(reason="bad tag", formatting=True), "pending"),
        (Moved(address="-100"), "pending"),
        (Unsent(reason="refused"), "pending"),
        (Unsure(reason="timeout"), "unsure"),
    ],
)
def test_each_receipt_leads_to_its_state(receipt: Receipt, state: str) -> None:
    assert after_receipt(delivery(), receipt, chat(), ALERTS, NOW).delivery.state == state


def test_a_throttled_chat_waits_exactly_as_long_as_asked() -> None:
    decision = after_receipt(delivery(), Throttled(retry_after_s=9), chat(), ALERTS, NOW)
    assert decision.chat_rest_until == decision.delivery.not_before == NOW + timedelta(seconds=9)
    assert decision.channel_rest_until is None


def test_a_formatting_error_is_tried_once_as_plain_text() -> None:
    bad = Refused(reason="bad tag", formatting=True)
    plain = after_receipt(delivery(), bad, chat(), ALERTS, NOW).delivery
    assert plain.plain_only
    assert after_receipt(plain, bad, chat(), ALERTS, NOW).delivery.state == "dead"


def test_an_unknown_outcome_is_resent_once_and_then_given_up() -> None:
    doubtful = after_receipt(delivery(), Unsure(reason="timeout"), chat(), ALERTS, NOW).delivery
    later = NOW + timedelta(seconds=31)
    assert not may_resend(doubtful, chat(), NOW)
    assert may_resend(doubtful, chat(), later)
    assert not may_resend(doubtful, chat(unsure="hold"), later)
    again = delivery(doubts=1)
    assert after_receipt(again, Unsure(reason="x"), chat(), ALERTS, NOW).delivery.state == "dead"


def test_a_send_cut_off_by_kills_is_resent_however_often_it_happened() -> None:
    assert may_resend(delivery(state="unsure", doubts=3), chat(), NOW)


def test_an_edit_of_unknown_outcome_is_simply_repeated() -> None:
    edit = delivery(kind="edit", doubts=3)
    assert after_receipt(edit, Unsure(reason="x"), chat(), ALERTS, NOW).delivery.state == "pending"


def test_a_safe_retry_gives_up_after_two_days_only() -> None:
    old = delivery(created_at=NOW - timedelta(days=3))
    assert after_receipt(old, Unsent(reason="x"), chat(), ALERTS, NOW).delivery.state == "dead"


def test_throttling_never_gives_up() -> None:
    old = delivery(created_at=NOW - timedelta(days=30))
    decision = after_receipt(old, Throttled(retry_after_s=1), chat(), ALERTS, NOW)
    assert decision.delivery.state == "pending"


def test_a_failing_job_is_tried_later_and_then_set_aside() -> None:
    first = job_failed(Job(kind="read", key="e", attempts=1), "x", NOW)
    third = job_failed(Job(kind="read", key="e", attempts=3), "x", NOW)
    assert isinstance(first, Again)
    assert isinstance(third, Again)
    assert NOW < first.not_before < third.not_before
    assert isinstance(job_failed(Job(kind="read", key="e", attempts=JOB_TRIES), "x", NOW), Quarantined)
