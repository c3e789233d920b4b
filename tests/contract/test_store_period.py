"""What was written in a period, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from monitor.chores.topic_volume import watch_volume
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.model import Chat, Mute, NoticeText, Subscription, Topic
from monitor.ports import Store
from monitor.store import open_store
from monitor.store.database import Database, open_database
from monitor.store.tables.schema import articles, matches, placements

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url, now=lambda: NOW)
    yield opened
    opened.admin.close()


def write(
    database: Database, number: int, at: datetime, *topics: str, story: str = "", **changes: object
) -> None:
    """One matched article, as a job's commit would leave it."""
    name = f"a{number}"
    article = {
        "id": name,
        "entry_id": name,
        "source_id": f"s{number % 3}",
        "url": f"https://s.test/{number}",
        "canonical_url": f"https://s.test/{number}",
        "title": f"Title {number}",
        "text": "text",
        "lead": "text",
        "seen_at": at,
        "authors": [],
        "language": "ru" if number % 2 else "be",
        "site": "s.test",
        "source_name": f"Outlet {number % 3}",
        "tier": "state" if number % 3 == 0 else "independent",
        "late": False,
        "indexed": True,
    }
    place = {"article_id": name, "story_id": story or name, "source_id": article["source_id"], "version": 1}
    place |= {"url_key": name, "text_key": name, "headline_key": name, "guid_key": name, "seen_at": at}
    with database.write() as connection:
        connection.execute(insert(articles).values(article | changes))
        connection.execute(insert(placements).values(place))
        for topic in topics:
            row = {"article_id": name, "topic_id": topic, "score": 1.0, "rulebook": "r"}
            spans = [["title" if number == 2 else "body", 0, 4, "text", "text"]]
            connection.execute(insert(matches).values(row | {"spans": spans}))


def test_a_period_holds_its_stories_with_how_far_they_went(store: Store, database: Database) -> None:
    write(database, 1, NOW - 5 * HOUR, "belarus")
    write(database, 2, NOW - 4 * HOUR, "belarus", "potash", story="a1")
    write(database, 3, NOW - 3 * HOUR, "potash")
    write(database, 4, NOW - 2 * HOUR, "belarus", late=True)
    write(database, 5, NOW - 30 * HOUR, "belarus")
    write(database, 6, NOW - HOUR)

    found = store.articles.period(NOW - 24 * HOUR, NOW)

    assert [(story.story_id, story.topics, story.headline_hit) for story in found.stories] == [
        ("a1", ("belarus", "potash"), True),
        ("a3", ("potash",), False),
    ]
    first = found.stories[0]
    assert (first.first.title, first.reach.outlets, first.reach.languages) == ("Title 1", 2, 2)
    assert (len(found.seen), found.outlets) == (3, 3)
    assert [item.story_id for item in store.articles.period(NOW - 24 * HOUR, NOW, ["potash"]).stories] == [
        "a1",
        "a3",
    ]
    moments = store.articles.moments(NOW - 48 * HOUR)
    assert {topic: len(seen) for topic, seen in moments.items()} == {"belarus": 3, "potash": 2}


def test_followers_and_operators_hear_of_a_spike_once_a_day(store: Store, database: Database) -> None:
    for day in range(1, 15):
        write(database, day, NOW - timedelta(days=day, minutes=1), "belarus")
    for number in range(100, 115):
        write(database, number, NOW - timedelta(minutes=number), "belarus")
    follower = Subscription(chat_id="console:ann", topic_id="belarus")
    to_all = Subscription(chat_id="console:bob", topic_id="belarus")
    mute = Mute(kind="topic", target="belarus", until=NOW + HOUR)
    store.chats.sync(
        [
            Chat(id="console:ann", channel="console", address="ann", subscriptions=(follower,)),
            Chat(id="console:bob", channel="console", address="bob", subscriptions=(to_all,)),
            Chat(id="console:ops", channel="console", address="ops", operator=True),
        ],
        NOW,
    )
    store.chats.mute("console:bob", mute, NOW)
    topics = {"belarus": Topic(id="belarus", query="x", title="Belarus")}
    rulebook = Rulebook(revision="r", topics=topics, matcher=Matcher.build(()))

    assert watch_volume(store, rulebook, now=NOW) == 2
    assert watch_volume(store, rulebook, now=NOW + timedelta(minutes=10)) == 0

    told = store.outbox.list(states=("pending",))
    assert {item.chat_id for item in told} == {"console:ann", "console:ops"}
    assert told[0].payload == NoticeText(text="Belarus: 15 articles within a day, 15 × the usual 1.")


def test_silence_is_told_once(store: Store, database: Database) -> None:
    for number in range(30):
        write(database, number, NOW - timedelta(days=5 + number // 2, minutes=number), "belarus")
    store.chats.sync([Chat(id="console:ops", channel="console", address="ops", operator=True)], NOW)
    topics = {"belarus": Topic(id="belarus", query="x", title="Belarus")}
    rulebook = Rulebook(revision="r", topics=topics, matcher=Matcher.build(()))

    assert watch_volume(store, rulebook, now=NOW) == 1
    assert watch_volume(store, rulebook, now=NOW + timedelta(days=1)) == 0

    (told,) = store.outbox.list(states=("pending",))
    assert told.payload == NoticeText(text="Nothing on Belarus for 5 days; usual are 2 a day.")


def test_a_watch_is_told_to_its_owner_only(store: Store, database: Database) -> None:
    for day in range(1, 15):
        write(database, day, NOW - timedelta(days=day, minutes=1), "watch:1")
    for number in range(100, 115):
        write(database, number, NOW - timedelta(minutes=number), "watch:1")
    own = Subscription(chat_id="console:ann", topic_id="watch:1")
    safe = Subscription(chat_id="console:eve", topic_id="watch:1")
    store.chats.sync(
        [
            Chat(id="console:ann", channel="console", address="ann", subscriptions=(own,)),
            Chat(id="console:eve", channel="console", address="e", safe_links="plain", subscriptions=(safe,)),
            Chat(id="console:ops", channel="console", address="ops", operator=True),
        ],
        NOW,
    )
    topics = {"watch:1": Topic(id="watch:1", query="x", title="My town")}
    rulebook = Rulebook(revision="r", topics=topics, matcher=Matcher.build(()))

    watch_volume(store, rulebook, now=NOW)

    assert [item.chat_id for item in store.outbox.list(states=("pending",))] == ["console:ann"]
