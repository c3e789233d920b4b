"""What people keep of their alerts, and send on."""

from __future__ import annotations

from datetime import timedelta

from tests.support.conversation import ANN, BOB, Town, button
from tests.unit.bot.commands.test_alerts import alerted, under


def test_an_alert_is_kept_listed_shared_and_taken_out(here: Town) -> None:
    alert = alerted(here)
    assert "Nothing is saved" in here.text("saved")
    assert "Saved" in here.tap(under(alert), "⭐").toast
    here.later(timedelta(days=2))
    assert "Saved" in here.text("save", reply_to="71")  # once more: it is one
    listed = here.said("saved")
    assert "Saved: 1 alert." in listed.html
    assert "https://t.me/share/url?url=https%3A%2F%2Fherald.test" in listed.html
    here.store.admin.prune(here.now + timedelta(days=1))
    assert "Banks" in here.text("saved"), "it outlives the archive"
    assert "Nothing is saved" in here.tap(listed, "Banks").html


def test_a_chat_with_safe_links_shows_neither_headline_nor_outlet(here: Town) -> None:
    alert = alerted(here)
    here.tap(under(alert), "⭐")
    here.press("s:safe_links:plain")
    listed = here.said("saved")
    words = listed.html + " ".join(each.text for row in listed.buttons for each in row)
    assert "Banks" not in words
    assert "Herald" not in words.replace("herald.test", "")
    assert "t.me/share" not in words


def test_a_story_can_be_sent_on(here: Town) -> None:
    told = here.tap(under(alerted(here)), "Story")
    assert button(told, "Share").url.startswith("https://t.me/share/url?url=https")


def test_what_is_saved_is_exported_and_forgotten_and_is_the_chats_own(here: Town) -> None:
    here.tap(under(alerted(here)), "⭐")
    assert "Nothing is saved" in here.text("saved", user=BOB)
    exported = here.said("export").file
    assert exported is not None
    assert b"saved_alerts" in exported.content
    here.tap(here.said("forget"), "Delete everything")
    assert here.store.saved_alerts.of_chat(f"telegram:{ANN}") == ()
