"""Preferences, mutes, watches, people, and that the forgotten are forgotten."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from monitor.model import (
    Chat,
    Delivery,
    Digest,
    Draft,
    Event,
    Feedback,
    Invite,
    Mute,
    NoticeText,
    Person,
    QuietHours,
    SavedAlert,
    Subscription,
    Watch,
)
from monitor.ports import Store
from monitor.store.database import open_database
from monitor.store.tables.schema import metadata
from tests.contract.moving import move

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANN, BOB = 7_000_000_001, 7_000_000_002
HERS, HIS = f"telegram:{ANN}", f"telegram:{BOB}"


def chat(chat_id: str, **changes: object) -> Chat:
    channel, _, address = chat_id.partition(":")
    return dataclasses.replace(Chat(id=chat_id, channel=channel, address=address), **changes)  # type: ignore[arg-type]


def watch(number: int, chat_id: str = HERS) -> Watch:
    return Watch(
        id=f"watch:{number}",
        chat_id=chat_id,
        query=f"potash AND {chat_id}",
        title=f"Potash {number}",
        languages=("be", "ru"),
        made_at=NOW,
    )


def verdict(user_id: int = ANN, **changes: object) -> Feedback:
    given = Feedback(
        chat_id=f"telegram:{user_id}",
        user_id=user_id,
        article_id="a1",
        story_id="s1",
        topic_ids=("potash",),
        headline="Prices",
        url="https://x.test/",
        reason="other",
        at=NOW,
    )
    return dataclasses.replace(given, **changes)  # type: ignore[arg-type]


def found(store: Store, chat_id: str) -> Chat:
    known = store.chats.chat(chat_id)
    assert known is not None
    return known


def test_every_preference_comes_back_as_it_went_in(store: Store) -> None:
    full = chat(
        HERS,
        digest=Digest(every="weekly", at=time(7, 45), weekday=4),
        safe_links="archive",
        silent="night",
        pictures="album",
        hourly_budget=12,
        owner_id=ANN,
        subscriptions=(
            Subscription(chat_id=HERS, topic_id="a", mode="digest", digest=Digest(every="daily", at=time(6))),
        ),
    )
    store.chats.save(full, NOW)
    assert found(store, HERS) == full


def test_what_people_chose_outweighs_the_config(store: Store) -> None:
    listed = [chat(HERS, title="Desk", language="en", quiet=QuietHours(start=time(1), end=time(2)))]
    store.chats.sync(listed, NOW)

    assert store.chats.prefer(HERS, {"language": "be", "quiet": None, "digest": Digest(every="hourly")}, NOW)
    store.chats.sync([dataclasses.replace(listed[0], title="Office", timezone="Europe/Minsk")], NOW)

    now = found(store, HERS)
    assert (now.language, now.quiet, now.digest) == ("be", None, Digest(every="hourly"))
    assert (now.title, now.timezone) == ("Office", "Europe/Minsk")
    assert not store.chats.prefer("telegram:nobody", {"language": "be"}, NOW)


def test_mutes_are_added_renewed_and_taken_back(store: Store) -> None:
    store.chats.save(chat(HERS), NOW)
    store.chats.mute(HERS, Mute(kind="outlet", target="sb", until=NOW + HOUR, title="SB"), NOW)
    store.chats.mute(HERS, Mute(kind="outlet", target="sb", title="SB"), NOW)
    assert found(store, HERS).mutes == (Mute(kind="outlet", target="sb", title="SB"),)
    store.chats.save(found(store, HERS), NOW)
    assert len(found(store, HERS).mutes) == 1

    assert store.chats.unmute(HERS, "outlet", "sb")
    assert not store.chats.unmute(HERS, "outlet", "sb")
    assert found(store, HERS).mutes == ()


def test_a_watch_is_subscribed_listed_and_removed_with_what_hangs_on_it(store: Store) -> None:
    store.chats.save(chat(HERS), NOW)
    store.watches.add(watch(1), NOW)
    store.watches.add(watch(2), NOW)
    store.chats.mute(HERS, Mute(kind="topic", target="watch:1"), NOW)

    assert store.watches.of_chat(HERS) == (watch(1), watch(2)) == store.watches.all()
    assert [one.id for one in store.chats.subscribers(["watch:2"])] == [HERS]

    assert not store.watches.remove(HIS, "watch:1")
    assert store.watches.remove(HERS, "watch:1")
    assert [one.topic_id for one in found(store, HERS).subscriptions] == ["watch:2"]
    assert found(store, HERS).mutes == ()


def test_a_move_takes_mutes_and_watches_along(store: Store) -> None:
    store.chats.save(chat("telegram:-1"), NOW)
    store.chats.save(chat("telegram:-2"), NOW)
    store.watches.add(watch(1, "telegram:-1"), NOW)
    for target in ("s1", "s2"):
        store.chats.mute("telegram:-1", Mute(kind="story", target=target), NOW)
    store.chats.mute("telegram:-2", Mute(kind="story", target="s2", title="own"), NOW)

    move(store, "telegram:-1", "telegram:-2", NOW)

    now = found(store, "telegram:-2")
    assert {(item.target, item.title) for item in now.mutes} == {("s1", ""), ("s2", "own")}
    assert [item.topic_id for item in now.subscriptions] == ["watch:1"]
    assert [item.id for item in store.watches.of_chat("telegram:-2")] == ["watch:1"]


def test_a_move_takes_verdicts_along(store: Store) -> None:
    store.chats.save(chat("telegram:-1"), NOW)
    store.people.add_feedback(verdict(chat_id="telegram:-1"))

    move(store, "telegram:-1", "telegram:-2", NOW)

    assert [item.chat_id for item in store.people.feedback()] == ["telegram:-2"]


def test_an_invitation_lets_in_as_many_as_it_says_until_it_ends(store: Store) -> None:
    made = Invite(id="digest", role="editor", uses_left=2, until=NOW + HOUR, made_by=BOB, made_at=NOW)
    store.people.add_invite(made)

    assert store.people.accept_invite("other", ANN, NOW) is None
    assert store.people.accept_invite("digest", ANN, NOW + HOUR) is None
    ann = Person(user_id=ANN, role="editor", invited_with="digest", since=NOW)
    assert store.people.accept_invite("digest", ANN, NOW) == ann
    assert store.people.accept_invite("digest", ANN, NOW) == ann
    assert store.people.accept_invite("digest", BOB, NOW) is not None
    assert store.people.accept_invite("digest", 3, NOW) is None
    assert [item.user_id for item in store.people.all()] == [ANN, BOB]


def test_a_draft_is_taken_once_and_not_after_its_end(store: Store) -> None:
    made = Draft(id="d1", chat_id=HERS, user_id=ANN, kind="watch", about="x", until=NOW + HOUR)
    store.people.add_draft(made, NOW)
    assert store.people.draft("d1", NOW) == made
    assert store.people.draft("d1", NOW + HOUR) is None
    assert store.people.take_draft("d1", NOW + HOUR) is None
    assert store.people.take_draft("d1", NOW) == made
    assert store.people.take_draft("d1", NOW) is None


def test_the_last_verdict_on_an_article_counts(store: Store) -> None:
    store.people.add_feedback(verdict())
    store.people.add_feedback(verdict(reason="old news", at=NOW + HOUR))
    store.people.add_feedback(verdict(BOB))
    assert [item.reason for item in store.people.feedback()] == ["old news", "other"]
    assert [item.user_id for item in store.people.feedback(since=NOW + HOUR)] == [ANN]


def test_the_forgotten_are_nowhere_in_the_database_and_others_stay(store: Store, store_url: str) -> None:
    for user_id, chat_id in ((ANN, HERS), (BOB, HIS)):
        number = user_id % 10
        store.chats.save(chat(chat_id, title=f"person {user_id}"), NOW)
        store.chats.subscribe(Subscription(chat_id=chat_id, topic_id="potash"), NOW)
        store.chats.mute(chat_id, Mute(kind="story", target="s1"), NOW)
        store.watches.add(watch(number, chat_id), NOW)
        store.people.save(Person(user_id=user_id, role="admin", since=NOW))
        store.people.add_feedback(verdict(user_id))
        store.people.add_invite(Invite(id=f"i{user_id % 10}", until=NOW + HOUR, made_by=user_id, made_at=NOW))
        store.people.add_draft(
            Draft(id=f"d{number}", chat_id=chat_id, user_id=user_id, kind="forget", until=NOW + HOUR), NOW
        )
        store.outbox.add(
            [
                Delivery(
                    key=f"k{number}", chat_id=chat_id, kind="notice", payload=NoticeText(text=str(user_id)),
                    created_at=NOW, not_before=NOW,
                )
            ],
            NOW,
        )  # fmt: skip
        store.outbox.add_events([Event(kind="paused", subject=chat_id, text=f"Chat {chat_id}", at=NOW)])
        store.chats.save(chat(f"telegram:-{number}", owner_id=user_id), NOW)

    told = json.dumps(store.people.everything(ANN, HERS))
    assert str(ANN) in told
    assert str(BOB) not in told
    gone = store.people.forget(ANN, HERS)

    assert {"chats", "subscriptions", "watches", "mutes", "people", "feedback", "deliveries"} <= set(gone)
    left = _dump(store_url)
    assert str(ANN) not in left
    assert "Potash 1" not in left
    assert "Potash 2" in left
    assert str(BOB) in left
    assert found(store, "telegram:-1").owner_id is None
    assert found(store, "telegram:-2").owner_id == BOB
    assert not any(store.people.everything(ANN, HERS).values())


def _dump(url: str) -> str:
    """Every row of every table as text."""
    database = open_database(url)
    with database.read() as connection:
        rows = [repr(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    database.engine.dispose()
    return "\n".join(rows)


def test_no_table_that_names_chats_or_people_is_left_out_of_forgetting(store: Store) -> None:
    """A new table with such a column must be added to ``_of_person``, or be named here with a reason."""
    cared_for = set(store.people.everything(ANN, HERS)) | {"invites"}  # an invitation loses its maker
    telling = {"chat_id", "user_id", "owner_id", "made_by"}
    named = {table.name for table in metadata.sorted_tables if telling & {column.name for column in table.c}}
    assert named <= cared_for


def test_kept_alerts_are_the_newest_first_and_once_each(store: Store) -> None:
    def kept(number: int, hours: int) -> SavedAlert:
        at = NOW + timedelta(hours=hours)
        return SavedAlert(
            chat_id="telegram:1",
            article_id=f"a{number}",
            headline="H",
            url="https://x.test/",
            outlet="X",
            at=at,
        )

    for alert in (kept(1, 0), kept(2, 1), kept(1, 2)):
        store.saved_alerts.add(alert)
    assert store.saved_alerts.of_chat("telegram:1") == (kept(1, 2), kept(2, 1))
    assert store.saved_alerts.remove("telegram:1", "a1")
    assert not store.saved_alerts.remove("telegram:1", "a1")
    assert store.saved_alerts.of_chat("telegram:2") == ()
