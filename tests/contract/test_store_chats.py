"""Chats and subscriptions: the config's, people's own, paused and moved ones."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, time

from monitor.model import Chat, Delivery, QuietHours, Subscription
from monitor.ports import Store
from tests.contract.moving import move
from tests.support.records import alert as said

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def chat(chat_id: str, *topics: str, **changes: object) -> Chat:
    channel, _, address = chat_id.partition(":")
    made = Chat(
        id=chat_id,
        channel=channel,
        address=address,
        subscriptions=tuple(subscription(chat_id, topic) for topic in sorted(topics)),
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def subscription(chat_id: str, topic: str, **changes: object) -> Subscription:
    made = Subscription(chat_id=chat_id, topic_id=topic)
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def delivery(key: str, chat_id: str) -> Delivery:
    return Delivery(
        key=key,
        chat_id=chat_id,
        kind="alert",
        payload=said(),
        created_at=NOW,
        not_before=NOW,
        story_id="s1",
    )


def topics(store: Store, chat_id: str) -> list[str]:
    found = store.chats.chat(chat_id)
    assert found is not None
    return [one.topic_id for one in found.subscriptions if one.mode != "off"]


def subscribed(store: Store, *topic_ids: str) -> list[str]:
    return [one.id for one in store.chats.subscribers(topic_ids)]


def test_a_chat_comes_back_as_it_went_in(store: Store) -> None:
    full = chat(
        "webhook:desk",
        "*",
        title="Desk",
        language="be",
        timezone="Europe/Minsk",
        unsure="hold",
        operator=True,
        preview="large",
        quiet=QuietHours(start=time(22, 30), end=time(7)),
        options={"url": "https://desk.test/hook", "retries": [1, 2]},
        subscriptions=(subscription("webhook:desk", "*", mode="digest"),),
    )

    store.chats.sync([full, chat("console:main", "a")], NOW)

    # Its channel's options hold secrets: they stay in the files.
    assert store.chats.chat("webhook:desk") == dataclasses.replace(full, options={})
    assert [one.id for one in store.chats.all()] == ["console:main", "webhook:desk"]
    assert store.chats.chat("console:none") is None


def test_the_configs_subscriptions_are_replaced_and_peoples_own_stay(store: Store) -> None:
    store.chats.sync([chat("console:a", "x", "y")], NOW)
    store.chats.subscribe(subscription("console:a", "own"), NOW)

    store.chats.sync([chat("console:a", "y", "z", title="New")], NOW)

    assert topics(store, "console:a") == ["own", "y", "z"]
    found = store.chats.chat("console:a")
    assert found is not None
    assert found.title == "New"


def test_leaving_a_topic_of_the_config_lasts(store: Store) -> None:
    listed = [chat("console:a", "x", "y")]
    store.chats.sync(listed, NOW)

    assert store.chats.unsubscribe("console:a", "x", NOW)
    assert not store.chats.unsubscribe("console:a", "x", NOW)
    store.chats.sync(listed, NOW)

    assert topics(store, "console:a") == ["y"]
    store.chats.subscribe(subscription("console:a", "x"), NOW)
    assert topics(store, "console:a") == ["x", "y"]
    assert store.chats.unsubscribe("console:a", "x", NOW)
    assert not store.chats.unsubscribe("console:a", "never", NOW)


def test_a_chat_made_in_chat_survives_every_sync(store: Store) -> None:
    own = chat("telegram:7", "x")
    store.chats.save(own, NOW)

    store.chats.sync([chat("console:a")], NOW)
    store.chats.sync([], NOW)

    assert store.chats.all() == (own,)


def test_a_chat_that_leaves_the_config_gets_nothing_more(store: Store) -> None:
    store.chats.sync([chat("console:a", "x"), chat("console:b", "x")], NOW)
    store.chats.subscribe(subscription("console:b", "own"), NOW)
    store.outbox.add([delivery("k", "console:a")], NOW)

    store.chats.sync([], NOW)

    assert [one.id for one in store.chats.all()] == ["console:b"]
    assert topics(store, "console:b") == ["own"]
    left = store.outbox.get("k")
    assert left is not None
    assert left.state == "cancelled"


def test_saving_replaces_subscriptions_and_opens_a_paused_chat(store: Store) -> None:
    store.chats.save(chat("telegram:7", "x", "y"), NOW)
    store.chats.pause("telegram:7", "blocked", NOW)

    store.chats.save(chat("telegram:7", "z"), NOW)

    assert store.chats.chat("telegram:7") == chat("telegram:7", "z")


def test_subscribers_bring_the_subscriptions_that_bear_on_the_topics(store: Store) -> None:
    store.chats.sync([chat("console:a", "x", "y"), chat("console:b", "*"), chat("console:c", "y")], NOW)
    store.chats.subscribe(subscription("console:b", "x", mode="off"), NOW)

    found = store.chats.subscribers(["x", "w"])

    assert [(one.id, [own.topic_id for own in one.subscriptions]) for one in found] == [
        ("console:a", ["x"]),
        ("console:b", ["*", "x"]),
    ]
    store.chats.unsubscribe("console:a", "x", NOW)
    assert subscribed(store, "x") == ["console:b"]
    assert subscribed(store) == ["console:b"]


def test_a_paused_chat_gets_nothing_and_the_operator_hears_of_it_once(store: Store) -> None:
    listed = [chat("telegram:7", "x")]
    store.chats.sync(listed, NOW)
    store.outbox.add([delivery("k", "telegram:7")], NOW)

    store.chats.pause("telegram:7", "blocked by the user", NOW)
    store.chats.pause("telegram:7", "blocked by the user", NOW)
    store.chats.sync(listed, NOW)

    assert subscribed(store, "x") == []
    stopped = store.outbox.get("k")
    assert stopped is not None
    assert (stopped.state, stopped.error) == ("cancelled", "blocked by the user")
    ((_, event),) = store.outbox.untold_events()
    assert (event.kind, event.subject) == ("paused", "telegram:7")


def test_a_moved_chat_is_moved_everywhere_and_in_later_syncs(store: Store) -> None:
    listed = [chat("telegram:-1", "x", title="Desk")]
    store.chats.sync(listed, NOW)
    store.outbox.add([delivery("k", "telegram:-1")], NOW)

    move(store, "telegram:-1", "telegram:-100", NOW)
    store.outbox.add([delivery("planned before the move", "telegram:-1")], NOW)
    store.chats.sync(listed, NOW)

    moved = chat("telegram:-100", "x", title="Desk")
    assert store.chats.all() == (moved,)
    assert store.outbox.alert_of("telegram:-100", "s1") is not None
    late = store.outbox.get("planned before the move")
    assert late is not None
    assert late.chat_id == "telegram:-100"


def test_a_chat_may_move_twice_and_back(store: Store) -> None:
    listed = [chat("telegram:1", "x")]
    store.chats.sync(listed, NOW)
    move(store, "telegram:1", "telegram:2", NOW)
    move(store, "telegram:2", "telegram:3", NOW)
    store.chats.sync(listed, NOW)
    assert [one.id for one in store.chats.all()] == ["telegram:3"]

    move(store, "telegram:3", "telegram:1", NOW)
    move(store, "telegram:1", "telegram:1", NOW)
    store.chats.sync(listed, NOW)

    assert store.chats.all() == (listed[0],)


def test_a_move_to_a_known_chat_joins_the_two(store: Store) -> None:
    store.chats.sync([chat("telegram:1", "x", "y"), chat("telegram:2")], NOW)
    store.chats.subscribe(subscription("telegram:2", "y", mode="digest"), NOW)

    move(store, "telegram:1", "telegram:2", NOW)

    assert store.chats.chat("telegram:2") == chat(
        "telegram:2",
        subscriptions=(
            subscription("telegram:2", "x"),
            subscription("telegram:2", "y", mode="digest"),
        ),
    )


def test_what_a_chat_wants_to_hear_of_is_kept_and_the_configs_is_outweighed(store: Store) -> None:
    store.chats.sync([chat("telegram:1", "*", languages=("be", "en"), least_outlets=2)], NOW)
    store.chats.prefer("telegram:1", {"languages": ("ru",)}, NOW)
    store.chats.sync([chat("telegram:1", "*", languages=("be", "en"), least_outlets=3)], NOW)
    found = store.chats.chat("telegram:1")
    assert found is not None
    assert (found.languages, found.least_outlets) == (("ru",), 3)
