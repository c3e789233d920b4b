"""Buttons, files, replies and chats from afar with the real client and the Bot API server."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from monitor.channels.telegram.channel import TelegramChannel
from monitor.core.delivery.payload_json import payload_of
from monitor.core.delivery.plan import plan
from monitor.core.delivery.retry import Decision
from monitor.core.message.alert import render_alert
from monitor.core.message.callback import key_of, seal
from monitor.model import Alert, Delivery, Placement, Sent
from monitor.ports import Store
from tests.integration.test_bot import (
    ADMIN,
    ANN,
    GROUP,
    NOW,
    STRANGER,
    TOPICS,
    running,
    server,
    store,
    subscriptions,
)
from tests.support.botapi.server import BotApiServer, LedgerRow
from tests.support.conversation import article, store_articles

__all__ = ["server", "store"]
CHANNEL = -100999
ME = 424242


def seen(text: str) -> Callable[[list[LedgerRow]], bool]:
    return lambda rows: any(text in row.text for row in rows)


def alert(server: BotApiServer, store: Store, number: int = 1, chat_id: str = f"telegram:{ANN}") -> Delivery:
    """An alert that the real channel sent and the outbox remembers."""
    item = article(number)
    store_articles(store, [item], "potash")
    chat = store.chats.chat(chat_id)
    assert chat is not None
    (planned,) = plan(
        article=item,
        placement=Placement(verdict="new", article_id=item.id, story_id=f"s{number}"),
        matches=store.articles.matches(item.id),
        already=(),
        told={},
        chats=[chat],
        topics={topic.id: topic for topic in TOPICS},
        now=NOW,
    )
    store.outbox.add([planned], NOW)
    (claimed,) = store.outbox.claim(now=NOW, owner="t", epoch=1, limit=1, lease_s=60)
    channel = TelegramChannel(server.token, base_url=server.base_url)
    try:
        message = render_alert(payload_of(planned, Alert), chat, delivery=claimed, story=None, now=NOW)
        receipt = channel.send(chat, message)
    finally:
        channel.close()
    assert isinstance(receipt, Sent)
    store.outbox.finish(
        Decision(delivery=replace(claimed, state="sent", message_id=receipt.message_id, sent_at=NOW)), now=NOW
    )
    return planned


def test_the_guided_set_up_by_buttons(server: BotApiServer, store: Store) -> None:
    with running(server, store):
        server.say(ANN, "/start", name="Ann", language="be")
        server.wait(1)
        server.tap(ANN, "Polski")
        server.wait(lambda rows: any(row.edited_from for row in rows))
        server.tap(ANN, "Potash")
        server.wait(
            lambda rows: any(
                "✅ Potash" in text for row in rows[-1:] for line in row.buttons for text in line
            )
        )
        server.tap(ANN, "▶")
        server.wait(lambda rows: "Mińsk" in str(rows[-1].buttons))
        server.tap(ANN, "Mińsk")
        rows = server.wait(seen("jest tam teraz 15:00"))
    chat = store.chats.chat(f"telegram:{ANN}")
    assert chat is not None
    assert (chat.language, chat.timezone, subscriptions(store, chat.id)) == ("pl", "Europe/Minsk", ["potash"])
    messages = {row.message_id for row in rows if row.method != "answerCallbackQuery"}
    assert len(messages) == 1


def test_a_watch_by_chat_and_its_export(server: BotApiServer, store: Store) -> None:
    store_articles(store, [article(1)])
    with running(server, store):
        server.say(ANN, "/watch bread AND titel:price")
        rows = server.wait(1)
        assert "^" in rows[0].text
        server.say(ANN, '/watch  "price of bread"')
        server.wait(2)
        server.tap(ANN, "Watch it")
        server.wait(seen("Watching"))
        assert [item.query for item in store.watches.all()] == ['"price of bread"']
        server.say(ANN, "/export")
        rows = server.wait(lambda rows: any(row.file for row in rows))
    (content,) = server.world.files.values()
    assert json.loads(content)["stored"]["watches"][0]["query"] == '"price of bread"'


def test_the_buttons_of_an_alert(server: BotApiServer, store: Store) -> None:
    with running(server, store):
        server.say(ANN, "/subscribe potash")
        server.wait(1)
        planned = alert(server, store)
        (row,) = server.wait(2)[1:]
        assert row.buttons == (("🧵 Story", "🔕 Mute", "❓ Why", "⭐", "👎"),)
        told = int(row.message_id)
        server.tap(ANN, "Why", message_id=told)
        server.wait(seen("because of: potash"))
        server.say(ANN, "/why", reply_to=told)
        server.wait(lambda rows: sum("because of" in row.text for row in rows) == 2)
        server.tap(ANN, "Mute", message_id=told)
        server.wait(lambda rows: "This story" in str(rows[-1].buttons))
        server.tap(ANN, "This story", message_id=told)
        server.wait(lambda rows: "Undo" in str(rows[-1].buttons))
        server.tap(ANN, "👎", message_id=told)
        server.wait(lambda rows: "Old news" in str(rows[-1].buttons))
        server.tap(ANN, "Old news", message_id=told)
        server.wait(seen("Thank you"))
    chat = store.chats.chat(f"telegram:{ANN}")
    assert chat is not None
    assert [(item.kind, item.target) for item in chat.mutes] == [("story", "s1")]
    assert [item.reason for item in store.people.feedback()] == ["old news"]
    assert planned.key


def test_forged_and_carried_over_callbacks_do_nothing(server: BotApiServer, store: Store) -> None:
    key = key_of(server.token)
    with running(server, store, access="open"):
        server.say(ANN, "/topics")
        server.say(STRANGER, "/topics")
        server.wait(2)
        good = server.button(ANN, 2, "Potash")
        for data in (
            "t+:whatever:0",
            good[:-1] + ("A" if good[-1] != "A" else "B"),
            good.replace("t+", "t-"),
            seal(key_of("1:another"), str(ANN), good.rpartition("~")[0]),
            seal(key, str(GROUP), good.rpartition("~")[0]),
            "~",
            "\x00" * 10,
        ):
            server.press(ANN, data, user_id=ANN, message_id=2)
        server.press(STRANGER, good, user_id=STRANGER, message_id=2)
        rows = server.wait(lambda rows: sum(row.method == "answerCallbackQuery" for row in rows) == 8)
    assert {row.text for row in rows if row.method == "answerCallbackQuery"} == {"This button is too old."}
    assert subscriptions(store, f"telegram:{ANN}") == []
    assert subscriptions(store, f"telegram:{STRANGER}") == []


def test_a_replayed_callback_changes_nothing_twice(server: BotApiServer, store: Store) -> None:
    with running(server, store):
        server.say(ANN, "/watch bread")
        server.wait(1)
        data = server.button(ANN, 2, "Watch it")
        for _ in range(3):
            server.press(ANN, data, user_id=ANN, message_id=2)
        server.wait(
            lambda rows: sum("offer has ended" in row.text or "done already" in row.text for row in rows) == 2
        )
    assert len(store.watches.all()) == 1


@pytest.mark.parametrize(("access", "user"), [("allow-list", ANN), ("open", ANN)])
def test_a_group_member_without_rights_presses_in_vain(
    server: BotApiServer, store: Store, access: str, user: int
) -> None:
    server.add_chat(GROUP, admins=(ADMIN,))
    with running(server, store, access=access):
        server.say(GROUP, "/topics", user_id=ADMIN)
        server.wait(1)
        server.tap(GROUP, "Potash", user_id=user)
        rows = server.wait(2)
        assert "only an admin" in rows[1].text
        assert subscriptions(store, f"telegram:{GROUP}") == []
        server.tap(GROUP, "Potash", user_id=ADMIN)
        server.wait(lambda rows: "✅ Potash" in str(rows[-1].buttons))
    assert subscriptions(store, f"telegram:{GROUP}") == ["potash"]


def test_a_stranger_presses_in_a_group_in_vain(server: BotApiServer, store: Store) -> None:
    with running(server, store):
        server.say(GROUP, "/topics", user_id=ADMIN)
        server.wait(1)
        server.tap(GROUP, "Potash", user_id=STRANGER)
        rows = server.wait(2)
    assert "closed circle" in rows[1].text


def test_buttons_in_a_forum_topic_are_about_that_topic(server: BotApiServer, store: Store) -> None:
    with running(server, store):
        server.say(GROUP, "/topics", user_id=ADMIN, thread_id=7)
        server.wait(1)
        server.tap(GROUP, "Potash", user_id=ADMIN)
        server.wait(lambda rows: "✅ Potash" in str(rows[-1].buttons))
    assert subscriptions(store, f"telegram:{GROUP}/7") == ["potash"]
    assert subscriptions(store, f"telegram:{GROUP}") == []


def test_a_channel_is_managed_from_afar_by_its_administrators(server: BotApiServer, store: Store) -> None:
    channel = server.add_chat(CHANNEL, chat_type="channel", title="Desk news", admins=(ANN,))
    with running(server, store, access="open"):
        server.say(ANN, f"/chats {CHANNEL}")
        assert "cannot post" in server.wait(1)[-1].text
        channel.members[ME] = "administrator"
        server.say(STRANGER, f"/chats {CHANNEL}")
        assert "Only an administrator" in server.wait(2)[-1].text
        server.say(ANN, f"/chats {CHANNEL}")
        assert "Desk news" in server.wait(3)[-1].text
        server.say(ANN, "/topics")
        assert "Desk news" in server.wait(4)[-1].text
        server.tap(ANN, "Potash")
        server.wait(lambda rows: "✅ Potash" in str(rows[-1].buttons))
        assert subscriptions(store, f"telegram:{CHANNEL}") == ["potash"]
        assert subscriptions(store, f"telegram:{ANN}") == []

        channel.members[ANN] = "member"
        server.tap(ANN, "Potash")
        rows = server.wait(lambda rows: "only an admin" in rows[-1].text)
        assert subscriptions(store, f"telegram:{CHANNEL}") == ["potash"]
        server.say(ANN, "/subscribe all")
        rows = server.wait(lambda rows: rows[-1].method == "sendMessage")
    assert "only an admin" in rows[-1].text


def test_forgetting_by_chat(server: BotApiServer, store: Store) -> None:
    with running(server, store):
        server.say(ANN, "/subscribe potash")
        server.wait(1)
        server.say(ANN, "/forget")
        server.wait(2)
        server.tap(ANN, "Delete")
        server.wait(seen("Nothing is stored"))
    assert not any(store.people.everything(ANN, f"telegram:{ANN}").values())


def test_what_is_pressed_in_a_group_is_answered_to_that_person_alone(
    server: BotApiServer, store: Store
) -> None:
    server.add_chat(GROUP)
    server.add_chat(ANN)
    with running(server, store, access="open", admins=(ADMIN,)):
        server.say(GROUP, "/subscribe potash", user_id=ADMIN)
        server.wait(1)
        alert(server, store, chat_id=f"telegram:{GROUP}")
        told = server.wait(2)[1].message_id
        server.tap(GROUP, "Why", user_id=ANN, message_id=told)
        # Two answers go out: the reason to Ann, and in the group only that it was sent.
        server.wait(lambda rows: any(r.chat_id == ANN and "because of" in r.text for r in rows))
        server.tap(GROUP, "Story", user_id=STRANGER, message_id=told)
        rows = server.wait(lambda rows: any("/start" in row.text for row in rows))
    assert [row.method for row in rows if row.chat_id == GROUP].count("sendMessage") == 2
