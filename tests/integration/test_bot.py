"""The bot with the real client, the Bot API server and the real store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.bot import Bot
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook, with_watches
from monitor.i18n.localizer import LANGUAGES
from monitor.model import Settings, TelegramSettings, Topic
from monitor.ports import Store
from monitor.store import open_store
from tests.support.botapi.server import BotApiServer, Fault

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TOPICS = (Topic(id="potash", title="Potash", query="potash", hashtag="Potash"),)
ANN, STRANGER, ADMIN = 501, 666, 900
GROUP = -100777


@pytest.fixture
def server() -> Iterator[BotApiServer]:
    with BotApiServer() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'monitor.db'}", now=lambda: NOW)
    opened.admin.upgrade()
    yield opened
    opened.admin.close()


@contextmanager
def running(server: BotApiServer, store: Store, **changes: object) -> Iterator[Bot]:
    fields: dict[str, object] = {
        "token": server.token,
        "base_url": server.base_url,
        "admins": (ADMIN,),
        "allowed": (ANN,),
    }
    telegram = TelegramSettings(**(fields | changes))  # type: ignore[arg-type] # the right types
    operators = Rulebook(
        revision="rev",
        settings=Settings(telegram=telegram),
        topics={topic.id: topic for topic in TOPICS},
        matcher=Matcher.build(TOPICS),
    )
    inforce = [with_watches(operators, store.watches.all())]

    def refresh() -> None:
        inforce[0] = with_watches(operators, store.watches.all())

    bot = Bot(store=store, rulebook=lambda: inforce[0], now=lambda: NOW, settings=telegram, refresh=refresh)
    bot.start()
    try:
        yield bot
    finally:
        bot.stop()


def subscriptions(store: Store, chat_id: str) -> list[str]:
    chat = store.chats.chat(chat_id)
    return [item.topic_id for item in chat.subscriptions] if chat else []


def test_a_person_subscribes_and_leaves_again(server: BotApiServer, store: Store) -> None:
    with running(server, store):
        server.say(ANN, "/start", name="Ann")
        server.wait(1)
        server.say(ANN, "/subscribe potash")
        server.wait(2)
        assert subscriptions(store, f"telegram:{ANN}") == ["potash"]
        chat = store.chats.chat(f"telegram:{ANN}")
        assert chat is not None
        assert (chat.title, chat.address, chat.state) == ("Ann", str(ANN), "active")
        server.say(ANN, "/unsubscribe potash")
        server.wait(3)
        assert subscriptions(store, f"telegram:{ANN}") == []
        server.say(ANN, "/latest")
        server.say(ANN, "/frobnicate")
        server.say(ANN, "zinc mine")
        rows = server.wait(6)
    said = [row.text for row in rows]
    assert said[3] == "Nothing yet."
    assert "/frobnicate" in said[4]
    assert said[5] == "Nothing found."
    assert rows[5].buttons == (("👁 Watch this",),)
    assert rows[0].buttons[0] == ("English", "Русский", "Беларуская")
    assert server.unconfirmed() == []


def test_strangers_get_one_answer_then_silence(server: BotApiServer, store: Store) -> None:
    with running(server, store):
        for text in ("/start", "/subscribe potash", "hello", "/topics"):
            server.say(STRANGER, text)
        server.say(ANN, "/help")
        rows = server.wait(lambda rows: any(row.chat_id == ANN for row in rows))
    (polite,) = [row for row in rows if row.chat_id == STRANGER]
    assert str(STRANGER) in polite.text
    assert store.chats.all() == ()


def test_everybody_may_use_an_open_bot(server: BotApiServer, store: Store) -> None:
    with running(server, store, access="open"):
        server.say(STRANGER, "/subscribe all")
        server.wait(1)
    assert subscriptions(store, f"telegram:{STRANGER}") == ["*"]


def test_a_forum_topic_is_a_chat_of_its_own(server: BotApiServer, store: Store) -> None:
    with running(server, store):
        server.say(GROUP, "/subscribe@coverage_test_bot potash", user_id=ADMIN, thread_id=7)
        (row,) = server.wait(1)
    assert (row.chat_id, row.thread_id) == (GROUP, 7)
    assert subscriptions(store, f"telegram:{GROUP}/7") == ["potash"]
    assert subscriptions(store, f"telegram:{GROUP}") == []


def test_only_admins_change_a_group(server: BotApiServer, store: Store) -> None:
    with running(server, store):
        server.say(GROUP, "/subscribe potash", user_id=ANN)
        server.say(GROUP, "/start@another_bot", user_id=ANN)
        server.say(GROUP, "just talking", user_id=ANN)
        server.say(GROUP, "/topics", user_id=ANN)
        rows = server.wait(2)
    assert "only an admin" in rows[0].text
    assert "potash" in rows[1].text
    assert store.chats.all() == ()


def test_a_groups_own_administrators_count_for_an_open_bot(server: BotApiServer, store: Store) -> None:
    server.add_chat(GROUP, admins=(ANN,))
    with running(server, store, access="open"):
        server.say(GROUP, "/subscribe potash", user_id=STRANGER)
        server.say(GROUP, "/subscribe potash", user_id=ANN)
        rows = server.wait(2)
    assert "only an admin" in rows[0].text
    assert subscriptions(store, f"telegram:{GROUP}") == ["potash"]


def test_status_and_the_command_lists(server: BotApiServer, store: Store) -> None:
    server.add_chat(ADMIN)
    with running(server, store):
        server.say(ADMIN, "/status")
        (row,) = server.wait(1)
        introduced(server)
        for _ in range(200):  # what was asked for last is set after that
            if f"chat:{ADMIN}" in server.world.commands:
                break
            time.sleep(0.05)
    assert "articles 0" in row.text
    names = {
        scope: [item["command"] for item in commands] for scope, commands in server.world.commands.items()
    }
    assert "subscribe" in names["default"]
    assert {f"default/{language}" for language in ("ru", "be", "uk", "pl", "lt")} <= set(names)
    assert "status" not in names["default"]
    assert "status" in names[f"chat:{ADMIN}"]


def introduced(server: BotApiServer, times: int = 1) -> None:
    """Wait until the bot asked for its last piece of profile: the admin's commands."""
    for _ in range(200):
        asked = [call for call in server.calls if call.method == "getMyCommands"]
        if len(asked) >= times * (len(LANGUAGES) + 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"asked only {len(asked)} times")


