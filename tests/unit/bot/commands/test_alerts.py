"""What people do with an alert: story, mute, why, 👎."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.bot.commands.alerts import REASONS
from monitor.bot.request import Reply
from monitor.core.delivery.plan import plan
from monitor.core.delivery.retry import Decision
from monitor.core.message.alert import alert_buttons
from monitor.i18n.localizer import localizer
from monitor.model import Delivery, Placement
from tests.support.botapi.entities import parse_html
from tests.support.conversation import ANN, BOB, NOW, Town, article, button, store_articles
from tests.support.records import alert

HERS = f"telegram:{ANN}"


def alerted(here: Town, number: int = 1, chat_id: str = HERS) -> Delivery:
    """An alert about an article of the archive that was sent to a chat."""
    item = article(number)
    store_articles(here.store, [item], "potash")
    here.say("subscribe", "potash")
    (planned,) = plan(
        article=item,
        placement=Placement(verdict="new", article_id=item.id, story_id=f"s-{item.id}"),
        matches=here.store.articles.matches(item.id),
        already=(),
        told={},
        chats=[here.chat(chat_id)],
        topics=here.rulebook[0].named,
        now=here.now,
    )
    here.store.outbox.add([planned], here.now)
    (claimed,) = here.store.outbox.claim(now=here.now, owner="t", epoch=1, limit=1, lease_s=60)
    sent = replace(claimed, state="sent", message_id=f"{70 + number}", sent_at=here.now)
    assert here.store.outbox.finish(Decision(delivery=sent), now=here.now)
    return planned


def under(alert: Delivery) -> Reply:
    return Reply(buttons=alert_buttons(alert.key, localizer("en")))


def test_the_story_of_an_alert(here: Town) -> None:
    alert = alerted(here)
    told = here.tap(under(alert), "Story").html
    assert "1 outlet writes about it" in told
    assert told.count("Banks &lt;1&gt;") == 2, "the story's headline, and that of the article"
    again = here.tap(here.tap(under(alert), "Story"), "Update")
    assert (again.html, again.edit) == (told, True)
    assert "The Herald (independent)" in told
    assert here.said("story", reply_to="71").html == told
    assert here.said("story", "https://herald.test/1?a=1&b=2").html == told
    assert "/story" in here.text("story", "https://nowhere.test/")


def test_why_an_alert_came_and_why_another_did_not(here: Town) -> None:
    alert = alerted(here)
    short = here.tap(under(alert), "Why")
    told = short.html
    assert "Potash &amp; sanctions</b>, because of: potash" in told
    assert "✓" not in told, "the clauses are on a button"
    assert "Sent at" in told
    whole = here.tap(short, "Details")
    assert "✓ potash — 'potash' (headline), 'potash' (text)" in parse_html(whole.html)[0]
    assert whole.edit
    assert here.said("why", reply_to="71").html == told

    store_articles(here.store, [article(5, title="Weather", text="Rain.", lead="Rain.")])
    silence = here.text("why", "https://herald.test/5?a=1&b=2")
    assert "None of this chat's topics matches" in silence
    assert "✗ Potash & sanctions: potash: does not stand here" in silence
    assert "not seen" in here.text("why", "https://nowhere.test/")
    assert "/why" in here.text("why")


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [("This story", "story", "s-a1"), ("Potash", "topic", "potash"), ("The Herald", "outlet", "herald")],
)
def test_muting_from_the_alert_and_taking_it_back(here: Town, text: str, kind: str, target: str) -> None:
    alert = alerted(here)
    menu = here.tap(under(alert), "Mute")
    assert menu.keyboard
    after = here.tap(menu, text)
    assert after.toast.startswith("Muted: ")
    (mute,) = here.chat().mutes
    assert (mute.kind, mute.target, mute.until) == (kind, target, None)
    here.tap(after, "Undo")
    assert here.chat().mutes == ()


def test_muting_for_hours(here: Town) -> None:
    menu = here.tap(under(alerted(here)), "Mute")
    here.press(menu.buttons[1][1].action)
    (mute,) = here.chat().mutes
    assert mute.until == here.now + timedelta(hours=8)
    assert button(here.tap(menu, "Back"), "Story")


def test_why_says_what_became_of_it(here: Town) -> None:
    alerted(here)
    copy = article(3)
    store_articles(here.store, [copy], "potash")
    here.said("mute", "herald.test")
    assert "outlet is muted" in here.text("why", copy.canonical_url)
    here.store.articles.story_of(copy.id)
    here.said("unsubscribe", "potash")
    late = article(4, late=True)
    store_articles(here.store, [late], "potash")
    assert "old when I found it" in here.text("why", late.canonical_url)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": "pending", "not_before": NOW + timedelta(hours=1)}, "waits until 15:00"),
        ({"state": "dead", "error": "blocked by the user"}, "not sent: blocked by the user"),
        ({"state": "sent", "sent_at": NOW}, "Sent at 14:00"),
    ],
)
def test_why_knows_the_outbox(here: Town, changes: dict[str, Any], said: str) -> None:
    here.said("zone", "Europe/Minsk")
    here.said("zone", "Europe/Vilnius")
    item = article(6)
    store_articles(here.store, [item], "potash")
    made = Delivery(
        key="k6", chat_id=HERS, kind="alert", payload=alert(), created_at=NOW, not_before=NOW,
        story_id=f"s-{item.id}", article_id=item.id,
    )  # fmt: skip
    here.store.outbox.add([replace(made, **changes)], NOW)
    assert said in here.text("why", item.canonical_url)


def test_muting_by_command(here: Town) -> None:
    alerted(here)
    assert "until Nov 24 14:00" in here.text("mute", "potash 1d")
    here.said("mute", "herald.test")
    here.said("mute", "story", reply_to="71")
    assert "Reply with /mute" in here.text("mute", "story")
    listed = here.said("mutes")
    assert {(item.kind, item.target) for item in here.chat().mutes} == {
        ("topic", "potash"),
        ("outlet", "herald"),
        ("story", "s-a1"),
    }
    here.tap(listed, "↩ The Herald")
    assert len(here.chat().mutes) == 2
    assert "/stop" in here.text("mute", "all")
    here.later(timedelta(days=2))
    assert "Potash" not in here.text("mute")


def test_a_verdict_is_stored_with_its_reason_and_can_be_changed(here: Town) -> None:
    alert = alerted(here)
    menu = here.tap(under(alert), "👎")
    assert len(menu.buttons) == len(REASONS) + 1
    thanks = here.tap(menu, "Old news")
    assert "Thank you" in thanks.toast
    here.tap(menu, "Not about the topic")
    (verdict,) = here.store.people.feedback()
    assert (verdict.reason, verdict.topic_ids, verdict.user_id) == ("not about the topic", ("potash",), ANN)
    assert verdict.headline == "Banks <1> & potash"


def test_a_safe_alert_says_what_it_is_about_in_a_pop_up_only(here: Town) -> None:
    alert = alerted(here)
    here.tap(here.said("settings"), "Safe links")
    shown = here.press(f"sh:{alert.key}")
    assert shown.popup
    assert shown.toast == "Banks <1> & potash\nThe Herald"
    assert not shown.html


def test_the_alerts_of_another_chat_are_out_of_reach(here: Town) -> None:
    alert = alerted(here)
    for verb in ("st", "y", "sh", "m?", "n?"):
        assert here.press(f"{verb}:{alert.key}", user=BOB).popup
    assert here.press(f"n:{alert.key}:o", user=BOB).popup
    assert here.store.people.feedback() == ()
    assert "/why" in here.text("why", user=BOB, reply_to="71")


def test_statistics_count_what_was_sent(here: Town) -> None:
    assert "0 alerts in 24 hours" in here.text("stats")
    alerted(here, 1)
    here.later(timedelta(days=2))
    alerted(here, 2)
    file = here.said("stats").file
    assert file is not None
    assert file.photo
    assert file.content.startswith(b"\x89PNG")
    said = here.text("stats")
    assert "1 alert in 24 hours" in said
    assert "2 alerts in 7 days" in said
    assert "Potash & sanctions 2" in said
    assert here.now > NOW
