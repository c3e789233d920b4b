"""What happened to an article that a source listed, in one sentence and gate by gate."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.query.engine.matcher import Matcher
from monitor.core.rulebook import Rulebook
from monitor.core.why.article import explain_article
from monitor.core.why.verdict import Verdict
from monitor.model import Chat, Topic
from tests.support.records import NOW, article, chat, source

POTASH = Topic(id="potash", query="potash", title="Potash")
ZINC = Topic(id="zinc", query="envoy AND zinc", title="Zinc")
RULES = Rulebook(
    revision="r1",
    topics={"potash": POTASH, "zinc": ZINC},
    sources={"herald": source()},
    matcher=Matcher.build([POTASH, ZINC]),
)
READING = {"verdict": "new", "reason": "no open story is like it", "at": "2026-11-23T11:00:00+00:00",
           "trace": {"extracted_by": "content", "score": 0.9}}  # fmt: skip
MATCHED = {"topic_id": "potash", "rulebook": "r1"}


def sent(chat_id: str = "telegram:1", **changes: Any) -> dict[str, Any]:
    given = {"chat_id": chat_id, "kind": "alert", "state": "sent", "article_id": "a1",
             "sent_at": "2026-11-23T11:30:00+00:00", "not_before": "2026-11-23T11:00:00+00:00"}  # fmt: skip
    return given | changes


def why(
    *chats: Chat, outlets: int = 1, late: bool = False, text: str | None = None, **changes: Any
) -> Verdict:
    found: dict[str, Any] = {
        "entry": {
            "source_id": "herald",
            "url": "https://herald.example/a",
            "seen_at": "2026-11-23T10:00:00+00:00",
        },
        "placement": {"story_id": "s1"},
        "readings": [READING],
        "matches": [MATCHED],
        "deliveries": [],
        "job": None,
    }
    item = article(late=late) if text is None else article(text=text)
    return explain_article(found | changes, item, RULES, chats, outlets=outlets, now=NOW)


def gates(verdict: Verdict) -> dict[str, str]:
    return {gate.name: gate.state for gate in verdict.gates}


def test_what_was_told_says_to_whom_and_when() -> None:
    found = why(chat("*"), deliveries=[sent()])
    assert found.sentence == "It was told to telegram:1 at 2026-11-23 11:30 UTC."
    assert (found.reason, found.gate) == ("told", None)
    assert set(gates(found).values()) == {"passed"}
    assert [gate.name for gate in found.gates] == ["listed", "fetched", "read", "identity", "topics", "chat"]


@pytest.mark.parametrize(("count", "more"), [(4, ""), (5, " and 1 more")])
def test_four_chats_are_named(count: int, more: str) -> None:
    chats = [chat("*", id=f"telegram:{number}") for number in range(count)]
    found = why(*chats, deliveries=[sent(each.id) for each in chats])
    assert found.sentence.startswith(
        f"It was told to telegram:0, telegram:1, telegram:2, telegram:3{more} at"
    )
    assert len(found.chats) == count


def test_what_most_nearly_was_told_is_said_first() -> None:
    chats = [chat(id="telegram:1", subscriptions=()), chat("*", id="telegram:2"), chat("*", id="telegram:3")]
    found = why(
        *chats,
        deliveries=[sent("telegram:2", state="dead", error="403"), sent("telegram:3", state="pending")],
    )
    assert found.sentence == "It is on its way: telegram:3 waits to be sent."
    assert (found.reason, gates(found)["chat"]) == ("pending", "waiting")
    assert [each.chat_id for each in found.chats] == ["telegram:2", "telegram:3"]
    dead = why(*chats[:2], deliveries=[sent("telegram:2", state="dead", error="403")])
    assert dead.sentence == "It matches potash, but telegram:2 the message could not be sent: 403."
    assert (dead.gate, gates(dead)["chat"]) == ("chat", "stopped")


def test_nobody_subscribed_or_the_story_was_told() -> None:
    assert why().sentence == "It matches potash, and no chat has subscribed to that."
    told = [sent(article_id="n1")]
    found = why(chat("*"), deliveries=told)
    assert (
        found.sentence == "Its story was told already: telegram:1 was told of its story, by another article."
    )
    assert (found.reason, found.gate) == ("story-told", "story")
    copied = why(chat("*"), deliveries=told, placement={"story_id": "s1", "copy_of": "n1"})
    assert (copied.reason, copied.gate) == ("copy", "identity")
    assert "a copy of n1" in copied.gates[3].text


def test_an_old_article_alerts_nobody() -> None:
    found = why(chat("*"), late=True)
    assert found.sentence == (
        "It was old when it was first seen, so it alerts nobody. Its outlet dates it 2026-11-23 12:00 UTC."
    )
    assert (found.reason, found.gate) == ("late", "listed")


@pytest.mark.parametrize(
    ("job", "sentence", "reason", "state"),
    [
        (None, "It was listed, and what became of it is not known.", "unknown", "waiting"),
        ({"state": "pending"}, "It waits to be read.", "waiting", "waiting"),
        ({"state": "pending", "error": "HTTP 502"}, "It waits to be read: HTTP 502.", "waiting", "waiting"),
        (
            {"state": "quarantined", "error": "x"},
            "Reading it was given up after many tries: x.",
            "quarantined",
            "stopped",
        ),
    ],
)
def test_what_was_not_read_yet(job: dict[str, str] | None, sentence: str, reason: str, state: str) -> None:
    found = why(readings=[], matches=[], job=job)
    assert (found.sentence, found.reason, gates(found)["fetched"]) == (sentence, reason, state)


def test_a_page_without_any_word_was_not_read_further() -> None:
    found = why(readings=[{**READING, "verdict": "seen"}], matches=[])
    assert (found.reason, found.gate, gates(found)["prefilter"]) == ("prefilter", "prefilter", "stopped")


@pytest.mark.parametrize(
    ("trace", "reason", "gate", "words"),
    [
        (
            {"page": "HTTP 403", "unfetched": True},
            "not-fetched",
            "fetched",
            "could not be fetched (HTTP 403)",
        ),
        ({"page": "a front page"}, "other-page", "read", "was not the article (a front page)"),
        ({}, "no-match", "topics", "It matches no topic. Nearest: zinc,"),
    ],
)
def test_why_nothing_matched(trace: dict[str, Any], reason: str, gate: str, words: str) -> None:
    found = why(readings=[{**READING, "trace": trace}], matches=[], text="An envoy spoke.")
    assert (found.reason, found.gate) == (reason, gate)
    assert words in found.sentence
    assert found.chats == ()


def test_a_topic_of_which_nothing_stands_there_is_no_near_miss() -> None:
    found = why(matches=[], text="An envoy spoke.")
    topics = next(gate for gate in found.gates if gate.name == "topics")
    assert [each.split(":")[0] for each in topics.more] == ["not zinc"]
    nothing: dict[str, Any] = dict.fromkeys(("entry", "placement", "job"))
    nothing |= {"readings": [READING], "matches": [], "deliveries": []}
    far = explain_article(nothing, article(title="x", text="y"), RULES, [], outlets=1, now=NOW)
    assert far.sentence == "It matches no topic."
    assert gates(far)["listed"] == "unknown"


def test_rules_that_changed_since_are_named() -> None:
    gone = why(chat("*"), text="Nothing of it.")
    topics = next(gate for gate in gone.gates if gate.name == "topics")
    assert topics.more[0] == "potash would not match it now"
    later = why(chat("*"), text="An envoy sold zinc and potash.")
    topics = next(gate for gate in later.gates if gate.name == "topics")
    assert topics.more == ("zinc would match it now",)
    assert topics.text == "potash, by rules r1"
    lost = why(chat("*"), matches=[{"topic_id": "lost", "rulebook": "r0"}])
    assert lost.sentence == "It matched topics that are no longer there."


def test_the_reading_that_changed_something_decides() -> None:
    again = {**READING, "verdict": "known", "reason": "same article"}
    found = why(chat("*"), deliveries=[sent()], readings=[READING, again])
    assert "no open story" in found.gates[3].text
    only = why(chat("*"), deliveries=[sent()], readings=[again])
    assert "same article" in only.gates[3].text


def test_how_a_page_was_read_is_told() -> None:
    notes = {"extracted_by": "recipe", "score": 1.0, "recipe": True, "paywalled": True, "live": True}
    found = why(chat("*"), deliveries=[sent()], readings=[{**READING, "trace": notes}])
    read = next(gate for gate in found.gates if gate.name == "read")
    assert read.text == "text by recipe, 1.0 sure (0 to 1)"
    assert (
        why(readings=[{**READING, "trace": {"page": "a front page", "live": True}}]).gates[2].state
        == "stopped"
    )
