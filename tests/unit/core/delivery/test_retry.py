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
    pause_s,
)
from monitor.model import (
    AlertSettings,
    Blocked,
    Closed,
    Job,
    Moved,
    NoticeText,
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


def test_pauses_double_and_end_at_five_minutes() -> None:
    assert [pause_s(attempts) for attempts in (0, 1, 2, 3, 9, 10, 99)] == [1, 1, 2, 4, 256, 300, 300]
    assert [kill_pause_s(attempts) for attempts in range(1, 9)] == [0, 0, 1, 2, 4, 8, 15, 15]


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 10), (2, 20), (5, 160)])
def test_a_job_waits_ten_times_as_long_as_a_message(attempts: int, seconds: int) -> None:
    found = job_failed(Job(kind="read", key="e", attempts=attempts), "x", NOW)
    assert found == Retry(not_before=NOW + timedelta(seconds=seconds), error="x")


def test_what_surely_was_not_sent_is_tried_again_with_growing_pauses() -> None:
    for attempts, seconds in ((1, 1), (2, 2), (4, 8)):
        again = after_receipt(delivery(attempts=attempts), Unsent(reason="x"), chat(), ALERTS, NOW).delivery
        assert (again.not_before, again.error) == (NOW + timedelta(seconds=seconds), "x")
        edit = delivery(kind="edit", attempts=attempts)
        assert (
            after_receipt(edit, Unsure(reason="x"), chat(), ALERTS, NOW).delivery.not_before
            == again.not_before
        )


@pytest.mark.parametrize(
    ("receipt", "open_state"), [(Unsent(reason="x"), "pending"), (Unsure(reason="x"), "unsure")]
)
def test_a_message_is_given_up_after_its_time_not_at_it(receipt: Receipt, open_state: str) -> None:
    for late, state in ((timedelta(0), open_state), (timedelta(seconds=1), "dead")):
        row = delivery(created_at=NOW - ALERTS.give_up_after - late)
        assert after_receipt(row, receipt, chat(), ALERTS, NOW).delivery.state == state


def test_a_chosen_wait_longer_than_the_longest_pause_is_kept() -> None:
    patient = AlertSettings(unsure_resend_after_s=600)
    for uncertain_sends in (0, 3):
        row = delivery(uncertain_sends=uncertain_sends)
        again = after_receipt(row, Unsure(reason="x"), chat(), patient, NOW).delivery
        assert again.not_before == NOW + timedelta(seconds=600)


def test_an_outage_begins_with_the_sixth_failure_and_its_rests_double() -> None:
    def rest(failures: int, receipt: Receipt | None = None) -> timedelta | None:
        what = receipt or Unsent(reason="x")
        until = after_receipt(delivery(), what, chat(), ALERTS, NOW, failures=failures).channel_rest_until
        return None if until is None else until - NOW

    assert [rest(failures) for failures in (0, 4)] == [None, None]
    seconds = [timedelta(seconds=each) for each in (1, 2, 4, 8, 16, 30, 30)]
    assert [rest(failures) for failures in range(5, 12)] == seconds
    assert rest(4, Unsure(reason="x")) is None
    assert rest(5, Unsure(reason="x")) == timedelta(seconds=1)


def test_a_channel_that_asks_for_itself_rests_at_once_and_so_it_does_for_the_twentieth_chat() -> None:
    own = Throttled(retry_after_s=9, overall=True)
    assert after_receipt(delivery(), own, chat(), ALERTS, NOW).channel_rest_until == NOW + timedelta(
        seconds=9
    )
    one = Throttled(retry_after_s=9)
    assert after_receipt(delivery(), one, chat(), ALERTS, NOW, failures=-18).channel_rest_until is None
    assert after_receipt(delivery(), one, chat(), ALERTS, NOW, failures=-19).channel_rest_until is not None


@pytest.mark.parametrize(
    ("receipt", "passed", "answered", "refused"),
    [
        (Sent(message_id="7"), True, False, False),
        (Throttled(retry_after_s=9), False, True, False),
        (Blocked(reason="kicked"), True, False, False),
        (Skipped(reason="x"), True, False, False),
        (Closed(reason="x"), True, False, True),
        (Refused(reason="x"), True, False, True),
        (Refused(reason="x", formatting=True), True, False, False),
        (Moved(address="-100"), True, False, False),
        (Unsent(reason="x"), False, False, False),
        (Unsure(reason="x"), False, False, False),
    ],
)
def test_what_a_receipt_says_of_the_channel_and_of_the_chat(
    receipt: Receipt, passed: bool, answered: bool, refused: bool
) -> None:
    found = after_receipt(delivery(), receipt, chat(), ALERTS, NOW)
    assert (found.passed, found.answered, found.refused) == (passed, answered, refused)


def test_where_a_message_stands_and_where_a_chat_went_is_kept() -> None:
    sent = after_receipt(delivery(error="before"), Sent(message_id="7"), chat(), ALERTS, NOW).delivery
    assert (sent.message_id, sent.sent_at, sent.error) == ("7", NOW, None)
    moved = after_receipt(delivery(), Moved(address="-100"), chat(), ALERTS, NOW)
    assert (moved.move_to, moved.delivery.not_before, moved.pause) == ("telegram:-100", NOW, None)
    blocked = after_receipt(delivery(), Blocked(reason="kicked"), chat(), ALERTS, NOW)
    assert (blocked.pause, blocked.retry_at, blocked.delivery.error) == ("kicked", None, "kicked")


@pytest.mark.parametrize(
    ("state", "refusals", "receipt", "kinds"),
    [
        ("paused", 9, Sent(message_id="1"), []),
        ("paused", 10, Sent(message_id="1"), ["opened"]),
        ("active", 10, Sent(message_id="1"), []),
        ("paused", 10, Skipped(reason="x"), []),
    ],
)
def test_only_a_chat_that_was_long_closed_is_said_to_take_messages_again(
    state: str, refusals: int, receipt: Receipt, kinds: list[str]
) -> None:
    shut = chat(state=state, retry_at=NOW, refusals=refusals)
    for kind in ("alert", "notice"):
        row = delivery(kind=kind, **({"payload": NoticeText(text="x")} if kind == "notice" else {}))
        events = after_receipt(row, receipt, shut, ALERTS, NOW).events
        assert [event.kind for event in events] == kinds


def test_who_is_told_of_a_message_that_was_given_up() -> None:
    def kinds(kind: str, receipt: Receipt, **wishes: str) -> list[str]:
        old = delivery(kind=kind, created_at=NOW - timedelta(days=9))  # older than anything is tried
        return [event.kind for event in after_receipt(old, receipt, chat(**wishes), ALERTS, NOW).events]

    assert kinds("alert", Unsent(reason="x")) == kinds("alert", Blocked(reason="x")) == ["undelivered"]
    assert kinds("edit", Unsent(reason="x")) == kinds("edit", Blocked(reason="x")) == []
    assert kinds("pictures", Unsent(reason="x")) == [], "its alert stands as it was"
    assert kinds("pictures", Blocked(reason="x")) == ["undelivered"]
    young = after_receipt(delivery(), Unsure(reason="x"), chat(unsure="hold"), ALERTS, NOW)
    assert "monitor outbox retry" in str(young.events[0].text)
    assert after_receipt(delivery(), Unsent(reason="x"), chat(unsure="hold"), ALERTS, NOW).events == ()
