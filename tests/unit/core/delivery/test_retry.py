"""What follows from receipts and failed jobs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.delivery.retry import (
    JOB_TRIES,
    MANY_THROTTLED,
    OUTAGE_FAILURES,
    Decision,
    after_receipt,
    job_failed,
    kill_pause_s,
)
from monitor.model import (
    AlertSettings,
    Blocked,
    Closed,
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
from tests.support.records import NOW, chat, delivery

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


def test_an_unknown_outcome_is_resent_with_growing_pauses_and_never_given_up_by_count() -> None:
    doubtful = after_receipt(delivery(), Unsure(reason="timeout"), chat(), ALERTS, NOW).delivery
    assert doubtful.not_before == NOW + timedelta(seconds=30)
    for uncertain_sends, seconds in ((1, 60), (2, 120), (20, 300)):
        again = after_receipt(
            delivery(uncertain_sends=uncertain_sends), Unsure(reason="x"), chat(), ALERTS, NOW
        )
        assert (again.delivery.state, again.events) == ("unsure", ())
        assert again.delivery.not_before == NOW + timedelta(seconds=seconds)
    old = delivery(uncertain_sends=1, created_at=NOW - timedelta(days=3))
    given_up = after_receipt(old, Unsure(reason="x"), chat(), ALERTS, NOW)
    assert given_up.delivery.state == "dead"
    assert [event.kind for event in given_up.events] == ["undelivered"]


def test_a_closed_chat_holds_its_message_and_is_tried_again_with_patience() -> None:
    for refusals, seconds in ((0, 5), (1, 10), (4, 80), (30, 3600)):
        decision = after_receipt(delivery(), Closed(reason="x"), chat(refusals=refusals), ALERTS, NOW)
        assert (decision.delivery.state, decision.pause) == ("pending", "x")
        assert decision.retry_at == NOW + timedelta(seconds=seconds)
        assert decision.events == ()


def test_the_third_message_in_a_row_that_is_refused_says_that_the_chat_is_closed() -> None:
    ends = [
        after_receipt(delivery(), Refused(reason="ODD_CODE"), chat(refusals=refusals), ALERTS, NOW)
        for refusals in range(3)
    ]
    assert [end.delivery.state for end in ends] == ["dead", "dead", "pending"]
    assert [end.pause for end in ends] == [None, None, "ODD_CODE"]


@pytest.mark.parametrize("receipt", [Refused(reason="message to edit not found"), Closed(reason="no rights")])
def test_an_edit_that_is_refused_is_nobodys_business(receipt: Receipt) -> None:
    decision = after_receipt(delivery(kind="edit"), receipt, chat(refusals=9), ALERTS, NOW)
    assert (decision.delivery.state, decision.events, decision.pause) == ("cancelled", (), None)


def test_what_a_channel_cannot_say_is_not_booked_as_sent() -> None:
    decision = after_receipt(delivery(kind="edit"), Skipped(reason="printed"), chat(), ALERTS, NOW)
    assert (decision.delivery.state, decision.delivery.error) == ("cancelled", "printed")


def test_a_chat_that_was_closed_for_long_is_said_to_be_open_again() -> None:
    for refusals, told in ((2, []), (12, ["opened"])):
        shut = chat(state="paused", retry_at=NOW, refusals=refusals)
        decision = after_receipt(delivery(), Sent(message_id="1"), shut, ALERTS, NOW)
        assert [event.kind for event in decision.events] == told


def test_a_channel_that_is_away_rests_as_a_whole_and_costs_no_message() -> None:
    away = OUTAGE_FAILURES - 1
    old = delivery(created_at=NOW - timedelta(days=3), uncertain_sends=1)
    before = after_receipt(delivery(), Unsent(reason="x"), chat(), ALERTS, NOW, failures=away - 1)
    assert before.channel_rest_until is None
    unsent = after_receipt(old, Unsent(reason="x"), chat(), ALERTS, NOW, failures=away)
    assert (unsent.delivery.state, unsent.delivery.not_before) == ("pending", NOW)
    unsure = after_receipt(old, Unsure(reason="502"), chat(), ALERTS, NOW, failures=away)
    assert unsure.delivery.state == "unsure"
    assert unsent.channel_rest_until == unsure.channel_rest_until == NOW + timedelta(seconds=1)
    later = after_receipt(old, Unsent(reason="x"), chat(), ALERTS, NOW, failures=away + 40)
    assert later.channel_rest_until == NOW + timedelta(seconds=30)


def test_one_throttled_chat_waits_alone_and_many_stop_the_channel() -> None:
    def after(failures: int) -> Decision:
        return after_receipt(delivery(), Throttled(retry_after_s=9), chat(), ALERTS, NOW, failures=failures)

    assert after(0).channel_rest_until is None
    assert after(-OUTAGE_FAILURES).channel_rest_until is None, "a few chats in a row are chance"
    assert after(OUTAGE_FAILURES).channel_rest_until is None, "it is not away: it answers"
    many = after(1 - MANY_THROTTLED)
    assert many.channel_rest_until == NOW + timedelta(seconds=9)
    assert (many.passed, many.answered, many.channel) == (False, True, "telegram")


def test_throttled_chats_do_not_make_a_lost_connection_an_outage() -> None:
    found = after_receipt(delivery(), Unsent(reason="reset"), chat(), ALERTS, NOW, failures=-19)
    assert found.channel_rest_until is None


def test_operators_hear_of_what_is_held_or_given_up_but_not_of_their_own_notices() -> None:
    held = after_receipt(delivery(), Unsure(reason="x"), chat(unsure="hold"), ALERTS, NOW)
    assert [event.kind for event in held.events] == ["unsure"]
    refused = Refused(reason="chat not found")
    assert after_receipt(delivery(), refused, chat(), ALERTS, NOW).events
    assert not after_receipt(delivery(kind="notice"), refused, chat(), ALERTS, NOW).events


def test_an_edit_of_unknown_outcome_is_simply_repeated() -> None:
    edit = delivery(kind="edit", uncertain_sends=3)
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
    assert isinstance(first, Retry)
    assert isinstance(third, Retry)
    assert NOW < first.not_before < third.not_before
    assert isinstance(job_failed(Job(kind="read", key="e", attempts=JOB_TRIES), "x", NOW), Quarantined)


def test_in_a_crash_loop_a_job_is_tried_again_within_a_quarter_of_a_minute() -> None:
    """Something else may kill the process: then every job was running, and none is to blame."""
    pauses = [kill_pause_s(attempts) for attempts in range(1, 15)]
    assert pauses[:2] == [0, 0]
    assert pauses == sorted(pauses)
    assert max(pauses) <= 15
