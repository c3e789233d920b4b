"""What a reader would find changed between two readings, and when to look again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.delivery.revision import changes, leads_nowhere, next_look, replies, worth_telling
from monitor.core.page.pagination import next_page
from monitor.model import Change, Match, Span
from tests.support import records
from tests.support.records import NOW

AGES = (timedelta(minutes=15), timedelta(hours=1), timedelta(days=1))
TEXT = "The envoy met the ruler on Monday. Bread cost 2 roubles. Friends waited at the bridge for hours."
MATCH = Match(
    topic_id="t", score=1.0, spans=(Span(field="body", start=4, end=9, text="envoy", term="envoy"),)
)


def found(after: str, *, title: str = "Envoy in town", live: bool = False) -> list[str]:
    before, now = records.article(title="Envoy in town", text=TEXT), records.article(title=title, text=after)
    return [change.what for change in changes(before, now, (MATCH,), live=live)]


def told_of(article_id: str, *, told_by_reply: frozenset[str] = frozenset()) -> list[str]:
    """Whom a changed article ``a1`` is told to, when the chat's alert was about this one."""
    sent = records.delivery(article_id=article_id, state="sent", message_id="7")
    made = replies(
        "a1",
        "s1",
        [Change(what="number", before="4", after="5")],
        revision="r",
        article=records.article(),
        told={"telegram:1": sent},
        told_by_reply=told_by_reply,
        chats=[records.chat(id="telegram:1")],
        now=NOW,
    )
    return [item.chat_id for item in made]


def test_a_correction_stands_only_under_the_alert_about_its_article() -> None:
    assert told_of("a1") == ["telegram:1"]
    assert told_of("another article of the story") == []


def test_a_chat_that_a_reply_told_of_the_article_hears_of_its_correction() -> None:
    assert told_of("another article", told_by_reply=frozenset({"telegram:1"})) == ["telegram:1"]
    assert told_of("another article", told_by_reply=frozenset({"telegram:2"})) == []


def test_looks_decay_and_missed_ones_are_not_made_up_for() -> None:
    assert next_look(NOW, NOW, AGES) == NOW + AGES[0]
    assert next_look(NOW, NOW + timedelta(hours=5), AGES) == NOW + AGES[2]
    assert next_look(NOW, NOW + timedelta(days=1), AGES) is None
    assert next_look(NOW, NOW, ()) is None


@pytest.mark.parametrize(
    ("after", "what"),
    [
        (TEXT, []),
        (TEXT.replace(". ", ".\n"), []),
        (TEXT.upper(), []),
        (TEXT.replace("Monday", "Sunday"), ["match"]),
        (TEXT.replace("The envoy met the ruler on Monday. ", ""), ["match"]),
        (TEXT.replace("2 roubles", "3 roubles"), ["number"]),
        (TEXT.replace("at the bridge", "at the Bug bridge"), ["name"]),
        (TEXT.replace("for hours", "for four hours"), ["text"]),
        (TEXT + " Nobody came.", ["text"]),
        (
            (
                "Bread cost 2 roubles. The envoy met the ruler on Monday. "
                "Friends waited at the bridge for hours."
            ),
            [],
        ),
        (TEXT * 4, []),
        ("", []),
    ],
)
def test_what_changed_in_the_text(after: str, what: list[str]) -> None:
    assert found(after) == what


def test_the_headline_counts_always() -> None:
    assert found(TEXT.replace("Monday", "Sunday"), title="Envoy leaves", live=True) == ["headline"]
    assert found(TEXT, title="ENVOY IN TOWN") == []


def test_nobody_is_told_of_trifles() -> None:
    before, after = records.article(text=TEXT), records.article(text=TEXT + " Nobody came.")
    assert worth_telling(changes(before, after, ())) == ()


@pytest.mark.parametrize(
    ("asked", "answered", "nowhere"),
    [
        ("https://a.example/n/1", "https://a.example/", True),
        ("https://a.example/n/1", "https://a.example/n/1/", False),
        ("https://a.example/?p=1", "https://a.example", True),
        ("https://a.example/", "https://a.example/", False),
    ],
)
def test_an_address_that_leads_to_the_front_page(asked: str, answered: str, *, nowhere: bool) -> None:
    assert leads_nowhere(asked, answered) is nowhere


@pytest.mark.parametrize(
    ("url", "stated", "following"),
    [
        ("https://a.example/story", "https://a.example/story/2", True),
        ("https://a.example/story/2", "https://a.example/story/3", True),
        ("https://a.example/story", "https://a.example/story?page=2", True),
        ("https://a.example/story", "https://a.example/another-story", False),
        ("https://a.example/story", "https://a.example/story/3", False),
        ("https://a.example/story", "https://b.example/story/2", False),
        ("https://a.example/", "https://a.example/page/2", False),
        ("https://a.example/story/2", "https://a.example/story/2", False),
    ],
)
def test_only_the_same_article_goes_on(url: str, stated: str, *, following: bool) -> None:
    assert next_page(url, [stated]) == (stated if following else None)


