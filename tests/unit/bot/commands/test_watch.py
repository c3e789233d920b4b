"""Topics of one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.bot.commands import watch
from monitor.core.match import match
from monitor.core.rulebook import with_watches
from tests.support.conversation import ANN, BOB, GROUP, Town, article, button, store_articles, town


def test_a_watch_is_tried_on_the_archive_confirmed_matched_listed_and_deleted(here: Town) -> None:
    store_articles(here.store, [article(n) for n in (1, 2)] + [article(9 * 1440)])
    offer = here.said("watch", "bread NEAR/5 price")
    assert "matched 2 articles in the last 7 days" in offer.html
    assert "Banks &lt;1&gt;" in offer.html
    assert here.topics() == []

    done = here.tap(offer, "Watch it")
    assert done.edit
    (made,) = here.store.watches.all()
    assert here.topics() == [made.id]
    assert (made.query, made.chat_id) == ("bread NEAR/5 price", f"telegram:{ANN}")
    assert [item.topic_id for item in match(article(3), here.rulebook[0])] == ["potash", made.id]

    listed = here.said("watch")
    assert "bread NEAR/5 price" in listed.html
    left = here.tap(listed, "🗑")
    assert "no topics of your own" in left.html
    assert here.store.watches.all() == ()
    assert here.topics() == []
    assert [item.topic_id for item in match(article(3), here.rulebook[0])] == ["potash"]


def test_a_second_press_on_the_offer_makes_no_second_watch(here: Town) -> None:
    offer = here.said("watch", "bread")
    here.tap(offer, "Watch it")
    assert here.tap(offer, "Watch it").popup
    assert len(here.store.watches.all()) == 1


def test_an_offer_ends_after_half_an_hour_and_belongs_to_who_asked(here: Town) -> None:
    offer = here.said("watch", "bread")
    action = button(offer, "Watch it").action
    assert here.press(action, user=BOB).popup
    assert here.press(action, user=BOB, chat=ANN, group=True, group_admin=True).popup
    here.later(timedelta(minutes=31))
    assert here.tap(offer, "Watch it").popup
    assert here.store.watches.all() == ()


def test_an_offer_can_be_declined(here: Town) -> None:
    offer = here.said("watch", "bread")
    assert "Nothing was changed" in here.tap(offer, "Leave it").html
    assert here.tap(offer, "Watch it").popup


@pytest.mark.parametrize(
    ("query", "place", "hint"),
    [
        ("bread AND OR price", "^", ""),
        ("titel:bread", "^", "title"),
        ("NOT bread", "^", "AND"),
        ("(" * 60, "^", ""),
        ("@nobody", "^", ""),
    ],
)
def test_a_mistake_is_shown_with_its_place_and_mend(query: str, place: str, hint: str, here: Town) -> None:
    said = here.text("watch", query)
    assert "I cannot read this query" in said
    assert place in said
    assert hint in said
    assert here.store.people.everything(ANN, f"telegram:{ANN}")["drafts"] == []


def test_the_caret_stands_under_the_mistake(here: Town) -> None:
    lines = here.text("watch", "bread AND titel:price").splitlines()
    at = next(number for number, line in enumerate(lines) if line.strip() == "^")
    assert lines[at - 1][lines[at].index("^") :].startswith("titel")
    late = "word AND " * 20 + "titel:x"
    lines = here.text("watch", late).splitlines()
    at = next(number for number, line in enumerate(lines) if line.strip() == "^")
    assert lines[at - 1][lines[at].index("^") :].startswith("titel")


def test_what_floods_is_warned_of_and_doubts_are_told(here: Town) -> None:
    assert "still empty" in here.text("watch", "bread")
    assert "⚠" in here.text("watch", "bread and price")


def test_there_is_an_end_to_the_number_and_the_length(here: Town) -> None:
    for number in range(watch.MOST_WATCHES):
        here.later(timedelta(minutes=1))
        here.tap(here.said("watch", f"bread{number}"), "Watch it")
    assert "20 topics" in here.text("watch", "one more")
    assert "too long" in here.text("watch", "x" * 501, user=BOB)


def test_a_watch_outlives_a_restart_and_an_unreadable_one_is_left_out(here: Town) -> None:
    here.tap(here.said("watch", "bread"), "Watch it")
    kept = here.store.watches.all()
    (made,) = kept
    bad = type(made)(id="watch:bad", chat_id=made.chat_id, query="@gone", title="gone")
    again = with_watches(here.rulebook[0], [*kept, bad])
    assert set(again.watches) == {made.id}
    assert again.revision == here.rulebook[0].revision
    assert set(with_watches(again, ()).watches) == set()


def test_unsubscribing_a_watch_deletes_it(here: Town) -> None:
    here.tap(here.said("watch", "bread"), "Watch it")
    (made,) = here.store.watches.all()
    here.said("unsubscribe", made.id)
    assert here.store.watches.all() == ()
    assert here.rulebook[0].watches == {}


def test_nobody_else_hears_of_a_watch(here: Town) -> None:
    here.tap(here.said("watch", "bread"), "Watch it")
    here.said("subscribe", "all", user=BOB)
    (made,) = here.store.watches.all()
    store_articles(here.store, [article(1)], "potash", made.id)
    assert "bread" not in here.text("topics", user=BOB)
    told = here.text("why", "https://herald.test/1?a=1&b=2", user=BOB)
    assert "Potash" in told
    assert "Topic bread" not in told
    assert "Topic bread" in here.text("why", "https://herald.test/1?a=1&b=2")


def test_an_anonymous_administrator_asks_and_confirms() -> None:
    with town(access="open") as open_town:
        offer = open_town.said("watch", "bread", user=None, chat=GROUP, group_admin=True)
        assert open_town.tap(offer, "Watch it", user=ANN, chat=GROUP, group_admin=False).popup
        open_town.tap(offer, "Watch it", user=ANN, chat=GROUP, group_admin=True)
        assert [item.chat_id for item in open_town.store.watches.all()] == [f"telegram:{GROUP}"]
