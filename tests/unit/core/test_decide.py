"""The decision about an article, from a snapshot of what is stored."""

from __future__ import annotations

import dataclasses
from typing import Any

from monitor.core.decide import analyse, announce, decide, query_for, topics_of
from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.model import Analysis, Article, Audience, Delivery, Placed, Settings, Snapshot, Topic
from tests.support.records import NOW, article, chat, delivery, fingerprint, neighbour

TOPICS = (Topic(id="potash", query="potash", title="Potash"),)
RULEBOOK = Rulebook(
    revision="r7",
    settings=Settings(),
    topics={topic.id: topic for topic in TOPICS},
    matcher=Matcher.build(TOPICS),
)
COPIED = Snapshot(neighbours=(neighbour(),))
WAS = article(title="Envoy in Minsk", text="The envoy met 12 miners. They spoke about potash.")
NOW_SAYS = article(
    title="Envoy in Minsk",
    text="The envoy met 14 miners. They spoke about potash.",
    fingerprint=fingerprint(text_key="t2"),
)


def analysis(item: Article | None = None, **changes: Any) -> Analysis:
    return dataclasses.replace(analyse(item or article(), RULEBOOK), **changes)


def revised(**changes: Any) -> Placed:
    before = analyse(WAS, RULEBOOK).matches
    same = neighbour(article_id="a1", story_id="s9", shared=frozenset({"url"}))
    snapshot = Snapshot(neighbours=(same,), before=WAS, already=before)
    return decide(analysis(NOW_SAYS, **changes), snapshot, RULEBOOK)


def told(placed: Placed, **alerts: Delivery) -> tuple[Delivery, ...]:
    return announce(placed, Audience(chats=(chat("*"),), told=alerts), RULEBOOK, NOW)


def test_the_first_article_of_a_story_is_alerted() -> None:
    placed = decide(analysis(), Snapshot(), RULEBOOK)
    assert (placed.placement.verdict, placed.news.kind) == ("new", "opens")
    assert [match.rulebook for match in placed.matches] == ["r7"]
    (alert,) = told(placed)
    assert (alert.kind, alert.story_id) == ("alert", placed.placement.story_id)


def test_a_copy_brings_nothing_and_edits_the_alert_of_its_story() -> None:
    placed = decide(analysis(), COPIED, RULEBOOK)
    assert (placed.placement.copy_of, placed.news.kind) == ("n1", "nothing")
    (edit,) = told(placed, **{"telegram:1": delivery(story_id="sn1", state="sent")})
    assert edit.kind == "edit"


def test_what_is_known_matches_nothing_and_is_told_to_nobody() -> None:
    same = neighbour(article_id="a1", shared=frozenset({"url", "text", "headline"}))
    placed = decide(analysis(), Snapshot(neighbours=(same,)), RULEBOOK)
    assert (placed.placement.verdict, placed.matches, topics_of(placed)) == ("known", (), ())
    assert told(placed) == ()


def test_a_changed_number_is_a_correction_to_those_who_were_alerted_of_this_article() -> None:
    placed = revised()
    assert [change.what for change in placed.changes] == ["number"]
    alert = delivery(story_id="s9", article_id="a1", state="sent")
    assert [item.kind for item in told(placed, **{"telegram:1": alert})] == ["revision"]
    assert told(placed) == (), "the topic is not new to the article"


def test_of_a_live_blog_only_the_headline_is_compared() -> None:
    assert revised(live=True).changes == ()


def test_the_topics_of_an_earlier_wording_still_have_to_do_with_it() -> None:
    silent = article(text="Nothing of it.", title="Silence", fingerprint=fingerprint(text_key="t3"))
    same = neighbour(article_id="a1", shared=frozenset({"url"}))
    before = analyse(WAS, RULEBOOK).matches
    placed = decide(analysis(silent), Snapshot(neighbours=(same,), before=WAS, already=before), RULEBOOK)
    assert placed.matches == ()
    assert topics_of(placed) == ("potash",)


def test_only_what_the_own_story_knows_is_old_news() -> None:
    item = article(title="1226 miners freed", text="Of them 1226 came over the border on foot on Monday.")
    same = neighbour(article_id="a1", story_id="s9", shared=frozenset({"url"}), text_key="old")

    def brings(**known: frozenset[str]) -> str:
        placed = decide(analysis(item), Snapshot(neighbours=(same,), known=known), RULEBOOK)
        return placed.news.kind

    facts = frozenset(fact.key for fact in analysis(item).features.facts)
    assert brings(s9=facts) == "nothing"
    assert brings(s9=facts - {"n:1226"}) == "fact"
    assert brings(elsewhere=facts) == "fact"


def test_a_trace_explains_and_decides_nothing() -> None:
    """A reading whose explanation claims other things ends in the same decision."""
    lies = {"live": True, "verdict": "known", "headline_since": "1970-01-01T00:00:00+00:00", "late": True}
    plain, lying = revised(), revised(trace=lies)
    assert dataclasses.replace(lying, trace=plain.trace) == plain
    assert plain.trace["rulebook"] == "r7"


def test_how_far_back_a_headline_counts_is_the_operators_setting() -> None:
    query = query_for(analysis(), RULEBOOK, NOW)
    assert NOW - query.headline_since == RULEBOOK.settings.alerts.same_headline_window
