"""Digests: the order of stories, the parts, and how they read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.delivery.digest import (
    LINES_A_PART,
    MOST_PARTS,
    MOST_PARTS_OF_WAITED,
    DigestContext,
    buckets,
    digest_of,
    prominence,
    ranked,
    reason_of,
    review_of,
)
from monitor.core.text.clean import utf16_length
from monitor.model import (
    Alert,
    AlertTopic,
    Delivery,
    Digest,
    DigestPart,
    PressReview,
    Reach,
    Report,
    Subscription,
)
from monitor.model.payloads import DigestReason
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
    alerts = [told(number) for number in range(many)]
    parts = digest_of(chat(), alerts, DigestContext(), NOW, reason="daily")
    assert [part.after_key for part in parts] == [None, *(part.key for part in parts[:-1])]
    text = plain(parts)
    assert f"{many} alerts of the day" in text
    assert "… and 7 more" in text
    assert text.count("https://herald.example/") == many - 7
    for part in parts:
        message = composed(part, chat())
        assert utf16_length(message.plain) <= 4096
        assert "&lt;is&gt; told &amp; told" in message.html


@pytest.mark.parametrize("beyond", [0, 7])
def test_what_a_chat_could_not_be_told_is_told_story_by_story(beyond: int) -> None:
    """A closed chat, an outage, an hour that was full: a count and /latest, which lists ten, is a loss."""
    many = LINES_A_PART * MOST_PARTS_OF_WAITED + beyond
    parts = digest_of(chat(), [told(number) for number in range(many)], DigestContext(), NOW)
    text = plain(parts)
    assert f"{many} alerts since" in text
    assert text.count("https://herald.example/") == LINES_A_PART * MOST_PARTS_OF_WAITED
    assert ("… and 7 more" in text) is bool(beyond)


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


@pytest.mark.parametrize(
    ("tier", "outlets", "languages", "hit", "weight"),
    [
        ("aggregator", 1, 1, False, 0.0),
        ("unheard of", 1, 1, False, 1.0),
        ("wire", 1, 1, False, 3.0),
        ("aggregator", 2, 1, False, 2.0),
        ("aggregator", 3, 1, False, 3.0),
        ("aggregator", 1, 3, False, 3.0),
        ("aggregator", 1, 1, True, 3.0),
        ("aggregator", 1, 10, False, 13.5),
        ("aggregator", 1, 99, False, 13.5),
    ],
)
def test_what_a_story_weighs(tier: str, outlets: int, languages: int, hit: bool, weight: float) -> None:
    found = prominence(headline_hit=hit, tier=tier, outlets=outlets, languages=languages)
    assert found == pytest.approx(weight)


def test_very_many_outlets_count_like_many() -> None:
    def of(outlets: int) -> float:
        return prominence(headline_hit=False, tier="wire", outlets=outlets, languages=1)

    assert of(49) < of(50) == of(5000)


@pytest.mark.parametrize(
    ("count", "sizes"), [(1, [1]), (15, [15]), (16, [15, 1]), (60, [15] * 4), (61, [15] * 4)]
)
def test_fifteen_stories_make_a_part_and_four_parts_a_digest(count: int, sizes: list[int]) -> None:
    alerts = [told(number) for number in range(count)]
    parts = digest_of(chat(), alerts, DigestContext(), NOW, reason="hourly")
    pages = [part.payload for part in parts]
    assert all(isinstance(page, DigestPart) for page in pages)
    assert [len(page.lines) for page in pages if isinstance(page, DigestPart)] == sizes
    assert [page.more for page in pages if isinstance(page, DigestPart)] == [0] * (len(sizes) - 1) + [
        count - sum(sizes)
    ]
    assert [page.part for page in pages if isinstance(page, DigestPart)] == list(range(1, len(sizes) + 1))
    assert {page.count for page in pages if isinstance(page, DigestPart)} == {count}


def test_only_the_last_part_has_the_sums() -> None:
    members = [told(number, tier="state") for number in range(20)]
    first, last = digest_of(chat(), members, DigestContext(health="all well"), NOW, reason="weekly")
    assert isinstance(first.payload, DigestPart)
    assert isinstance(last.payload, DigestPart)
    assert (first.payload.tiers, first.payload.health) == ({}, "")
    assert (last.payload.tiers, last.payload.health) == ({"state": 20}, "all well")


def test_the_time_of_a_digest_is_that_of_its_alerts_and_a_doubt_is_each_parts() -> None:
    early = replace(told(1), created_at=NOW - timedelta(hours=9), uncertain_sends=2)
    late = replace(told(2), created_at=NOW - timedelta(hours=1))
    (part,) = digest_of(chat(), [late, early], DigestContext(), NOW)
    assert isinstance(part.payload, DigestPart)
    assert (part.payload.since, part.payload.until) == (early.created_at, late.created_at)
    assert (part.uncertain_sends, part.not_before, part.after_key) == (2, NOW, None)


@pytest.mark.parametrize(
    ("reason", "members", "kinds"),
    [
        ("weekly", 2, ["digest", "chart"]),
        ("daily", 1, ["digest"]),
        ("hourly", 2, ["digest"]),
        ("waited", 2, ["digest"]),
    ],
)
def test_a_chart_comes_with_the_digest_of_a_day_or_a_week(
    reason: DigestReason, members: int, kinds: list[str]
) -> None:
    alerts = [told(number) for number in range(members)]
    parts = digest_of(chat(pictures="one"), alerts, DigestContext(health="well"), NOW, reason=reason)
    assert [part.kind for part in parts] == kinds
    assert ("well" in plain(parts[:1])) == (reason in {"daily", "weekly"})


def test_articles_are_counted_by_the_hour_or_the_day_from_the_first_to_the_last() -> None:
    start = NOW.replace(hour=9)
    seen = [(start + timedelta(minutes=59), "state"), (start + timedelta(minutes=60), "wire")]
    seen += [(start, "blog"), (start + timedelta(hours=3), "state")]
    hours = [
        (start + timedelta(hours=number), *counts)
        for number, counts in enumerate([(1, 1), (0, 1), (0, 0), (1, 0)])
    ]
    assert buckets(seen, timedelta(hours=1)) == hours
    midnight = NOW.replace(hour=0)
    days = [(midnight, 2, 2), (midnight + timedelta(days=1), 0, 1)]
    assert buckets([*seen, (midnight + timedelta(days=1), "wire")], timedelta(days=1)) == days
    assert buckets([(NOW.replace(minute=7, second=8), "wire")], timedelta(hours=1)) == [(NOW, 0, 1)]
    assert buckets([], timedelta(hours=1)) == []


def test_equally_prominent_stories_keep_their_order() -> None:
    (part,) = digest_of(chat(), [told(number) for number in (3, 1, 2)], DigestContext(), NOW)
    assert isinstance(part.payload, DigestPart)
    assert [line.story_id for line in part.payload.lines] == ["s3", "s1", "s2"]
    assert ranked(part.payload.lines) == part.payload.lines


def report(count: int) -> Report:
    (part,) = digest_of(chat(), [told(1)], DigestContext(), NOW)
    assert isinstance(part.payload, DigestPart)
    line = part.payload.lines[0]
    return Report(
        since=NOW - timedelta(days=1),
        until=NOW,
        lines=tuple(replace(line, story_id=f"s{number}") for number in range(count)),
        articles=count,
        outlets=1,
        tiers={"state": count},
        topics={},
        buckets=(),
        health="all well",
    )


@pytest.mark.parametrize(
    ("count", "most", "sizes", "more"),
    [(0, 20, [0], 0), (15, 20, [15], 0), (16, 20, [15, 1], 0), (30, 20, [15, 5], 10)],
)
def test_a_press_review_lists_as_many_as_wanted(count: int, most: int, sizes: list[int], more: int) -> None:
    review = PressReview(title="Morning", topics=("belarus",), at=Digest(every="daily"), most=most)
    rows = review_of(chat(), review, report(count))
    pages = [row.payload for row in rows if isinstance(row.payload, DigestPart)]
    assert [len(page.lines) for page in pages] == sizes
    assert [page.more for page in pages] == [0] * (len(sizes) - 1) + [more]
    assert [page.health for page in pages] == [""] * (len(sizes) - 1) + ["all well"]
    assert {page.count for page in pages} == {count}
    assert [row.after_key for row in rows] == [None, *(row.key for row in rows[:-1])]
    assert [row.key for row in rows] == [row.key for row in review_of(chat(), review, report(count))]
    other = replace(review, topics=("potash",))
    assert rows[0].key != review_of(chat(), other, report(count))[0].key


def test_which_digest_collected_alerts_are_for() -> None:
    own = Subscription(chat_id="telegram:1", topic_id="x", digest=Digest(every="weekly"))
    assert reason_of(chat()) == "daily"
    assert reason_of(chat(subscriptions=(own,))) == "weekly"
    assert reason_of(chat(subscriptions=(own,), digest=Digest(every="hourly"))) == "hourly"
