"""Digests: the order of stories, the parts, and how they read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.delivery.digest import LINES_A_PART, MOST_PARTS, DigestContext, digest_of, prominence
from monitor.core.text.clean import utf16_length
from monitor.model import Alert, AlertTopic, Delivery, Reach
from tests.support.botapi.entities import parse_html
from tests.support.records import NOW, chat, composed, delivery
from tests.support.records import alert as records_alert


def told(number: int, **changes: object) -> Delivery:
    given: dict[str, object] = {
        "story_id": f"s{number}",
        "article_id": f"a{number}",
        "headline": f"Story {number} <is> told & told again",
        "url": f"https://herald.example/{number}?a=1&b=2",
        "outlet": "The Herald",
        "tier": "independent",
        "language": "en",
        "published": NOW,
        "seen_at": NOW - timedelta(hours=number % 5),
        "excerpt": "",
        "highlights": (),
        "headline_highlights": (),
        "topics": (AlertTopic(id="belarus", title="Belarus", hashtag="Belarus"),),
    }
    alert = Alert(**(given | changes))  # type: ignore[arg-type]
    return delivery(key=f"k{number}", story_id=f"s{number}", payload=alert)


def plain(parts: tuple[Delivery, ...]) -> str:
    return "\n".join(composed(part, chat()).plain for part in parts)


def test_the_most_prominent_story_comes_first() -> None:
    reach = {"s2": Reach(outlets=9, languages=3, tiers={"state": 3, "independent": 6})}
    members = [told(1), told(2), told(3, headline_highlights=((0, 5),))]
    text = plain(digest_of(chat(), members, DigestContext(reach=reach), NOW))
    assert text.index("Story 2") < text.index("Story 3") < text.index("Story 1")
    assert text.startswith("3 alerts since")
    assert "The Herald (independent) +8" in text
    assert "state 27 % · independent 73 %" in text


@pytest.mark.parametrize(
    ("copies", "said"), [(0, None), (1, "1 copy of them was not"), (3, "3 copies of them were not")]
)
def test_what_was_silenced_as_a_copy_is_counted_once_a_story(copies: int, said: str | None) -> None:
    """Two alerts may be of one story; its copies are the same copies."""
    reach = {"s1": Reach(outlets=3, copies=copies, tiers={"independent": 3})}
    text = plain(digest_of(chat(), [told(1), told(1)], DigestContext(reach=reach), NOW))
    assert (said in text) if said else ("not alerted" not in text)


def test_prominence_grows_with_each_sign() -> None:
    least = prominence(headline_hit=False, tier="aggregator", outlets=1, languages=1)
    for changes in (
        {"headline_hit": True},
        {"tier": "wire"},
        {"outlets": 2},
        {"languages": 2},
    ):
        given = {"headline_hit": False, "tier": "aggregator", "outlets": 1, "languages": 1} | changes
        assert prominence(**given) > least  # type: ignore[arg-type]


def test_a_long_digest_is_a_chain_that_names_all_it_can_and_counts_the_rest() -> None:
    many = LINES_A_PART * MOST_PARTS + 7
    parts = digest_of(chat(), [told(number) for number in range(many)], DigestContext(), NOW)
    assert [part.after_key for part in parts] == [None, *(part.key for part in parts[:-1])]
    text = plain(parts)
    assert f"{many} alerts since" in text
    assert "… and 7 more" in text
    assert text.count("https://herald.example/") == many - 7
    for part in parts:
        message = composed(part, chat())
        assert utf16_length(message.plain) <= 4096
        assert "&lt;is&gt; told &amp; told" in message.html


def test_long_addresses_cost_no_story() -> None:
    url = "https://aggregator.example/" + "x" * 600
    members = [told(number, url=f"{url}{number}") for number in range(LINES_A_PART)]
    (part,) = digest_of(chat(), members, DigestContext(), NOW)
    assert composed(part, chat()).plain.count(url) == LINES_A_PART, "no limit but Telegram's"
    bare = composed(replace(part, plain_only=True), chat())
    assert utf16_length(bare.plain) <= 4096
    assert bare.plain.count("Story") == LINES_A_PART


def test_made_again_it_is_the_same_digest() -> None:
    members = [told(1), told(2)]
    first = digest_of(chat(), members, DigestContext(), NOW)
    again = digest_of(chat(), members, DigestContext(), NOW + timedelta(hours=1))
    assert [part.key for part in first] == [part.key for part in again]


def test_a_daily_digest_brings_a_picture_only_by_choice() -> None:
    members = [told(1), told(2)]
    without = digest_of(chat(), members, DigestContext(health="all well"), NOW, reason="daily")
    with_picture = digest_of(chat(pictures="one"), members, DigestContext(), NOW, reason="daily")
    assert [part.kind for part in without] == ["digest"]
    assert [part.kind for part in with_picture] == ["digest", "chart"]
    assert with_picture[1].after_key == with_picture[0].key
    assert plain(without).endswith("all well")


def test_a_resent_part_is_marked() -> None:
    (part,) = digest_of(chat(), [told(1)], DigestContext(), NOW)
    again = delivery(kind="digest", payload=part.payload, uncertain_sends=1)
    assert "possibly sent twice" in composed(again, chat()).plain


def test_a_digest_speaks_the_chats_language_and_keeps_safe_chats_safe() -> None:
    parts = digest_of(chat(), [told(1), told(2)], DigestContext(), NOW)
    russian = composed(parts[0], chat(language="ru")).plain
    assert russian.startswith("2 сообщения с ")
    assert "The Herald (независимое)" in russian
    safe = composed(parts[0], chat(safe_links="archive", silent="always"))
    assert "Story" not in safe.html + safe.plain
    assert "Herald" not in safe.plain
    assert 'href="https://web.archive.org/web/https://herald.example/1' in safe.html
    assert safe.silent


def test_an_outlets_name_is_no_markup() -> None:
    odd = records_alert(outlet="<b>Bread</b> & Salt", headline="a < b")
    (part,) = digest_of(chat(), [delivery(payload=odd)], DigestContext(), NOW)
    message = composed(part, chat())
    assert "&lt;b&gt;Bread&lt;/b&gt; &amp; Salt" in message.html
    assert "<b>Bread</b> & Salt" in message.plain
    parse_html(message.html)
