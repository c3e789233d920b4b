"""Who may do what: strangers, invitations, roles, groups, chats from afar, the right to be forgotten."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from monitor.bot.rate_limit import Once, RateLimiter
from monitor.bot.request import Target
from monitor.store.database import open_database
from monitor.store.tables.schema import metadata
from tests.support.conversation import ADMIN, ANN, BOB, GROUP, NOW, STRANGER, Town, button, town
from tests.unit.bot.commands.test_alerts import alerted


def code_of(text: str) -> str:
    return text.rpartition("/start ")[2].strip()


def test_a_stranger_gets_one_polite_answer_and_no_button_works(here: Town) -> None:
    assert str(STRANGER) in here.text("start", user=STRANGER)
    assert here.say("topics", user=STRANGER) is None
    assert here.say("start", user=STRANGER) is None
    assert here.press("t+:aaaa:0", user=STRANGER).popup
    assert here.store.chats.all() == ()


def test_an_invitation_lets_one_in_once() -> None:
    with town(access="invite", allowed=()) as here:
        offer = here.text("invite", user=ADMIN)
        code = code_of(offer)
        assert "1 person" in offer
        assert code not in repr(list(here.store.people.all()))
        welcome = here.said("start", code, user=STRANGER)
        assert "language" in welcome.html
        here.said("subscribe", "potash", user=STRANGER)
        assert here.say("start", code, user=667) is not None
        assert here.say("topics", user=667) is None
        assert here.say("status", user=STRANGER) is not None
        assert "admins" in here.text("status", user=STRANGER)


def test_invitations_have_uses_roles_and_an_end() -> None:
    with town(access="invite", allowed=()) as here:
        code = code_of(here.text("invite", "editor 2 30d", user=ADMIN))
        for user in (11, 12):
            here.said("start", code, user=user)
        assert {item.role for item in here.store.people.all()} == {"editor"}
        assert "closed circle" in here.text("start", code, user=13)
        late = code_of(here.text("invite", "1d", user=ADMIN))
        here.later(timedelta(days=1))
        assert "closed circle" in here.text("start", late, user=14)
        assert "/invite" in here.text("invite", "emperor", user=ADMIN)
        assert "admins" in here.text("invite", user=11)


def test_guessing_codes_is_slow() -> None:
    with town(access="invite", allowed=()) as here:
        code = code_of(here.text("invite", user=ADMIN))
        for number in range(10):
            here.say("start", f"guess{number}", user=STRANGER)
        assert here.say("start", code, user=STRANGER) is None
        here.later(timedelta(hours=2))
        assert here.say("start", code, user=STRANGER) is not None


def test_an_allow_list_lets_in_nobody_else_whatever_code_they_have(here: Town) -> None:
    code = code_of(here.text("invite", user=ADMIN))
    assert "closed circle" in here.text("start", code, user=STRANGER)
    assert here.store.people.all() == ()


def test_roles_are_given_and_taken_by_number() -> None:
    with town(access="open") as here:
        assert "admins" in here.text("status", user=BOB)
        here.said("people", f"{BOB} admin", user=ADMIN)
        assert "articles" in here.text("status", user=BOB)
        assert str(BOB) in here.text("people", user=ADMIN)
        here.said("people", f"{BOB} out", user=ADMIN)
        assert "admins" in here.text("status", user=BOB)
        for odd in ("me admin", f"{BOB}", "-1 admin", "9" * 30 + " admin", "²² admin", f"{BOB} king"):
            assert "out</code>" in here.said("people", odd, user=ADMIN).html


@pytest.mark.parametrize(
    ("access", "user", "administers", "may"),
    [
        ("allow-list", ADMIN, False, True),
        ("allow-list", ANN, True, False),
        ("open", ANN, False, False),
        ("open", ANN, True, True),
        ("open", None, True, True),
        ("invite", ANN, True, True),
        ("invite", ANN, False, False),
    ],
)
def test_who_may_change_a_group_by_word_and_by_button(
    access: str, user: int | None, administers: bool, may: bool
) -> None:
    with town(access=access) as here:
        here.say("subscribe", "potash", user=user, chat=GROUP, group_admin=administers)
        assert here.topics(f"telegram:{GROUP}") == (["potash"] if may else [])
        page = here.said("topics", user=ANN, chat=GROUP)
        here.press(button(page, "Political").action, user=user, chat=GROUP, group_admin=administers)
        assert ("prisoners" in here.topics(f"telegram:{GROUP}")) is may


def test_an_editor_changes_groups_and_a_demoted_one_does_not_any_more() -> None:
    with town(access="invite") as here:
        here.said("people", f"{BOB} editor", user=ADMIN)
        page = here.said("topics", user=BOB, chat=GROUP)
        here.tap(page, "Potash", user=BOB, chat=GROUP)
        assert here.topics(f"telegram:{GROUP}") == ["potash"]
        here.said("people", f"{BOB} subscriber", user=ADMIN)
        assert here.tap(page, "Political", user=BOB, chat=GROUP).popup
        assert here.topics(f"telegram:{GROUP}") == ["potash"]


def target(**changes: bool) -> Target:
    given = {"user_administers": True, "bot_may_post": True} | changes
    return Target(address="-1009", title="Channel", **given)


def test_a_channel_is_managed_from_the_private_chat() -> None:
    with town(access="open") as here:
        assert "administrator of the channel" in here.text(
            "chats", "@news", target=target(bot_may_post=False)
        )
        assert "Only an administrator" in here.text("chats", "@news", target=target(user_administers=False))
        assert here.store.chats.all() == ()

        here.said("chats", "@news", target=target())
        assert here.desk.target(ANN) == "telegram:-1009"
        assert here.desk.target(BOB) is None
        far = {"chat_id": "telegram:-1009", "address": "-1009"}
        here.said("subscribe", "potash", group_admin=True, **far)
        assert here.topics("telegram:-1009") == ["potash"]
        assert here.topics() == []
        here.said("subscribe", "prisoners", group_admin=False, **far)
        assert here.topics("telegram:-1009") == ["potash"]

        listed = here.said("chats")
        here.tap(listed, "Back")
        assert here.desk.target(ANN) is None
        here.tap(listed, "Channel")
        assert here.desk.target(ANN) == "telegram:-1009"
        assert here.tap(listed, "Channel", user=BOB).popup
        here.later(timedelta(hours=2))
        assert here.desk.target(ANN) is None


def test_export_holds_everything_and_is_for_the_private_chat(here: Town) -> None:
    here.said("subscribe", "potash")
    here.tap(here.said("watch", "bread"), "Watch it")
    alerted(here)
    file = here.said("export").file
    assert file is not None
    told = json.loads(file.content)
    assert told["user_id"] == ANN
    assert {row["topic_id"] for row in told["stored"]["subscriptions"]} >= {"potash"}
    assert told["stored"]["watches"][0]["query"] == "bread"
    assert told["stored"]["deliveries"]
    assert here.said("export", user=ADMIN, chat=GROUP).file is None
    assert here.said("forget", user=ADMIN, chat=GROUP).buttons == ()


def test_forgetting_leaves_no_trace_in_the_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'monitor.db'}"
    with town(url, access="open") as here:
        ann = 7_654_321_987
        here.said("start", user=ann, title="Ann Nonymous")
        here.tap(here.said("topics", user=ann), "Potash", user=ann)
        here.tap(here.said("watch", "rareword OR otherword", user=ann), "Watch it", user=ann)
        here.said("mute", "prisoners 2d", user=ann)
        here.said("chats", "@news", user=ann, target=target())
        here.said("subscribe", "potash", user=BOB)
        question = here.said("forget", user=ann)
        assert str(ann) in dump(url)
        assert here.tap(question, "Delete", user=BOB).popup
        assert str(ann) in dump(url)

        assert "Nothing is stored" in here.tap(question, "Delete", user=ann).html

        left = dump(url)
        for trace in (str(ann), "Ann Nonymous", "rareword"):
            assert trace not in left
        assert str(BOB) in left
        assert here.rulebook[0].watches == {}
        assert here.tap(question, "Delete", user=ann).popup


def dump(url: str) -> str:
    """Every row of every table as text."""
    database = open_database(url)
    with database.read() as connection:
        rows = [repr(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    database.engine.dispose()
    return "\n".join(rows)


def test_the_operators_files_are_named_when_they_still_hold_the_forgotten(here: Town) -> None:
    question = here.said("forget")
    assert "cannot be undone" in question.html
    assert "Nothing was changed" in here.tap(question, "Keep it").html


def test_a_bucket_fills_again_and_remembers_only_so_many() -> None:
    pace = RateLimiter(burst=2, every=timedelta(seconds=10))
    assert [pace.ask("a", NOW) for _ in range(4)] == ["go", "go", "slow down", "silence"]
    assert pace.ask("b", NOW) == "go"
    assert pace.ask("a", NOW + timedelta(seconds=10)) == "go"
    assert pace.ask("a", NOW - timedelta(days=1)) == "slow down"
    pace.forget("a")
    assert pace.ask("a", NOW) == "go"
    once = Once()
    assert [once.first("x"), once.first("x"), once.first("y")] == [True, False, True]
