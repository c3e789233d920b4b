"""Alerts that are said together: bundled by a sender, or collected for a digest."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.delivery.retry import Decision
from monitor.model import Backlog, Chat, Delivery, Reach
from monitor.ports import Store
from tests.support.records import alert as said

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ANN = "telegram:1"


@pytest.fixture(autouse=True)
def chats(store: Store) -> None:
    people = [Chat(id=f"telegram:{n}", channel="telegram", address=f"{n}") for n in (1, 2)]
    store.chats.sync(people, NOW)


def alert(key: str, chat_id: str = ANN, **changes: object) -> Delivery:
    made = Delivery(
        key=key,
        chat_id=chat_id,
        kind="alert",
        payload=said(),
        created_at=NOW,
        not_before=NOW,
        story_id=f"story of {key}",
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def together(members: Sequence[Delivery], _reach: Mapping[str, Reach]) -> Sequence[Delivery]:
    names = "+".join(item.key for item in members)
    first = alert(f"digest {names}", members[0].chat_id, kind="digest", story_id=None)
    return (first, dataclasses.replace(first, key=f"rest of {names}", after_key=first.key))


def claim(store: Store, now: datetime = NOW, epoch: int = 1) -> Delivery:
    (item,) = store.outbox.claim(now=now, owner="me", epoch=epoch, limit=1, lease_s=60)
    return item


def state(store: Store, key: str) -> tuple[str, str | None]:
    found = store.outbox.get(key)
    assert found is not None
    return found.state, found.bundle


def test_what_waits_behind_an_alert_is_said_with_it(store: Store) -> None:
    others = [alert("edit", kind="edit"), alert("later", not_before=NOW + MINUTE), alert("x", "telegram:2")]
    store.outbox.add([alert("a"), alert("b"), *others, alert("c")], NOW)
    first = claim(store)

    assert store.outbox.backlog(first, NOW) == Backlog(waiting=2)
    assert store.outbox.bundle(first, together, NOW)

    assert [state(store, key) for key in "abc"] == [("bundled", "digest a+b+c")] * 3
    assert state(store, "later") == ("pending", None)
    claimed = [item.key for item in store.outbox.claim(now=NOW, owner="me", epoch=1, limit=9, lease_s=9)]
    assert claimed == ["edit", "x"], "each chat's oldest, and the digest behind the edit"
    assert store.outbox.open_count() == 5


def test_what_came_in_a_moment_ago_does_not_overtake_the_digest(store: Store) -> None:
    store.outbox.add([alert("a"), alert("b")], NOW)
    first = claim(store)
    moment = NOW + MINUTE
    store.outbox.add([alert("c", created_at=moment, not_before=moment)], moment)

    assert store.outbox.bundle(first, together, NOW), "decided before c came in, written after it"

    assert claim(store, moment).key == "digest a+b+c"


def test_only_the_sender_bundles(store: Store) -> None:
    store.outbox.add([alert("a"), alert("b")], NOW)
    mine = claim(store)
    store.outbox.recover(epoch=2, now=NOW)

    assert not store.outbox.bundle(mine, together, NOW)

    assert state(store, "b") == ("pending", None)
    assert store.outbox.get("digest a+b") is None


def test_the_backlog_counts_what_went_out_within_the_hour(store: Store) -> None:
    store.outbox.add([alert(f"k{n}") for n in range(4)], NOW)
    for minutes in (0, 50):
        moment = NOW + minutes * MINUTE
        item = claim(store, moment)
        sent = dataclasses.replace(item, state="sent", sent_at=moment)
        store.outbox.finish(Decision(delivery=sent), now=moment)
    third = claim(store, NOW + 50 * MINUTE)

    assert store.outbox.backlog(third, NOW + 50 * MINUTE) == Backlog(
        waiting=1, sent_lately=2, first_sent_at=NOW
    )
    assert store.outbox.backlog(third, NOW + 70 * MINUTE).sent_lately == 1


def test_collected_alerts_become_one_digest_when_they_are_due(store: Store) -> None:
    due = NOW + 10 * MINUTE
    store.outbox.add([alert(key, state="collected", not_before=due) for key in "ab"], NOW)
    store.outbox.add([alert("c", state="collected", not_before=due + MINUTE)], NOW)
    store.outbox.add([alert("z", "telegram:2", state="collected", not_before=NOW)], NOW)
    store.chats.pause("telegram:2", "blocked", NOW)
    assert store.outbox.collectors(NOW) == ()
    assert store.outbox.next_due(NOW) is None

    assert store.outbox.collectors(due) == (ANN,)
    assert store.outbox.collect(ANN, together, due) == 2
    assert store.outbox.collect(ANN, together, due) == 0

    assert claim(store, due).key == "digest a+b"
    assert state(store, "b") == ("bundled", "digest a+b")
    assert state(store, "c") == ("collected", None)


def test_a_collected_digest_made_twice_is_one(store: Store) -> None:
    store.outbox.add([alert("a", state="collected")], NOW)
    store.outbox.collect(ANN, together, NOW)

    assert store.outbox.add(together([alert("a")], {}), NOW) == 0
