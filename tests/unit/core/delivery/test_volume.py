"""Budgets, bundles, spikes and silences."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.delivery.volume import Bundle, Hold, Send, Unusual, next_step, unusual, unusual_text
from monitor.i18n.localizer import localizer
from monitor.model import AlertSettings, Backlog, NoticeText
from tests.support.records import NOW, chat, delivery

ALERTS = AlertSettings(hourly_budget=10)
HOUR = timedelta(hours=1)


def test_an_ordinary_alert_is_said_at_once() -> None:
    assert next_step(delivery(), chat(), Backlog(waiting=5, sent_lately=3), ALERTS, NOW) == Send()


def test_above_the_budget_alerts_are_held_until_the_hour_has_room_again() -> None:
    full = Backlog(waiting=2, sent_lately=10, first_sent_at=NOW - timedelta(minutes=20))
    step = next_step(delivery(), chat(), full, ALERTS, NOW)
    assert isinstance(step, Hold)
    assert step.delivery.not_before == NOW + timedelta(minutes=40)
    assert (step.delivery.state, step.delivery.attempts) == ("pending", 0)
    assert next_step(delivery(), chat(hourly_budget=11), full, ALERTS, NOW) == Send()
    assert next_step(delivery(), chat(), full, AlertSettings(hourly_budget=0), NOW) == Send()


def test_what_was_held_comes_as_one_digest() -> None:
    held = delivery(not_before=NOW, created_at=NOW - timedelta(minutes=40))
    assert next_step(held, chat(), Backlog(waiting=3), ALERTS, NOW) == Bundle()
    assert next_step(held, chat(), Backlog(waiting=0), ALERTS, NOW) == Send()


def test_what_is_old_comes_as_one_digest_and_a_mere_retry_does_not() -> None:
    old = delivery(created_at=NOW - 2 * HOUR, not_before=NOW, attempts=9)
    retried = delivery(created_at=NOW - timedelta(minutes=5), not_before=NOW, attempts=9)
    assert next_step(old, chat(), Backlog(waiting=1), ALERTS, NOW) == Bundle()
    assert next_step(retried, chat(), Backlog(waiting=1), ALERTS, NOW) == Send()


@pytest.mark.parametrize(
    "changes", [{"uncertain_sends": 1, "attempts": 2}, {"plain_only": True}, {"kind": "notice"}]
)
def test_what_may_have_arrived_is_said_again_as_it_was(changes: dict[str, object]) -> None:
    old = delivery(created_at=NOW - 2 * HOUR, **changes)
    full = Backlog(waiting=9, sent_lately=99, first_sent_at=NOW)
    assert next_step(old, chat(), full, ALERTS, NOW) == Send()


def test_alerts_that_wait_for_a_closed_chat_come_as_one_digest() -> None:
    shut = chat(state="paused", retry_at=NOW)
    young = delivery(created_at=NOW - timedelta(seconds=20), attempts=3)
    assert next_step(young, shut, Backlog(waiting=1), ALERTS, NOW) == Bundle()
    assert next_step(young, shut, Backlog(waiting=0), ALERTS, NOW) == Send()


def test_a_full_hour_is_said_once_to_the_chat() -> None:
    full = Backlog(waiting=9, sent_lately=99, first_sent_at=NOW - timedelta(minutes=40))
    steps = [next_step(delivery(key=key), chat(hourly_budget=99), full, ALERTS, NOW) for key in ("a", "b")]
    keys = {notice.key for step in steps if isinstance(step, Hold) for notice in step.says}
    assert len(keys) == 1
    (notice,) = steps[0].says if isinstance(steps[0], Hold) else ()
    assert notice.payload == NoticeText(text="99 alerts within an hour: more comes as a digest at 12:20.")


@pytest.mark.parametrize("counts", [(0, 0, 0, 0, 0, *[3] * 14), (36, *[3] * 14)])
def test_nothing_unusual_is_told_of_a_time_in_which_nobody_watched(counts: tuple[int, ...]) -> None:
    seen = days(*counts)
    assert unusual(seen, NOW) is not None  # type: ignore[arg-type]
    stopped = [(NOW - timedelta(days=4), NOW - timedelta(minutes=1))]
    assert unusual(seen, NOW, blind=stopped) is None  # type: ignore[arg-type]
    long_ago = [(NOW - timedelta(days=12), NOW - timedelta(days=10))]
    assert unusual(seen, NOW, blind=long_ago) is not None  # type: ignore[arg-type]


def test_days_of_silence_count_from_where_it_is_watched_again() -> None:
    stopped = [(NOW - timedelta(days=6, hours=12), NOW - timedelta(days=4))]
    found = unusual(days(*[0] * 7, *[3] * 14), NOW, blind=stopped)  # type: ignore[arg-type]
    assert found is not None
    assert (found.kind, found.days) == ("silence", 4)


def days(*counts: int) -> list[object]:
    """Articles a day, today first."""
    return [
        NOW - timedelta(days=day, minutes=30 + n) for day, count in enumerate(counts) for n in range(count)
    ]


def test_a_spike_is_told_in_times_of_the_usual() -> None:
    found = unusual(days(36, *[3] * 14), NOW)  # type: ignore[arg-type]
    assert found is not None
    assert (found.kind, found.count, found.usual, found.times) == ("spike", 36, 3.0, 12.0)


def test_silence_is_told_after_days_without_any() -> None:
    found = unusual(days(0, 0, 0, 0, 0, *[3] * 14), NOW)  # type: ignore[arg-type]
    assert found is not None
    assert (found.kind, found.days, found.usual) == ("silence", 5, 3.0)


@pytest.mark.parametrize(
    "counts",
    [
        (3,) * 15,
        (40, 3, 3, 3),  # too young to have a usual
        (9, *[1] * 14),  # many times the usual, and still few
        (0, 0, 0, 0, 0, *[0, 0, 1] * 5),  # rarely anything anyway
        (),
    ],
)
def test_the_ordinary_is_not_told(counts: tuple[int, ...]) -> None:
    assert unusual(days(*counts), NOW) is None  # type: ignore[arg-type]


@given(
    waiting=st.integers(0, 100),
    sent=st.integers(0, 100),
    age=st.integers(0, 10_000),
    budget=st.integers(0, 50),
    attempts=st.integers(0, 20),
)
def test_nothing_is_ever_dropped(waiting: int, sent: int, age: int, budget: int, attempts: int) -> None:
    item = delivery(created_at=NOW - timedelta(minutes=age), attempts=attempts)
    backlog = Backlog(waiting=waiting, sent_lately=sent, first_sent_at=NOW - HOUR if sent else None)
    step = next_step(item, chat(), backlog, AlertSettings(hourly_budget=budget), NOW)
    if isinstance(step, Hold):
        assert (step.delivery.state, step.delivery.key) == ("pending", item.key)
        assert NOW < step.delivery.not_before <= NOW + HOUR


def test_the_budget_is_full_with_its_last_alert_and_a_hold_is_a_minute_at_least() -> None:
    def step(sent: int, minutes: float) -> object:
        backlog = Backlog(waiting=2, sent_lately=sent, first_sent_at=NOW - timedelta(minutes=minutes))
        return next_step(delivery(), chat(), backlog, ALERTS, NOW)

    assert step(9, 20) == Send()
    for minutes, until in ((20, 40), (59, 1), (59.5, 1), (61, 1)):
        held = step(10, minutes)
        assert isinstance(held, Hold)
        assert held.delivery.not_before == NOW + timedelta(minutes=until)


@pytest.mark.parametrize(
    ("age", "held", "attempts", "together"),
    [
        (timedelta(hours=1), timedelta(0), 1, False),
        (timedelta(hours=1, seconds=1), timedelta(0), 1, True),
        (timedelta(minutes=2), timedelta(seconds=59), 1, False),
        (timedelta(minutes=2), timedelta(minutes=1), 1, True),
        (timedelta(minutes=2), timedelta(minutes=1), 2, False),
    ],
)
def test_what_waited_over_an_hour_or_was_held_a_minute_on_purpose_comes_together(
    age: timedelta, held: timedelta, attempts: int, together: bool
) -> None:
    row = delivery(created_at=NOW - age, not_before=NOW - age + held, attempts=attempts)
    assert next_step(row, chat(), Backlog(waiting=1), ALERTS, NOW) == (Bundle() if together else Send())


def test_a_first_try_of_unknown_outcome_is_bundled_like_others() -> None:
    old = delivery(created_at=NOW - 2 * HOUR, uncertain_sends=1, attempts=1)
    assert next_step(old, chat(), Backlog(waiting=1), ALERTS, NOW) == Bundle()


@pytest.mark.parametrize(
    ("counts", "kind"),
    [
        ((10, *[2] * 14), "spike"),
        ((10, *[0] * 7, *[1] * 7), "spike"),  # a usual below one counts as one
        ((14, *[3] * 14), None),
        ((15, *[3] * 14), "spike"),
        ((36, *[3] * 7), "spike"),  # a week is enough to have a usual
        ((36, *[3] * 6), None),
        ((36, *[3] * 14, *[30] * 20), "spike"),  # what was usual long ago is not
        ((0, 0, 0, *[3] * 14), "silence"),
        ((0, 0, *[3] * 14), None),
        ((0, 0, 0, *[1] * 14), "silence"),
    ],
)
def test_how_much_and_how_little_is_unusual(counts: tuple[int, ...], kind: str | None) -> None:
    found = unusual(days(*counts), NOW)  # type: ignore[arg-type]
    assert (found and found.kind) == kind


def test_what_is_unusual_is_said_in_words() -> None:
    tr = localizer("en")
    spike = Unusual(kind="spike", count=36, usual=3.0, times=12.4)
    assert unusual_text("Belarus", spike, tr) == "Belarus: 36 articles within a day, 12 × the usual 3."
    silence = Unusual(kind="silence", count=0, usual=2.5, days=4)
    assert unusual_text("Belarus", silence, tr) == "Nothing on Belarus for 4 days; usual are 2.5 a day."


def test_what_is_caught_up_after_an_hour_or_more_is_no_spike() -> None:
    seen = days(36, *[3] * 14)
    for minutes, told in ((59, True), (60, False)):
        began = NOW - timedelta(hours=9)
        blind = [(began, began + timedelta(minutes=minutes))]
        assert (unusual(seen, NOW, blind=blind) is not None) is told  # type: ignore[arg-type]
    yesterday = [(NOW - timedelta(hours=26), NOW - timedelta(hours=24))]
    assert unusual(seen, NOW, blind=yesterday) is not None  # type: ignore[arg-type]
