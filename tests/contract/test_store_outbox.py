"""Deliveries: claimed one a chat in order, finished under a fence, never lost."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.delivery.retry import OUTAGE_FAILURES, Decision
from monitor.i18n.lazy import Between, lazy, lazy_plural, listed, word
from monitor.i18n.localizer import LANGUAGES, localizer
from monitor.model import Chat, Delivery, Event, Subscription
from monitor.ports import Store
from monitor.ports.outbox import SendRates
from tests.contract.moving import move
from tests.support.records import alert as said

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def chats(store: Store) -> None:
    store.chats.sync(
        [
            Chat(id="telegram:1", channel="telegram", address="1"),
            Chat(id="telegram:2", channel="telegram", address="2", unsure="hold"),
            Chat(id="console:main", channel="console", address="main"),
        ],
        NOW,
    )


def delivery(key: str, chat_id: str = "telegram:1", **changes: object) -> Delivery:
    made = Delivery(
        key=key,
        chat_id=chat_id,
        kind="alert",
        payload=said(headline="Калій", highlights=((0, 5),)),
        created_at=NOW,
        not_before=NOW,
        story_id=f"story of {key}",
        article_id="a1",
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def claim(store: Store, *, now: datetime = NOW, limit: int = 10, epoch: int = 1) -> list[Delivery]:
    taken = store.outbox.claim(now=now, owner="me", epoch=epoch, limit=limit, lease_s=60)
    return list(taken)


def keys(deliveries: list[Delivery]) -> list[str]:
    return [item.key for item in deliveries]


def finish(store: Store, item: Delivery, state: str, **changes: object) -> bool:
    done = dataclasses.replace(item, state=state, **changes)  # type: ignore[arg-type]
    return store.outbox.finish(Decision(delivery=done), now=NOW)


def test_a_delivery_comes_back_as_it_went_in(store: Store) -> None:
    assert store.outbox.add([delivery("k")], NOW) == 1

    stored = store.outbox.get("k")

    assert stored == dataclasses.replace(delivery("k"), sequence=stored.sequence if stored else 0)
    assert store.outbox.get("none") is None
    assert store.outbox.alert_of("telegram:1", "story of k") == stored
    assert store.outbox.alert_of("telegram:2", "story of k") is None


def test_a_key_is_unique_for_ever(store: Store) -> None:
    assert store.outbox.add([delivery("k"), delivery("k"), delivery("l")], NOW) == 2
    (first,) = claim(store)
    finish(store, first, "sent", message_id="7", sent_at=NOW)

    assert store.outbox.add([delivery("k")], NOW) == 0
    sent = store.outbox.get("k")
    assert sent is not None
    assert (sent.state, sent.message_id, sent.sent_at) == ("sent", "7", NOW)


def test_one_a_chat_oldest_first(store: Store) -> None:
    store.outbox.add([delivery("a1"), delivery("a2"), delivery("b1", "console:main"), delivery("a3")], NOW)

    taken = claim(store)

    assert keys(taken) == ["a1", "b1"]
    assert {(item.state, item.owner, item.epoch, item.attempts) for item in taken} == {
        ("sending", "me", 1, 1)
    }
    assert taken[0].lease_until == NOW + MINUTE
    assert claim(store) == []
    finish(store, taken[0], "sent")
    assert keys(claim(store)) == ["a2"]


def test_no_more_than_the_limit(store: Store) -> None:
    store.outbox.add([delivery("a"), delivery("b", "console:main")], NOW)

    assert keys(claim(store, limit=1)) == ["a"]


def test_a_delivery_that_must_wait_holds_up_its_chat_only(store: Store) -> None:
    store.outbox.add(
        [delivery("late", not_before=NOW + MINUTE, attempts=1), delivery("a"), delivery("b", "console:main")],
        NOW,
    )

    assert store.outbox.next_due(NOW) == NOW
    assert keys(claim(store)) == ["b"]
    assert store.outbox.next_due(NOW) == NOW + MINUTE
    assert keys(claim(store, now=NOW + MINUTE)) == ["late"]
    assert store.outbox.next_due(NOW) is None, "two are in flight, one waits behind"


@pytest.mark.parametrize("state", ["sent", "dead", "cancelled"])
def test_what_is_over_holds_nobody_up(store: Store, state: str) -> None:
    store.outbox.add([delivery("a"), delivery("b")], NOW)
    (first,) = claim(store)

    assert finish(store, first, state, error="because")

    assert keys(claim(store)) == ["b"]


def test_an_unsure_delivery_holds_its_chat_up_until_it_is_sent_again(store: Store) -> None:
    store.outbox.add([delivery("a"), delivery("b")], NOW)
    finish(store, claim(store)[0], "unsure", not_before=NOW + MINUTE)
    assert claim(store) == []
    assert keys(list(store.outbox.list(states=("unsure",)))) == ["a"]

    assert store.outbox.rearm("a", not_before=NOW + MINUTE, now=NOW)
    assert not store.outbox.rearm("a", not_before=NOW, now=NOW)

    assert claim(store) == []
    (again,) = claim(store, now=NOW + MINUTE)
    assert (again.key, again.uncertain_sends, again.attempts) == ("a", 1, 2)


def test_a_send_cut_off_twice_keeps_its_place_until_it_is_resent(store: Store) -> None:
    store.outbox.add([delivery("a"), delivery("b")], NOW)
    finish(store, claim(store)[0], "unsure")
    store.outbox.rearm("a", not_before=NOW, now=NOW)
    claim(store)
    store.outbox.recover(epoch=2, now=NOW)

    assert claim(store, epoch=2) == []
    assert store.outbox.rearm("a", not_before=NOW, now=NOW)
    assert keys(claim(store, epoch=2)) == ["a"]


def test_a_chat_that_holds_parks_what_is_unsure(store: Store) -> None:
    store.outbox.add([delivery("a", "telegram:2"), delivery("b", "telegram:2")], NOW)
    finish(store, claim(store)[0], "unsure")

    assert keys(claim(store)) == ["b"]


def test_a_chat_rests(store: Store) -> None:
    store.outbox.add([delivery("a"), delivery("b")], NOW)
    (first,) = claim(store)
    until = NOW + MINUTE
    again = dataclasses.replace(first, state="pending", error="asked to wait")

    assert store.outbox.finish(Decision(delivery=again, chat_rest_until=until), now=NOW)

    assert claim(store) == []
    assert store.outbox.next_due(NOW) == until
    assert keys(claim(store, now=until)) == ["a"]


def test_a_channel_rests(store: Store) -> None:
    store.outbox.add([delivery("a")], NOW)
    (first,) = claim(store)
    again = dataclasses.replace(first, state="pending", error="asked to wait")
    rest = Decision(delivery=again, channel="telegram", channel_rest_until=NOW + MINUTE)
    assert store.outbox.finish(rest, now=NOW)
    store.outbox.add([delivery("b", "console:main")], NOW)

    assert keys(claim(store)) == ["b"]
    assert store.outbox.next_due(NOW) == NOW + MINUTE
    assert keys(claim(store, now=NOW + MINUTE)) == ["a"]


def test_only_who_claimed_may_finish_and_only_once(store: Store) -> None:
    store.outbox.add([delivery("a")], NOW)
    (mine,) = claim(store)

    assert not finish(store, dataclasses.replace(mine, owner="other"), "sent")
    assert not finish(store, dataclasses.replace(mine, epoch=2), "sent")
    assert finish(store, mine, "sent")
    assert not finish(store, mine, "dead")


def test_a_chat_that_moved_while_sending_stays_moved(store: Store) -> None:
    store.outbox.add([delivery("a")], NOW)
    (mine,) = claim(store)
    move(store, "telegram:1", "telegram:-100", NOW)

    assert finish(store, mine, "pending")

    (again,) = claim(store)
    assert again.chat_id == "telegram:-100"


def test_after_a_crash_what_was_being_sent_is_unsure(store: Store) -> None:
    store.outbox.add([delivery("a"), delivery("b", "console:main")], NOW)
    claim(store, limit=1)
    (own,) = claim(store, epoch=2)

    assert store.outbox.recover(epoch=2, now=NOW, lease_expired_before=NOW) == 0
    assert store.outbox.recover(epoch=2, now=NOW, lease_expired_before=NOW + 2 * MINUTE) == 1
    assert store.outbox.recover(epoch=2, now=NOW) == 0

    lost = store.outbox.get("a")
    assert lost is not None
    assert (lost.state, lost.uncertain_sends) == ("unsure", 0)
    assert finish(store, own, "sent")


@pytest.mark.parametrize("state", ["dead", "cancelled", "unsure"])
def test_the_operator_may_try_again(store: Store, state: str) -> None:
    store.outbox.add([delivery("a")], NOW)
    assert not store.outbox.retry("a", NOW)
    finish(store, claim(store)[0], state, error="bad")

    assert store.outbox.retry("a", NOW)

    assert keys(claim(store)) == ["a"]


def test_lists_and_counts(store: Store) -> None:
    store.outbox.add([delivery("a"), delivery("b"), delivery("c")], NOW)
    finish(store, claim(store)[0], "sent")

    assert keys(list(store.outbox.list())) == ["c", "b", "a"]
    assert keys(list(store.outbox.list(states=("pending",)))) == ["b", "c"]
    assert keys(list(store.outbox.list(states=("sent",), limit=1))) == ["a"]
    assert store.outbox.open_count() == 2


def test_nothing_is_due_when_nothing_waits(store: Store) -> None:
    assert store.outbox.next_due(NOW) is None
    assert claim(store) == []
    store.outbox.add([delivery("a")], NOW)
    store.chats.pause("telegram:1", "blocked", NOW)
    store.outbox.add([delivery("b")], NOW)

    assert store.outbox.next_due(NOW) is None
    assert claim(store) == []


def test_events_are_told_with_their_notices_in_one_go(store: Store) -> None:
    events = [Event(kind="broke", subject=f"s{n}", text="oh", at=NOW) for n in range(3)]
    store.outbox.add_events(events)
    store.outbox.add_events([])
    untold = store.outbox.untold_events(limit=2)
    assert [event for _, event in untold] == events[:2]

    notice = delivery("n", "console:main", kind="notice")
    store.outbox.told_events([number for number, _ in untold], [notice], NOW)

    assert [event for _, event in store.outbox.untold_events()] == events[2:]
    assert keys(claim(store)) == ["n"]


def test_what_an_event_says_can_still_be_translated_after_the_store(store: Store) -> None:
    gap = lazy_plural(
        "{reason} {period}, {count} article recovered",
        "{reason} {period}, {count} articles recovered",
        3,
        reason=lazy("no answer"),
        period=Between(began=NOW - timedelta(hours=2), ended=NOW),
    )
    text = listed(
        (
            lazy("{source} works again: {gap}.", source="The {Herald}", gap=gap),
            lazy("The old one is followed until {day}.", day=NOW.date()),
            lazy("{reason} since {moment}", zone=ZoneInfo("Asia/Tbilisi"), reason=word("{x}"), moment=NOW),
        ),
        "\n",
    )
    store.outbox.add_events([Event(kind="recovered", subject="s", text=text, at=NOW)])
    ((_, event),) = store.outbox.untold_events()
    assert event.text == text
    for language in LANGUAGES:
        said = localizer(language)
        assert said.told(event.text, "Europe/Minsk", NOW) == said.told(text, "Europe/Minsk", NOW)
    assert "нет ответа" in localizer("ru").told(event.text)


def test_an_older_one_tried_again_does_not_overtake_what_is_in_flight(store: Store) -> None:
    store.outbox.add([delivery("old"), delivery("new")], NOW)
    finish(store, claim(store)[0], "dead")
    (new,) = claim(store)
    store.outbox.retry("old", NOW)

    assert claim(store) == []

    finish(store, new, "sent")
    assert keys(claim(store)) == ["old"]


def test_what_is_planned_for_later_lets_the_others_pass(store: Store) -> None:
    store.outbox.add([delivery("night", not_before=NOW + MINUTE), delivery("a")], NOW)

    (first,) = claim(store)
    assert first.key == "a"
    finish(store, first, "sent")

    assert store.outbox.next_due(NOW) == NOW + MINUTE
    assert keys(claim(store, now=NOW + MINUTE)) == ["night"]


def test_a_part_goes_out_only_after_the_part_before_it_was_sent(store: Store) -> None:
    store.outbox.add(
        [delivery("1"), delivery("2", after_key="1"), delivery("3", after_key="2"), delivery("next")], NOW
    )
    (first,) = claim(store)
    finish(store, first, "pending", not_before=NOW + MINUTE)
    assert claim(store) == []

    (first,) = claim(store, now=NOW + MINUTE)
    finish(store, first, "sent")
    (second,) = claim(store)
    assert second.key == "2"
    finish(store, second, "dead", error="refused")

    third = store.outbox.get("3")
    assert third is not None
    assert third.state == "dead"
    assert keys(claim(store)) == ["next"]


def test_parts_of_a_held_one_wait_and_stop_nobody(store: Store) -> None:
    parts = [delivery("1", "telegram:2"), delivery("2", "telegram:2", after_key="1")]
    store.outbox.add([*parts, delivery("next", "telegram:2")], NOW)
    finish(store, claim(store)[0], "unsure")

    (following,) = claim(store)
    assert following.key == "next"
    finish(store, following, "sent")
    assert store.outbox.next_due(NOW) is None

    assert store.outbox.cancel("1", "the operator looked: it arrived")
    second = store.outbox.get("2")
    assert second is not None
    assert second.state == "cancelled"


def test_an_edit_speaks_for_those_that_wait_behind_it(store: Store) -> None:
    edits = [delivery(f"e{n}", kind="edit", story_id="s") for n in range(3)]
    store.outbox.add([*edits, delivery("other", kind="edit", story_id="t")], NOW)

    (first,) = claim(store)
    finish(store, first, "sent")

    assert first.key == "e0"
    assert keys(list(store.outbox.list(states=("cancelled",)))) == ["e2", "e1"]
    assert keys(claim(store)) == ["other"]


PACE = SendRates(per_second={"telegram": 3.0}, rest_s=lambda chat_id: 2.0 if chat_id == "telegram:1" else 0.0)


def paced(store: Store, now: datetime) -> list[Delivery]:
    return list(store.outbox.claim(now=now, owner="me", epoch=1, limit=10, lease_s=60, pace=PACE))


def test_a_chat_rests_from_the_claim_on_so_that_a_restart_does_not_hurry(store: Store) -> None:
    store.outbox.add([delivery("a"), delivery("b")], NOW)
    (taken,) = paced(store, NOW)
    finish(store, taken, "sent")

    assert paced(store, NOW + timedelta(seconds=1.9)) == []
    assert keys(paced(store, NOW + timedelta(seconds=2))) == ["b"]


def test_no_second_holds_more_sends_than_the_channel_allows(store: Store) -> None:
    people = [Chat(id=f"telegram:{n}", channel="telegram", address=f"{n}") for n in range(10, 20)]
    store.chats.sync([*people, Chat(id="console:main", channel="console", address="main")], NOW)
    store.outbox.add([delivery(f"k{n}", f"telegram:{n}") for n in range(10, 20)], NOW)
    store.outbox.add([delivery("free", "console:main")], NOW)

    first = paced(store, NOW)
    assert keys(first) == ["k10", "k11", "k12"]
    others = paced(store, NOW + timedelta(seconds=5))
    assert keys(others) == ["free"], "three are still in flight"

    for item in first + others:
        done = Decision(delivery=dataclasses.replace(item, state="sent"))
        assert store.outbox.finish(done, now=NOW + timedelta(seconds=5))
    assert paced(store, NOW + timedelta(seconds=5.9)) == [], "their answers are younger than a second"
    assert keys(paced(store, NOW + timedelta(seconds=6.1))) == ["k13", "k14", "k15"]


def test_a_channel_that_fails_is_tried_one_message_at_a_time(store: Store) -> None:
    people = [Chat(id=f"telegram:{n}", channel="telegram", address=f"{n}") for n in range(10, 20)]
    store.chats.sync(people, NOW)
    store.outbox.add([delivery(f"k{n}", f"telegram:{n}") for n in range(10, 20)], NOW)
    later = NOW
    for _ in range(OUTAGE_FAILURES):
        later += 2 * MINUTE
        item, *others = paced(store, later)
        for other in others:
            store.outbox.finish(Decision(delivery=dataclasses.replace(other, state="pending")), now=later)
        failed = dataclasses.replace(item, state="pending")
        store.outbox.finish(Decision(delivery=failed, channel="telegram", passed=False), now=later)

    assert store.outbox.failures("telegram") == OUTAGE_FAILURES
    later += MINUTE
    (probe,) = paced(store, later)
    assert paced(store, later) == []

    sent = Decision(delivery=dataclasses.replace(probe, state="sent"), channel="telegram", passed=True)
    store.outbox.finish(sent, now=later)
    assert store.outbox.failures("telegram") == 0
    assert len(paced(store, later + MINUTE)) == 3


def test_wishes_to_wait_are_counted_apart_from_silence(store: Store) -> None:
    store.outbox.add([delivery(f"k{n}") for n in range(9)], NOW)
    counted = []
    for number, answered in enumerate((True, True, False, False, True)):
        (item, *_) = claim(store, now=NOW + number * MINUTE, limit=1)
        again = dataclasses.replace(item, state="dead", error="x")
        refused = Decision(delivery=again, channel="telegram", passed=False, answered=answered)
        store.outbox.finish(refused, now=NOW + number * MINUTE)
        counted.append(store.outbox.failures("telegram"))
    assert counted == [-1, -2, 1, 2, -1]


def test_a_decision_is_written_whole(store: Store) -> None:
    store.outbox.add([delivery("a"), delivery("b")], NOW)
    (mine,) = claim(store)
    event = Event(kind="moved", subject="telegram:1", text="it moved", at=NOW)
    decision = Decision(
        delivery=dataclasses.replace(mine, state="pending"),
        channel="telegram",
        channel_rest_until=NOW + MINUTE,
        move_to="telegram:-100",
        events=(event,),
    )

    assert store.outbox.finish(decision, now=NOW)

    assert claim(store) == [], "the channel rests"
    moved = [store.outbox.get(key) for key in "ab"]
    assert {item.chat_id for item in moved if item} == {"telegram:-100"}
    assert [told for _, told in store.outbox.untold_events()] == [event]
    (again,) = claim(store, now=NOW + MINUTE)
    dead = dataclasses.replace(again, state="dead")
    assert store.outbox.finish(Decision(delivery=dead, pause="kicked"), now=NOW)
    chat = store.chats.chat("telegram:-100")
    assert chat is not None
    assert chat.state == "paused"
    assert not store.outbox.finish(decision, now=NOW), "it is over: nothing is written"


def test_held_ones_never_crowd_out_those_to_be_sent_again(store: Store) -> None:
    store.outbox.add([delivery(f"h{n}", "telegram:2") for n in range(5)] + [delivery("r")], NOW)
    for _ in range(5):
        held = next(item for item in claim(store) if item.chat_id == "telegram:2")
        finish(store, held, "unsure")
    resend = store.outbox.get("r")
    assert resend is not None
    finish(store, resend, "unsure")

    assert keys(list(store.outbox.resendable(NOW, limit=2))) == ["r"]
    assert store.outbox.resendable(NOW - MINUTE) == ()


def test_after_a_crash_operators_hear_what_is_held(store: Store) -> None:
    store.outbox.add([delivery("r"), delivery("h", "telegram:2")], NOW)
    claim(store)

    assert store.outbox.recover(epoch=2, now=NOW) == 2

    assert [event.subject for _, event in store.outbox.untold_events()] == ["telegram:2"]


def test_which_chats_a_reply_told_of_an_article(store: Store) -> None:
    """Asked before its correction goes out: who never got the reply is not told that it changed."""
    for number, state in ((1, "sent"), (2, "dead"), (3, None)):
        chat = f"telegram:{number}"
        listening = (Subscription(chat_id=chat, topic_id="*"),)
        store.chats.save(Chat(id=chat, channel="telegram", address=str(number), subscriptions=listening), NOW)
        told = [delivery(f"alert{number}", chat, story_id="s1", article_id="first")]
        if state:
            told.append(delivery(f"reply{number}", chat, kind="reply", story_id="s1", article_id="second"))
        store.outbox.add(told, NOW)
        for _ in told:
            (item,) = claim(store)
            assert finish(store, item, "sent" if item.kind == "alert" else str(state))
    audience = store.chats.audience(["miners"], ["s1"], replies_since=NOW, article_id="second")
    assert len(audience.told) == 3
    assert audience.told_by_reply == {"telegram:1"}
    assert store.chats.audience(["miners"], ["s1"], replies_since=NOW).told_by_reply == frozenset()


def test_what_waits_for_other_readings_goes_out_when_nothing_is_read_and_what_is_planned_stays(
    store: Store,
) -> None:
    later = NOW + timedelta(seconds=30)
    store.outbox.add([delivery("settles", not_before=later, settles=True)], NOW)
    store.outbox.add([delivery("planned", "telegram:2", not_before=later)], NOW)
    assert claim(store) == []
    assert store.outbox.settling(NOW)
    assert store.outbox.settle(NOW) == 1
    assert not store.outbox.settling(NOW)
    assert keys(claim(store)) == ["settles"]
    assert store.outbox.settle(NOW) == 0