@pytest.mark.parametrize(
    ("after", "first", "kind"),
    [
        ("Bread cost 3 roubles in Lida.", "Bread cost 2 roubles in Lida.", "number"),
        ("Bread cost 2 roubles in Minsk.", "Bread cost 2 roubles in Lida.", "name"),
        ("Rye cost 2 roubles in Lida.", "Bread cost 2 roubles in Lida.", "text"),
        ("Bread cost 2 dollars in Lida.", "Bread cost 2 roubles in Lida.", "text"),
    ],
)
def test_what_kind_of_change_a_sentence_has(after: str, first: str, kind: str) -> None:
    kept = "Snow fell all day in the hills."
    before, now = (
        records.article(title="", text=f"{kept} {first}"),
        records.article(title="", text=f"{kept} {after}"),
    )
    assert changes(before, now, ()) == (Change(what=kind, before=first, after=after),)  # type: ignore[arg-type]


def test_the_most_telling_change_comes_first_and_there_are_at_most_twenty() -> None:
    def text(number: int) -> str:
        return " ".join(f"In line {at} of this list stand {at * number} words." for at in range(1, 31))

    before, after = records.article(title="Old", text=text(1)), records.article(title="New", text=text(2))
    found = changes(before, after, ())
    assert len(found) == 20
    assert [change.what for change in found] == ["headline", *["number"] * 19]


@pytest.mark.parametrize(("length", "kinds"), [(24, ["text"]), (25, ["text"]), (26, [])])
def test_a_text_more_than_two_and_a_half_times_as_long_was_read_elsewhere(
    length: int, kinds: list[str]
) -> None:
    before = records.article(title="", text="one two three four five six seven eight nine ten.")
    after = records.article(title="", text=before.text + " " + " ".join(["more"] * (length - 10)) + ".")
    assert [change.what for change in changes(before, after, ())] == kinds
    assert [change.what for change in changes(after, before, ())] == kinds


def test_a_sentence_that_only_moved_or_shares_too_little_is_no_change_of_another() -> None:
    one, two, three = "Alpha bravo charlie.", "Delta echo foxtrot.", "Golf hotel india."
    moved = changes(
        records.article(title="", text=f"{one} {two} {three}"),
        records.article(title="", text=f"{three} {one} {two}"),
        (),
    )
    assert moved == ()
    found = changes(
        records.article(title="", text=f"{one} {two}"), records.article(title="", text=f"{one} {three}"), ()
    )
    assert [(change.before, change.after) for change in found] == [(two, ""), ("", three)]


def test_half_of_the_words_make_a_sentence_the_same_one_changed() -> None:
    kept = "Snow fell all day."

    def after(text: str) -> list[tuple[str, str]]:
        before = records.article(title="", text=f"{kept} Aa bb cc dd.")
        found = changes(before, records.article(title="", text=f"{kept} {text}"), ())
        return [(change.before, change.after) for change in found]

    assert after("Aa bb xx yy.") == [("Aa bb cc dd.", "Aa bb xx yy.")]
    assert after("Aa xx yy zz.") == [("Aa bb cc dd.", ""), ("", "Aa xx yy zz.")]
    assert after("Aa bb xx yy. Aa bb cc zz.") == [("Aa bb cc dd.", "Aa bb cc zz."), ("", "Aa bb xx yy.")]


def test_of_a_long_sentence_the_part_that_changed_is_kept() -> None:
    lead = " ".join(f"word{number}" for number in range(100))
    tail = " ".join(f"end{number}" for number in range(100))
    before, after = f"{lead} 5 {tail}.", f"{lead} 6 {tail}."
    (change,) = changes(records.article(title="", text=before), records.article(title="", text=after), ())
    for shown, number in ((change.before, "5"), (change.after, "6")):
        assert shown.startswith("… word")
        assert f"word99 {number} end0" in shown
        assert 90 <= shown.index(f" {number} ") <= 112
        assert len(shown) <= 500
    short = changes(
        records.article(title="", text="a 5 b c."), records.article(title="", text="a 6 b c."), ()
    )
    assert (short[0].before, short[0].after) == ("a 5 b c.", "a 6 b c.")


def test_io_and_punctuation_are_no_change() -> None:
    before, after = (
        records.article(title="Все — там", text=TEXT),
        records.article(title="Всё там!", text=TEXT),
    )
    assert changes(before, after, ()) == ()
    gone = records.article(title="", text=TEXT)
    assert changes(before, gone, ()) == (), "a headline that could not be read is none that changed"
