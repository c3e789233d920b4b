"""What comes of alerts when chats, Telegram and webhooks go wrong: nothing is lost, nothing lies."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from monitor.model import Digest
from monitor.ports import Ports
from tests.contract.test_channels import hook
from tests.support.botapi.server import Fault
from tests.support.posting import CHAT, OPERATOR, TOPIC, followed, post_to
from tests.unit.jobs.test_run import World, ports, world  # noqa: F401 - fixtures

NO_RIGHTS = "Bad Request: not enough rights to send text messages to the chat"
SOON = Digest(every="daily", at=time(12, 10))
PERSON = f"telegram:{CHAT}"
FORUM = f"telegram:{TOPIC}/7"


@pytest.mark.parametrize(
    "said",
    ["Bad Request: TOPIC_CLOSED", NO_RIGHTS, "Bad Request: CHAT_RESTRICTED", "Bad Request: ODD_CODE_77"],
)
def test_what_a_closed_topic_missed_comes_when_it_is_open_again_and_operators_hear_once(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
    said: str,
) -> None:
    with post_to(ports, world, followed(FORUM)) as post:
        post.server.script(TOPIC, Fault(kind="bad_request", description=said), times=6)
        for number in range(1, 6):
            post.article(number)
        post.run(30)
        chat = post.chat(FORUM)
        assert (chat.state, len(post.seen(TOPIC))) == ("paused", 0)
        post.run(700)

        assert post.chat(FORUM).state == "active"
        told = post.headlines(TOPIC)
        # Two that were refused alone by a code that nobody knows may be dead; nothing after them is.
        dead = {item.article_id for item in post.stored("dead")}
        assert len(dead) == (2 if "ODD" in said else 0)
        assert sum(title in told for title in post.titles()) == 5 - len(dead)
        assert len(post.seen(TOPIC)) <= 2, "held alerts come together"
        paused = [row.text for row in post.seen(OPERATOR) if "takes no messages" in row.text]
        assert len(paused) == 1
        assert said.removeprefix("Bad Request: ").split("_")[0].lower() in paused[0].lower()


def test_a_story_whose_alert_was_refused_is_told_with_its_next_article(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    with post_to(ports, world, followed(PERSON)) as post:
        wrong = Fault(kind="bad_request", description="Bad Request: message is too odd")
        post.server.script(CHAT, wrong)
        post.article(1, words=1)
        post.run(5)
        assert post.seen() == []
        post.article(2, words=1, source="wire")
        post.run(60)
        post.article(3, words=1, source="herald")
        post.run(120)

        assert len(post.seen()) == 1, "the next article speaks, those after it are edits"
        assert all(item.message_id for item in post.stored("sent")), "sent means that something was sent"


def test_a_gateway_that_is_broken_for_two_minutes_costs_no_lone_alert(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    with post_to(ports, world, followed(PERSON)) as post:
        broken_until = world.moment + timedelta(minutes=2)
        gone = Fault(kind="bad_gateway")
        post.server.rule(lambda _chat, _method: gone if world.moment < broken_until else None)
        post.article(1)
        post.run(400)

        (row,) = post.seen()
        assert "possibly sent twice" in row.text
        assert post.stored("dead") == []
        assert post.seen(OPERATOR) == []


@pytest.mark.parametrize("said", ["message to edit not found", "message can't be edited"])
def test_an_edit_of_an_alert_that_somebody_deleted_is_nobodys_business(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
    said: str,
) -> None:
    with post_to(ports, world, followed(PERSON)) as post:
        post.article(1, words=1)
        post.run(5)
        gone = Fault(kind="bad_request", description=f"Bad Request: {said}")
        post.server.script(CHAT, gone, times=3, method="editMessageText")
        for number, source in ((2, "wire"), (3, "herald"), (4, "wire")):
            post.article(number, words=1, source=source)
            post.run(60)

        assert post.seen(OPERATOR) == []
        assert post.chat().state == "active"
        post.article(9)
        post.run(5)
        assert len(post.seen()) == 2


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_webhook_that_refuses_us_is_asked_again_and_gets_what_it_missed(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
    status: int,
) -> None:
    with hook() as receiver:
        desk = followed("webhook:desk", options={"url": receiver.url})
        with post_to(ports, world, desk) as post:
            receiver.statuses = [status] * 3
            post.article(1)
            post.run(10)
            chat = post.chat("webhook:desk")
            assert chat.state == "paused"
            assert str(status) in chat.paused_because
            post.article(2)
            post.run(300)

            said = b"".join(body for _, body in receiver.got[3:]).decode()
            assert all(title in said for title in post.titles())
            assert post.chat("webhook:desk").state == "active"
            assert sum("takes no messages" in row.text for row in post.seen(OPERATOR)) == 1
            assert post.stored("dead", "cancelled") == []


def test_the_only_operator_chat_hears_of_its_own_pause_when_it_is_open_again(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    with hook() as receiver:
        desk = followed("webhook:desk", options={"url": receiver.url}, operator=True)
        with post_to(ports, world, desk, operator=False) as post:
            receiver.statuses = [403] * 2
            post.article(1)
            post.run(200)
            said = b"".join(body for _, body in receiver.got[2:]).decode()
            assert "takes no messages" in said


def test_a_webhook_that_is_woken_is_written_to_at_once(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    with (
        hook() as receiver,
        post_to(ports, world, followed("webhook:desk", options={"url": receiver.url})) as post,
    ):
        receiver.statuses = [410] * 9
        post.article(1)
        post.run(400)
        receiver.statuses = []
        tried = len(receiver.got)
        post.run(3)
        assert len(receiver.got) == tried, "it waits for its next try"
        ports.store.chats.wake("webhook:desk", world.moment)
        post.run(3)
        assert len(receiver.got) == tried + 1


def test_an_edit_that_a_webhook_cannot_make_is_not_booked_as_sent(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    with (
        hook() as receiver,
        post_to(ports, world, followed("webhook:desk", options={"url": receiver.url})) as post,
    ):
        post.article(1, words=1)
        post.article(2, words=1, source="wire")
        post.run(60)
        assert [item.kind for item in post.stored("sent")] == ["alert"]
        (edit,) = post.stored("cancelled")
        assert (edit.kind, edit.error) == ("edit", "what was posted cannot be changed")


def test_a_repeat_of_a_chart_or_a_notice_says_that_it_may_be_one(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    with post_to(ports, world, followed(PERSON, pictures="one", digest=SOON)) as post:
        post.server.script(CHAT, Fault(kind="accept_bad_gateway"), method="sendPhoto")
        post.server.script(OPERATOR, Fault(kind="accept_bad_gateway"))
        for number in range(1, 4):
            post.article(number)
        ports.store.outbox.add_events(post.events("It broke."))
        post.run(700)
        post.run(200)

        charts = [row.text for row in post.seen() if row.method == "sendPhoto"]
        notices = [row.text for row in post.seen(OPERATOR)]
        for texts in (charts, notices):
            assert ["possibly sent twice" in text for text in texts] == [False, True]


def test_a_digest_and_later_edits_say_a_headline_as_it_stands_now(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    reader = f"telegram:{OPERATOR}"
    daily = followed(reader, digest=SOON)
    with post_to(ports, world, followed(PERSON), daily, operator=False) as post:
        post.article(1, words=1)
        post.run(10)
        post.correct(1, "Lukashenko took it all back")
        post.run(60)
        post.article(2, words=1, source="wire")
        post.run(60)
        edits = [row.text for row in post.server.ledger if row.method == "editMessageText"]
        assert edits
        assert "took it all back" in edits[-1]
        post.run(700)
        (digest,) = post.seen(OPERATOR)
        assert "took it all back" in digest.text
        assert "(1)" not in digest.text


def test_a_correction_after_the_digest_answers_the_digest(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    with post_to(ports, world, followed(PERSON, digest=Digest(every="hourly"))) as post:
        post.article(1)
        post.run(3700)
        (digest,) = post.seen()
        post.correct(1, "Lukashenko took it all back")
        post.run(60)
        correction = post.seen()[-1]
        assert "took it all back" in correction.text
        assert correction.reply_to == digest.message_id


def test_an_hour_that_is_full_is_said_once(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    with post_to(ports, world, followed(PERSON, hourly_budget=2)) as post:
        for number in range(1, 6):
            post.article(number)
        post.run(60)
        full = [row.text for row in post.seen() if "within an hour" in row.text]
        assert len(full) == 1
        post.run(3700)
        assert sum(title in post.headlines() for title in post.titles()) == 5


def test_one_article_does_not_reach_the_same_chats_last_each_time(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    many = [followed(f"telegram:{number}") for number in range(1000, 1020)]
    with post_to(ports, world, *many) as post:
        for number in range(1000, 1020):
            post.server.add_chat(number)
        last: list[set[int]] = []
        for number in range(1, 5):
            before = len(post.server.ledger)
            post.article(number)
            post.run(12)
            heard = [row.chat_id for row in post.server.ledger[before:]]
            assert len(heard) == 20
            last.append(set(heard[-5:]))
        assert set.intersection(*last) == set()


def test_a_chat_that_showed_the_bot_out_is_left_alone_until_somebody_there_writes(
    ports: Ports,  # noqa: F811
    world: World,  # noqa: F811
) -> None:
    with post_to(ports, world, followed(PERSON)) as post:
        post.server.block(CHAT)
        post.article(1)
        post.run(10)
        assert sum("paused" in row.text for row in post.seen(OPERATOR)) == 1
        tries = [call for call in post.server.calls if call.chat_id == CHAT]
        post.article(2)
        post.run(7200)
        assert [call for call in post.server.calls if call.chat_id == CHAT] == tries
        post.server.block(CHAT, blocked=False)
        ports.store.chats.wake(PERSON, world.moment)
        post.article(3)
        post.run(10)
        assert len(post.seen()) == 1
