"""An alert in the words that its article has now."""

from __future__ import annotations

import pytest

from monitor.core.message.present_wording import present_wording, with_headline
from monitor.model import Alert, NoticeText
from tests.support.records import alert, article, delivery

HEARD = "Guards fined five men on Monday."


def now(text: str, **changes: object) -> Alert:
    given = {"excerpt": HEARD, "highlights": ((13, 17),), "headline": "Envoy in Minsk"} | changes
    return present_wording(alert(**given), article(text=text))


def test_an_unchanged_article_is_told_as_it_was() -> None:
    told = alert(excerpt=HEARD)
    assert present_wording(told, article(text=f"A word before. {HEARD} And after.")) == told


def test_the_sentence_that_stands_there_now_is_told_with_its_words_marked() -> None:
    found = now("Snow fell on Monday. Guards then fined five women on Monday. It went on.")
    assert found.excerpt == "Guards then fined five women on Monday."
    assert [found.excerpt[start:end] for start, end in found.highlights] == ["five"]


@pytest.mark.parametrize("text", ["", "Snow fell in the hills and nobody came."])
def test_where_no_sentence_is_like_it_the_old_one_stays(text: str) -> None:
    assert now(text).excerpt == HEARD


def test_half_of_the_words_are_like_enough() -> None:
    assert now("Guards fined five a b c.").excerpt == "Guards fined five a b c."
    assert now("Guards fined a b c d.").excerpt == HEARD


def test_of_two_the_sentence_that_is_more_alike_is_told() -> None:
    near, nearer = "Guards fined five men.", "Guards fined six men on Monday."
    assert now(f"{near} {nearer}").excerpt == now(f"{nearer} {near}").excerpt == nearer


def test_a_mark_whose_word_is_gone_goes_and_repeated_words_keep_their_order() -> None:
    found = now("x", headline="five men, five women", headline_highlights=((0, 4), (5, 8), (10, 14)))
    assert found.headline == "Envoy in Minsk"
    assert found.headline_highlights == ()
    again = present_wording(
        alert(headline="five men, five women", headline_highlights=((0, 4), (5, 8), (10, 14), (3, 3))),
        article(title="Now five men and five women"),
    )
    assert again.headline_highlights == ((4, 8), (9, 12), (17, 21))


def test_a_headline_is_replaced_only_in_an_alert_and_by_words() -> None:
    row = delivery(payload=alert(headline="Old words", headline_highlights=((4, 9),)))
    assert with_headline(row, "") == with_headline(row, "Old words") == row
    changed = with_headline(row, "New words").payload
    assert isinstance(changed, Alert)
    assert (changed.headline, changed.headline_highlights) == ("New words", ((4, 9),))
    notice = delivery(kind="notice", payload=NoticeText(text="x"))
    assert with_headline(notice, "New") == notice
