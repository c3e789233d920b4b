"""Who is told what."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from monitor.core.delivery.payload_json import payload_json, payload_of, read_payload
from monitor.core.delivery.plan import plan
from monitor.core.delivery.preferences import after_quiet_hours
from monitor.model import (
    Alert,
    Delivery,
    Digest,
    Match,
    Mute,
    NoveltyVerdict,
    Placement,
    QuietHours,
    Span,
    Subscription,
    Topic,
)
from tests.support.records import NOW, article, chat, delivery, match

NEW = Placement(verdict="new", article_id="a1", story_id="s1")
COPY = Placement(verdict="copy", article_id="a1", story_id="s1", copy_of="n1")
REVISION = Placement(verdict="revision", article_id="a1", story_id="s1")
TOPICS = {
    "belarus": Topic(id="belarus", query="x", title="Belarus", hashtag="Belarus"),
    "potash": Topic(id="potash", query="x", title="Potash", hashtag="Potash"),
}


def planned(**changes: Any) -> tuple[Delivery, ...]:
    given: dict[str, Any] = {
        "article": article(),
        "placement": NEW,
        "matches": (match("belarus"), match("potash")),
        "already": (),
        "told": {},
        "chats": (chat("*"),),
        "topics": TOPICS,
        "now": NOW,
    }
    return plan(**{**given, **changes})


def test_an_article_of_two_topics_is_one_alert_that_names_both() -> None:
    (only,) = planned()
    assert only.kind == "alert"
    assert [topic.id for topic in payload_of(only, Alert).topics] == ["belarus", "potash"]


def test_planning_twice_gives_the_same_keys_and_chats_have_their_own() -> None:
    both = (chat("*"), chat("*", id="telegram:2"))
    keys = [item.key for item in planned(chats=both)]
    assert keys == [item.key for item in planned(chats=both)]
    assert len(set(keys)) == 2


def test_a_chat_hears_only_of_its_topics() -> None:
    (only,) = planned(chats=(chat("potash"), chat("other", id="telegram:2")))
    assert [topic.id for topic in payload_of(only, Alert).topics] == ["potash"]


def test_an_alert_waits_for_what_is_being_read_the_shortest_time_of_its_topics() -> None:
    wait = timedelta(seconds=30)

    def waits(**topics: Topic) -> timedelta:
        (only,) = planned(settle=wait, topics=TOPICS | topics)
        return only.not_before - NOW

    assert planned()[0].not_before == NOW
    assert waits() == wait
    assert waits(potash=dataclasses.replace(TOPICS["potash"], settle=timedelta(seconds=5))) == timedelta(
        seconds=5
    )
    assert waits(potash=dataclasses.replace(TOPICS["potash"], urgent=True)) == timedelta(0)
    # Where nothing else is being read there is nothing to wait for.
    patient = dataclasses.replace(TOPICS["potash"], settle=wait)
    assert planned(topics={"potash": patient, "belarus": patient})[0].not_before == NOW


def test_a_late_article_alerts_nobody() -> None:
    assert planned(article=article(late=True)) == ()


def test_a_copy_of_a_told_story_edits_the_alert() -> None:
    told = delivery(key="told", story_id="s1", article_id="n1")
    (only,) = planned(placement=COPY, told={"telegram:1": told})
    assert (only.kind, only.story_id) == ("edit", "s1")
    assert only.not_before > NOW


def test_a_fresh_copy_of_an_untold_story_is_told() -> None:
    (only,) = planned(placement=COPY)
    assert only.kind == "alert"


def test_a_revision_is_not_told_as_new_unless_a_topic_matches_for_the_first_time() -> None:
    before: tuple[Match, ...] = (match("belarus"),)
    assert planned(placement=REVISION, already=before) == ()
    (only,) = planned(placement=REVISION, already=())
    assert only.kind == "alert"


def test_known_articles_plan_nothing() -> None:
    known = Placement(verdict="known", article_id="a1", story_id="s1")
    assert planned(placement=known) == ()


def test_a_muted_topic_is_silent_until_its_end() -> None:
    def muted(until: datetime) -> tuple[Delivery, ...]:
        mute = Mute(kind="topic", target="belarus", until=until)
        return planned(chats=(chat(mutes=(mute,)),), matches=(match("belarus"),))

    assert muted(NOW + timedelta(seconds=1)) == ()
    assert len(muted(NOW - timedelta(seconds=1))) == 1


def test_switching_one_topic_off_beats_the_subscription_to_all() -> None:
    off = (
        Subscription(chat_id="telegram:1", topic_id="*"),
        Subscription(chat_id="telegram:1", topic_id="belarus", mode="off"),
    )
    (only,) = planned(chats=(chat(subscriptions=off),))
    assert [topic.id for topic in payload_of(only, Alert).topics] == ["potash"]


def test_the_alert_shows_the_sentence_with_most_terms_and_marks_them() -> None:
    text = "The envoy met Lukashenko. They spoke about potash in Minsk.\n\nMore followed."
    at = [text.index(word) for word in ("Lukashenko", "potash", "Minsk")]
    spans = (
        Span(field="body", start=at[0], end=at[0] + 10, text="Lukashenko", term="lukashenko"),
        Span(field="body", start=at[1], end=at[1] + 6, text="potash", term="potash"),
        Span(field="body", start=at[2], end=at[2] + 5, text="Minsk", term="minsk"),
    )
    (only,) = planned(article=article(text=text), matches=(match("belarus", *spans),))
    alert = payload_of(only, Alert)
    assert alert.excerpt.strip() == "They spoke about potash in Minsk."
    assert [alert.excerpt[start:end] for start, end in alert.highlights] == ["potash", "Minsk"]


def test_a_very_long_sentence_is_clipped_around_its_term() -> None:
    text = "word " * 400 + "potash " + "word " * 400
    start = text.index("potash")
    span = Span(field="body", start=start, end=start + 6, text="potash", term="potash")
    (only,) = planned(article=article(text=text), matches=(match("belarus", span),))
    alert = payload_of(only, Alert)
    assert len(alert.excerpt) <= 320
    assert [alert.excerpt[low:high] for low, high in alert.highlights] == ["potash"]


def test_alerts_survive_the_outbox_unchanged() -> None:
    (only,) = planned()
    alert = payload_of(only, Alert)
    assert read_payload("alert", payload_json(alert)) == alert
    undated = dataclasses.replace(alert, published=None, language=None)
    assert read_payload("alert", payload_json(undated)) == undated


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(21, 21), (23, 6), (3, 6), (5, 6), (6, 6), (12, 12)],
)
def test_quiet_hours_over_midnight_end_in_the_chats_own_zone(hour: int, expected: int) -> None:
    quiet = QuietHours(start=time(22), end=time(6))
    held = chat(quiet=quiet, timezone="Etc/GMT-3")  # three hours ahead of UTC
    moment = datetime(2026, 11, 23, hour, 0, tzinfo=UTC) - timedelta(hours=3)
    until = after_quiet_hours(held, moment)
    assert (until + timedelta(hours=3)).hour == expected
    assert until - moment < timedelta(hours=8)


def test_what_a_chat_wants_in_a_digest_is_collected_until_then() -> None:
    daily = chat("potash", digest=Digest(every="daily", at=time(8)), timezone="Europe/Minsk")
    (only,) = planned(chats=(daily,))
    assert only.state == "collected"
    assert only.not_before == datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def test_one_urgent_topic_sends_the_alert_at_once_with_all_its_topics() -> None:
    urgent = (
        Subscription(chat_id="telegram:1", topic_id="*"),
        Subscription(chat_id="telegram:1", topic_id="potash", mode="urgent"),
    )
    (only,) = planned(chats=(chat(subscriptions=urgent, digest=Digest(every="hourly")),))
    assert (only.state, only.not_before) == ("pending", NOW)
    assert {topic.id for topic in payload_of(only, Alert).topics} == {"belarus", "potash"}


@pytest.mark.parametrize(
    ("mute", "heard"),
    [
        (Mute(kind="story", target="s1"), []),
        (Mute(kind="outlet", target="herald"), []),
        (Mute(kind="topic", target="potash"), ["belarus"]),
        (Mute(kind="topic", target="potash", until=NOW), ["belarus", "potash"]),
        (Mute(kind="topic", target="*", until=NOW + timedelta(hours=2)), []),
        (Mute(kind="topic", target="*", until=NOW), ["belarus", "potash"]),
    ],
)
def test_a_mute_keeps_its_story_outlet_or_topic_away(mute: Mute, heard: list[str]) -> None:
    deliveries = planned(chats=(chat("*", mutes=(mute,)),))
    assert [topic.id for item in deliveries for topic in payload_of(item, Alert).topics] == heard


def test_further_coverage_edits_the_alert_and_a_new_fact_is_a_reply_to_it() -> None:
    told = {"telegram:1": delivery(key="told", story_id="s1", article_id="n1")}
    kinds = [item.kind for item in planned(told=told, news=NoveltyVerdict(kind="language"), replies_a_day=3)]
    assert kinds == ["edit"]
    edit, reply = planned(told=told, news=NoveltyVerdict(kind="fact", shown=("1,226",)), replies_a_day=3)
    assert (edit.kind, reply.kind, reply.story_id) == ("edit", "reply", "s1")
    assert payload_of(reply, Alert).news == ("1,226",)


def test_replies_end_when_the_days_are_used_up_and_late_articles_make_none() -> None:
    told = {"telegram:1": delivery(key="told", story_id="s1", article_id="n1")}
    fact = NoveltyVerdict(kind="fact", shown=("1,226",))
    many = planned(told=told, news=fact, replies_a_day=3, replied={"telegram:1": 3})
    late = planned(told=told, news=fact, replies_a_day=3, article=article(late=True))
    assert [item.kind for item in many] == [item.kind for item in late] == ["edit"]


@pytest.mark.parametrize(
    ("outlets", "told"), [((), False), (("herald",), False), (("wire",), False), (("wire", "radio"), True)]
)
def test_a_chat_that_wants_three_outlets_hears_with_the_third(outlets: tuple[str, ...], told: bool) -> None:
    picky = chat("*", least_outlets=3)
    assert bool(planned(chats=(picky,), outlets=outlets, opens=False)) is told


@pytest.mark.parametrize(("language", "told"), [("en", True), ("en-GB", True), (None, True), ("ru", False)])
def test_a_chat_hears_only_its_languages_and_what_has_none(language: str | None, told: bool) -> None:
    picky = chat("*", languages=("en", "be"))
    assert bool(planned(chats=(picky,), article=article(language=language))) is told


def body_span(text: str, word: str, after: int = 0) -> Span:
    start = text.index(word, after)
    return Span(field="body", start=start, end=start + len(word), text=word, term=word)


def told_of(text: str, *spans: Span, **changes: Any) -> Alert:
    (only,) = planned(article=article(text=text, **changes), matches=(match("belarus", *spans),))
    return payload_of(only, Alert)


@pytest.mark.parametrize(("length", "kept"), [(320, 320), (321, 318)])
def test_a_sentence_is_whole_up_to_the_limit_and_cut_between_words_beyond(length: int, kept: int) -> None:
    text = ("potash " + "w " * 200)[: length - 1] + "."
    assert len(told_of(text, body_span(text, "potash")).excerpt) == kept


@pytest.mark.parametrize("before", [10, 106, 107, 600, 990])
def test_a_clipped_sentence_shows_a_third_before_its_first_term(before: int) -> None:
    text = "x" * before + " potash " + "y" * (1000 - before)
    alert = told_of(text, body_span(text, "potash"))
    start = text.index(alert.excerpt)
    assert start == max(0, min(before + 1 - 106, len(text) - 320))
    assert len(alert.excerpt) == 320


def test_a_clipped_sentence_begins_and_ends_with_whole_words() -> None:
    words = [f"wort{number}" for number in range(200)]
    text = " ".join([*words[:90], "potash", *words[90:]])
    excerpt = told_of(text, body_span(text, "potash")).excerpt
    assert set(excerpt.split()) <= {*words, "potash"}
    assert "potash" in excerpt
    assert 280 < len(excerpt) <= 320


def test_of_sentences_with_as_many_terms_the_first_is_shown() -> None:
    text = "Envoys met in Minsk. Potash went up in Minsk again."
    one, two = body_span(text, "Minsk"), body_span(text, "Minsk", 25)
    assert told_of(text, two, one).excerpt == "Envoys met in Minsk."
    assert told_of(text, one, two, body_span(text, "Potash")).excerpt == "Potash went up in Minsk again."


def test_without_a_place_in_the_text_the_lead_is_shown() -> None:
    title = Span(field="title", start=0, end=5, text="Envoy", term="envoy")
    alert = told_of("First. The lead stands here. More.", title, lead="The lead stands here.")
    assert (alert.excerpt, alert.highlights) == ("The lead stands here.", ())
    assert alert.headline_highlights == ((0, 5),)
    long = "l" * 400
    assert told_of(f"{long} more", lead=long).excerpt == "l" * 320


def test_marks_that_touch_or_overlap_are_one() -> None:
    text = "The potash company of Minsk."
    parts = [body_span(text, word) for word in ("potash", "potash comp", "company", "Minsk")]
    alert = told_of(text, *parts)
    assert [alert.excerpt[start:end] for start, end in alert.highlights] == ["potash company", "Minsk"]
    near = [body_span(text, word) for word in ("The", " potash", "company")]
    assert told_of(text, *near).highlights == ((0, 10), (11, 18))


def test_an_edit_waits_twenty_seconds_after_now_or_after_its_alert() -> None:
    for due in (NOW - timedelta(hours=1), NOW + timedelta(hours=1)):
        told = delivery(key="told", story_id="s1", article_id="n1", not_before=due)
        (edit,) = planned(placement=COPY, told={"telegram:1": told})
        assert edit.not_before == max(NOW, due) + timedelta(seconds=20)
        assert (edit.created_at, edit.article_id, edit.payload) == (NOW, "n1", told.payload)


def test_a_reply_does_not_overtake_its_alert_nor_break_the_quiet_hours() -> None:
    fact = NoveltyVerdict(kind="fact", shown=("1,226",))

    def due(not_before: datetime, **wishes: Any) -> datetime:
        told = delivery(key="told", story_id="s1", article_id="n1", not_before=not_before)
        found = planned(told={"telegram:1": told}, news=fact, replies_a_day=1, chats=(chat("*", **wishes),))
        return found[1].not_before

    later = NOW + timedelta(hours=1)
    assert (due(NOW - timedelta(hours=1)), due(later)) == (NOW, later)
    quiet = QuietHours(start=time(11), end=time(14))
    assert due(NOW, quiet=quiet) == NOW + timedelta(hours=2)


@pytest.mark.parametrize(
    ("state", "uncertain_sends", "kinds"),
    [
        ("pending", 0, ["edit", "reply"]),
        ("sent", 0, ["edit", "reply"]),
        ("unsure", 1, ["edit", "reply"]),
        ("collected", 0, ["edit"]),
        ("dead", 0, ["alert"]),
        ("dead", 1, ["alert"]),
        ("cancelled", 0, ["alert"]),
        ("cancelled", 1, ["edit", "reply"]),
    ],
)
def test_what_follows_an_alert_depends_on_what_became_of_it(
    state: str, uncertain_sends: int, kinds: list[str]
) -> None:
    told = delivery(key="told", story_id="s1", article_id="n1", state=state, uncertain_sends=uncertain_sends)
    fact = NoveltyVerdict(kind="fact", shown=("1,226",))
    found = planned(told={"telegram:1": told}, news=fact, replies_a_day=1, opens=False)
    assert [item.kind for item in found] == kinds


def test_an_alert_that_was_given_up_is_made_again_under_a_key_of_its_own() -> None:
    (first,) = planned()
    gone = dataclasses.replace(first, state="dead")
    (again,) = planned(told={"telegram:1": gone})
    (further,) = planned(opens=False)
    assert first.key != again.key == further.key
    (next_one,) = planned(opens=False, article=article(id="a2"))
    assert next_one.key != further.key


def test_a_revision_of_a_told_story_changes_nothing() -> None:
    told = {"telegram:1": delivery(key="told", story_id="s1", article_id="a1")}
    fact = NoveltyVerdict(kind="fact", shown=("1,226",))
    assert planned(placement=REVISION, told=told, news=fact, replies_a_day=3) == ()


def test_the_last_reply_of_the_day_is_given() -> None:
    told = {"telegram:1": delivery(key="told", story_id="s1", article_id="n1")}
    fact = NoveltyVerdict(kind="fact", shown=("1,226",))
    both, one = ["edit", "reply"], ["edit"]
    for replied, kinds in (
        ({}, both),
        ({"telegram:1": 2}, both),
        ({"telegram:1": 3}, one),
        ({"telegram:2": 3}, both),
    ):
        found = planned(told=told, news=fact, replies_a_day=3, replied=replied)
        assert [item.kind for item in found] == kinds


def test_an_alert_settles_while_it_waits_only_for_what_is_being_read() -> None:
    wait = timedelta(seconds=30)
    quiet = QuietHours(start=time(11), end=time(14))
    assert [item.settles for item in planned(settle=wait)] == [True]
    assert [item.settles for item in planned()] == [False]
    assert [item.settles for item in planned(settle=wait, chats=(chat("*", quiet=quiet),))] == [False]
    daily = chat("*", digest=Digest(every="daily", at=time(8)))
    assert [item.settles for item in planned(settle=wait, chats=(daily,))] == [False]


def test_of_two_digests_the_earlier_one_says_it() -> None:
    both = (
        Subscription(
            chat_id="telegram:1", topic_id="belarus", mode="digest", digest=Digest(every="daily", at=time(18))
        ),
        Subscription(chat_id="telegram:1", topic_id="potash", mode="digest", digest=Digest(every="hourly")),
    )
    (only,) = planned(chats=(chat(subscriptions=both),))
    assert (only.state, only.not_before) == ("collected", NOW + timedelta(hours=1))


def test_the_first_to_hear_differs_from_story_to_story() -> None:
    chats = tuple(chat("*", id=f"telegram:{number}") for number in range(5))
    firsts = {
        planned(chats=chats, placement=dataclasses.replace(NEW, story_id=f"s{number}"))[0].chat_id
        for number in range(40)
    }
    assert len(firsts) == 5


def test_a_topic_that_is_gone_is_named_by_its_id() -> None:
    (only,) = planned(matches=(match("gone"),), topics={"belarus": TOPICS["belarus"]})
    (topic,) = payload_of(only, Alert).topics
    assert (topic.id, topic.title, topic.hashtag) == ("gone", "gone", "")
    untitled = dataclasses.replace(TOPICS["belarus"], title="")
    (only,) = planned(matches=(match("belarus"),), topics={"belarus": untitled})
    assert payload_of(only, Alert).topics[0].title == "belarus"


def test_an_outlet_without_name_is_named_by_its_site() -> None:
    (only,) = planned(article=article(source_name="", site="herald.example"))
    assert payload_of(only, Alert).outlet == "herald.example"
