"""The outlets as a list that people search, mute and hear again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.model import Source
from tests.support.conversation import Town


def with_outlets(here: Town, *names: str) -> None:
    """These outlets are watched too."""
    more = {
        name.casefold().replace(" ", "-"): Source(
            id=name.casefold().replace(" ", "-"), name=name, kind="feed", url="https://x.test/", language="be"
        )
        for name in names
    }
    here.rulebook[0] = replace(here.rulebook[0], sources={**here.rulebook[0].sources, **more})


def test_an_outlet_is_muted_in_the_list_and_heard_again(here: Town) -> None:
    shown = here.said("sources")
    assert "I watch 1 outlet." in shown.html
    after = here.tap(shown, "The Herald")
    assert [(mute.kind, mute.target) for mute in here.chat().mutes] == [("outlet", "herald")]
    assert "🔕 The Herald" in after.html
    here.tap(shown, "The Herald")  # the old button says once more what it said
    assert len(here.chat().mutes) == 1
    here.tap(after, "The Herald")
    assert here.chat().mutes == ()


def test_many_outlets_come_in_pages_and_by_name(here: Town) -> None:
    with_outlets(here, *(f"Gazeta {number}" for number in range(20)), "Нясвіжскія навіны")
    first = here.said("sources")
    assert "1/3" in [button.text for row in first.buttons for button in row]
    second = here.tap(first, "▶")
    assert "2/3" in [button.text for row in second.buttons for button in row]
    assert "Нясвіжскія навіны, Belarusian" in here.text("sources", "навіны")
    assert "no outlet called" in here.text("sources", "qqqq")


def test_mute_takes_a_part_of_a_name_and_asks_when_several_have_it(here: Town) -> None:
    with_outlets(here, "Gazeta One", "Gazeta Two")
    assert "<code>/mute Gazeta Two</code>" in here.said("mute", "gazeta 8h").html
    assert here.store.chats.chat("telegram:501") is None
    assert "Muted: Gazeta Two" in here.text("mute", "zeta two 8h")
    (mute,) = here.chat().mutes
    assert (mute.target, mute.until) == ("gazeta-two", here.now + timedelta(hours=8))


def test_an_outlet_that_is_gone_is_said_so(here: Town) -> None:
    with_outlets(here, "Gazeta One")
    shown = here.said("sources")
    here.rulebook[0] = replace(here.rulebook[0], sources={})
    assert "not watched any more" in here.tap(shown, "Gazeta One").toast
