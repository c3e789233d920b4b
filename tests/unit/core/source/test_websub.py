"""When hubs are asked: at once, again when silent, before the lease ends, rarely after a refusal."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.source.websub import LEASE, LONGEST_LEASE, asked, confirmed, refused, to_ask
from monitor.model import HubSubscription, SourceState

NOW = datetime(2026, 11, 24, tzinfo=UTC)
STATE = SourceState(
    source_id="a", next_fetch_at=NOW, hub="https://hub.example/", hub_topic="https://a.example/rss"
)
PLAIN = SourceState(source_id="b", next_fetch_at=NOW)


def due(push: HubSubscription | None, later: timedelta = timedelta(), state: SourceState = STATE) -> bool:
    hub_subscriptions = {push.source_id: push} if push else {}
    return bool(to_ask([state, PLAIN], hub_subscriptions, NOW + later))


def test_a_new_hub_is_asked_at_once_and_again_ever_more_rarely() -> None:
    assert due(None)
    first = asked(STATE, None, "s", NOW)
    assert not due(first, timedelta(minutes=19))
    assert due(first, timedelta(minutes=20))
    second = asked(STATE, first, "s", NOW)
    assert not due(second, timedelta(minutes=39))
    for _ in range(20):
        second = asked(STATE, second, "s", NOW)
    assert due(second, timedelta(days=1))


def test_a_lease_is_renewed_before_it_ends_and_stays_active_meanwhile() -> None:
    active = confirmed(asked(STATE, None, "s", NOW), int(LEASE.total_seconds()), NOW)
    assert active.state == "active"
    assert not due(active, timedelta(days=7))
    assert due(active, timedelta(days=8, minutes=1))
    renewing = asked(STATE, active, "s", NOW + timedelta(days=8))
    assert (renewing.state, renewing.lease_until) == ("active", active.lease_until)
    assert not due(renewing, timedelta(days=8, minutes=1))
    assert asked(STATE, active, "s", NOW + timedelta(days=11)).state == "asked"


@pytest.mark.parametrize(("said", "until"), [(0, timedelta(minutes=5)), (10**9, LONGEST_LEASE)])
def test_leases_out_of_reason_are_brought_into_it(said: int, until: timedelta) -> None:
    assert confirmed(asked(STATE, None, "s", NOW), said, NOW).lease_until == NOW + until


def test_another_hub_is_asked_anew_and_a_refusal_counts_for_a_week() -> None:
    active = confirmed(asked(STATE, None, "s", NOW), 864_000, NOW)
    moved = dataclasses.replace(STATE, hub="https://other.example/")
    assert due(active, state=moved)
    assert asked(moved, active, "s", NOW).state == "asked"
    no = refused(active, "")
    assert no.error
    assert not due(no, timedelta(days=6))
    assert due(no, timedelta(days=7))
    assert not to_ask([PLAIN], {}, NOW)


def test_how_long_a_silent_hub_is_waited_for() -> None:
    first = asked(STATE, None, "s", NOW)
    assert (first.tries, first.state, first.secret, first.error) == (1, "asked", "s", "")
    waits = []
    push = first
    for _ in range(12):
        minutes = next(m for m in range(1, 2000) if due(push, timedelta(minutes=m)))
        waits.append(minutes)
        push = asked(STATE, push, "s", NOW, error="no answer")
    assert waits == [20, 40, 80, 160, 320, 640, 1280, *[1440] * 5]
    assert push.error == "no answer"


def test_a_lease_ends_at_its_moment_and_an_answer_resets_the_tries() -> None:
    active = confirmed(asked(STATE, asked(STATE, None, "s", NOW), "s", NOW), 3600, NOW)
    assert (active.tries, active.lease_until, active.error) == (0, NOW + timedelta(hours=1), "")
    assert asked(STATE, active, "s", NOW + timedelta(minutes=59)).state == "active"
    assert asked(STATE, active, "s", NOW + timedelta(minutes=60)).state == "asked"
    assert not due(active, timedelta(minutes=47))
    assert due(active, timedelta(minutes=48))
    other = dataclasses.replace(STATE, hub_topic="https://a.example/other")
    anew = asked(other, active, "s", NOW)
    assert (anew.tries, anew.lease_until) == (1, None)
