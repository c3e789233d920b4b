"""Pictures after an alert: a chained row that goes out only after it, paced as so many messages."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.delivery.retry import OUTAGE_FAILURES, Decision
from monitor.model import Chat, Delivery, DigestPart, Reach
from monitor.ports import Store
from monitor.ports.outbox import UNPACED, SendRates
from tests.support.records import alert as said

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
GROUP = "telegram:-5"
# A person rests a second, a group three; thirty messages a second overall.
PACE = SendRates(per_second={"telegram": 30}, rest_s=lambda chat_id: 3.0 if ":-" in chat_id else 1.0)


@pytest.fixture(autouse=True)
def chats(store: Store) -> None:
    names = ("telegram:1", "telegram:2", "telegram:3", GROUP)
    store.chats.sync([Chat(id=name, channel="telegram", address=name[9:]) for name in names], NOW)


def alert(key: str, chat_id: str = "telegram:1", **changes: object) -> Delivery:
    made = Delivery(
        key=key, chat_id=chat_id, kind="alert", payload=said(), created_at=NOW, not_before=NOW, story_id=key
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def pictured(key: str, chat_id: str = "telegram:1", *, count: int = 1, **changes: object) -> list[Delivery]:
    first = alert(key, chat_id, **changes)
    after = dataclasses.replace(
        first, key=f"{key}+", kind="pictures", after_key=key, messages=count, state="pending"
    )
    return [first, after]


def claim(store: Store, now: datetime = NOW, *, limit: int = 10, pace: SendRates = UNPACED) -> list[Delivery]:
    return list(store.outbox.claim(now=now, owner="me", epoch=1, limit=limit, lease_s=60, pace=pace))


def keys(store: Store, now: datetime = NOW, **options: object) -> list[str]:
    return [item.key for item in claim(store, now, **options)]  # type: ignore[arg-type]


def finish(store: Store, key: str, state: str, now: datetime = NOW, **changes: object) -> None:
    item = store.outbox.get(key)
    assert item is not None
    done = dataclasses.replace(item, state=state, **changes)  # type: ignore[arg-type]
    assert store.outbox.finish(Decision(delivery=done, channel="telegram", passed=state == "sent"), now=now)


def state(store: Store, key: str) -> tuple[str, str | None]:
    found = store.outbox.get(key)
    assert found is not None
    return found.state, found.error


def test_pictures_go_out_after_their_alert_and_before_the_next_one(store: Store) -> None:
    store.outbox.add([*pictured("a"), alert("b")], NOW)

    for key in ("a", "a+", "b"):
        assert keys(store) == [key]
        finish(store, key, "sent", message_id="7", sent_at=NOW)

    assert keys(store) == []


def test_an_alert_that_waits_lets_the_others_pass_and_keeps_its_pictures(store: Store) -> None:
    later = NOW + 60 * SECOND
    store.outbox.add([*pictured("a", not_before=later), alert("b")], NOW)

    assert keys(store) == ["b"]
    finish(store, "b", "sent")
    assert store.outbox.next_due(NOW) == later
    assert keys(store, later) == ["a"]
    finish(store, "a", "sent")
    assert keys(store, later) == ["a+"]


def test_pictures_end_with_their_alert_and_come_back_with_it(store: Store) -> None:
    store.outbox.add([*pictured("a"), *pictured("b")], NOW)
    assert keys(store) == ["a"]
    finish(store, "a", "dead", error="chat not found")

    assert state(store, "a+") == ("cancelled", "the part before it was not sent"), "nobody is to mend it"
    assert store.outbox.cancel("b", "by hand")
    assert state(store, "b+")[0] == "cancelled"

    assert store.outbox.retry("a", NOW)
    assert keys(store) == ["a"]
    finish(store, "a", "sent")
    assert keys(store) == ["a+"]


def test_an_alert_that_a_digest_says_comes_without_pictures(store: Store) -> None:
    def together(members: Sequence[Delivery], _reach: Mapping[str, Reach]) -> Sequence[Delivery]:
        return (
            alert(
                "digest",
                kind="digest",
                payload=DigestPart(reason="waited", count=len(members), since=NOW, until=NOW),
            ),
        )

    store.outbox.add([*pictured("a"), *pictured("b")], NOW)
    (first,) = claim(store)

    assert store.outbox.bundle(first, together, NOW)

    assert [state(store, key)[0] for key in ("a", "b")] == ["bundled"] * 2
    assert [state(store, key) for key in ("a+", "b+")] == [("cancelled", "its alert is said by a digest")] * 2
    assert keys(store) == ["digest"]


def test_pictures_that_fail_leave_their_alert_alone(store: Store) -> None:
    store.outbox.add([*pictured("a"), alert("b")], NOW)
    claim(store)
    finish(store, "a", "sent", message_id="7", sent_at=NOW)
    claim(store)
    finish(store, "a+", "dead", error="Bad Request: failed to get HTTP URL content")

    assert state(store, "a") == ("sent", None)
    assert keys(store) == ["b"]


def test_a_chat_rests_for_each_picture_before_an_album_and_after_it(store: Store) -> None:
    store.outbox.add([*pictured("a", GROUP, count=10), alert("b", GROUP)], NOW)
    assert keys(store, pace=PACE) == ["a"]
    finish(store, "a", "sent")

    assert keys(store, NOW + 3 * SECOND, pace=PACE) == [], "one message could go, ten cannot; b waits"
    assert store.outbox.next_due(NOW + 3 * SECOND) == NOW + 30 * SECOND
    assert keys(store, NOW + 29 * SECOND, pace=PACE) == []
    assert keys(store, NOW + 30 * SECOND, pace=PACE) == ["a+"]
    finish(store, "a+", "sent", NOW + 30 * SECOND)
    assert keys(store, NOW + 59 * SECOND, pace=PACE) == []
    assert keys(store, NOW + 60 * SECOND, pace=PACE) == ["b"]


def test_every_picture_counts_against_the_channels_second(store: Store) -> None:
    fast = SendRates(per_second={"telegram": 5})
    store.outbox.add([*pictured("a", count=4), alert("b", "telegram:2"), alert("c", "telegram:3")], NOW)
    assert keys(store, pace=fast, limit=1) == ["a"]
    finish(store, "a", "sent")

    later = NOW + 2 * SECOND
    assert keys(store, later, pace=fast) == ["a+", "b"], "four and one are five"
    for key in ("a+", "b"):
        finish(store, key, "sent", later)
    assert keys(store, later + SECOND / 2, pace=fast) == []
    assert keys(store, later + 1.1 * SECOND, pace=fast) == ["c"]


def test_an_album_gets_its_turn_though_single_messages_would_fit(store: Store) -> None:
    fast = SendRates(per_second={"telegram": 5})
    store.outbox.add([*pictured("a", count=5)], NOW)
    assert keys(store, pace=fast) == ["a"]
    finish(store, "a", "sent")
    store.outbox.add([alert("b", "telegram:2"), alert("c", "telegram:3")], NOW)

    assert keys(store, NOW + SECOND / 2, pace=fast) == [], "the album is older: there is no room for it yet"
    assert keys(store, NOW + 1.1 * SECOND, pace=fast) == ["a+"]


def test_an_album_larger_than_a_second_allows_goes_out_alone(store: Store) -> None:
    slow = SendRates(per_second={"telegram": 3})
    store.outbox.add([*pictured("a", count=10), alert("b", "telegram:2")], NOW)
    assert keys(store, pace=slow, limit=1) == ["a"]
    finish(store, "a", "sent")

    assert keys(store, NOW + 2 * SECOND, pace=slow) == ["a+"]
    assert keys(store, NOW + 2 * SECOND, pace=slow) == []


def test_a_channel_that_was_away_is_probed_with_an_album_too(store: Store) -> None:
    store.outbox.add([*pictured("a", count=10), alert("b", "telegram:2")], NOW)
    assert keys(store, limit=1) == ["a"]
    finish(store, "a", "sent")
    moment = NOW
    for _ in range(OUTAGE_FAILURES + 1):
        moment += 60 * SECOND
        assert keys(store, moment, pace=PACE, limit=1) == ["a+"]
        finish(store, "a+", "pending", moment)

    moment += 60 * SECOND
    assert keys(store, moment, pace=PACE) == ["a+"], "one send at a time, whatever it counts"
    finish(store, "a+", "sent", moment)
    assert keys(store, moment + 2 * SECOND, pace=PACE) == ["b"]