def changes(server: BotApiServer) -> list[str]:
    return [call.method for call in server.calls if call.method.startswith("setMy")]


def test_the_bot_introduces_itself_in_each_language_and_a_restart_changes_nothing(
    server: BotApiServer, store: Store
) -> None:
    server.add_chat(ADMIN)
    with running(server, store):
        introduced(server)
        wait_until(lambda: len(changes(server)) == 3 * len(LANGUAGES) + 1)
    texts = server.world.descriptions
    assert set(texts) == {
        (name, language)
        for name in ("description", "short_description")
        for language in ("", "ru", "be", "uk", "pl", "lt")
    }
    assert len(set(texts.values())) == len(texts)
    assert texts["short_description", ""].startswith("Tells you when")
    with running(server, store):
        introduced(server, times=2)
        time.sleep(0.2)
    assert len(changes(server)) == 3 * len(LANGUAGES) + 1


def test_a_profile_that_cannot_be_changed_stops_nothing(server: BotApiServer, store: Store) -> None:
    server.script(None, Fault(kind="error"), times=99, method="getMyDescription")
    with running(server, store):
        server.say(ANN, "/help")
        server.wait(1)
        wait_until(lambda: len([call for call in server.calls if call.method == "getMyDescription"]) >= 6)
        server.say(ANN, "/topics")
        server.wait(2)
    assert server.world.descriptions == {}


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came true")


def test_the_bot_survives_a_telegram_that_fails(server: BotApiServer, store: Store) -> None:
    server.script(None, Fault(kind="bad_gateway"), method="getMe")
    server.script(None, Fault(kind="error"), method="setMyCommands")
    server.script(None, Fault(kind="bad_gateway"), method="getUpdates")
    server.script(None, Fault(kind="throttled", retry_after=1), method="getUpdates")
    with running(server, store):
        server.say(ANN, "/help")
        server.wait(1)
        server.script(ANN, Fault(kind="bad_gateway"))
        server.say(ANN, "/help")  # this answer is lost
        server.say(ANN, "/topics")
        rows = server.wait(2)
    assert any("Potash" in text for texts in rows[1].buttons for text in texts)


def test_stopping_is_possible_before_telegram_answers(store: Store) -> None:
    with BotApiServer() as gone:
        pass
    with running(gone, store):
        pass


def test_a_bot_that_was_never_started_stops(server: BotApiServer, store: Store) -> None:
    settings = TelegramSettings(token=server.token, base_url=server.base_url)
    rulebook = Rulebook(revision="rev", matcher=Matcher.build(()))
    Bot(store=store, rulebook=lambda: rulebook, now=lambda: NOW, settings=settings).stop()


def test_an_answer_comes_though_a_cleaning_bot_took_the_command_away(
    server: BotApiServer, store: Store
) -> None:
    command = server.say(GROUP, "/topics", user_id=ADMIN)
    del server.world.messages[GROUP, command]  # before the bot has read it
    with running(server, store):
        (row,) = server.wait(1)
    assert "potash" in row.text
    assert row.reply_to is None
