"""What people get when they write to the bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.bot.commands import (
    ADMIN_COMMANDS,
    COMMANDS,
    Asked,
    SaveChat,
    Subscribe,
    Unsubscribe,
    View,
    answer,
    may_talk,
)
from monitor.core.query.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.demo.botapi_entities import parse_html, units
from monitor.model import (
    Article,
    Chat,
    Fingerprint,
    Settings,
    Subscription,
    TelegramSettings,
    Topic,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANN, BOB, ADMIN = 501, 502, 900
TOPICS = (
    Topic(id="potash", title="Potash & sanctions", query="potash", hashtag="Potash"),
    Topic(id="prisoners", title="Political prisoners", query="prisoners"),
    Topic(id="resting", title="Off", query="off", enabled=False),
)


def asked(command: str, argument: str = "", *, user: int | None = ANN, **changes: object) -> Asked:
    fields: dict[str, object] = {
        "command": command,
        "argument": argument,
        "chat_id": "telegram:501",
        "address": "501",
        "title": "Ann",
        "user_id": user,
    }
    return Asked(**(fields | changes))  # type: ignore[arg-type] # a mapping of the right types


def article(number: int, **changes: object) -> Article:
    fields: dict[str, object] = {
        "id": f"a{number}",
        "entry_id": f"e{number}",
        "source_id": "desk",
        "source_name": "Desk & Co",
        "url": f"https://example.test/{number}",
        "canonical_url": f"https://example.test/{number}?a=1&b=2",
        "title": f"Banks <{number}> & potash",
        "text": "",
        "lead": "",
        "fingerprint": Fingerprint(version=1, url_key="u", text_key="t", headline_key="h"),
        "seen_at": NOW - timedelta(minutes=number),
    }
    return Article(**(fields | changes))  # type: ignore[arg-type] # a mapping of the right types


class Archive:
    """Remembers what it was asked for."""

    def __init__(self, articles: Sequence[Article] = ()) -> None:
        self.articles = articles
        self.asked: tuple[tuple[str, ...], int] | None = None

    def latest(self, topic_ids: Sequence[str], limit: int) -> Sequence[Article]:
        self.asked = (tuple(topic_ids), limit)
        return self.articles[:limit]


def view(
    *topics: str,
    access: str = "allow-list",
    known: bool = True,
    archive: Archive | None = None,
    status: Mapping[str, object] | None = None,
) -> View:
    chat = Chat(
        id="telegram:501",
        channel="telegram",
        address="501",
        timezone="Europe/Minsk",
        subscriptions=tuple(Subscription(chat_id="telegram:501", topic_id=item) for item in topics),
    )
    telegram = TelegramSettings(access=access, admins=(ADMIN,), allowed=(ANN,))
    return View(
        rulebook=Rulebook(
            revision="0123456789abcdef",
            settings=Settings(telegram=telegram, timezone="Europe/Vilnius"),
            topics={topic.id: topic for topic in TOPICS},
            matcher=Matcher.build(()),
        ),
        chat=chat if known else None,
        now=NOW,
        latest=(archive or Archive()).latest,
        status=lambda: status or {},
    )


def test_start_makes_the_chat_known_once() -> None:
    first = answer(asked("start"), view(known=False))
    (change,) = first.changes
    assert isinstance(change, SaveChat)
    assert (change.chat.id, change.chat.channel, change.chat.address) == (
        "telegram:501", "telegram", "501",
    )  # fmt: skip
    assert change.chat.timezone == "Europe/Vilnius"
    assert "/topics" in first.html
    assert answer(asked("start"), view()).changes == ()


def test_an_admin_is_told_how_the_files_name_the_chat() -> None:
    assert "telegram:501" in answer(asked("start", user=ADMIN), view()).html
    assert "telegram:501" not in answer(asked("start"), view()).html


def test_start_wakes_a_chat_that_had_blocked_the_bot() -> None:
    paused = view("potash")
    assert paused.chat is not None
    paused = replace(paused, chat=replace(paused.chat, state="paused"))
    (change,) = answer(asked("start"), paused).changes
    assert isinstance(change, SaveChat)
    assert change.chat.state == "active"
    assert [item.topic_id for item in change.chat.subscriptions] == ["potash"]


def test_help_names_every_command_that_the_person_may_use() -> None:
    mine = answer(asked("help"), view()).html
    assert all(f"/{name}" in mine for name in COMMANDS)
    assert "/status" not in mine
    assert all(f"/{name}" in answer(asked("help", user=ADMIN), view()).html for name in ADMIN_COMMANDS)


def test_topics_shows_which_ones_the_chat_gets() -> None:
    said = answer(asked("topics"), view("potash")).html
    assert "✅ <code>potash</code> Potash &amp; sanctions" in said
    assert "▫️ <code>prisoners</code>" in said
    assert "resting" not in said
    assert answer(asked("topics"), view("*")).html.count("✅") == 2


@pytest.mark.parametrize(
    "said", ["potash", "POTASH", "#Potash", "potash & sanctions", "  Potash   &  Sanctions "]
)
def test_a_topic_goes_by_id_title_or_hashtag(said: str) -> None:
    reply = answer(asked("subscribe", said), view())
    expected = Subscription(chat_id="telegram:501", topic_id="potash")
    assert reply.changes == (Subscribe(subscription=expected),)
    assert "Potash &amp; sanctions" in reply.html


def test_the_first_subscription_makes_the_chat_known_first() -> None:
    kinds = [type(item) for item in answer(asked("subscribe", "all"), view(known=False)).changes]
    assert kinds == [SaveChat, Subscribe]


def test_subscribing_twice_changes_nothing() -> None:
    reply = answer(asked("subscribe", "potash"), view("potash"))
    assert reply.changes == ()
    assert "already" in reply.html


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe", "latest"])
def test_an_unknown_topic_is_answered_with_the_nearest(command: str) -> None:
    reply = answer(asked(command, "potasch<b>"), view("potash"))
    assert reply.changes == ()
    assert "<code>potash</code>" in reply.html
    assert "potasch&lt;b&gt;" in reply.html


def test_a_disabled_topic_cannot_be_had() -> None:
    assert answer(asked("subscribe", "resting"), view()).changes == ()


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe"])
def test_a_command_without_its_topic_says_how_to_write_it(command: str) -> None:
    reply = answer(asked(command), view("potash"))
    assert reply.changes == ()
    assert f"/{command} potash" in reply.html


def test_unsubscribing() -> None:
    gone = Unsubscribe(chat_id="telegram:501", topic_id="potash")
    assert answer(asked("unsubscribe", "Potash"), view("potash", "prisoners")).changes == (gone,)
    assert len(answer(asked("unsubscribe", "all"), view("potash", "prisoners")).changes) == 2
    assert answer(asked("unsubscribe", "potash"), view("prisoners")).changes == ()
    every = answer(asked("unsubscribe", "potash"), view("*"))
    assert every.changes == ()
    assert "/unsubscribe all" in every.html


def test_a_topic_that_the_operator_took_away_can_still_be_left() -> None:
    reply = answer(asked("unsubscribe", "gone"), view("gone"))
    assert reply.changes == (Unsubscribe(chat_id="telegram:501", topic_id="gone"),)


@pytest.mark.parametrize(
    ("topics", "argument", "wanted"),
    [
        (("potash",), "", ("potash",)),
        ((), "", ("potash", "prisoners")),
        (("*",), "", ("potash", "prisoners")),
        (("potash",), "prisoners", ("prisoners",)),
        (("potash",), "all", ("potash", "prisoners")),
    ],
)
def test_latest_asks_for_the_right_topics(
    topics: tuple[str, ...], argument: str, wanted: tuple[str, ...]
) -> None:
    archive = Archive()
    assert answer(asked("latest", argument), view(*topics, archive=archive)).html == "Nothing yet."
    assert archive.asked == (wanted, 10)


def test_latest_shows_links_in_the_chats_own_time() -> None:
    reply = answer(asked("latest"), view(archive=Archive([article(1)])))
    text, entities = parse_html(reply.html)
    assert text == "Banks <1> & potash\nDesk & Co, 14:59"
    assert [entity.url for entity in entities] == ["https://example.test/1?a=1&b=2"]


def test_status_is_for_admins() -> None:
    counts = {"articles": 12, "deliveries": {"sent": 3, "dead": 1}, "service": None, "jobs": {}}
    assert "12" not in answer(asked("status"), view(status=counts)).html
    said, _ = parse_html(answer(asked("status", user=ADMIN), view(status=counts)).html)
    assert said.splitlines() == [
        "rulebook 0123456789ab: 3 topics, 0 sources",
        "articles 12",
        "deliveries sent 3, dead 1",
        "service none",
        "jobs none",
    ]


@pytest.mark.parametrize(
    ("access", "user", "group_admin", "allowed"),
    [
        ("allow-list", ADMIN, False, True),
        ("allow-list", ANN, False, False),
        ("allow-list", ANN, True, False),
        ("open", ANN, False, False),
        ("open", ANN, True, True),
        ("open", None, True, True),
    ],
)
def test_who_may_change_a_group(access: str, user: int | None, group_admin: bool, allowed: bool) -> None:
    question = asked("subscribe", "potash", user=user, group=True, group_admin=group_admin)
    assert bool(answer(question, view(access=access)).changes) is allowed


def test_everybody_in_a_group_may_read() -> None:
    assert "potash" in answer(asked("topics", user=BOB, group=True), view()).html


@pytest.mark.parametrize(
    ("access", "user", "expected"),
    [
        ("allow-list", ANN, True),
        ("allow-list", ADMIN, True),
        ("allow-list", BOB, False),
        ("allow-list", None, False),
        ("open", BOB, True),
        ("open", None, True),
    ],
)
def test_who_may_talk(access: str, user: int | None, expected: bool) -> None:
    settings = TelegramSettings(access=access, admins=(ADMIN,), allowed=(ANN,))
    assert may_talk(settings, user) is expected


def test_an_unknown_command_points_to_help() -> None:
    assert "/help" in answer(asked("dance<b>"), view()).html


def test_long_lists_fit_into_one_message() -> None:
    long = [article(number, title="Длинный заголовок 😀 " * 40) for number in range(10)]
    said, entities = parse_html(answer(asked("latest"), view(archive=Archive(long))).html)
    assert units(said) <= 4096
    assert len(entities) >= 5
    many = view()
    topics = {f"t{n}": Topic(id=f"t{n}", title="тема " * 10, query="x") for n in range(500)}
    many = replace(many, rulebook=replace(many.rulebook, topics=topics))
    said, _ = parse_html(answer(asked("topics"), many).html)
    assert units(said) <= 4096
    assert "more" in said.splitlines()[-1]


@given(
    command=st.sampled_from([*COMMANDS, *ADMIN_COMMANDS, "other"]),
    argument=st.text(max_size=200),
    topics=st.lists(st.sampled_from(["potash", "*", "gone<"]), max_size=3, unique=True),
)
def test_every_answer_is_proper_telegram_html(command: str, argument: str, topics: list[str]) -> None:
    archive = Archive([article(1)])
    said, _ = parse_html(answer(asked(command, argument), view(*topics, archive=archive)).html)
    assert 0 < units(said) <= 4096
