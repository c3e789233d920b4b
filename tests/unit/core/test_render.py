"""What a chat sees."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from monitor.core.render import LIMIT_UNITS, REPEAT_MARK, local_time, render_alert, render_notice
from monitor.core.text import utf16_length
from monitor.model import Alert, AlertTopic, Message, Story, StoryArticle
from tests.unit.core.records import NOW, chat, delivery


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
        "marks": ((17, 23),),
        "headline_marks": ((8, 18),),
        "topics": (AlertTopic(id="belarus", title="Belarus", hashtag="Belarus"),),
    }
    return Alert(**{**given, **changes})


def rendered(item: Alert, **changes: Any) -> Message:
    chosen = delivery(**changes)
    return render_alert(item, chat(), delivery=chosen, story=None, now=NOW)


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
        "The Herald (independent) · 12:00 · EN",
        "#Belarus",
    ]
    assert "<" not in message.plain.replace("<meet>", "")


def test_copies_are_named_without_the_first_outlet_and_long_lists_are_counted() -> None:
    story = Story(id="s1", articles=tuple(outlet(name) for name in ("The Herald", *"ABCDEFGH", "A")))
    message = render_alert(alert(), chat(), delivery=delivery(), story=story, now=NOW)
    assert message.html.endswith("also: A, B, C, D, E, F +2 · first: The Herald 12:00")


def test_a_possible_repeat_is_marked_and_plain_only_has_no_tags() -> None:
    assert REPEAT_MARK in rendered(alert(), doubts=1).plain
    assert rendered(alert(), plain_only=True).html == ""


def test_times_are_local_and_older_days_are_named() -> None:
    assert local_time(NOW, "Europe/Warsaw", NOW) == "13:00"
    assert local_time(NOW - timedelta(days=3), "UTC", NOW) == "20 Nov 12:00"


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
    item = alert(headline=headline, excerpt=excerpt, outlet=outlet, marks=marks, headline_marks=marks)
    message = rendered(item, doubts=1)
    assert utf16_length(visible(message.html)) <= LIMIT_UNITS
    assert utf16_length(message.plain) <= LIMIT_UNITS
    assert message.html.count("<b>") == message.html.count("</b>")
    assert re.sub(r"</?b>|<a href=\"[^\"<>]*\">|</a>", "", message.html).count("<") == 0


def test_a_notice_is_escaped() -> None:
    message = render_notice("a < b & c", delivery(kind="notice"))
    assert (message.html, message.plain) == ("a &lt; b &amp; c", "a < b & c")
