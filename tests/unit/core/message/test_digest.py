"""A part of a digest as its chat reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.core.message.digest import render_digest, shares
from monitor.core.text.clean import utf16_length
from monitor.i18n.localizer import localizer
from monitor.model import DigestItem, DigestPart, Message
from tests.support.records import NOW, chat, delivery


def item(number: int = 1, **changes: Any) -> DigestItem:
    given: dict[str, Any] = {
        "story_id": f"s{number}",
        "headline": f"Story {number}",
        "url": f"https://herald.example/{number}",
        "outlet": "The Herald",
        "tier": "state",
        "language": "en",
        "seen_at": NOW,
        "published": None,
        "topics": ("belarus",),
        "outlets": 1,
        "languages": 1,
        "prominence": 1.0,
    }
    return DigestItem(**given | changes)


def said(part: DigestPart, *, plain_only: bool = False, uncertain_sends: int = 0, **wishes: Any) -> Message:
    row = delivery(kind="digest", payload=part, plain_only=plain_only, uncertain_sends=uncertain_sends)
    return render_digest(part, row, chat(**wishes), NOW)


def part(**changes: Any) -> DigestPart:
    given: dict[str, Any] = {"reason": "waited", "count": 2, "since": NOW - timedelta(hours=2), "until": NOW}
    return DigestPart(**given | changes)


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "2 alerts since 10:00"),
        ({"count": 1}, "1 alert since 10:00"),
        ({"reason": "hourly"}, "2 alerts of the last hour"),
        ({"reason": "daily"}, "2 alerts of the day"),
        ({"reason": "weekly"}, "2 alerts of the week"),
        ({"reason": "review"}, "Press review: 2 stories"),
        ({"reason": "review", "title": "Morning"}, "Morning: 2 stories"),
        ({"reason": "review", "title": "Morning", "count": 0}, "Morning: nothing since 10:00"),
        ({"parts": 3}, "2 alerts since 10:00 (1/3)"),
        ({"part": 2, "parts": 3}, "… continued (2/3)"),
    ],
)
def test_the_title_says_what_it_is(changes: dict[str, Any], title: str) -> None:
    message = said(part(**changes))
    assert message.subject == message.plain.splitlines()[0] == title
    assert message.html == f"<b>{title}</b>"


def test_a_safe_chat_does_not_read_what_its_review_is_called() -> None:
    assert (
        said(part(reason="review", title="Arrests"), safe_links="plain").subject == "Press review: 2 stories"
    )


def test_a_line_says_who_tells_it_how_many_and_when() -> None:
    found = said(part(lines=(item(1, headline="A & b", outlets=3), item(2, headline="", tier="", outlets=1))))
    assert found.plain.splitlines()[1:] == [
        "• A & b — The Herald (state) +2, 12:00", "  https://herald.example/1",
        "• https://herald.example/2 — The Herald, 12:00", "  https://herald.example/2",
    ]  # fmt: skip
    assert found.html.splitlines()[1] == (
        '• <a href="https://herald.example/1">A &amp; b</a> — The Herald (state) +2, 12:00'
    )
    assert said(part(lines=(item(outlets=2),))).plain.count("+1") == 1


def test_long_headlines_and_facts_are_cut() -> None:
    found = said(part(lines=(item(headline="x" * 141, outlet="y" * 60),))).plain.splitlines()[1]
    assert found.startswith(f"• {'x' * 139}… — y")
    assert len(found) == len("• ") + 140 + len(" ") + 60
    assert "x" * 140 in said(part(lines=(item(headline="x" * 140),))).plain


def test_the_tail_counts_the_rest_and_the_shares_of_state_and_independent_outlets() -> None:
    tiers = {"state": 1, "independent": 2, "blog": 1}
    found = said(part(more=3, tiers=tiers, health="all well"), uncertain_sends=1)
    assert found.plain.splitlines()[1:] == [
        "… and 3 more: /latest", "state 25 % · independent 50 %", "all well", "↻ possibly sent twice",
    ]  # fmt: skip
    assert found.data["possible_repeat"] is True
    assert "/latest" not in said(part(reason="review", more=3)).plain
    assert said(part()).plain == "2 alerts since 10:00"


@pytest.mark.parametrize(
    ("tiers", "line"),
    [({}, ""), ({"blog": 3}, ""), ({"state": 1}, "state 100 %"),
     ({"state": 0, "independent": 4}, "independent 100 %"),
     ({"state": 2, "independent": 1}, "state 67 % · independent 33 %")],
)  # fmt: skip
def test_shares(tiers: dict[str, int], line: str) -> None:
    assert shares(tiers, localizer("en")) == line


def test_plain_words_keep_their_addresses_as_long_as_they_fit() -> None:
    few, title = part(lines=(item(),)), "2 alerts since 10:00"
    room = 4096 - utf16_length(said(few).plain)
    fits = part(lines=(item(url="https://herald.example/1" + "x" * room),))
    longer = part(lines=(item(url="https://herald.example/1" + "x" * (room + 1)),))
    assert said(fits, plain_only=True).plain == said(fits).plain
    assert said(longer, plain_only=True).plain == f"{title}\n• Story 1 — The Herald (state), 12:00"
    assert said(longer).plain.endswith("xxx")
    assert said(few, plain_only=True).html == ""
