"""What a chat sees."""

from __future__ import annotations

import dataclasses
import html
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.message.alert import (
    LIMIT_UNITS,
    REPEAT_MARK,
    alert_buttons,
    cut,
    render_alert,
    render_notice,
    render_struck,
)
from monitor.core.text.clean import utf16_length
from monitor.i18n.localizer import localizer
from monitor.model import Alert, AlertTopic, Chat, Message, NoticeText, Story, StoryArticle
from tests.support.botapi.entities import parse_html
from tests.support.records import NOW, chat, delivery


def alert(**changes: Any) -> Alert:
    given: dict[str, Any] = {
        "story_id": "s1",
        "article_id": "a1",
        "headline": "Envoy & Lukashenko <meet>",
        "url": "https://herald.example/a?x=1&y=2",
        "outlet": "The Herald",
        "tier": "independent",
        "language": "en",
        "published": NOW,
        "seen_at": NOW,
        "excerpt": "They spoke about potash & more.",
        "highlights": ((17, 23),),
        "headline_highlights": ((8, 18),),
        "topics": (AlertTopic(id="belarus", title="Belarus", hashtag="Belarus"),),
    }
    return Alert(**{**given, **changes})


def rendered(item: Alert, wish: Chat | None = None, **changes: Any) -> Message:
    chosen = delivery(**changes)
    return render_alert(item, wish or chat(), delivery=chosen, story=None, now=NOW)


def outlet(name: str) -> StoryArticle:
    return StoryArticle(
        article_id=name,
        source_id=name,
        source_name=name,
        tier="wire",
        title="t",
        url="https://x.example",
        language="en",
        published=NOW,
        seen_at=NOW,
    )


