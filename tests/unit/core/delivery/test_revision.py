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