def visible(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", text))


def test_an_alert_is_escaped_linked_and_marked() -> None:
    message = rendered(alert())
    assert message.html.splitlines() == [
        '<a href="https://herald.example/a?x=1&amp;y=2">Envoy &amp; <b>Lukashenko</b> &lt;meet&gt;</a>',
        "They spoke about <b>potash</b> &amp; more.",
        "The Herald (independent) · 12:00",
        "#Belarus",
    ]
    assert "<" not in message.plain.replace("<meet>", "")


def test_copies_are_named_without_the_first_outlet_and_long_lists_are_counted() -> None:
    story = Story(id="s1", articles=tuple(outlet(name) for name in ("The Herald", *"ABCDEFGH", "A")))
    message = render_alert(alert(), chat(), delivery=delivery(), story=story, now=NOW)
    assert message.html.endswith("also in: A, B, C, D, E, F +2 · first: The Herald 12:00")


def test_a_possible_repeat_is_marked_and_plain_only_has_no_tags() -> None:
    assert REPEAT_MARK in rendered(alert(), uncertain_sends=1).plain
    assert rendered(alert(), plain_only=True).html == ""


def test_times_are_local_and_older_days_are_named() -> None:
    assert localizer("en").moment(NOW, "Europe/Warsaw", NOW) == "13:00"
    assert localizer("en").moment(NOW - timedelta(days=3), "UTC", NOW) == "Nov 20 12:00"
    assert localizer("be").moment(NOW - timedelta(days=3), "Europe/Minsk", NOW) == "20 ліс 15:00"
    assert localizer("lt").moment(NOW - timedelta(days=400), "UTC", NOW) == "2025-10-19 12:00"


@given(
    headline=st.text(max_size=6000),
    excerpt=st.text(max_size=6000),
    outlet=st.text(max_size=3000),
    cuts=st.lists(st.integers(0, 6000), max_size=20),
)
def test_any_alert_fits_and_its_tags_are_whole(
    headline: str, excerpt: str, outlet: str, cuts: list[int]
) -> None:
    bounds = sorted(cuts)
    marks = tuple(zip(bounds[::2], bounds[1::2], strict=False))
    item = alert(
        headline=headline, excerpt=excerpt, outlet=outlet, highlights=marks, headline_highlights=marks
    )
    message = rendered(item, uncertain_sends=1)
    assert utf16_length(visible(message.html)) <= LIMIT_UNITS
    assert utf16_length(message.plain) <= LIMIT_UNITS
    assert message.html.count("<b>") == message.html.count("</b>")
    assert re.sub(r"</?b>|<a href=\"[^\"<>]*\">|</a>", "", message.html).count("<") == 0
    parse_html(message.html)


def test_a_notice_is_escaped() -> None:
    message = render_notice(NoticeText(text="a < b & c"), delivery(kind="notice"), chat())
    assert (message.html, message.plain) == ("a &lt; b &amp; c", "a < b & c")


def test_a_foreign_sentence_is_quoted_in_the_original_and_its_language_named() -> None:
    item = alert(language="be", excerpt="Гаварылі пра калій.", highlights=((13, 18),))
    said = rendered(item, chat(language="pl")).html.splitlines()
    assert said[1] == "<blockquote>Гаварылі пра <b>калій</b>.</blockquote>"
    assert said[1].startswith("<blockquote>")
    assert said[2] == "The Herald (niezależne) · 12:00 · białoruski"


def test_safe_links_say_nothing_of_the_matter() -> None:
    safe = chat(safe_links="plain", preview="large", timezone="Europe/Minsk", pictures="one")
    message = rendered(alert(), safe)
    assert message.html == '<a href="https://herald.example/a?x=1&amp;y=2">New for you, 15:00</a>'
    assert message.preview == "off"
    assert "potash" not in message.subject + message.html
    assert message.buttons[0][0].action == "sh:k1"
    archived = rendered(alert(), chat(safe_links="archive"))
    assert archived.html.startswith('<a href="https://web.archive.org/web/https://herald.example/a')


def test_previews_and_silence_are_by_choice() -> None:
    assert rendered(alert()).preview == "off"
    assert rendered(alert(), chat(pictures="one")).preview == "off", "pictures come by themselves"
    assert rendered(alert(), chat(preview="small")).preview == "small"
    assert not rendered(alert()).silent
    assert rendered(alert(), chat(silent="always")).silent


def test_what_turns_or_hides_text_is_taken_out_and_odd_links_are_none() -> None:
    message = rendered(
        alert(headline="safe\u202egpj.exe", headline_highlights=((5, 8),), url="javascript:alert(1)")
    )
    assert message.html.splitlines()[0] == "safe <b>gpj</b>.exe"


def test_every_alert_has_its_five_buttons() -> None:
    (row,) = rendered(alert()).buttons
    assert [item.action for item in row] == ["st:k1", "m?:k1", "y:k1", "sv:k1", "n?:k1"]
    assert alert_buttons("k1", localizer("en")) == (row,)


@pytest.mark.parametrize(
    ("others", "also"), [("ABCDEF", "A, B, C, D, E, F"), ("ABCDEFG", "A, B, C, D, E, F +1")]
)
def test_six_other_outlets_are_named(others: str, also: str) -> None:
    story = Story(id="s1", articles=tuple(outlet(name) for name in ("The Herald", *others)))
    message = render_alert(alert(), chat(), delivery=delivery(), story=story, now=NOW)
    assert message.html.endswith(f"also in: {also} · first: The Herald 12:00")
    assert message.data["also_in"] == list(others)


def test_languages_are_counted_where_a_story_has_several() -> None:
    articles = (outlet("The Herald"), dataclasses.replace(outlet("Głos"), language="pl"))
    message = render_alert(
        alert(), chat(), delivery=delivery(), story=Story(id="s1", articles=articles), now=NOW
    )
    assert message.plain.splitlines()[-2] == "also in: Głos · languages: 2 · first: The Herald 12:00"


def test_what_is_new_comes_first_and_copies_are_not_named() -> None:
    story = Story(id="s1", articles=(outlet("The Herald"), outlet("Other")))
    news = alert(news=("5 dead", "a second envoy"))
    message = render_alert(news, chat(), delivery=delivery(), story=story, now=NOW)
    assert message.plain.splitlines()[0] == message.subject == "new: 5 dead · a second envoy"
    assert "Other" not in message.plain


@pytest.mark.parametrize(
    ("headline", "marks", "html"),
    [
        ("abcdef", ((0, 3), (3, 6)), "<b>abc</b><b>def</b>"),
        ("abcdef", ((2, 2),), "abcdef"),
        ("abcdef", ((3, 2),), "abcdef"),
        ("abcdef", ((1, 3), (2, 5)), "a<b>bc</b>def"),
        ("abcdef", ((4, 7),), "abcdef"),
        ("a<cdef", ((1, 2),), "a<b>&lt;</b>cdef"),
        ("ab" * 40, tuple((at, at + 1) for at in range(0, 80, 2)), "<b>a</b>b" * 30 + "ab" * 10),
    ],
)
def test_marks_that_are_whole_and_apart_are_bold(
    headline: str, marks: tuple[tuple[int, int], ...], html: str
) -> None:
    message = rendered(alert(headline=headline, headline_highlights=marks, url="tg://x"))
    assert message.html.splitlines()[0] == html


@pytest.mark.parametrize(
    ("text", "units", "kept"),
    [
        ("0123456789", 10, "0123456789"),
        ("0123456789", 9, "01234567…"),
        ("0123456 89ab", 11, "0123456 89…"),  # a long word is cut where its space is far back
        ("012345678 abc", 12, "012345678…"),  # and a short one goes as a whole
        ("🎈🎈🎈", 6, "🎈🎈🎈"),
        ("🎈🎈🎈", 5, "🎈🎈…"),
        ("🎈🎈🎈", 4, "🎈…"),
        ("ab", 1, "…"),
    ],
)
def test_a_text_is_cut_at_a_words_end_near_its_limit(text: str, units: int, kept: str) -> None:
    assert cut(text, units) == kept


@given(st.text(alphabet="ab 🎈", max_size=80), st.integers(1, 60))
def test_what_is_cut_is_the_beginning_and_most_of_what_fits(text: str, units: int) -> None:
    found = cut(text, units)
    assert utf16_length(found) <= units
    if found != text:
        assert found.endswith("…")
        assert text.startswith(found[:-1])


def test_a_notice_of_just_the_limit_is_whole_and_a_longer_one_cut() -> None:
    def said(length: int, **changes: Any) -> str:
        return render_notice(NoticeText(text="x" * length), delivery(kind="notice", **changes), chat()).plain

    assert said(4096) == "x" * 4096
    assert said(4097) == "x" * 4095 + "…"
    marked = said(4096, uncertain_sends=1)
    assert len(marked) == 4096
    assert marked.endswith(f"…\n{REPEAT_MARK}")


def test_a_notices_subject_is_its_first_line() -> None:
    message = render_notice(NoticeText(text="first\nsecond"), delivery(kind="notice"), chat())
    assert message.subject == "first"
    assert render_notice(NoticeText(text="a"), delivery(kind="notice", plain_only=True), chat()).html == ""


def test_an_alert_that_turned_out_to_tell_the_same_is_struck() -> None:
    def struck(*, plain_only: bool = False, **wishes: Any) -> Message:
        row = delivery(kind="edit", plain_only=plain_only)
        return render_struck(alert(), chat(**wishes), delivery=row, edit_of="77")

    message = struck()
    assert message.html.splitlines() == [
        '<s><a href="https://herald.example/a?x=1&amp;y=2">Envoy &amp; Lukashenko &lt;meet&gt;</a></s>',
        "<i>The same story as an earlier alert</i>",
    ]
    assert message.plain == "Envoy & Lukashenko <meet>\nThe same story as an earlier alert"
    assert message.subject == "Envoy & Lukashenko <meet>"
    assert (message.edit_of, message.silent, message.preview, message.buttons) == ("77", True, "off", ())
    safe = struck(safe_links="plain")
    assert safe.plain == safe.subject == "The same story as an earlier alert"
    assert "Lukashenko" not in safe.html
    assert struck(plain_only=True).html == ""


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        (AlertTopic(id="belarus", title="Belarus", hashtag="By"), "#By"),
        (AlertTopic(id="belarus", title="Belarus", hashtag=""), "Belarus"),
        (AlertTopic(id="watch:1:2", title="potash", hashtag="x"), "👁 potash"),
    ],
)
def test_a_topic_is_named_once(topic: AlertTopic, said: str) -> None:
    assert rendered(alert(topics=(topic, topic))).html.splitlines()[-1] == said


@pytest.mark.parametrize(
    ("language", "facts"),
    [("en", "The Herald (blogger) · 11:00"), ("en-GB", "The Herald (blogger) · 11:00"),
     (None, "The Herald (blogger) · 11:00"), ("pl", "The Herald (blogger) · 11:00 · Polish")],
)  # fmt: skip
def test_outlet_time_and_a_foreign_language(language: str | None, facts: str) -> None:
    item = alert(language=language, tier="blogger", published=None, seen_at=NOW - timedelta(hours=1))
    message = rendered(item)
    assert message.plain.splitlines()[2] == facts
    assert ("<blockquote>" in message.html) == (language == "pl")
    assert message.data["published"] is None


def test_an_article_without_headline_is_named_by_its_address() -> None:
    message = rendered(alert(headline="", excerpt="", tier="", topics=()))
    assert message.plain.splitlines() == [
        "https://herald.example/a?x=1&y=2", "The Herald · 12:00", "https://herald.example/a?x=1&y=2",
    ]  # fmt: skip
